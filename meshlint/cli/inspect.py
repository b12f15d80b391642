"""`meshlint inspect`: everything that is in force for one object, and what decided it.

In: arguments. Out: a tree or JSON on standard output; notes on standard error.
"""

from __future__ import annotations

import shutil
import sys
from typing import Any

import click

from meshlint.cli.inputs import input_options, options_of
from meshlint.cli.outputs import say_notes
from meshlint.cli.terminal import is_coloured, is_terminal, say
from meshlint.errors import ExitCode, UsageError
from meshlint.findings.inspecting import inspect
from meshlint.pipeline import inputs_of, prepare
from meshlint.reports.inspections import json, text

_NARROWEST = 60


@click.command("inspect", short_help="Show what is in force for one object.")
@click.argument("kind")
@click.argument("name", metavar="[NS/]NAME")
@input_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def command(kind: str, name: str, form: str, **inputs: Any) -> int:
    """Show everything that is resolved about one workload, service, namespace or policy in PATHS.

    KIND is a kind as kubectl takes it (deploy, svc, ns, pa, dr, vs …) or `workload`. NAME without a namespace will do
    where only one object has it. Every fact names what decided it.

    Exit codes: 0 whatever is in force, 2 no such object or another mistake of the caller, 3 a bug of meshlint.
    """
    run = prepare(options_of(**inputs))
    taken = inputs_of(run)
    if not any(told.headers for told in taken.facts):
        raise UsageError(f"nothing to inspect in {' '.join(run.options.operands)}", help="name files or folders")
    inspection = inspect(taken, kind, name)
    shown = json.render(inspection) if form == "json" else text.render(inspection, _paper())
    say(sys.stdout, shown, encoding="utf-8" if form == "json" else None)
    say_notes(inspection.notes)
    if inspection.failures:
        from meshlint.cli.main import confess_rules

        return confess_rules(inspection.failures)
    return ExitCode.CLEAN


def _paper() -> text.Paper:
    if not is_terminal(sys.stdout):
        return text.Paper(None, False)
    return text.Paper(max(_NARROWEST, shutil.get_terminal_size().columns), is_coloured(sys.stdout))
