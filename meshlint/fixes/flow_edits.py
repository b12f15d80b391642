"""Edits of collections in brackets, JSON among them.

In: a layout, a container and what is to change in it. Out: edits. What stands on a line of its own gets one, and JSON
stays JSON.
"""

from __future__ import annotations

from typing import Any

from meshlint.fixes import rendering
from meshlint.fixes.block_edits import style_of
from meshlint.fixes.edits import Edit
from meshlint.fixes.layout import Layout, nodes_of
from meshlint.fixes.nodes import Node, blank_end
from meshlint.fixes.operations import CannotEdit


def inserted(layout: Layout, container: Node, key: str | None, value: Any, *, as_json: bool) -> list[Edit]:
    """Add a key, or an item, behind the last entry in brackets."""
    if not container.entries:
        text = _entry(layout, container, key, value, as_json)
        return [Edit(container.body + 1, container.body + 1, text)]
    last = container.entries[-1]
    behind = blank_end(layout.text, last.end)
    comma = layout.text[behind : behind + 1] == ","
    start = last.start
    if layout.opens_line(start):
        column = layout.column(start)
        indent = layout.text[layout.line_start(start) : start]
        text = layout.newline + indent + _entry(layout, container, key, value, as_json, column)
        line = layout.line_end(max(last.end, behind if comma else last.end))
        closing = container.end - 1
        end = line if line < closing else len(layout.text[:closing].rstrip())
        if end == last.end or (comma and end == behind + 1):
            return [Edit(end, end, text + "," if comma else "," + text)]
        return [*([] if comma else [Edit(last.end, last.end, ",")]), Edit(end, end, text + "," * comma)]
    text = _entry(layout, container, key, value, as_json)
    gap = "" if _is_tight(layout, container) else " "
    if comma:
        return [Edit(behind + 1, behind + 1, gap + text + ",")]
    return [Edit(last.end, last.end, "," + gap + text)]


def _entry(layout: Layout, container: Node, key: str | None, value: Any, as_json: bool, column: int = -1) -> str:
    tight = _is_tight(layout, container)
    if column >= 0 and as_json:
        text = rendering.pretty(value, column, style_of(layout)).replace("\n", layout.newline)
    else:
        text = rendering.flow(value, layout.quote, as_json=as_json, tight=tight)
    if key is None:
        return text
    name = rendering.flow(key, layout.quote, as_json=as_json)
    return f"{name}{':' if tight and as_json else ': '}{text}"


def _is_tight(layout: Layout, container: Node) -> bool:
    """Tell whether no blank stands behind the commas and colons of a container."""
    for entry in container.entries:
        if entry.key is not None and entry.value.start < entry.value.end:
            return layout.text[entry.key.end : entry.value.start] == ":"
    for first, second in zip(container.entries, container.entries[1:], strict=False):
        return layout.text[first.end : second.start] == ","
    return container is not layout.root and layout.root.flow and _is_tight(layout, layout.root)


def replaced(layout: Layout, old: Node, value: Any, *, as_json: bool) -> list[Edit]:
    """Put another value in the place of one that stands in brackets."""
    if isinstance(value, dict | list):
        if as_json and "\n" in layout.text.strip():
            indent = layout.indentation(old.body)
            text = rendering.pretty(value, indent, style_of(layout)).replace("\n", layout.newline)
        else:
            text = rendering.flow(value, layout.quote, as_json=as_json)
    elif as_json:
        text = rendering.flow(value, '"', as_json=True)
    else:
        text = rendering.scalar(value, layout.quote, style=old.style, flow=True)
    blank = " " if old.body == old.end and layout.text[old.body - 1] not in " \t" else ""
    return [Edit(old.body, old.end, blank + text)]


def taken(layout: Layout, container: Node, index: int) -> list[Edit]:
    """Take an entry out of brackets, with one comma and, when it has lines of its own, with those."""
    text = layout.text
    entry = container.entries[index]
    closing = container.end - 1
    if len(container.entries) == 1 and not (text[container.body + 1 : entry.start] + text[entry.end : closing]).strip():
        return [Edit(container.body + 1, closing, "")]
    comma = blank_end(text, entry.end)
    has_comma = text[comma : comma + 1] == ","
    end = comma + 1 if has_comma else entry.end
    edits = []
    if not has_comma and index:
        before = blank_end(text, container.entries[index - 1].end)
        edits.append(Edit(before, before + 1, ""))
    line_end = layout.line_end(end)
    rest = text[end:line_end].strip()
    if layout.opens_line(entry.start) and (not rest or rest.startswith("#")) and line_end < closing:
        return [*edits, Edit(layout.lead(entry.start), layout.next_line(end), "")]
    start = entry.start
    if has_comma and index + 1 < len(container.entries):
        following = container.entries[index + 1].start
        end = following if not text[end:following].strip() and layout.line_end(end) >= following else end
    elif edits:
        start = edits[0].end if not text[edits[0].end : start].strip() else len(text[:start].rstrip(" \t"))
    return [*edits, Edit(start, end, "")]


def is_json(root: Node) -> bool:
    """Tell whether a node in brackets, the outermost one, is written as JSON: all its texts are in double quotes."""
    texts = [node for node in nodes_of(root) if node.kind == "scalar" and isinstance(node.value, str)]
    return all(node.style == '"' for node in texts)


def require_brackets(layout: Layout, container: Node) -> None:
    """Refuse a pair that stands in a list without braces of its own: `[a: 1]`."""
    if layout.text[container.body : container.body + 1] not in ("{", "["):
        raise CannotEdit("a pair in a list has no braces of its own")


def require_colon(layout: Layout, key: Node | None) -> None:
    """Refuse a key that stands alone: `{a, b}`."""
    if key is not None and layout.text[blank_end(layout.text, key.end)] != ":":
        raise CannotEdit(f"key {key.name!r} stands without a colon")
