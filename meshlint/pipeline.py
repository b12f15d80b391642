"""The whole program on one page: sources → facts → resources → mesh → judgements → findings → report.

In: a prepared run. Out: `Report`. Every stage is one call into its room; what the same inputs said before comes out of
the cache before anything is parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from meshlint.cache import digest
from meshlint.errors import UsageError
from meshlint.findings.report import Counts, Report, make_report
from meshlint.mesh.ownership.files import find_codeowners, owners_mark
from meshlint.policy.selection import is_repeatable
from meshlint.preparation import Options, Run, areas_at, catalogue_of, prepare
from meshlint.resources.intake import Contents, read_contents, take_all
from meshlint.sources.root import is_whole
from meshlint.sources.walk import Collection, marks_of, shown_path

if TYPE_CHECKING:
    from meshlint.findings.inputs import Inputs
    from meshlint.mesh.calls.programs import ProgramFile
    from meshlint.mesh.ownership.codeowners import CodeOwners

__all__ = ["Material", "Options", "Run", "areas_at", "catalogue_of", "check", "inputs_of", "prepare", "read_material"]


class Material(NamedTuple):
    """Hold what was read: the sources, their bytes, CODEOWNERS, what programs say of addresses."""

    collection: Collection
    contents: Contents
    codeowners: CodeOwners | None
    programs: tuple[ProgramFile, ...] = ()


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
    known = shown_path(run.settings.baseline, run.root) if run.settings.baseline else ""
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
