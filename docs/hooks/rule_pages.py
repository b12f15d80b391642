"""The page of one rule, from its file.

In: the catalogue, and the rule file for what the catalogue keeps compiled only. Out: Markdown.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from facts import unknown_facts

from meshlint.cache import Cache, default_folder
from meshlint.findings.suppressions.suppressions import LEGACY_RULES
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.reports.manual import example_text, exception_comment, fenced

FAMILIES = {
    "ambient": "waypoints, ztunnel, and moving to ambient",
    "authz": "who may call whom",
    "egress": "the way out of the mesh",
    "envoy": "raw Envoy configuration",
    "gateway": "Istio Gateways",
    "gateway-api": "Gateways and routes of the Gateway API",
    "hygiene": "manifests that say something other than was meant",
    "injection": "who is in the mesh",
    "jwt": "tokens of end users",
    "mtls": "mutual TLS, on both sides of a call",
    "observability": "what can be known afterwards",
    "ownership": "who answers for a policy",
    "protocol": "what a port speaks",
    "resilience": "limits, ejection, timeouts and retries",
    "routing": "where a request goes",
}
PEERS = {
    "istioctl": "istioctl analyze",
    "kiali": "Kiali",
    "kyverno": "Kyverno policies",
    "tetrate": "Tetrate Config Analyzer",
    "google": "Google Policy Controller",
    "bigbang": "Big Bang",
    "uds": "UDS",
    "other": "further tools",
}
_NO_TOOLS = ("seed", "misconfig", "istio_validation", "env", "val")
"""Names under which rules cite what is no tool's code."""

_UNKNOWN = {
    "undecided": "the judgement is *undecided*: counted, listed, and no finding",
    "fire": "the rule fires: what cannot be seen counts as a fault here",
    "silent": "the rule is silent",
}


class Manual(NamedTuple):
    """Hold the rules with what their authors wrote, and the titles of controls."""

    catalogue: Catalogue
    told: Mapping[str, Documentation]
    titles: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Mapping[str, Any]]

    @property
    def rules(self) -> tuple[CompiledRule, ...]:
        """Return all rules, sorted by id."""
        return self.catalogue.rules

    @staticmethod
    @functools.cache
    def load(root: Path) -> Manual:
        """Read the catalogue of the checkout."""
        catalogue = load_builtin(Cache(default_folder()))
        told = catalogue.documents()
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        sources = {id_: yaml.load((root / one.path).read_text(encoding="utf-8"), loader) for id_, one in told.items()}
        return Manual(catalogue, told, catalogue.controls(), sources)


def peer_codes(told: Documentation) -> dict[str, list[str]]:
    """Return the codes of other tools for a rule; issues and numbers of collections are none."""
    named = {
        peer: [code for code in codes if "#" not in code and code.split("/")[0] not in _NO_TOOLS]
        for peer, codes in told.equivalents.items()
        if peer not in _NO_TOOLS
    }
    return {peer: codes for peer, codes in named.items() if codes}


def mark(severity: str) -> str:
    """Return a severity as a coloured word."""
    return f'<span class="severity {severity}">{severity}</span>'


def rule_page(manual: Manual, rule: CompiledRule) -> str:
    """Return the whole page of a rule."""
    return "\n".join(_lines(manual, rule)) + "\n"


def _lines(manual: Manual, rule: CompiledRule) -> Iterator[str]:
    told, source = manual.told[rule.id], manual.sources[rule.id]
    yield f"---\ntitle: {rule.id} {rule.name}\ndescription: {json.dumps(rule.summary)}\n---"
    yield f"# {rule.id} <small>{rule.name}</small>\n"
    yield f"{mark(rule.severity)} · family [{rule.family}](index.md) · profile `{rule.profile}` · "
    yield f"confidence {rule.confidence} · since {rule.since}\n"
    yield told.why.rstrip() + "\n"
    yield "## What to do\n"
    yield told.help + "\n"
    yield from _fix(source)
    for title, examples in (("Bad", told.bad), ("Good", told.good)):
        if examples:
            yield f"## {title}\n"
            yield from _examples(title, rule, examples)
    yield from _judging(rule, told, source)
    yield from _parameters(rule)
    yield from _citations(manual, rule, told)
    yield from _exceptions(rule)


def _examples(title: str, rule: CompiledRule, examples: list[Any]) -> Iterator[str]:
    if title == "Bad":
        yield f"`# expect: {rule.name}` marks the place of the finding. Examples are laid over a small mesh without"
        yield "faults, except where they say `# base: none`.\n"
    else:
        yield "The whole catalogue is silent about this.\n"
    for example in examples:
        yield fenced(example_text(example)) + "\n"


def _fix(source: Mapping[str, Any]) -> Iterator[str]:
    fix = source.get("fix")
    if not fix:
        return
    flag, words = ("", "It is safe: no proxy behaves differently afterwards.")
    if not fix["safe"]:
        flag, words = " --unsafe", "It asks for `--unsafe`, because somebody has to agree with what comes out."
    ways = [fix, *fix.get("ways", ())]
    yield f"`meshlint fix{flag} --select {source.get('id', source['name'])}` can do it. {words}\n"
    yield from dict.fromkeys(f"- {_told(way['does'])}" for way in ways if way.get("does"))
    looks = dict.fromkeys(text for way in ways for text in _texts(way.get("review")))
    if looks:
        yield "\nTo look at afterwards:\n"
        yield from (f"- {_told(text)}" for text in looks)
    if otherwise := fix.get("otherwise"):
        yield f"\nIt leaves a finding alone where {_told(otherwise)}."
    yield ""


def _texts(value: Any) -> list[str]:
    """Return what is to be looked at: one text, several, or texts by the path of a value."""
    if isinstance(value, Mapping):
        return [f"`{path}`: {text}" for path, text in value.items()]
    return [value] if isinstance(value, str) else list(value or ())


def _told(template: str) -> str:
    """Return a template with an ellipsis where a finding names what it is about."""
    return re.sub(r"\{[^{}]*\}", "…", template)


def _judging(rule: CompiledRule, told: Documentation, source: Mapping[str, Any]) -> Iterator[str]:
    target = rule.target if isinstance(rule.target, str) else ", ".join(rule.target)
    yield "## How it judges\n"
    yield f"It looks at every `{target}`."
    if rule.each:
        yield f"Each `{rule.each[0]}` of `{'.'.join(rule.each[1])}` is judged for itself."
    if rule.check:
        yield f"The Python check `{rule.check}` judges."
    expressions = [("when", told.when), *source.get("let", {}).items(), ("require", told.require)]
    expressions = [(name, text) for name, text in expressions if text]
    yield "\n```{.yaml .wrapped}"
    yield from (f"{name}: {_quoted(' '.join(text.split()))}" for name, text in expressions)
    yield "```\n"
    if rule.severity_when:
        raised = source["severity_when"]
        yield f"The severity is `{raised['severity']}` where `{raised['when']}`.\n"
    yield f"The finding says:\n\n```text\n{told.message}\n```\n"
    yield from _unknown(rule, [text for _, text in expressions])


def _quoted(expression: str) -> str:
    """Return an expression as YAML: a mark in front would be a tag, a colon with a blank a mapping."""
    if expression.startswith(("!", "'", '"', "[", "{")) or ": " in expression:
        return "'" + expression.replace("'", "''") + "'"
    return expression


def _unknown(rule: CompiledRule, texts: list[str]) -> Iterator[str]:
    reasons = unknown_facts(rule, texts)
    if not reasons:
        yield "Manifests always tell what this rule asks.\n"
        return
    yield f"Where the manifests do not tell, {_UNKNOWN[rule.on_unknown]}. That is so when:\n"
    yield from (f"- {reason} (`{'`, `'.join(facts)}`)" for reason, facts in reasons.items())
    yield ""


def _parameters(rule: CompiledRule) -> Iterator[str]:
    if not rule.params:
        return
    yield "## Parameters\n"
    yield "| name | default |\n| --- | --- |"
    yield from (f"| `{name}` | `{value}` |" for name, value in rule.params.items())
    name, value = next(iter(rule.params.items()))
    shown = yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip()
    yield f"\n```yaml\nrules:\n  {rule.id}:\n    params:\n      {name}: {shown}\n```\n"


def _citations(manual: Manual, rule: CompiledRule, told: Documentation) -> Iterator[str]:
    if rule.controls:
        yield "## Controls\n"
        yield "| framework | control | asks, in our words |\n| --- | --- | --- |"
        for framework, ids in rule.controls.items():
            short, titles = manual.catalogue.frameworks.get(framework, framework), manual.titles.get(framework, {})
            yield from (f"| {short} | {id_} | {titles.get(id_, '')} |" for id_ in ids)
        yield ""
        yield "A finding speaks of the part of a control that manifests show. No finding says nothing about the rest.\n"
    peers = peer_codes(told)
    if peers:
        yield "## Other tools\n"
        yield from (f"- {PEERS.get(peer, peer)}: {', '.join(f'`{code}`' for code in peers[peer])}" for peer in peers)
        yield ""


def _exceptions(rule: CompiledRule) -> Iterator[str]:
    yield "## How to except it\n"
    yield "At the line, or above everything in a document for the whole object:\n"
    yield fenced(exception_comment(rule.id)) + "\n"
    yield "As an annotation, on the object or on its pod template, one exception a line:\n"
    words = exception_comment(rule.id).partition("[")[2].replace("]", "", 1)
    yield fenced(f"metadata:\n  annotations:\n    meshlint.dev/ignore: {words}") + "\n"
    yield "In `.meshlint.yaml`:\n"
    entry = {"rule": rule.id, "object": "Kind namespace/name", "reason": "…", "owner": "…", "expires": "…"}
    yield fenced("exceptions:\n" + yaml.safe_dump([entry], allow_unicode=True, sort_keys=False).rstrip()) + "\n"
    if rule.id in LEGACY_RULES:
        yield "On the PeerAuthentication that opens the port: the annotations `meshlint.dev/owner`,"
        yield "`meshlint.dev/reason` and `meshlint.dev/expires`. All three are needed.\n"
    yield "An expired exception takes nothing out. One that is not used is a finding itself."
