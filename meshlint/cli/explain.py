"""`meshlint explain`: one rule, whole: why it is there, how it judges, examples, controls, how to except it.

In: the name of a rule. Out: text on standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any

import click

from meshlint.cache import Cache, default_folder
from meshlint.cli.inputs import catalogue_options
from meshlint.cli.terminal import is_coloured, say
from meshlint.errors import ExitCode, UsageError
from meshlint.findings.suppressions.suppressions import LEGACY_RULES
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.rule import CompiledRule, Documentation, title_of
from meshlint.policy.selection.configured import catalogue_named
from meshlint.reports.frame import painted
from meshlint.reports.manual import example_text, exception_annotation, exception_comment

_UNKNOWN = {
    "undecided": "what the manifests do not say leaves it undecided",
    "fire": "what the manifests do not say is a finding",
    "silent": "what the manifests do not say is passed over",
}


@click.command("explain", short_help="Explain one rule.")
@click.argument("rule")
@catalogue_options
def command(rule: str, packs: tuple[str, ...], config: str | None) -> int:
    """Explain RULE, by its id or its name."""
    catalogue = load_builtin(Cache(default_folder()))
    found = _found(rule, catalogue)
    if found is None:  # a rule of a pack, which the configuration may name
        catalogue = catalogue_named(packs, config)
        found = _found(rule, catalogue)
    if found is None:
        from meshlint.spelling import did_you_mean

        known = [word for one in catalogue.rules for word in (one.id, one.name)]
        hint = did_you_mean(rule, known) or "`meshlint rules` lists them"
        raise UsageError(f"there is no rule `{rule}`", help=hint)
    say(sys.stdout, "\n".join(_page(found, catalogue, is_coloured(sys.stdout))) + "\n")
    return ExitCode.CLEAN


def _found(word: str, catalogue: Catalogue) -> CompiledRule | None:
    """Return the rule of an id or a name, of a pack also without the pack where only one rule is called so."""
    short = [rule for rule in catalogue.rules if rule.pack and rule.name == f"{rule.pack}/{word}"]
    return catalogue.find(word) or catalogue.find(word.upper()) or (short[0] if len(short) == 1 else None)


def _page(rule: CompiledRule, catalogue: Catalogue, coloured: bool) -> Iterator[str]:
    told = catalogue.documents()[rule.id]
    yield painted(title_of(rule.id, rule.name), "bold", coloured)
    since = f", since {rule.since}" if rule.since else ""
    yield f"{rule.severity}, confidence {rule.confidence}, profile {rule.profile}{since}"
    if rule.pack:
        yield f"of the pack {rule.pack}, in {told.path}"
    yield ""
    yield told.why.rstrip()
    yield from _judging(rule, told, coloured)
    yield from _fixing(rule, coloured)
    yield from _controls(rule, catalogue, coloured)
    yield from _listed("Equivalents", told.equivalents, coloured)
    for title, examples in (("Good", told.good), ("Bad", told.bad)):
        for example in examples:
            yield from _section(f"{title} example", coloured)
            yield indent(example_text(example), "  ")
    yield from _exceptions(rule, coloured)


def _judging(rule: CompiledRule, told: Documentation, coloured: bool) -> Iterator[str]:
    target = rule.target if isinstance(rule.target, str) else ", ".join(rule.target)
    yield from _section("How it judges", coloured)
    yield f"  target   {target}"
    if rule.each:
        yield f"  each     {rule.each[0]} in {'.'.join(rule.each[1])}"
    if told.when:
        yield f"  when     {told.when}"
    for name, text in told.let.items():
        yield f"  let      {name} = {text}"
    yield f"  {'check  ' if rule.check else 'require'}  {rule.check or told.require}"
    yield f"  unknown  {_UNKNOWN[rule.on_unknown]}"
    yield f"  message  {told.message}"
    yield f"  help     {told.help}"
    if rule.params:
        yield from _section("Parameters", coloured)
        yield from (f"  {name}: {_plain(value)}" for name, value in rule.params.items())


def _plain(value: Any) -> str:
    """Spell a default as YAML does, in one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fixing(rule: CompiledRule, coloured: bool) -> Iterator[str]:
    if rule.fix is None:
        return
    safe, ways = rule.fix
    yield from _section("How `meshlint fix` removes it", coloured)
    yield from (f"  {does}" for does in dict.fromkeys(does for does, _, _ in ways))
    yield (
        "  Safe: no proxy behaves differently."
        if safe
        else "  Unsafe: proxies behave differently, so it needs --unsafe."
    )


def _controls(rule: CompiledRule, catalogue: Catalogue, coloured: bool) -> Iterator[str]:
    """List the controls with their titles, below the framework that they come from."""
    if not rule.controls:
        return
    yield from _section("Controls", coloured)
    titles = catalogue.controls()
    for framework, ids in rule.controls.items():
        yield f"  {catalogue.frameworks.get(framework, framework)}"
        width = max(len(id_) for id_ in ids)
        yield from (f"    {id_.ljust(width)}  {titles.get(framework, {}).get(id_, '')}".rstrip() for id_ in ids)
    yield "  A finding speaks of the part of a control that manifests show, no finding says nothing about the rest."


def _exceptions(rule: CompiledRule, coloured: bool) -> Iterator[str]:
    yield from _section("How to except it", coloured)
    yield "  at the line, or above everything in a document for the whole object:"
    yield f"    {exception_comment(rule.id)}"
    yield "  as an annotation of the object or of its pod template:"
    yield f"    {exception_annotation(rule.id)}"
    yield "  in .meshlint.yaml:"
    yield f"    exceptions: [{{rule: {rule.id}, object: Kind namespace/name, reason: …, owner: …, expires: …}}]"
    if rule.id in LEGACY_RULES:
        yield "  on the PeerAuthentication that opens the port, as annotations:"
        yield "    meshlint.dev/owner, meshlint.dev/reason, meshlint.dev/expires"
        yield "  An exception from this rule opens a port, so owner, reason and expiry are all needed."
    yield "  An expired exception takes nothing out, and one that is not used is a finding itself."


def _section(title: str, coloured: bool) -> Iterator[str]:
    yield ""
    yield painted(title, "bold", coloured)


def _listed(title: str, values: Mapping[str, Sequence[str]], coloured: bool) -> Iterator[str]:
    if values:
        yield from _section(title, coloured)
        width = max(len(name) for name in values)
        yield from (f"  {name.ljust(width)}  {', '.join(items)}" for name, items in values.items())
