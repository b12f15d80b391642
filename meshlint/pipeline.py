"""The whole program on one page: sources → facts → resources → mesh → judgements → findings → report.

In: the options of a run. Out: `Report`. Every stage is one call into its room; what the same inputs said before comes
out of the cache before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.cache import Cache, default_folder, digest
from meshlint.config.model import Settings
from meshlint.errors import UsageError
from meshlint.findings.report import Counts, Plain, Report, make_report
from meshlint.mesh.ownership.files import find_codeowners, owners_mark
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.selection.areas import Areas, Command
from meshlint.policy.selection.configured import Configured
from meshlint.policy.selection.selection import ActiveRule, is_repeatable
from meshlint.records import NamedTuple
from meshlint.resources.intake import Contents, read_contents, take_all
from meshlint.sources.root import find_root, is_whole
from meshlint.sources.walk import Collection, Entering, collect, marks_of, shown_path, without_file, without_folders

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
    excludes: Entering  # what the configurations leave out in a folder
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
    found = Configured(options.operands, root, cache, options.config, options.packs, packs, tree)
    collection = collect(options.operands, root=root, entering=found.discovery.enter)
    areas = found.areas(Command(options.profile, options.select, options.ignore))
    baseline = found.base.baseline if options.baseline is None else options.baseline
    if baseline:
        collection = without_file(collection, baseline)
    collection = without_folders(collection, [pack.folder for pack in found.library.packs], options.operands)
    return Run(
        options, root, areas.tree.whole(), found.catalogue, areas.rules, cache, areas, collection,
        found.discovery.excludes, found.library.packs, baseline or None,
    )  # fmt: skip


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
        hint = "; ".join(report.notes) or "name files or folders with manifests, or pass --allow-empty"
        raise UsageError(f"nothing to check in {' '.join(run.options.operands)}", help=hint)
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

    return take_programs(read_programs(run.options.sources, root=run.root, entering=run.excludes))


def _key(run: Run, material: Material) -> str:
    """Hash everything that the report depends on."""
    owners = owners_mark(run.root, material.codeowners) if material.codeowners is not None and run.root else ""
    rules = repr([(active.rule.id, active.severity, sorted(active.params.items())) for active in run.rules])
    options = repr((run.options.today, run.options.complete, run.options.namespace, run.root is None))
    known = shown_path(run.settings.baseline, run.root) if run.settings.baseline else ""
    tree = [settings._replace(packs=(), baseline="") for settings in run.areas.tree.all]  # read wherever they lie
    settings = repr((run.settings._replace(packs=(), baseline=known), tree, run.areas.command))
    sources = repr((marks_of(material.collection, run.root), is_whole(run.options.operands, run.root)))
    return digest(run.catalogue.key, rules, options, owners, settings, sources, repr(material.programs),
                  *material.contents.digests)  # fmt: skip


def _judge(run: Run, material: Material) -> Report:
    from meshlint.findings.judging import judge_all

    inputs = inputs_of(run, material)
    judged = judge_all(inputs)
    counts = Counts(len(inputs.facts), sum(told.documents for told in inputs.facts), judged.resources)
    return make_report(counts, *judged[1:])


def inputs_of(run: Run, material: Material | None = None) -> Inputs:
    """Take the facts of everything that was read."""
    from meshlint.findings.inputs import Inputs
    from meshlint.policy.selection.rule_words import RuleWords

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
