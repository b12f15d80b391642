"""`meshlint schema`: what editors may know of a file of ours, as JSON Schema.

In: which file. Out: JSON on standard output.
"""

from __future__ import annotations

import json
import sys

import click

from meshlint.cli.terminal import say
from meshlint.errors import ExitCode


@click.command("schema", short_help="Print JSON Schema for editors.")
@click.argument("file", type=click.Choice(["rule", "config", "pack"]))
def command(file: str) -> int:
    """Print the JSON Schema of a rule file, of .meshlint.yaml (config) or of pack.yaml (pack).

    Save it and name it at the top of a file: `# yaml-language-server: $schema=rule.schema.json`.
    """
    from meshlint.policy.authoring.json_schemas import SCHEMAS

    say(sys.stdout, json.dumps(SCHEMAS[file](), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return ExitCode.CLEAN
