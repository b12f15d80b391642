"""Comments that speak to meshlint, and those in which Helm names the template of a document.

In: text. Out: directives and source comments. A `#` inside a quoted or block scalar is no comment, so the parser is
asked where such scalars stand; this happens only for texts that hold the word at all.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from typing import Any

from meshlint.syntax.document import Directive

_DIRECTIVE = re.compile(r"(?:^|(?<=\s))#[ \t]*meshlint:[ \t]*(.*?)[ \t]*$")
_ANY = re.compile(r"(?:^|(?<=\s))#")
_SOURCE = re.compile(rb"^# Source: (\S+)[ \t]*\r?$")


def source_comments(text: bytes) -> list[tuple[int, str]]:
    """Return line and path of every "# Source:" comment at the start of a line."""
    found = []
    for number, line in enumerate(text.split(b"\n"), start=1):
        match = _SOURCE.match(line) if line.startswith(b"# Source: ") else None
        if match:
            found.append((number, match[1].decode("utf-8", "replace")))
    return found


def directives_of(text: bytes, openings: Sequence[int]) -> tuple[Directive, ...]:
    """Return the comments addressed to meshlint, each with the document in which it stands."""
    scalars = _scalar_spans(text)
    found = []
    for number, raw in enumerate(text.split(b"\n"), start=1):
        if b"meshlint:" not in raw:
            continue
        line = raw.decode("utf-8", "replace").rstrip("\r")
        for match in _DIRECTIVE.finditer(line):
            column = match.start() + 1
            if _inside(scalars, (number, column)):
                continue
            document = max(bisect.bisect_right(openings, number) - 1, 0)
            own_line = not line[: match.start()].strip()
            found.append(Directive(number, column, len(line) + 1, match[1], document, own_line))
    return tuple(found)


def comments_in(text: bytes) -> list[str]:
    """Return every comment of a text, without the blanks around it."""
    scalars = _scalar_spans(text)
    found = []
    for number, raw in enumerate(text.split(b"\n"), start=1):
        line = raw.decode("utf-8", "replace")
        starts = (match.start() for match in _ANY.finditer(line))
        first = next((at for at in starts if not _inside(scalars, (number, at + 1))), None)
        if first is not None:
            found.append(line[first:].strip())
    return found


def _scalar_spans(text: bytes) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return both ends of every scalar that is quoted or a block, in the order of the text."""
    from yaml.events import ScalarEvent, StreamEndEvent  # with the parser: only for texts with directives

    from meshlint.syntax.events import YAMLError, event_source

    spans = []
    next_event = event_source(text)
    try:
        while True:
            event = next_event()
            if event is None or type(event) is StreamEndEvent:
                break
            if type(event) is ScalarEvent and event.style not in (None, ""):
                spans.append((_place(event.start_mark), _place(event.end_mark)))
    except YAMLError:
        pass  # the reader reports it; what was seen before still counts
    return spans


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _inside(spans: Sequence[tuple[tuple[int, int], tuple[int, int]]], position: tuple[int, int]) -> bool:
    index = bisect.bisect_right(spans, (position, (1 << 60, 0))) - 1
    if index < 0:
        return False
    start, end = spans[index]
    # A block scalar begins at its indicator; a comment on that very line belongs to nobody's text.
    return start <= position < end and not (position[0] == start[0] and end[0] > start[0] and end[1] == 1)
