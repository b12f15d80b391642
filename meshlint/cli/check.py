"""`meshlint check`: read the options, run the pipeline, write the reports, say how it ended.

In: arguments. Out: reports and an exit code. Findings go to standard output, notes to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from meshlint.cli.inputs import input_options, options_of, words_of
from meshlint.cli.terminal import is_coloured, is_terminal
from meshlint.errors import ExitCode, UsageError
from meshlint.findings.report import Report
from meshlint.pipeline import Run, check, prepare
from meshlint.reports.formats import FORMATS, Setting, rendered

_ANY = "*"


@click.command("check", short_help="Lint files and folders.")
@input_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]", help=f"{', '.join(FORMATS)}; repeatable.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), help="Default: error.")
@click.option(
    "--fail-on-undecided",
    is_flag=False,
    flag_value=_ANY,
    multiple=True,
    metavar="[RULE]",
    help="Fail on what could not be decided, by this rule or by any.",
)
def command(formats: tuple[str, ...], fail_on: str | None, fail_on_undecided: tuple[str, ...], **inputs: Any) -> int:
    """Lint the manifests in PATHS (default: the current folder; `-` is standard input).

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 a mistake of the caller (or nothing to check),
    3 a bug of meshlint, 130 interrupted.
    """
    wanted = _formats(formats)
    run = prepare(options_of(**inputs))
    undecided = _undecided_rules(run, fail_on_undecided)
    report = check(run)
    _write(report, wanted, run)
    failed = report.fails(fail_on or run.settings.fail_on, undecided)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


def _formats(values: Sequence[str]) -> list[tuple[str, str]]:
    """Return format and file of every report; an empty file is standard output."""
    found = []
    for value in values or ("text",):
        name, _, file = value.partition("=")
        if name not in FORMATS:
            from meshlint.config.spelling import did_you_mean

            hint = did_you_mean(name, FORMATS)
            raise UsageError(f"there is no format `{name}`", help=hint or f"there are {', '.join(FORMATS)}")
        found.append((name, file))
    if sum(1 for _, file in found if not file) > 1:
        raise UsageError("two reports cannot share standard output", help="give one of them a file: FORMAT=FILE")
    return found


def _undecided_rules(run: Run, values: Sequence[str]) -> tuple[str, ...] | None:
    """Return None where undecided judgements never fail, else the rules that do; none named means all."""
    if not values:
        return None
    from meshlint.policy.selection import select_rules

    words = [word for word in words_of(values) if word != _ANY]
    if not words:
        return ()
    return tuple(active.rule.id for active in select_rules(run.catalogue, "strict", words))


def _write(report: Report, wanted: Sequence[tuple[str, str]], run: Run) -> None:
    plain = Setting(run.catalogue, _line_reader(run.root))
    for name, file in wanted:
        if file:
            content = rendered(name, report, plain)
            try:
                with open(file, "w", encoding="utf-8", newline="\n") as stream:
                    stream.write(content)
            except OSError as error:
                raise UsageError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error
        else:
            shown = plain._replace(is_terminal=is_terminal(sys.stdout), coloured=is_coloured(sys.stdout))
            sys.stdout.write(rendered(name, report, shown))
    sys.stdout.flush()
    if report.notes:
        from meshlint.reports.text import notes_text

        sys.stderr.write(notes_text(report, is_coloured(sys.stderr)))


def _line_reader(root: str | None) -> Callable[[str], Sequence[str]]:
    """Return a function that gives the lines of a reported path, each file read once."""
    known: dict[str, Sequence[str]] = {}

    def lines_of(path: str) -> Sequence[str]:
        if path not in known:
            known[path] = _lines(os.path.join(root, path) if root else path) or _lines(path)
        return known[path]

    return lines_of


def _lines(file: str) -> Sequence[str]:
    try:
        if not os.path.isfile(file):
            return ()
        with open(file, encoding="utf-8", errors="replace") as stream:
            return stream.read().split("\n")
    except OSError:
        return ()
