"""New values as YAML or JSON text.

In: plain values and a style. Out: text that every parser of YAML 1.1 and 1.2 reads as that value. It knows no
document.
"""

from __future__ import annotations

import json
import re
from typing import Any

from meshlint.records import NamedTuple
from meshlint.syntax.scalars import resolve

_PLAIN = re.compile(r"[\w./(^+~$\\-][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]*")
_NEVER_PLAIN = re.compile(r"-(?:\s|$)|---|\.\.\.|.*(?::\s|:$|\s#|\s$)", re.DOTALL)
_DATE_OR_TIME = re.compile(r"\d{4}-\d\d?-\d\d?.*|[-+]?[\d_]+(?::[0-5]?\d)+(?:\.[\d_]*)?")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Style(NamedTuple):
    """Hold how blocks are indented, and how texts are quoted that need quotes."""

    step: int = 2  # columns from a key to the keys of its value
    dash: int = 2  # columns from a key to the dashes of its value
    quote: str = '"'
    literal: bool = True  # whether a text of several lines may become a block


class Rendered(NamedTuple):
    """Hold a value as it stands behind its key or dash: on the same line, and on the lines below."""

    inline: str
    lines: tuple[str, ...] = ()


def scalar(value: Any, quote: str = '"', *, style: str = "", flow: bool = False) -> str:
    """Return a scalar on one line, in the style of the one that it replaces where that is possible."""
    if not isinstance(value, str):
        return _other(value)
    if style not in ("'", '"') and is_plain(value, flow=flow):
        return value
    wanted = style if style in ("'", '"') else quote
    if wanted == "'" and not _UNPRINTABLE.search(value) and "\n" not in value and "\t" not in value:
        return "'" + value.replace("'", "''") + "'"
    return quoted(value)


def quoted(value: str) -> str:
    """Return a text in double quotes, the same for YAML and JSON."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def is_plain(text: str, *, flow: bool = False) -> bool:
    """Tell whether a text can stand without quotes and is still a text for every parser."""
    if not _PLAIN.fullmatch(text) or _NEVER_PLAIN.match(text) or _DATE_OR_TIME.fullmatch(text):
        return False
    if flow and any(sign in text for sign in ",[]{}"):
        return False
    return isinstance(resolve(text), str) and isinstance(resolve(text.lower()), str)


def _other(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return ".nan"
        if value in (float("inf"), float("-inf")):
            return ".inf" if value > 0 else "-.inf"
    return repr(value)


def block(value: Any, column: int, style: Style, *, item: bool = False, old: str = "") -> Rendered:
    """Return a value as it stands behind a key, or behind the dash of an item, at a column."""
    if style.literal and isinstance(value, str) and "\n" in value and old not in ("'", '"') and _fits_literal(value):
        return _literal(value, column + style.step)
    if not isinstance(value, dict | list) or not value:
        return Rendered("{}" if value == {} else "[]" if value == [] else scalar(value, style.quote, style=old))
    if isinstance(value, dict):
        inner = column + 2 if item else column + style.step
        lines = [line for key, entry in value.items() for line in entry_lines(key, entry, inner, style)]
    else:
        inner = column + 2 if item else column + style.dash
        lines = [line for entry in value for line in item_lines(entry, inner, style)]
    return Rendered(lines[0].lstrip(" "), tuple(lines[1:])) if item else Rendered("", tuple(lines))


def entry_lines(key: str, value: Any, column: int, style: Style, *, key_style: str = "") -> list[str]:
    """Return the lines of a key and its value."""
    name = scalar(key, style.quote, style=key_style)
    rendered = block(value, column, style)
    first = f"{' ' * column}{name}:" + (f" {rendered.inline}" if rendered.inline else "")
    return [first, *rendered.lines]


def item_lines(value: Any, column: int, style: Style) -> list[str]:
    """Return the lines of an item of a list."""
    rendered = block(value, column, style, item=True)
    return [f"{' ' * column}-" + (f" {rendered.inline}" if rendered.inline else ""), *rendered.lines]


def _fits_literal(text: str) -> bool:
    return not _UNPRINTABLE.search(text) and bool(text.strip()) and text[0] not in " \t\n" and not text.endswith("\n\n")


def _literal(text: str, column: int) -> Rendered:
    indicator = "|" if text.endswith("\n") else "|-"
    lines = text.removesuffix("\n").split("\n")
    return Rendered(indicator, tuple(" " * column + line if line else "" for line in lines))


def flow(value: Any, quote: str, *, as_json: bool, tight: bool = False) -> str:
    """Return a value on one line; as JSON every key and text is quoted."""
    if isinstance(value, dict):
        colon = ":" if tight and as_json else ": "
        parts = [
            f"{_flow_text(key, quote, as_json)}{colon}{flow(item, quote, as_json=as_json, tight=tight)}"
            for key, item in value.items()
        ]
        return "{" + ("," if tight else ", ").join(parts) + "}"
    if isinstance(value, list):
        parts = [flow(item, quote, as_json=as_json, tight=tight) for item in value]
        return "[" + ("," if tight else ", ").join(parts) + "]"
    return _flow_text(value, quote, as_json)


def _flow_text(value: Any, quote: str, as_json: bool) -> str:
    if as_json and isinstance(value, str):
        return quoted(value)
    return scalar(value, quote, flow=True)


def pretty(value: Any, column: int, style: Style) -> str:
    """Return JSON over several lines, of a value whose first line begins at a column."""
    inner = " " * (column + style.step)
    if isinstance(value, dict) and value:
        parts = [f"{inner}{quoted(key)}: {pretty(item, column + style.step, style)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * column + "}"
    if isinstance(value, list) and value:
        parts = [f"{inner}{pretty(item, column + style.step, style)}" for item in value]
        return "[\n" + ",\n".join(parts) + "\n" + " " * column + "]"
    return flow(value, '"', as_json=True)
