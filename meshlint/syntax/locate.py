"""Find where a value or key stands, by parsing its document once more with positions.

In: bytes, documents and JSON pointers. Out: spans. What is absent is answered by its nearest parent. It never raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from meshlint.errors import Position
from meshlint.syntax.document import Span
from meshlint.syntax.encoding import readable
from meshlint.syntax.events import YAMLError, event_source, line_of
from meshlint.syntax.scalars import key_text, resolve
from meshlint.syntax.separators import next_separator

Table = dict[str, tuple[Position, Position]]
_TOP = Span(Position(1, 1), Position(1, 1), False)


def locate(data: bytes, document: int, pointers: Sequence[str]) -> dict[str, Span]:
    """Return the spans of pointers in one document; a pointer that ends in `#` asks for the key."""
    return locate_all(data, {document: pointers})[document]


def locate_all(data: bytes, wanted: Mapping[int, Iterable[str]]) -> dict[int, dict[str, Span]]:
    """Return the spans of pointers in several documents of one file, reading it once."""
    found: dict[int, dict[str, Span]] = {index: {} for index in wanted}
    tables = _Tables(readable(data)[0], set(wanted))
    for index, pointers in wanted.items():
        table = tables.of.get(index, {})
        for pointer in pointers:
            found[index][pointer] = _nearest(table, pointer)
    return found


def _nearest(table: Table, pointer: str) -> Span:
    exact = table.get(pointer)
    if exact is not None:
        return Span(*exact, True)
    at = pointer.removesuffix("#")
    if at in table:
        return Span(*table[at], False)
    while at:
        at = at.rpartition("/")[0]
        for candidate in (f"{at}#", at):
            if candidate in table:
                return Span(*table[candidate], False)
    return Span(*table[""], False) if "" in table else _TOP


class _Open:
    """Hold one open collection: where it starts, and the key or index that comes next."""

    __slots__ = ("index", "key", "pointer", "start")

    def __init__(self, pointer: str, start: Position, is_list: bool) -> None:
        self.pointer = pointer
        self.start = start
        self.index = 0 if is_list else -1
        self.key: str | None = None


class _Tables:
    """Record the spans of every value and key of the wanted documents."""

    def __init__(self, text: bytes, wanted: set[int]) -> None:
        self.of: dict[int, Table] = {}
        self._text = text
        self._lines: list[bytes] | None = None
        self._wanted = wanted
        self._count = 0
        self._line = self._offset = 0
        offset: int | None = 0
        while offset is not None and self._count <= max(wanted, default=-1):
            offset = self._part(text, offset)

    def _part(self, text: bytes, offset: int) -> int | None:
        self._line += text.count(b"\n", self._offset, offset)
        self._offset = offset
        next_event = event_source(text, offset)
        opened, inside = 0, False
        try:
            while True:
                event = next_event()
                if event is None or type(event) is StreamEndEvent:
                    return None
                if type(event) is DocumentStartEvent:
                    opened, inside = line_of(event.start_mark), True
                    self._document(next_event)
                    inside = False
                    self._count += 1
                    if self._count > max(self._wanted, default=-1):
                        return None
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            if not inside and mark is not None:
                opened = mark.line
        self._count += 1
        return next_separator(text, offset, opened)

    def _document(self, next_event: Any) -> None:
        table: Table | None = None
        if self._count in self._wanted:
            table = self.of[self._count] = {}
        stack: list[_Open] = []
        last = Position(1, 1)
        while True:
            event = next_event()
            kind = type(event)
            if kind is DocumentEndEvent:
                return
            if table is None:
                continue
            start = self._at(event.start_mark)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append(_Open(self._pointer(stack), start, kind is SequenceStartEvent))
            elif kind is ScalarEvent or kind is AliasEvent:
                last = self._scalar(event, stack, table, start)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                frame = stack.pop()
                flow_end = self._at(event.end_mark) if event.end_mark.index > event.start_mark.index else last
                last = max(last, flow_end)
                table[frame.pointer] = (frame.start, last)
                self._advance(stack)

    def _scalar(self, event: Any, stack: list[_Open], table: Table, start: Position) -> Position:
        end = self._end(event)
        frame = stack[-1] if stack else None
        if frame is not None and frame.index < 0 and frame.key is None:
            frame.key = self._key(event)
            table[f"{frame.pointer}/{frame.key}#"] = (start, end)
        else:
            table[self._pointer(stack)] = (start, end)
            self._advance(stack)
        return end

    def _end(self, event: Any) -> Position:
        """Return the end of a scalar; a block scalar ends with its last line, not at the next token."""
        end = self._at(event.end_mark)
        if type(event) is ScalarEvent and event.style in ("|", ">") and end.column == 1 and end.line > 1:
            if self._lines is None:
                self._lines = self._text.split(b"\n")
            line = max(end.line - 1, self._at(event.start_mark).line)
            return Position(line, len(self._lines[line - 1].decode("utf-8", "replace").rstrip("\r")) + 1)
        return end

    def _key(self, event: Any) -> str:
        if type(event) is AliasEvent:
            return f"*{event.anchor}"
        text = event.value
        if event.implicit[0] and event.tag is None:
            text = key_text(resolve(text)) if text != "<<" else text
        return str(text).replace("~", "~0").replace("/", "~1")

    def _pointer(self, stack: list[_Open]) -> str:
        if not stack:
            return ""
        frame = stack[-1]
        if frame.index < 0 and frame.key is None:
            frame.key = "{}"  # a collection as key; the builder reports it
        return f"{frame.pointer}/{frame.index if frame.index >= 0 else frame.key}"

    def _advance(self, stack: list[_Open]) -> None:
        if stack:
            frame = stack[-1]
            if frame.index >= 0:
                frame.index += 1
            else:
                frame.key = None

    def _at(self, mark: Any) -> Position:
        return Position(self._line + mark.line + 1, mark.column + 1)
