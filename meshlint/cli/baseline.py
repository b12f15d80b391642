"""`meshlint baseline`: keep the findings of today in a file, so that only new ones fail.

In: arguments. Out: the file, and what was done to it in counts by rule. A run over a part of what the baseline was made
of adds what it finds and drops nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from meshlint.baselines import scope_of
from meshlint.cli.inputs import input_options, options_of
from meshlint.cli.main import Commands
from meshlint.cli.outputs import save, say_notes
from meshlint.cli.terminal import say
from meshlint.errors import ExitCode, UsageError
from meshlint.findings.history.baseline import Baseline, Compared, compare, covers, entries_of, rules_text
from meshlint.findings.history.baseline_file import baseline_text, read_baseline
from meshlint.findings.report import Report
from meshlint.pipeline import Options, Run, check, prepare, read_material
from meshlint.sources.root import covered_paths
from meshlint.sources.source import STDIN
from meshlint.sources.walk import BASELINE, shown_path, without_file

_FILE = click.option("--file", metavar="FILE", help=f"Default: the configuration's, else {BASELINE} at the root.")


@click.group("baseline", cls=Commands, short_help="Accept the findings of today, and fail on new ones.")
def command() -> None:
    """Keep the findings of today in a file that `check --baseline FILE` or `baseline:` of the configuration names.

    A finding is known by its rule, its object and its cause, so it stays known when lines, files or the version of an
    API change. Its severity is no part of that: a known finding stays known when it grows graver.
    """


@command.command("create")
@input_options
@_FILE
@click.option("--force", is_flag=True, help="Write over a baseline that is there.")
def create(file: str | None, force: bool, **inputs: Any) -> int:
    """Write a baseline of all findings in PATHS.

    Exit codes: 0 written, 2 there is one already (`meshlint baseline update` or --force) or another mistake of the
    caller, 3 a bug of meshlint.
    """
    run = _prepared(options_of(**inputs), file)
    if not force and os.path.lexists(_file(run)):
        help = "`meshlint baseline update` takes in new findings and drops fixed ones, --force writes it anew"
        raise UsageError(f"{_shown(run)} is there already", help=help)
    report = check(run, read_material(run))
    paths = covered_paths(run.options.operands, run.root)
    after = Baseline(_shown(run), paths, tuple(entries_of(report, run.is_mandatory)))
    save(_file(run), baseline_text(after.paths, after.entries))
    use = f"pass `--baseline {os.path.relpath(_file(run))}`, or name it under `baseline:` in .meshlint.yaml"
    return _told(run, report, [], after, [] if run.settings.baseline else [use])


@command.command("update")
@input_options
@_FILE
def update(file: str | None, **inputs: Any) -> int:
    """Take new findings into the baseline and drop the fixed ones.

    PATHS are, when none are given, those that it was made of. What a part of them or --select leaves out stays.

    Exit codes: 0 done, 2 a mistake of the caller, 3 a bug of meshlint.
    """
    run, before = _with_file(inputs, file)
    material = read_material(run)
    report = check(run, material)
    compared = compare(report, before, scope_of(run, material))
    known = {before.entries[number].fingerprint for number in compared.known if number >= 0}
    replaced = {entry.fingerprint for entry in compared.gone} | known
    rest = [entry for entry in before.entries if entry.fingerprint not in replaced]
    after = Baseline(before.shown, _joined(before, run), (*entries_of(report, run.is_mandatory), *rest))
    rows = zip(report.findings, compared.known, strict=True)
    fresh = [finding["rule"] for finding, number in rows if number < 0 and not run.is_mandatory(finding)]
    return _changed(run, report, compared, before, after, fresh)


@command.command("prune")
@input_options
@_FILE
def prune(file: str | None, **inputs: Any) -> int:
    """Drop from the baseline what was fixed or is excepted otherwise.

    PATHS are, when none are given, those that it was made of. A part of them drops nothing, and no rule that does not
    run drops anything.

    Exit codes: 0 done, 2 a mistake of the caller, 3 a bug of meshlint.
    """
    run, before = _with_file(inputs, file)
    material = read_material(run)
    report = check(run, material)
    compared = compare(report, before, scope_of(run, material))
    gone = {entry.fingerprint for entry in compared.gone}
    kept = tuple(entry for entry in before.entries if entry.fingerprint not in gone)
    return _changed(run, report, compared, before, before._replace(entries=kept), None)


def _prepared(options: Options, file: str | None) -> Run:
    if file == "":
        raise UsageError("--file names no file")
    run = prepare(options)
    return _with(run, file or run.baseline or os.path.join(run.root or os.curdir, BASELINE))


def _with(run: Run, file: str) -> Run:
    return run._replace(baseline=file, collection=without_file(run.collection, file))


def _with_file(inputs: dict[str, Any], file: str | None) -> tuple[Run, Baseline]:
    """Read the baseline; where nothing else was asked for, judge what it was made of."""
    options = options_of(**inputs)
    run = _prepared(options, file)
    before = read_baseline(_file(run), run.root)
    base = run.root or os.curdir
    paths = [path if path == STDIN else os.path.relpath(os.path.join(base, path)) for path in before.paths]
    paths = [path for path in paths if path == STDIN or os.path.lexists(path)]
    if inputs["paths"] or not paths:
        return run, before
    again = prepare(options._replace(operands=tuple(paths), root=run.root))
    return _with(again, _file(run)), before


def _file(run: Run) -> str:
    assert run.baseline is not None  # every run here has one
    return run.baseline


def _shown(run: Run) -> str:
    return shown_path(os.path.abspath(_file(run)), run.root)


def _joined(before: Baseline, run: Run) -> tuple[str, ...]:
    """Return the paths of a baseline and of a run, those left out that lie in another."""
    paths = {*before.paths, *covered_paths(run.options.operands, run.root)}
    return tuple(sorted(path for path in paths if not covers(paths - {path}, [path])))


def _changed(
    run: Run, report: Report, compared: Compared, before: Baseline, after: Baseline, fresh: Sequence[str] | None
) -> int:
    text = baseline_text(after.paths, after.entries)
    if text != baseline_text(before.paths, before.entries):
        save(_file(run), text)
    notes = []
    if not compared.covered:
        made = ", ".join(before.paths)
        notes.append(f"nothing was dropped, because the baseline was made of more than what was judged: {made}")
    rows = [] if fresh is None else [("new", fresh)]
    return _told(run, report, [*rows, ("dropped", [entry.rule for entry in compared.gone])], after, notes)


def _told(
    run: Run, report: Report, rows: Sequence[tuple[str, Sequence[str]]], after: Baseline, notes: list[str]
) -> int:
    """Say what was done, by rule."""
    refused = [finding["rule"] for finding in report.findings if run.is_mandatory(finding)]
    if refused:
        notes.append(f"findings of mandatory rules are never known: {rules_text(refused)}")
    lines = [f"{word:7} {len(rules):4}  {rules_text(rules)}".rstrip() for word, rules in rows]
    held = [entry.rule for entry in after.entries]
    lines.append(f"{'holds':7} {len(held):4}  {rules_text(held)}".rstrip())
    say(sys.stdout, f"{after.shown}\n" + "".join(f"  {line}\n" for line in lines))
    say_notes(notes)
    if report.failures:
        from meshlint.cli.main import confess_rules

        return confess_rules(report.failures)
    return ExitCode.CLEAN
