"""`meshlint fix`: change manifests so that findings go, or show what would change.

In: arguments. Out: changed files, or a diff; a summary on standard error; an exit code.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.inputs import baseline_options, input_options, options_of
from meshlint.cli.terminal import say
from meshlint.errors import ExitCode, UsageError
from meshlint.sources.source import STDIN


@click.command("fix", short_help="Change manifests so that findings go.")
@input_options
@baseline_options
@click.option("--unsafe", is_flag=True, help="Apply fixes after which a proxy behaves differently, too.")
@click.option("--diff", "shows_diff", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--check", "only_checks", is_flag=True, help="Change nothing; end with 1 when something would change.")
def command(*, unsafe: bool, shows_diff: bool, only_checks: bool, **inputs: Any) -> int:
    """Fix the manifests in PATHS (default: the current folder) and judge them again.

    A fix is safe when no proxy behaves differently after it; the others need --unsafe.

    Exit codes: 0 done, 1 something would change (--check) or a document cannot be read,
    2 a mistake of the caller, 3 a bug of meshlint.
    """
    options = options_of(**inputs)
    if STDIN in options.operands:
        raise UsageError("standard input cannot be fixed", help="name files or folders")
    from meshlint.fixes.writing import Change, write_all
    from meshlint.repairs.runs import files_of, fix_run, top_of
    from meshlint.repairs.telling import diffs_of, told, unreadable

    run, outcome = fix_run(options, unsafe=unsafe)
    if outcome.last.judged.failures:
        from meshlint.cli.main import confess_rules

        return confess_rules(outcome.last.judged.failures)
    files = files_of(run, outcome)
    if shows_diff:
        say(sys.stdout, "".join(diffs_of(files)), encoding="utf-8")
    writes = not shows_diff and not only_checks
    if writes:
        write_all([Change(file.file, file.before, file.after) for file in files], top_of(run, files))
    say(sys.stderr, "\n".join(told(outcome, files, writes=writes)) + "\n")
    return ExitCode.FINDINGS if (only_checks and files) or unreadable(outcome) else ExitCode.CLEAN
