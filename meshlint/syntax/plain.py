"""The plain part of YAML, read line by line: block mappings, lists, scalars of one line, literal blocks.

In: text. Out: the line and value of every document, or None where a line is not surely what it looks like. It must
give exactly what the events builder gives, or nothing: a refused text costs a second reading, a wrong value costs the
user. Refused are anchors, tags, tabs, escapes, directives, repeated keys, scalars of several lines and whatever has a
problem.

Most lines of a repository stand in it many times, so what a line says is remembered by its text.
"""

from __future__ import annotations

from typing import Any

from meshlint.syntax.document import Limits
from meshlint.syntax.line import BLOCK, FLOW, MARKER, OPEN, VALUE, Unsure, flow_value, line_says

_SPARE_DEPTH = 32  # levels left to the collections that a single line may open
_LONGEST_LINE = 1000  # characters; longer ones are not worth remembering
_TOP = -1  # the column of what holds a document's root


def read_plain(text: bytes, limits: Limits) -> list[tuple[int, Any]] | None:
    """Return the line (from 1) and value of every document, None for a text that the parser has to judge."""
    if not text.isascii() or b"\t" in text or b"\r" in text or not text.endswith(b"\n"):
        return None
    lines = text.decode("ascii").split("\n")
    if max(map(len, lines)) > _LONGEST_LINE:
        return None
    try:
        return _Reader(lines, limits.depth - _SPARE_DEPTH).documents()
    except Unsure:
        return None


class _Reader:
    """Hold the open collections of one text, each with the column of its keys or dashes."""

    _start: int  # line of the `---`, or of the first content; 0 before either
    _root: list[Any]  # holds the root of the open document
    _stack: list[tuple[int, Any]]
    _is_open: bool  # a value is awaited

    def __init__(self, lines: list[str], depth: int) -> None:
        self._lines = lines
        self._depth = depth
        self._found: list[tuple[int, Any]] = []
        self._key = ""
        self._begin(0)

    def documents(self) -> list[tuple[int, Any]]:
        """Read all lines; raises Unsure."""
        lines, count = self._lines, len(self._lines)
        index = 0
        while index < count:
            column, dashes, key_column, key, form, value = line_says(lines[index])
            index += 1
            if column < 0:
                if form == MARKER:
                    self._end()
                    self._begin(index)
                continue
            if form == VALUE and not dashes and not self._is_open:  # most lines: one more key of the same mapping
                level, mapping = self._stack[-1]
                if level == column and type(mapping) is dict and key not in mapping:
                    mapping[key] = value
                    continue
            self._start = self._start or index
            self._enter(column, bool(dashes))
            for dash in dashes[1:]:
                self._push(dash, [])
            if key is not None:
                self._take_key(key, key_column, bool(dashes))
            if form == VALUE:
                self._give(value)
            elif form == OPEN:
                self._is_open = True
            elif form == FLOW:
                self._give(flow_value(value))
            elif form == BLOCK:
                index = self._literal(index, value)
        self._end()
        return self._found

    def _begin(self, start: int) -> None:
        self._start = start
        self._root = []
        self._stack = [(_TOP, self._root)]
        self._is_open = True

    def _end(self) -> None:
        if self._start:
            if self._is_open:
                self._give(None)
            self._found.append((self._start, self._root[0]))

    def _enter(self, column: int, is_item: bool) -> None:
        """Find the collection to which a line belongs, or open it where a value is awaited."""
        stack = self._stack
        if self._is_open:
            outer, parent = stack[-1]
            if column > outer or (column == outer and is_item and type(parent) is dict):
                self._push(column, [] if is_item else {})
                return
            self._give(None)
        while stack[-1][0] > column:
            stack.pop()
        if not is_item and type(stack[-1][1]) is list and stack[-1][0] == column:
            stack.pop()  # a list may stand in the column of the key that holds it
        if stack[-1][0] != column or (type(stack[-1][1]) is list) is not is_item:
            raise Unsure

    def _push(self, column: int, collection: Any) -> None:
        if len(self._stack) > self._depth:
            raise Unsure
        self._give(collection)
        self._stack.append((column, collection))

    def _take_key(self, key: str, column: int, begins: bool) -> None:
        if begins:
            self._push(column, {})
        if key in self._stack[-1][1]:
            raise Unsure
        self._key = key

    def _give(self, value: Any) -> None:
        target = self._stack[-1][1]
        if type(target) is list:
            target.append(value)
        else:
            target[self._key] = value
        self._is_open = False

    def _literal(self, index: int, ending: str) -> int:
        """Read a literal block from its first line on; return the index of the line behind it."""
        lines = self._lines
        first = lines[index]
        indent = len(first) - len(first.lstrip(" "))
        if indent == len(first) or indent <= self._stack[-1][0]:
            raise Unsure
        margin, taken = " " * indent, []
        while index < len(lines):
            line = lines[index]
            if line.startswith(margin):
                if not line.strip(" ") and len(line) > indent:
                    raise Unsure
                taken.append(line[indent:])
            elif line.strip(" "):
                break
            else:
                taken.append("")
            index += 1
        while not taken[-1]:
            taken.pop()
        self._give("\n".join(taken) + ending)
        return index
