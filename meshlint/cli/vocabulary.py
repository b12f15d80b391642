"""`meshlint vocabulary`: every fact that a rule may use, by target, as the checker of rules knows it.

In: a target, a format. Out: text, a Markdown page or JSON on standard output.
"""

from __future__ import annotations

import shutil
import sys

import click

from meshlint.cli.terminal import is_coloured, is_terminal, say
from meshlint.errors import ExitCode
from meshlint.policy.authoring.glossary import Section, section_of, sections
from meshlint.policy.lexicon import Lexicon, builtin
from meshlint.reports.vocabulary import (
    overview_text,
    section_text,
    sections_markdown,
    vocabulary_json,
    vocabulary_markdown,
)

_FORMATS = ("text", "markdown", "json")


@click.command("vocabulary", short_help="Describe the facts that rules may use.")
@click.argument("target", required=False)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to print it.")
def command(target: str | None, form: str) -> int:
    """Describe the facts of TARGET: a word such as workload, a kind, or a path such as workload.mtls.

    Without TARGET: the targets there are, and what expressions and messages are made of; as Markdown or JSON, all.
    """
    lexicon = builtin()
    found = [section_of(target, lexicon)] if target else sections(lexicon)
    say(sys.stdout, _shown(found, lexicon, form, whole=target is None), encoding=None if form == "text" else "utf-8")
    return ExitCode.CLEAN


def _shown(found: list[Section], lexicon: Lexicon, form: str, *, whole: bool) -> str:
    if form == "json":
        return vocabulary_json(found, lexicon)
    if form == "markdown":
        return vocabulary_markdown(found, lexicon) if whole else sections_markdown(found, lexicon)
    width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
    coloured = is_coloured(sys.stdout)
    return overview_text(found, width, coloured) if whole else section_text(found[0], width, coloured)
