"""One run of `meshlint fix`: which rules judge, which are fixed, and what would be written.

In: the options of a run. Out: the run and its `Outcome`, as files with their bytes before and after. All rules of the
profile judge whatever a fix does, also where `--select` says that only some are fixed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from meshlint.errors import UsageError
from meshlint.pipeline import Material, Options, Run, check, prepare, read_material
from meshlint.policy.fixes import program_of
from meshlint.policy.selection import ActiveRule
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
    rules = _with_guards(run, prepare(options._replace(select=())).rules)
    chosen = Chosen(frozenset(active.rule.id for active in run.rules), _said(run, material), unsafe)
    return run, fix(run._replace(rules=rules), material, chosen)


def _said(run: Run, material: Material) -> frozenset[str] | None:
    """Return the fingerprints that are left beside a baseline; None without one."""
    if run.baseline is None:
        return None
    return frozenset(finding["fingerprint"] for finding in check(run, material).findings)


def _with_guards(run: Run, guards: Sequence[ActiveRule]) -> tuple[ActiveRule, ...]:
    """Return the rules that were chosen, and those that say whether a fix does harm, each with its fix."""
    every = {active.rule.id: active for active in (*guards, *run.rules)}
    documents = run.catalogue.documents()
    rows = {rule: documents[rule].fix if rule in documents else None for rule in every}
    return tuple(
        active._replace(fix=program_of(row)) if (row := rows[rule]) is not None else active
        for rule, active in sorted(every.items())
    )


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
