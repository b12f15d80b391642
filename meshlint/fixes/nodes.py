"""A document as a tree of nodes that know which characters they consist of.

In: the text of one document. Out: `Node`s with offsets into that text. It knows YAML, not what is to be changed; values
are whatever `syntax` says they are.
"""

from __future__ import annotations

import re
from typing import Any

from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from meshlint.fixes.operations import CannotEdit
from meshlint.records import NamedTuple
from meshlint.syntax.events import YAMLError, event_source
from meshlint.syntax.scalars import key_text, resolve, tagged

_BLANK = re.compile(r"(?:[\s\ufeff]|(?<!\S)#[^\r\n]*)*")
_PROPERTY = re.compile(r"&[^\s,\[\]{}]+|!(?:<[^>\s]*>|[^\s,\[\]{}]*)")
_HALVES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
MERGE = "<<"


class Entry(NamedTuple):
    """Hold a key with its value, or an item, which has no key."""

    key: Node | None
    value: Node

    @property
    def start(self) -> int:
        """Return where the first character stands, the dash of an item left out."""
        return self.value.start if self.key is None else self.key.start

    @property
    def end(self) -> int:
        """Return the offset behind the last character."""
        return self.value.end


class Node:
    """Hold a scalar, collection or alias: anchor and tag from `start` to `marked`, content from `body` to `end`."""

    __slots__ = ("anchor", "body", "end", "entries", "flow", "kind", "marked", "start", "style", "tag", "text")

    def __init__(self, kind: str, event: Any, text: str) -> None:
        self.kind = kind  # scalar, mapping, sequence, alias
        self.start: int = event.start_mark.index
        self.anchor: str | None = event.anchor
        self.tag: str | None = getattr(event, "tag", None)
        self.style: str = getattr(event, "style", None) or ""
        self.flow = bool(getattr(event, "flow_style", False))
        self.text: str = event.value if kind == "scalar" else ""
        self.entries: list[Entry] = []
        self.end: int = event.end_mark.index
        self.marked: int = self.start
        self.body: int = self.start
        if kind != "alias" and (self.anchor is not None or self.tag is not None):
            self.marked, self.body = _behind_properties(text, self.start)
            if kind == "scalar" and not self.text and not self.style:
                self.body = self.end = self.marked  # nothing follows that belongs to it
        if kind == "scalar" and self.style in ("|", ">"):
            self.end = _end_of_block(text, self)

    @property
    def name(self) -> str:
        """Return what the node is called as a key."""
        if self.kind != "scalar":
            return f"*{self.anchor}" if self.kind == "alias" else "{}"
        if self.merges:
            return MERGE
        return key_text(self.value)

    @property
    def merges(self) -> bool:
        """Tell whether the node is the key that merges other mappings."""
        return self.text == MERGE and self.style == "" and self.tag is None

    @property
    def value(self) -> Any:
        """Return what a scalar means."""
        if self.tag is None or self.tag == "!":
            return resolve(self.text) if self.style == "" and self.tag is None else self.text
        return tagged(self.text, self.tag)

    @property
    def keys(self) -> list[str]:
        """Return the names of the keys of a mapping, in their order and as often as they stand there."""
        return [entry.key.name for entry in self.entries if entry.key is not None]


def tree_of(text: str) -> Node:
    """Return the root of the first document of a text. Raises CannotEdit where there is none."""
    # Both halves of a character that JSON escapes by UTF-16 are no YAML; any other escape is as long.
    next_event = event_source(_HALVES.sub(r"\\ufffd\\ufffd", text).encode())
    try:
        while True:
            event = next_event()
            if event is None or type(event) is StreamEndEvent:
                raise CannotEdit("the file has no such document")
            if type(event) is DocumentStartEvent:
                mark: Any = event.end_mark
                root = _document(text, next_event)
                if root.kind == "scalar" and root.start == root.end:  # nothing stands there, and no token says where
                    root.start = root.marked = root.body = root.end = mark.index
                return root
    except YAMLError as error:
        raise CannotEdit("the document is no YAML") from error


def _document(text: str, next_event: Any) -> Node:
    stack: list[Node] = []
    keys: list[Node | None] = []
    while True:
        event = next_event()
        kind = type(event)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append(Node("mapping" if kind is MappingStartEvent else "sequence", event, text))
            keys.append(None)
            continue
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            node = stack.pop()
            keys.pop()
            _close(node, event, text)
        else:
            node = Node("scalar" if kind is ScalarEvent else "alias", event, text)
        if not stack:
            return node
        if stack[-1].kind == "mapping" and keys[-1] is None:
            keys[-1] = node
        else:
            stack[-1].entries.append(Entry(keys[-1], node))
            keys[-1] = None


def _close(node: Node, event: Any, text: str) -> None:
    """Give a collection its end, which for a block is that of its last entry."""
    if node.flow:
        node.end = event.end_mark.index
        return
    if node.entries:
        node.end = node.entries[-1].end
        if node.kind == "mapping":
            node.body = node.entries[0].start
        else:
            node.body = blank_end(text, node.body)


def documents_of(text: str) -> list[int]:
    """Return the offset at which each document starts, its directives included."""
    next_event = event_source(_HALVES.sub(r"\\ufffd\\ufffd", text).encode())
    starts: list[int] = []
    try:
        while True:
            event = next_event()
            if event is None or type(event) is StreamEndEvent:
                return starts
            if type(event) is DocumentStartEvent:
                starts.append(int(getattr(event.start_mark, "index", 0)))
    except YAMLError as error:
        raise CannotEdit("the file is no YAML") from error


def blank_end(text: str, position: int) -> int:
    """Return the offset of the next character that is neither blank nor part of a comment."""
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _behind_properties(text: str, position: int) -> tuple[int, int]:
    """Return the offset behind an anchor and a tag, and that of the content behind them."""
    end = position
    while (match := _PROPERTY.match(text, position)) is not None:
        end = match.end()
        position = blank_end(text, end)
    return end, position


def _end_of_block(text: str, node: Node) -> int:
    """Return the end of the last line of a block scalar; blank lines behind it belong to it only after `+`."""
    header = text.find("\n", node.body)
    keeps = "+" in text[node.body : header if header >= 0 else len(text)].split("#")[0]
    body: str = text[node.body : node.end].removesuffix("\n").removesuffix("\r")
    return node.body + len(body if keeps else body.rstrip("\r\n"))
