"""The whole program on one page: sources → facts → resources → mesh → judgements → findings → report.

In: the options of a run. Out: `Report`. Every stage is one call into its room; what the same inputs said before comes
out of the cache before anything is parsed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from meshlint.cache import Cache, default_folder, digest
from meshlint.config.discovery import Discovery
from meshlint.config.model import Settings
from meshlint.errors import UsageError
from meshlint.findings.report import Counts, Plain, Report, make_report
from meshlint.mesh.ownership.files import find_codeowners, owners_mark
from meshlint.policy.areas import Areas, Command
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.library import Library
from meshlint.policy.selection import ActiveRule, is_repeatable, known_rules
from meshlint.resources.intake import Contents, read_contents, take_all
from meshlint.sources.root import common_folder, find_root, folders_of, is_whole
from meshlint.sources.walk import Collection, collect, marks_of, without_file, without_folders

if TYPE_CHECKING:
    from meshlint.config.tree import Tree
    from meshlint.findings.inputs import Inputs
    from meshlint.mesh.calls.programs import ProgramFile
    from meshlint.mesh.ownership.codeowners import CodeOwners
    from meshlint.policy.packs.pack import Pack


class Options(NamedTuple):
    """Hold what the caller asked for; None leaves it to the configuration."""

    operands: tuple[str, ...] = (".",)
    today: str = ""  # ISO date
    root: str | None = None
    config: str | None = None
    profile: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    complete: bool = False
    namespace: str = ""
    allow_empty: bool = False
    cached: bool = True
    sources: tuple[str, ...] = ()  # folders with programs
    packs: tuple[str, ...] = ()  # folders with rules, names of installed packs
    baseline: str | None = None  # file of known findings; empty: none, whatever the configuration says


class Material(NamedTuple):
    """Hold what was read: the sources, their bytes, CODEOWNERS, what programs say of addresses."""

    collection: Collection
    contents: Contents
    codeowners: CodeOwners | None
    programs: tuple[ProgramFile, ...] = ()


class Run(NamedTuple):
    """Hold what every stage after reading the configuration needs."""

    options: Options
    root: str | None
    settings: Settings
    catalogue: Catalogue
    rules: tuple[ActiveRule, ...]  # that hold somewhere
    cache: Cache
    areas: Areas
    collection: Collection
    discovery: Discovery
    packs: tuple[Pack, ...] = ()
    baseline: str | None = None  # the file of known findings

    def is_mandatory(self, finding: Plain) -> bool:
        """Tell whether nothing may take a finding out."""
        return finding["rule"] in self.areas.mandatory_at(finding["location"]["path"])


def prepare(options: Options, packs: Sequence[Pack] | None = None, tree: Tree | None = None) -> Run:
    """Read the configurations, find the sources, choose the rules.

    `packs` and `tree` take the place of the packs that are named and of the configurations that stand there.
    Raises UsageError, ConfigError, RuleError and SourceError for what the caller got wrong.
    """
    cache = Cache(default_folder() if options.cached else None)
    root = find_root(options.operands, options.root)
    library, discovery, base = _configured(options, root, cache, packs, tree)
    catalogue = library.catalogue(base)
    collection = collect(options.operands, root=root, entering=discovery.enter)
    found = discovery.tree()
    areas = _areas(options, library, catalogue, found)
    baseline = base.baseline if options.baseline is None else options.baseline
    if baseline:
        collection = without_file(collection, baseline)
    collection = without_folders(collection, [pack.folder for pack in library.packs], options.operands)
    return Run(
        options, root, found.whole(), catalogue, areas.rules, cache, areas, collection, discovery, library.packs,
        baseline or None,
    )  # fmt: skip


def catalogue_of(options: Options) -> Catalogue:
    """Return the rules that exist for a run, without looking for what it would read."""
    cache = Cache(default_folder() if options.cached else None)
    library, _, base = _configured(options, find_root(options.operands, options.root), cache)
    return library.catalogue(base)


def areas_at(options: Options) -> tuple[str | None, Areas]:
    """Return the root and the rules in force around the operands, by the configurations above them alone."""
    cache = Cache(default_folder() if options.cached else None)
    root = find_root(options.operands, options.root)
    library, discovery, base = _configured(options, root, cache)
    return root, _areas(options, library, library.catalogue(base), discovery.tree())


def _areas(options: Options, library: Library, catalogue: Catalogue, tree: Tree) -> Areas:
    if options.ignore:
        from meshlint.config.mandatory import refuse_ignored

        refuse_ignored(tree.base, known_rules(catalogue.rules), options.ignore)
    tunes = [pack.tunes for pack in library.packs]
    return Areas(catalogue, tree, Command(options.profile, options.select, options.ignore), tunes)


def _configured(
    options: Options,
    root: str | None,
    cache: Cache,
    packs: Sequence[Pack] | None = None,
    tree: Tree | None = None,
) -> tuple[Library, Discovery, Settings]:
    """Return who knows the rules and the configurations, and the configuration of the run."""
    library = Library(load_builtin(cache), options.packs, root, cache, packs)
    discovery = Discovery(root, library.known, cache)
    if tree is not None:
        return library, discovery, discovery.adopt(tree)
    common = common_folder(options.operands) or os.getcwd()
    return library, discovery, discovery.start_from(options.config, common, folders_of(options.operands))


def check(run: Run, material: Material | None = None) -> Report:
    """Judge the manifests of a run; `material` is what was read when that was done before.

    Raises SourceError for an operand that cannot be read and UsageError where nothing is to be judged.
    """
    material = material or read_material(run)
    key = _key(run, material)
    stored = run.cache.get("reports", key) if is_repeatable(run.rules) else None
    report = Report(*stored) if stored is not None else _judge(run, material)
    if stored is None and is_repeatable(run.rules) and not report.failures:
        run.cache.put("reports", key, tuple(report))
    if not report.summary["resources"] and not report.findings and not run.options.allow_empty:
        operands = " ".join(run.options.operands)
        hint = "; ".join(report.notes) or "name files or folders with manifests, or pass --allow-empty"
        raise UsageError(f"nothing to check in {operands}", help=hint)
    return report


def read_material(run: Run) -> Material:
    """Read every source and CODEOWNERS.

    Raises SourceError for an operand that cannot be read.
    """
    codeowners = find_codeowners(run.root, run.settings.ownership.platform) if run.root else None
    return Material(run.collection, read_contents(run.collection.sources), codeowners, _programs(run))


def _programs(run: Run) -> tuple[ProgramFile, ...]:
    if not run.options.sources:
        return ()
    from meshlint.mesh.calls.programs import take_programs
    from meshlint.sources.programs import read_programs

    excludes = run.discovery.excludes
    return take_programs(read_programs(run.options.sources, root=run.root, entering=lambda at, _names: excludes(at)))


def _key(run: Run, material: Material) -> str:
    """Hash everything that the report depends on."""
    owners = ""
    if material.codeowners is not None and run.root is not None:
        owners = owners_mark(run.root, material.codeowners)
    rules = repr([(active.rule.id, active.severity, sorted(active.params.items())) for active in run.rules])
    options = repr((run.options.today, run.options.complete, run.options.namespace, run.root is None))
    tree = [settings._replace(packs=(), baseline="") for settings in run.areas.tree.all]  # read wherever they lie
    settings = repr((run.settings._replace(packs=(), baseline=""), tree, run.areas.command))
    sources = repr((marks_of(material.collection, run.root), is_whole(run.options.operands, run.root)))
    return digest(run.catalogue.key, rules, options, owners, settings, sources, repr(material.programs),
                  *material.contents.digests)  # fmt: skip


def _judge(run: Run, material: Material) -> Report:
    from meshlint.findings.judging import judge_all

    inputs = inputs_of(run, material)
    judged = judge_all(inputs)
    documents = sum(told.documents for told in inputs.facts)
    counts = Counts(len(inputs.facts), documents, judged.resources)
    return make_report(counts, *judged[1:])


def inputs_of(run: Run, material: Material | None = None) -> Inputs:
    """Take the facts of everything that was read."""
    from meshlint.findings.inputs import Inputs
    from meshlint.policy.rule_words import RuleWords

    collection, contents, codeowners, programs = material or read_material(run)
    words = RuleWords(run.catalogue.rules, run.catalogue.documents)
    stdin = next((d for s, d in zip(collection.sources, contents.data, strict=True) if s.file is None), None)
    facts = take_all(collection.sources, contents, run.cache)
    contents.data.clear()
    options = run.options
    return Inputs(
        run.settings, run.rules, words, options.today, options.namespace, options.complete, run.root,
        collection.sources, facts, collection.skipped, stdin, codeowners, is_whole(options.operands, run.root),
        programs, run.areas,
    )  # fmt: skip
