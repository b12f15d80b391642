"""What is in force for a path, as text or as data.

In: `InForceHere`. Out: text. It decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.policy.selection.origins import InForceHere, Origin, OverrideHere, Row, RuleHere
from meshlint.reports.frame import clean, painted

_WIDEST = 80  # a longer value stands out, and the column of the others stays where it can be read


def effective_json(told: InForceHere) -> str:
    """Return everything as version 1 of the JSON form."""
    document = {
        "version": 1,
        "path": told.path,
        "namespace": told.namespace,
        "files": list(told.files),
        "overrides": [
            {
                "paths": list(item.paths),
                "namespaces": list(item.namespaces),
                "applies": item.applies,
                "origin": _plain(item.origin),
            }
            for item in told.overrides
        ],
        "settings": [_row(row) for row in told.settings],
        "rules": [
            {
                "id": rule.id,
                "name": rule.name,
                "origin": _plain(rule.origin),
                "severity": {"value": rule.severity, "origin": _plain(rule.severity_origin)},
                "params": [_row(row) for row in rule.params],
            }
            for rule in told.rules
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _row(row: Row) -> dict[str, Any]:
    return {"key": row.key, "value": row.value, "origin": _plain(row.origin)}


def _plain(origin: Origin) -> dict[str, Any]:
    if not origin.path:
        return {"kind": origin.text}
    return {"kind": "file", "path": origin.path, "line": origin.line}


def effective_text(told: InForceHere, coloured: bool) -> str:
    """Return everything for people: files, overrides, keys, rules."""
    lines = [painted(clean(_title(told)), "bold", coloured), ""]
    lines += _section("files", [(path, "") for path in told.files] or [("none", "")], coloured)
    if told.overrides:
        lines += _section("overrides", [_override(item) for item in told.overrides], coloured)
    lines += _section("keys", [(f"{row.key}: {_value(row.value)}", row.origin.text) for row in told.settings], coloured)
    lines += _section(f"rules ({len(told.rules)})", [row for rule in told.rules for row in _rule(rule)], coloured)
    return "\n".join(lines[:-1]) + "\n"


def _title(told: InForceHere) -> str:
    path = told.path or "."
    return f"{path}, namespace {told.namespace}" if told.namespace else f"{path}, no namespace given"


def _section(title: str, rows: Sequence[tuple[str, str]], coloured: bool) -> Iterator[str]:
    rows = [(clean(left), clean(right)) for left, right in rows]
    width = max((len(left) for left, right in rows if right and len(left) <= _WIDEST), default=0)
    yield painted(title, "bold", coloured)
    yield from (f"  {left.ljust(width)}  {right}".rstrip() for left, right in rows)
    yield ""


def _override(item: OverrideHere) -> tuple[str, str]:
    asked = [f"{key} {', '.join(globs)}" for key, globs in (("paths", item.paths), ("namespaces", item.namespaces))
             if globs]  # fmt: skip
    return f"{item.origin.text}: {' and '.join(asked)}", "applies" if item.applies else "does not apply"


def _rule(rule: RuleHere) -> Iterator[tuple[str, str]]:
    name = rule.name if rule.id == rule.name else f"{rule.id} {rule.name}"
    yield f"{name}: {rule.severity}", _reason(rule)
    for row in rule.params:
        yield f"  {row.key}: {_value(row.value)}", row.origin.text


def _reason(rule: RuleHere) -> str:
    """Say what turned a rule on, and what set its severity where that is not the rule itself."""
    if rule.severity_origin.text == "default":
        return rule.origin.text
    return f"{rule.origin.text}, severity {rule.severity_origin.text}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value or '""'
    return json.dumps(value, ensure_ascii=False)
