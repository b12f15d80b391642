"""`meshlint explain`: one rule, whole: why it is there, how it judges, examples, controls, how to except it.

In: the name of a rule. Out: text on standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent

import click

from meshlint.cache import Cache, default_folder
from meshlint.cli.terminal import is_coloured, say
from meshlint.errors import ExitCode, UsageError
from meshlint.policy.catalogue import load_builtin
from meshlint.policy.rule import CompiledRule, Documentation, Example
from meshlint.reports.frame import painted


@click.command("explain", short_help="Explain one rule.")
@click.argument("rule")
def command(rule: str) -> int:
    """Explain RULE, by its id or its name."""
    catalogue = load_builtin(Cache(default_folder()))
    found = catalogue.find(rule) or catalogue.find(rule.upper())
    if found is None:
        from meshlint.config.spelling import did_you_mean

        known = [word for one in catalogue.rules for word in (one.id, one.name)]
        hint = did_you_mean(rule, known) or "`meshlint rules` lists them"
        raise UsageError(f"there is no rule `{rule}`", help=hint)
    text = "\n".join(_page(found, catalogue.documents()[found.id], is_coloured(sys.stdout), catalogue.frameworks))
    say(sys.stdout, text + "\n")
    return ExitCode.CLEAN


def _page(rule: CompiledRule, told: Documentation, coloured: bool, frameworks: Mapping[str, str]) -> Iterator[str]:
    yield painted(f"{rule.id} {rule.name}", "bold", coloured)
    yield f"{rule.severity}, confidence {rule.confidence}, profile {rule.profile}, since {rule.since}"
    yield ""
    yield told.why
    yield ""
    target = rule.target if isinstance(rule.target, str) else ", ".join(rule.target)
    yield from _section("How it judges", coloured)
    yield f"  target   {target}"
    if rule.each:
        yield f"  each     {rule.each[0]} in {'.'.join(rule.each[1])}"
    if told.when:
        yield f"  when     {told.when}"
    yield f"  require  {told.require}"
    yield f"  message  {told.message}"
    yield f"  help     {told.help}"
    if rule.params:
        yield from _section("Parameters", coloured)
        yield from (f"  {name}: {value}" for name, value in rule.params.items())
    yield from _listed("Controls", {frameworks.get(key, key): ids for key, ids in rule.controls.items()}, coloured)
    yield from _listed("Equivalents", told.equivalents, coloured)
    for title, examples in (("Good", told.good), ("Bad", told.bad)):
        for example in examples:
            yield from _section(f"{title} example", coloured)
            yield indent(_text(example), "  ")
    yield from _section("How to except it", coloured)
    yield f"  # meshlint: ignore[{rule.id}] until=2027-01-31 owner=@team the reason in words"
    yield "  or in .meshlint.yaml:"
    yield f"  exceptions: [{{rule: {rule.id}, object: Kind namespace/name, reason: …, owner: …, expires: …}}]"


def _section(title: str, coloured: bool) -> Iterator[str]:
    yield ""
    yield painted(title, "bold", coloured)


def _listed(title: str, values: Mapping[str, Sequence[str]], coloured: bool) -> Iterator[str]:
    if values:
        yield from _section(title, coloured)
        width = max(len(name) for name in values)
        yield from (f"  {name.ljust(width)}  {', '.join(items)}" for name, items in values.items())


def _text(example: Example) -> str:
    if isinstance(example, str):
        return example.rstrip()
    return "\n".join(f"# file {path}\n{text.rstrip()}" for path, text in example.items())
