"""`meshlint report`: one run, weighed by control, namespace, rule or owner, for a review.

In: arguments. Out: a review on standard output. It passes no sentence: it exits with 0 whatever was found.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.baselines import check_known
from meshlint.cli.inputs import baseline_options, input_options, options_of
from meshlint.cli.terminal import say
from meshlint.errors import ExitCode
from meshlint.mesh.ownership.files import owners_by_path
from meshlint.pipeline import check, prepare, read_material
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
    owners = owners_by_path(run.root, run.settings.ownership.platform)
    rows = review(by, report, run.catalogue, [active.rule for active in run.rules], owners)
    frameworks = run.catalogue.frameworks
    shown = review_json(by, rows, report) if form == "json" else review_text(by, rows, report, frameworks)
    say(sys.stdout, shown, encoding="utf-8" if form == "json" else None)
    if report.failures:
        from meshlint.cli.main import confess_rules

        return confess_rules(report.failures)
    return ExitCode.CLEAN
