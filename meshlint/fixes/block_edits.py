"""Edits of collections that are written as blocks: a line for each key or item.

In: a layout, a container and what is to change in it. Out: edits. Comments stay with what they stand beside or above.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.fixes import rendering
from meshlint.fixes.edits import Edit
from meshlint.fixes.layout import Layout
from meshlint.fixes.nodes import Node
from meshlint.fixes.operations import CannotEdit
from meshlint.fixes.rendering import Rendered, Style


def inserted(layout: Layout, container: Node, key: str | None, value: Any, comment: str = "") -> list[Edit]:
    """Add a key, or an item, behind the last entry of a block."""
    column = layout.column(layout.mark(container, 0))
    style = style_of(layout)
    if key is None:
        lines = rendering.item_lines(value, column, style)
    else:
        lines = rendering.entry_lines(key, value, column, style, key_style=_key_style(container))
    lines = [*_comment_lines(comment, column), *lines]
    end = layout.tail(container.end, column)
    if key is not None and end != layout.line_start(end) and _ends_with_block(container):
        # A line break behind the text of the last entry would belong to that text.
        return [_lines_at(layout, _lead(layout, container, len(container.entries) - 1), lines)]
    return [_lines_at(layout, end, lines)]


def _ends_with_block(node: Node) -> bool:
    while node.entries:
        node = node.entries[-1].value
    return node.style in ("|", ">")


def _comment_lines(comment: str, column: int) -> list[str]:
    return [f"{' ' * column}# {line}" for line in comment.splitlines()]


def style_of(layout: Layout) -> Style:
    """Return the style of new blocks in a document."""
    ends = layout.text.endswith(("\n", "\r"))  # what a block says depends on the end of its last line
    return Style(layout.step, layout.dash, layout.quote, ends)


def _key_style(container: Node) -> str:
    """Return the quotes that all keys of a mapping have."""
    styles = {entry.key.style for entry in container.entries if entry.key is not None}
    return styles.pop() if len(styles) == 1 else ""


def _lines_at(layout: Layout, position: int, lines: Sequence[str]) -> Edit:
    """Insert lines at the start of a line, or behind the last line when that has no end."""
    text = layout.newline.join(lines)
    if position == layout.line_start(position):
        return Edit(position, position, text + layout.newline)
    return Edit(position, position, layout.newline + text)


def taken(layout: Layout, container: Node, index: int, head: int) -> list[Edit]:
    """Take an entry out of a block, with its comments; the only one leaves `{}` or `[]` at `head`."""
    start = layout.mark(container, index)
    end = layout.tail(container.entries[index].end, layout.column(start))
    if len(container.entries) == 1:
        return _emptied(layout, container, start, end, head)
    if layout.opens_line(start):
        return [_whole_lines(layout, _lead(layout, container, index), end)]
    following = layout.mark(container, index + 1) if index + 1 < len(container.entries) else len(layout.text)
    if not layout.text[end:following].strip() and index + 1 < len(container.entries):
        return [Edit(start, following, "")]  # the next one moves up behind the dash
    before = len(layout.text[:start].rstrip(" \t"))
    return [Edit(before, _before_break(layout, end), "")]


def _lead(layout: Layout, container: Node, index: int) -> int:
    """Return where an entry begins with its comments; those above the first of a document may speak of all."""
    start = layout.mark(container, index)
    if container is layout.root and index == 0:
        return layout.line_start(start)
    return layout.lead(start)


def _emptied(layout: Layout, container: Node, start: int, end: int, head: int) -> list[Edit]:
    empty = "{}" if container.kind == "mapping" else "[]"
    if container is layout.root or not layout.opens_line(start):
        return [Edit(start, _before_break(layout, end), empty)]
    head = head if container.start == container.body else container.marked
    return [Edit(head, head, f" {empty}"), _whole_lines(layout, layout.lead(start), end)]


def _whole_lines(layout: Layout, start: int, end: int) -> Edit:
    """Take out lines; the last one of a text without a line break at its end leaves none behind, either."""
    if end == len(layout.text) and end != layout.line_start(end) and start > 0:
        return Edit(_before_break(layout, start), end, "")
    return Edit(start, end, "")


def _before_break(layout: Layout, position: int) -> int:
    """Return the offset in front of the line break that ends at a position, where one does."""
    if layout.text[:position].endswith("\r\n"):
        return position - 2
    return position - 1 if layout.text[:position].endswith(("\n", "\r")) else position


def replaced(layout: Layout, container: Node | None, index: int, value: Any, comment: str = "") -> list[Edit]:
    """Put another value in the place of the one that an entry of a block has, or of a whole document.

    The comment is written above the first key of a mapping.
    """
    old, head, item, column = _place(layout, container, index)
    new = rendering.block(value, column, style_of(layout), item=item, old=old.style)
    if comment and isinstance(value, dict) and new.lines and not new.inline:
        indent = len(new.lines[0]) - len(new.lines[0].lstrip(" "))
        new = new._replace(lines=(*_comment_lines(comment, indent), *new.lines))
    if old.kind in ("mapping", "sequence") and not old.flow:
        return _block_replaced(layout, old, head, column, new)
    if old.style in ("|", ">"):
        first = layout.line_end(old.body)
        header = old.body + len(layout.text[old.body : first].split()[0])
        return [Edit(old.body, header, new.inline), Edit(first, old.end, _joined(layout, new.lines))]
    if not new.lines:
        blank = "" if old.body < old.end or layout.text[old.body - 1] in " \t" else " "
        return [Edit(old.body, old.end, blank + new.inline)]
    end = layout.line_end(old.end)
    if new.inline:
        blank = "" if old.body < old.end else " "
        return [Edit(old.body, old.end, blank + new.inline), Edit(end, end, _joined(layout, new.lines))]
    return [Edit(_unblanked(layout, old, head), old.end, ""), Edit(end, end, _joined(layout, new.lines))]


def _place(layout: Layout, container: Node | None, index: int) -> tuple[Node, int, bool, int]:
    """Return the old value, the offset behind what introduces it, whether that is a dash, and its column."""
    if container is None:
        return layout.root, layout.line_start(layout.root.start), False, -layout.step
    entry = container.entries[index]
    mark = layout.mark(container, index)
    return entry.value, layout.head(container, index), entry.key is None, layout.column(mark)


def _unblanked(layout: Layout, old: Node, head: int) -> int:
    """Return where a value begins with the blanks before it, when they stand on the line of its key."""
    if old.start != old.body:
        return old.body
    before = len(layout.text[: old.body].rstrip(" \t"))
    on_line = layout.line_start(old.body) <= head
    return max(before, head) if on_line else old.body


def _block_replaced(layout: Layout, old: Node, head: int, column: int, new: Rendered) -> list[Edit]:
    end = _before_break(layout, layout.tail(old.end, column))
    if not layout.opens_line(old.body):
        return [Edit(old.body, end, new.inline + _joined(layout, new.lines))]
    head = head if old.start == old.body else old.marked
    below = layout.line_end(head)
    edits = [Edit(below, end, _joined(layout, new.lines))]
    return [Edit(head, head, f" {new.inline}"), *edits] if new.inline else edits


def _joined(layout: Layout, lines: Sequence[str]) -> str:
    return "".join(layout.newline + line for line in lines)


def require_simple(layout: Layout, container: Node, index: int) -> None:
    """Refuse a key that is introduced by a question mark."""
    key = container.entries[index].key
    if key is not None and layout.text[: key.start].rstrip().endswith("?") and not layout.opens_line(key.start):
        raise CannotEdit(f"key {key.name!r} is introduced by a question mark")
