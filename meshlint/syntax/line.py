"""What one line of plain YAML says, whatever stands around it.

In: a line without its break. Out: `Said`. A form that is not listed here raises `Unsure`. Scalars mean what `scalars`
says; a flow collection is read by the parser itself, once for each text.
"""

from __future__ import annotations

import marshal
import re
from functools import lru_cache
from typing import Any

from meshlint.syntax.document import DEFAULT_LIMITS
from meshlint.syntax.scalars import key_text, resolve

VALUE, OPEN, FLOW, BLOCK, MARKER, NOTHING = range(6)

Said = tuple[int, tuple[int, ...], int, str | None, int, Any]
"""Column of the first sign (-1: no content), columns of all dashes, column and text of the key, form, value."""

_KNOWN_LINES = 50_000
_MOST_BRACKETS = 24
_REST = r" *(?: #.*)?"
_KEY = re.compile(r"""(?:([A-Za-z0-9_./][A-Za-z0-9_./-]{0,200})|"([^"\\]{0,200})"|'([^']{0,200})'):(?: +|$)""")
_DASH = re.compile(r"-(?: +|$)")
_PLAIN = re.compile(
    r"((?:[A-Za-z0-9_./+~$(;^]|-(?=[^ ]))(?:[^ :#]|:(?=[^ ])|(?<=[^ ])#| +(?=[^ #]))*)" + _REST, re.ASCII
)
_QUOTED = re.compile(r"""(?:"([^"\\]*)"|'([^']*)')""" + _REST, re.ASCII)
_ITEM_TEXT = r"""(?:[A-Za-z0-9_./][A-Za-z0-9_./-]*|"[^"\\]*"|'[^']*')"""
_ITEM = re.compile(_ITEM_TEXT)
_PAIR_TEXT = rf"{_ITEM_TEXT}: +{_ITEM_TEXT}"
_LIST = re.compile(rf"\[( *(?:{_ITEM_TEXT}(?:, *{_ITEM_TEXT})*)? *)\]{_REST}", re.ASCII)
_MAPPING = re.compile(rf"\{{( *(?:{_PAIR_TEXT}(?:, *{_PAIR_TEXT})*)? *)\}}{_REST}", re.ASCII)
_BLOCK = re.compile(r"\|(-?)" + _REST)


class Unsure(Exception):
    """Leave a text to the parser."""


@lru_cache(_KNOWN_LINES)
def line_says(line: str) -> Said:
    """Return what a line says.

    Raises Unsure.
    """
    stripped = line.lstrip(" ")
    column = len(line) - len(stripped)
    if not stripped or stripped[0] == "#":
        return -1, (), -1, None, NOTHING, None
    if column == 0 and stripped.startswith(("---", "...")):
        if stripped.rstrip(" ") == "---":
            return -1, (), -1, None, MARKER, None
        raise Unsure
    at, dashes = column, []
    while (dash := _DASH.match(line, at)) is not None:
        dashes.append(at)
        at = dash.end()
    key, key_column = None, at
    if (match := _KEY.match(line, at)) is not None:
        plain, double, single = match.groups()
        key = key_text(resolve(plain)) if plain is not None else double if double is not None else single
        at = match.end()
    elif not dashes:
        raise Unsure
    form, value = _value(line[at:])
    return column, tuple(dashes), key_column, key, form, value


def _value(text: str) -> tuple[int, Any]:
    if not text or text[0] == "#":
        return OPEN, None
    if (match := _PLAIN.fullmatch(text)) is not None:
        return VALUE, resolve(match[1])
    if (match := _QUOTED.fullmatch(text)) is not None:
        return VALUE, match[1] if match[1] is not None else match[2]
    if (match := _BLOCK.fullmatch(text)) is not None:
        return BLOCK, "" if match[1] else "\n"
    if text[0] in "[{":
        return FLOW, _flow(text)
    raise Unsure


def _flow(text: str) -> bytes:
    """Return the value of a flow collection that ends on its line, marshalled, so that every use is a fresh one."""
    if (match := _LIST.fullmatch(text)) is not None:
        return marshal.dumps(_items(match[1]))
    if (match := _MAPPING.fullmatch(text)) is not None:
        items = _items(match[1])
        pairs = [(key_text(key), value) for key, value in zip(items[::2], items[1::2], strict=True)]
        if len(dict(pairs)) < len(pairs):
            raise Unsure
        return marshal.dumps(dict(pairs))
    if "&" in text or text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise Unsure
    return marshal.dumps(_parsed(text.encode("ascii")))


def _items(text: str) -> list[Any]:
    """Return the scalars of a flow collection that holds nothing else."""
    return [item[1:-1] if item[0] in "'\"" else resolve(item) for item in _ITEM.findall(text)]


def _parsed(text: bytes) -> Any:
    from yaml.events import StreamEndEvent  # with the parser: only where there is such a line

    from meshlint.syntax.builder import Builder, Refusal
    from meshlint.syntax.events import YAMLError, event_source

    next_event = event_source(text)
    try:
        next_event()  # the stream
        next_event()  # the document
        value = Builder(next_event, DEFAULT_LIMITS, _refuse).document()
        behind = next_event()
    except (Refusal, YAMLError) as error:
        raise Unsure from error
    if type(behind) is not StreamEndEvent:
        raise Unsure
    return value


def _refuse(*_problem: Any) -> None:
    raise Unsure


def flow_value(marshalled: bytes) -> Any:
    """Return a flow collection that nobody else holds."""
    return marshal.loads(marshalled)
