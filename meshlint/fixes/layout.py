"""Where things stand on the lines of a document, and in which style its author writes.

In: the text of one document and its tree. Out: lines, columns, indentation, quotes, line ends. It changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from meshlint.fixes.nodes import Node, blank_end

_BREAK = re.compile(r"\r\n|\n|\r")
_LINE_END = re.compile(r"[\r\n]|\Z")
_COMMENT = re.compile(r"(?<!\S)#[^\r\n]*")
_COMMENT_LINE = re.compile(r"[ \t]*#")


class Layout:
    """Answer questions about one document's text."""

    def __init__(self, text: str, root: Node, newline: str) -> None:
        self.text = text
        self.root = root
        self.newline = newline
        nodes = list(nodes_of(root))
        self.aliases = [node for node in nodes if node.kind == "alias"]
        self.step = self._step(nodes)
        self.dash = self._dash(nodes)
        quotes = Counter(node.style for node in nodes if node.style in ("'", '"'))
        self.quote: str = "'" if quotes["'"] > quotes['"'] else '"'

    def column(self, position: int) -> int:
        """Return the column of a character, from 0."""
        return position - self.line_start(position)

    def line_start(self, position: int) -> int:
        """Return the offset at which the line of a character begins."""
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def line_end(self, position: int) -> int:
        """Return the offset of the line break behind a character, or of the end of the text."""
        match = _LINE_END.search(self.text, position)
        return match.start() if match else len(self.text)

    def next_line(self, position: int) -> int:
        """Return the offset at which the next line begins, or of the end of the text."""
        end = self.line_end(position)
        match = _BREAK.match(self.text, end)
        return match.end() if match else end

    def opens_line(self, position: int) -> bool:
        """Tell whether nothing but blanks stands before a character on its line."""
        return not self.text[self.line_start(position) : position].strip(" \t\ufeff")

    def tail(self, end: int, column: int) -> int:
        """Return where the lines end that belong to an entry at a column: comments that stand deeper are its own."""
        position = found = self.next_line(end)
        while position < len(self.text):
            line = self.text[position : self.line_end(position)]
            if _COMMENT_LINE.match(line) and len(line) - len(line.lstrip()) > column:
                found = self.next_line(position)
            elif line.strip():
                break
            position = self.next_line(position)
        return found

    def lead(self, start: int) -> int:
        """Return where the comment block begins that stands right above a line, as deep as what `start` points to."""
        column = self.column(start)
        found = self.line_start(start)
        while found > 0:
            previous = self.line_start(found - (2 if self.text[found - 2 : found] == "\r\n" else 1))
            line = self.text[previous:found]
            if not _COMMENT_LINE.match(line) or len(line) - len(line.lstrip()) != column:
                break
            found = previous
        return found

    def indentation(self, position: int) -> int:
        """Return how far the line of a character is indented."""
        line = self.text[self.line_start(position) : self.line_end(position)]
        return len(line) - len(line.lstrip(" \t"))

    def comments(self) -> list[int]:
        """Return where every comment of the document begins."""
        found = []
        position = 0
        for node in [node for node in nodes_of(self.root) if not node.entries]:
            found += [match.start() for match in _COMMENT.finditer(self.text, position, node.body)]
            position = node.end
            if node.style in ("|", ">"):
                header = self.line_end(node.body)
                found += [match.start() for match in _COMMENT.finditer(self.text, node.body, header)]
        return found + [match.start() for match in _COMMENT.finditer(self.text, position)]

    def mark(self, container: Node, index: int) -> int:
        """Return where an entry of a block begins: its key, or the dash of its item."""
        entry = container.entries[index]
        if entry.key is not None:
            return entry.key.start
        return blank_end(self.text, container.entries[index - 1].end) if index else container.body

    def head(self, container: Node, index: int) -> int:
        """Return the offset behind the `:` or dash that introduces the value of an entry."""
        entry = container.entries[index]
        if entry.key is not None:
            return blank_end(self.text, entry.key.end) + 1
        return self.mark(container, index) + 1

    def _step(self, nodes: list[Node]) -> int:
        steps = self._offsets(nodes, "mapping")
        return max(steps.most_common(1)[0][0], 1) if steps else 2

    def _dash(self, nodes: list[Node]) -> int:
        dashes = self._offsets(nodes, "sequence")
        return max(dashes.most_common(1)[0][0], 0) if dashes else self.step

    def _offsets(self, nodes: list[Node], kind: str) -> Counter[int]:
        """Count by how many columns the block collections of a kind stand behind the keys that hold them."""
        return Counter(
            self.column(entry.value.body) - self.column(entry.start)
            for node in nodes
            if node.kind == "mapping" and not node.flow
            for entry in node.entries
            if entry.value.kind == kind and not entry.value.flow and entry.value.entries
        )


def newline_of(text: str) -> str:
    """Return what ends most lines of a text."""
    breaks = Counter(_BREAK.findall(text))
    return breaks.most_common(1)[0][0] if breaks else "\n"


def nodes_of(root: Node) -> Iterator[Node]:
    """Yield a node and all nodes in it, keys included, in the order of the text."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        for entry in reversed(node.entries):
            stack.append(entry.value)
            if entry.key is not None:
                stack.append(entry.key)


def entry_named(container: Node, token: str) -> int | None:
    """Return the index of the entry that a step of a pointer names; the last one where a key stands twice."""
    if container.kind == "sequence":
        return int(token) if token.isdecimal() and int(token) < len(container.entries) else None
    found = [index for index, name in enumerate(container.keys) if name == token]
    return found[-1] if found else None
