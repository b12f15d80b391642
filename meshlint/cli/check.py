"""`meshlint check`: read the options, run the pipeline, write the reports, say how it ended.

In: arguments. Out: reports and an exit code. Findings go to standard output, notes to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from meshlint.cli.excerpts import Excerpts
from meshlint.cli.inputs import baseline_options, input_options, options_of, words_of
from meshlint.cli.outputs import say_notes, wanted_formats, write_all
from meshlint.cli.terminal import is_coloured, is_terminal
from meshlint.errors import ExitCode
from meshlint.findings.report import Report
from meshlint.pipeline import Material, Run, check, prepare, read_material
from meshlint.reports.formats import FORMATS, Setting, rendered
from meshlint.sources.source import STDIN

_ANY = "*"


@click.command("check", short_help="Lint files and folders.")
@input_options
@baseline_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]", help=f"{', '.join(FORMATS)}; repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    help="Fail on findings at least as grave; default: the configuration's, else error.",
)
@click.option(
    "--fail-on-undecided",
    is_flag=False,
    flag_value=_ANY,
    multiple=True,
    metavar="[RULE]",
    help="Fail on what could not be decided, by this rule or by any.",
)
@click.option("--show-suppressed", is_flag=True, help="List in the text what is suppressed, by what and why.")
@click.option("--changed-since", metavar="REV", help="Report only what this revision of the repository did not have.")
def command(
    formats: tuple[str, ...],
    fail_on: str | None,
    fail_on_undecided: tuple[str, ...],
    show_suppressed: bool,
    changed_since: str | None,
    **inputs: Any,
) -> int:
    """Lint the manifests in PATHS (default: the current folder; `-` is standard input).

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 a mistake of the caller (or nothing to check),
    3 a bug of meshlint, 130 interrupted.
    """
    wanted = wanted_formats(formats, FORMATS)
    fail_on_undecided, taken = _told_apart(fail_on_undecided, cached=not inputs["no_cache"])
    inputs["paths"] = (*inputs["paths"], *taken)
    run = prepare(options_of(**inputs))
    undecided = _undecided_rules(run, fail_on_undecided)
    material = read_material(run)
    excerpts = Excerpts(run.root, material)
    report = _judged(run, material, changed_since)
    plain = Setting(run.catalogue, excerpts.lines_of, shows_suppressed=show_suppressed)
    shown = plain._replace(is_terminal=is_terminal(sys.stdout), coloured=is_coloured(sys.stdout))
    try:
        write_all(wanted, lambda name, saved: rendered(name, report, plain if saved else shown))
    finally:
        say_notes(report.notes)
    if report.failures:
        from meshlint.cli.main import confess_rules

        return confess_rules(report.failures)
    failed = report.fails(fail_on or run.settings.fail_on, undecided)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


def _judged(run: Run, material: Material, changed_since: str | None) -> Report:
    if changed_since is not None:
        from meshlint.changes import check_change

        return check_change(run, material, changed_since)
    if run.baseline is not None:
        from meshlint.baselines import check_known

        return check_known(run, material, run.baseline)
    return check(run, material)


def _told_apart(values: Sequence[str], *, cached: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell the rules behind `--fail-on-undecided` from operands, which an option with an optional value takes, too."""
    if all(value == _ANY for value in values):
        return tuple(values), ()
    from meshlint.cache import Cache, default_folder
    from meshlint.policy.catalogue import load_builtin
    from meshlint.policy.selection.selection import words

    known = {word for rule in load_builtin(Cache(default_folder() if cached else None)).rules for word in words(rule)}
    operands = tuple(v for v in values if not set(words_of([v])) & known and (v == STDIN or os.path.lexists(v)))
    return tuple(_ANY if value in operands else value for value in values), operands


def _undecided_rules(run: Run, values: Sequence[str]) -> tuple[str, ...] | None:
    """Return None where undecided judgements never fail, else the rules that do; none named means all."""
    if not values:
        return None
    from meshlint.policy.selection.selection import select_rules

    words = [word for word in words_of(values) if word != _ANY]
    if not words:
        return ()
    return tuple(active.rule.id for active in select_rules(run.catalogue, "strict", words))
