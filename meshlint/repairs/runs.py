"""One run of `meshlint fix`: which rules judge, which are fixed, and what would be written.

In: the options of a run. Out: the run and its `Outcome`, as files with their bytes before and after. All rules of the
profile judge whatever a fix does, also where `--select` says that only some are fixed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from meshlint.baselines import check_known
from meshlint.errors import UsageError
from meshlint.pipeline import Material, Options, Run, prepare, read_material
from meshlint.policy.fixes import program_of
from meshlint.policy.selection.selection import ActiveRule, named_rules
from meshlint.records import NamedTuple
from meshlint.repairs.rounds import Chosen, Outcome, fix
from meshlint.sources.source import Source, read


class FileChange(NamedTuple):
    """Hold what would be written: how reports print the file, where it lies, and its bytes; before: None when new."""

    path: str
    file: str
    before: bytes | None
    after: bytes


def fix_run(options: Options, *, unsafe: bool) -> tuple[Run, Outcome]:
    """Fix in memory; nothing is written.

    Raises what reading raises, and UsageError where there is nothing to fix.
    """
    run = prepare(options)
    material = read_material(run)
    if not material.collection.sources and not options.allow_empty:
        raise UsageError(f"nothing to fix in {' '.join(options.operands)}", help="name files or folders with manifests")
    chosen = Chosen(_asked_for(run), _said(run, material), unsafe)
    return run, fix(_watched(run, prepare(options._replace(select=()))), material, chosen)


def _asked_for(run: Run) -> frozenset[str]:
    """Return the ids of the rules to fix: mandatory ones always judge, but change nothing that was not asked for."""
    ids = frozenset(active.rule.id for active in run.rules)
    return ids & named_rules(run.catalogue, run.options.select) if run.options.select else ids


def _said(run: Run, material: Material) -> frozenset[str] | None:
    """Return the fingerprints that are left beside a baseline; None without one."""
    if run.baseline is None:
        return None
    return frozenset(finding["fingerprint"] for finding in check_known(run, material, run.baseline).findings)


def _watched(run: Run, guards: Run) -> Run:
    """Return a run by the rules that were chosen and those that say whether a fix does harm, each with its fix.

    Where different rules hold in different places, the guards alone judge when they hold all that were chosen.
    """
    if run.areas.tree.is_uniform:
        every = {active.rule.id: active for active in (*guards.rules, *run.rules)}
        return run._replace(rules=_with_fixes(run, (every[rule] for rule in sorted(every))))
    watching = {active.rule.id for active in guards.rules}
    judging = guards if all(active.rule.id in watching for active in run.rules) else run
    judging.areas.rules = _with_fixes(judging, judging.areas.rules)
    return judging._replace(rules=judging.areas.rules)


def _with_fixes(run: Run, rules: Iterable[ActiveRule]) -> tuple[ActiveRule, ...]:
    documents = run.catalogue.documents()
    rows = [(active, documents[active.rule.id].fix if active.rule.id in documents else None) for active in rules]
    return tuple(active if row is None else active._replace(fix=program_of(row)) for active, row in rows)


def files_of(run: Run, outcome: Outcome) -> list[FileChange]:
    """Return every file that would be written, by path."""
    old = {source.path: source for source in outcome.before.sources}
    found = [
        FileChange(source.path, source.file, _bytes(old.get(source.path)), source.held)
        for source in outcome.after.sources
        if source.held is not None and source.file is not None
    ]
    owners = outcome.after.owners
    if owners is not None and run.root is not None:
        file = os.path.join(run.root, owners.path)
        before = _bytes(Source(owners.path, file, False)) if os.path.lexists(file) else None
        found.append(FileChange(owners.path, file, before, owners.text.encode()))
    return sorted((row for row in found if row.before != row.after), key=lambda row: row.path)


def top_of(run: Run, files: Sequence[FileChange]) -> str:
    """Return the folder outside of which nothing is written: the root, else what the files have in common."""
    return run.root or os.path.commonpath([os.path.dirname(file.file) for file in files] or [os.getcwd()])


def _bytes(source: Source | None) -> bytes | None:
    return None if source is None else read(source)
