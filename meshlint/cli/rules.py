"""`meshlint rules`: the rules that exist, as a table or as data.

In: the catalogue. Out: text or JSON on standard output.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.inputs import catalogue_options
from meshlint.cli.terminal import say
from meshlint.errors import ExitCode
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.selection.configured import catalogue_named


@click.command("rules", short_help="List the rules.")
@catalogue_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
def command(form: str, packs: tuple[str, ...], config: str | None) -> int:
    """List every rule with its severity, profile and what it is about; those of packs, too."""
    catalogue = catalogue_named(packs, config)
    if form == "json":
        say(sys.stdout, _json(catalogue), encoding="utf-8")
    else:
        say(sys.stdout, _table(catalogue))
    return ExitCode.CLEAN


def _table(catalogue: Catalogue) -> str:
    rows = [
        ("" if rule.id == rule.name else rule.id, rule.name, rule.severity, rule.profile, rule.summary)
        for rule in catalogue.rules
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for *cells, summary in rows:
        padded = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append(f"{padded}  {summary}")
    return "\n".join(lines) + "\n"


def _json(catalogue: Catalogue) -> str:
    import json

    documents = catalogue.documents()
    rules: list[dict[str, Any]] = []
    for rule in catalogue.rules:
        target = rule.target if isinstance(rule.target, str) else {"kinds": list(rule.target)}
        rules.append(
            {
                "id": rule.id,
                "name": rule.name,
                "family": rule.family,
                "pack": rule.pack or None,
                "severity": rule.severity,
                "confidence": rule.confidence,
                "profile": rule.profile,
                "target": target,
                "summary": rule.summary,
                "equivalents": documents[rule.id].equivalents,
                "controls": rule.controls,
                "params": rule.params,
            }
        )
    return json.dumps({"version": 1, "rules": rules}, indent=2, ensure_ascii=False) + "\n"
