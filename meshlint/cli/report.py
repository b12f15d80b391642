"""`meshlint report`: one run, weighed by control, namespace, rule or owner, for a review.

In: arguments. Out: a review on standard output. It passes no sentence: it exits with 0 whatever was found.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from meshlint.baselines import check_known
from meshlint.cli.inputs import baseline_options, input_options, options_of
from meshlint.cli.terminal import say
from meshlint.errors import ExitCode
from meshlint.pipeline import Run, check, prepare, read_material
from meshlint.reports.review import VIEWS, review, review_json, review_text


@click.command("report", short_help="Weigh a run by control, namespace, rule or owner.")
@input_options
@baseline_options
@click.option("--by", type=click.Choice(VIEWS), default="control", help="What to group by; default: control.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def command(by: str, form: str, **inputs: Any) -> int:
    """Say what was judged, found and left open in PATHS, grouped for a review.

    Exit codes: 0 whatever was found (`meshlint check` is the gate), 2 a mistake of the caller, 3 a bug of meshlint.
    """
    run = prepare(options_of(**inputs))
    report = check(run) if run.baseline is None else check_known(run, read_material(run), run.baseline)
    rows = review(by, report, run.catalogue, [active.rule for active in run.rules], _owners(run))
    frameworks = run.catalogue.frameworks
    shown = review_json(by, rows, report) if form == "json" else review_text(by, rows, report, frameworks)
    say(sys.stdout, shown, encoding="utf-8" if form == "json" else None)
    return ExitCode.CLEAN


def _owners(run: Run) -> Callable[[str], tuple[str, ...]]:
    """Return who owns a file, as the CODEOWNERS of the run's root says; nobody where nothing tells."""
    from meshlint.mesh.ownership.files import find_codeowners

    found = find_codeowners(run.root, run.settings.ownership.platform) if run.root else None
    return lambda path: found.owners_of(path).owners if found is not None and path else ()
