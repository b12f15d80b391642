"""A small vocabulary, rules over it, and their judgement: policy without a mesh."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import dedent
from typing import Any

from meshlint.policy.engine import judge
from meshlint.policy.judgement import Judgement
from meshlint.policy.lexicon import Lexicon, lexicon_of
from meshlint.policy.rule import CompiledRule
from meshlint.policy.rule_files.compiler import References, compile_rule
from meshlint.policy.rule_files.loader import load_rule
from meshlint.policy.rule_files.rule_file import RuleErrors, RuleFile
from meshlint.policy.selection.selection import ActiveRule
from meshlint.policy.views import Target
from meshlint.policy.views.values import Subject
from meshlint.policy.vocabulary import Field, Message

PLACE = Message("Place", "", tuple(Field(name, "string", "") for name in ("text", "kind", "name", "place")))
PORT = Message(
    "Port",
    "",
    (
        Field("text", "string", ""),
        Field("number", "int", ""),
        Field("captured", "bool", ""),
        Field("mode", "string", "", "the mesh policy is elsewhere"),
        Field("decided_by", "Place", ""),
    ),
)
WORKLOAD = Message(
    "Workload",
    "",
    (
        Field("text", "string", ""),
        Field("place", "Place", ""),
        Field("meshed", "bool", "", "the Namespace is not there"),
        Field("labels", "map string", ""),
        Field("limit", "double", ""),
        Field("namespace", "string", ""),
        Field("extra", "dyn", ""),
        Field("worst", "Port", ""),
        Field("ports", "list Port", ""),
        Field("guests", "list Port", "", "nobody counted them"),
    ),
)
LEXICON: Lexicon = lexicon_of(
    (PLACE, PORT, WORKLOAD),
    {"workload": "Workload", "namespace": "Workload"},
    {"a.io/Thing": "Workload", "b.io/Port": "Port"},
)
REFERENCES = References({"nist": frozenset(("SC-8", "SC-7"))}, {"cycles": {"members": "string", "place": "Place"}})

RULE = """\
id: MTL001
name: open-port
since: 0.1.0
severity: error
confidence: high
profile: baseline
target: workload
when: workload.meshed
require: '!workload.ports.exists(p, p.mode == "PERMISSIVE")'
message: "{workload} is open"
help: Close it.
why: |
  Because it is open. There is more to say.
"""


def file_of(text: str) -> RuleFile:
    """Read a rule file from its text."""
    return RuleFile("rules/mtls/open-port.yaml", dedent(text).encode())


def edited(old: str, new: str) -> str:
    """Return the plain rule with one piece of text replaced."""
    assert old in RULE
    return RULE.replace(old, new)


def compiled(text: str = RULE) -> CompiledRule:
    """Compile a rule over the small vocabulary; raises RuleErrors."""
    file = file_of(text)
    rule = load_rule(file)
    result = compile_rule(file, rule, LEXICON, REFERENCES) if rule is not None else None
    if file.errors:
        raise RuleErrors(file.sorted_errors())
    assert result is not None
    return result[0]


def mistakes(text: str) -> list[tuple[int, int, str, str]]:
    """Return line, column, message and help of everything that is wrong with a rule."""
    try:
        compiled(text)
    except RuleErrors as errors:
        return [(*e.location.start, e.message, e.help) for e in errors.errors if e.location is not None]
    return []


def place(text: str = "", address: str = "") -> dict[str, Any]:
    """Make a place; without arguments, an absence."""
    return {"text": text, "kind": "", "name": text, "place": address}


def port(number: int, mode: str | None = "STRICT", decided: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Make a port; without a mode, its mode is unknown."""
    known = {"text": str(number), "number": number, "captured": True, "decided_by": decided or place()}
    return known | ({"unknown": {"mode": f"no mode for {number}"}} if mode is None else {"mode": mode})


def workload(*ports: dict[str, Any], name: str = "ledger", meshed: bool | None = True, **more: Any) -> Target:
    """Make a workload with ports; `meshed` None is unknown."""
    view: dict[str, Any] = {
        "text": name,
        "place": place(name, "0|/metadata/name|"),
        "labels": {"app": name},
        "limit": 1.5,
        "namespace": "payments",
        "extra": {"deep": [1]},
        "worst": port(0),
        "ports": list(ports),
        "guests": [],
    } | more
    if meshed is None:
        view.setdefault("unknown", {})["meshed"] = "no labels"
    else:
        view["meshed"] = meshed
    return Target(view, Subject("apps/v1", "Deployment", "payments", name))


def judged(rule: CompiledRule, *targets: Target, severity: str = "", params: Any = None) -> Judgement:
    """Judge targets by one rule."""

    def view(_target: str | tuple[str, ...], model: Iterable[Target]) -> Iterable[Target]:
        return model

    active = ActiveRule(rule, severity, {**rule.params, **(params or {})})
    return judge([active], targets, view)
