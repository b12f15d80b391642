"""One operation becomes edits of the text of one document.

In: the text of a document, its value, an operation. Out: edits, or `CannotEdit` with the reason in words of the file.
Whether the edits did what was wanted is verified by `yaml_editor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.fixes import block_edits, flow_edits, rendering
from meshlint.fixes.edits import Conflict, Edit, adjoined, merged
from meshlint.fixes.layout import Layout, entry_named, nodes_of
from meshlint.fixes.nodes import MERGE, Node, tree_of
from meshlint.fixes.operations import ABSENT, CannotEdit, Operation, Remove, Rename, Set, pointer_of, tokens, value_at


class DocumentEditor:
    """Find the edits of operations on one document; each of them is asked of the text as it stands."""

    def __init__(self, text: str, value: Any, newline: str) -> None:
        self._layout = Layout(text, tree_of(text), newline)
        self._value = value

    def edits(self, operation: Operation, *, uncommented: bool = False) -> list[Edit]:
        """Return the edits of one operation (see `operations.expanded`), which may be forbidden to take comments."""
        edits = self._edits(operation)
        if uncommented or isinstance(operation, Set):
            self._require_comments(edits)
        try:
            return merged(adjoined(edits))
        except Conflict as error:
            raise CannotEdit("the change cannot be written without touching other values") from error

    def _edits(self, operation: Operation) -> list[Edit]:
        path = tokens(operation.pointer)
        if isinstance(operation, Set):
            return self._set(path, operation.value, operation.comment)
        if value_at(self._value, path) is ABSENT:
            return []
        if isinstance(operation, Remove):
            return self._remove(path, operation.prune)
        if isinstance(operation, Rename):
            return self._rename(path, operation.key)
        raise CannotEdit(f"{type(operation).__name__} is no single change")

    def _require_comments(self, edits: Sequence[Edit]) -> None:
        """Refuse edits that take out comments."""
        spans = [edit for edit in edits if edit.start < edit.end]
        for comment in self._layout.comments() if any("#" in self._text(edit) for edit in spans) else ():
            if any(edit.start <= comment < edit.end for edit in spans):
                line = self._layout.text[comment : self._layout.line_end(comment)]
                raise CannotEdit(f"the comment {line!r} would be lost")

    def _text(self, edit: Edit) -> str:
        return self._layout.text[edit.start : edit.end]

    def _way(self, path: Sequence[str]) -> list[tuple[Node, int]]:
        """Return the containers and entries on the way to a place, as far as it exists."""
        way: list[tuple[Node, int]] = []
        node = self._layout.root
        for token in path:
            self._require_own(node)
            if node.kind not in ("mapping", "sequence"):
                break
            index = entry_named(node, token)
            if index is None:
                break
            if node.kind == "mapping" and node.keys.count(token) > 1:
                raise CannotEdit(f"key {token!r} stands twice in one mapping")
            way.append((node, index))
            node = node.entries[index].value
        return way

    def _require_own(self, node: Node) -> None:
        if node.kind == "alias":
            raise CannotEdit(f"the alias *{node.anchor} stands there, and the value belongs to another place, too")
        if node.anchor is not None and self._is_used(node.anchor):
            raise CannotEdit(f"the value is anchored as &{node.anchor} and used at another place, too")

    def _is_used(self, anchor: str) -> bool:
        return any(node.anchor == anchor for node in self._layout.aliases)

    def _set(self, path: list[str], value: Any, comment: str) -> list[Edit]:
        way = self._way(path)
        container, index = way[-1] if way else (None, 0)
        node = container.entries[index].value if container is not None else self._layout.root
        rest = path[len(way) :]
        if not rest:
            return self._replace(container, index, node, value, comment)
        for token in reversed(rest[1:]):
            value = [value] if token == "-" else {token: value}
        self._require_own(node)
        if node.kind in ("mapping", "sequence") and node.entries:
            return self._insert(node, way, rest[0], value, comment)
        is_list = node.kind == "sequence" or (node.kind == "scalar" and rest[0] == "-")
        whole = [value] if is_list else {rest[0]: value}
        if node.kind == "scalar" and node.value is not None:
            raise CannotEdit(f"{pointer_of(path)} leads through {pointer_of(path[: len(way)])}, which is no mapping")
        return self._replace(container, index, node, whole, comment)

    def _insert(self, node: Node, way: list[tuple[Node, int]], token: str, value: Any, comment: str) -> list[Edit]:
        key = None if node.kind == "sequence" else token
        merged = key is not None and MERGE in node.keys
        if merged and value_at(self._value, [*self._path(way), token]) is not ABSENT:
            if isinstance(value, dict):
                raise CannotEdit(f"key {token!r} comes from a merge key")
        if node.flow:
            flow_edits.require_brackets(self._layout, node)
            return flow_edits.inserted(self._layout, node, key, value, as_json=self._is_json(way, node))
        return block_edits.inserted(self._layout, node, key, value, comment)

    def _path(self, way: list[tuple[Node, int]]) -> list[str]:
        return [str(index) if (key := container.entries[index].key) is None else key.name for container, index in way]

    def _is_json(self, way: list[tuple[Node, int]], node: Node) -> bool:
        """Tell whether the outermost brackets around a node are JSON."""
        nodes = [container for container, _ in way] + [node]
        outermost = next(found for found in nodes if found.flow)
        return (outermost is self._layout.root or bool(outermost.entries)) and flow_edits.is_json(outermost)

    def _replace(self, container: Node | None, index: int, node: Node, value: Any, comment: str) -> list[Edit]:
        if node.kind != "alias":
            self._require_own(node)
            self._require_free(node)
            if node.tag is not None and not node.tag.startswith("tag:yaml.org,2002:") and node.tag != "!":
                raise CannotEdit(f"the value has the tag {node.tag}")
            self._untag(node, value)
        if container is not None and container.flow:
            flow_edits.require_brackets(self._layout, container)
            flow_edits.require_colon(self._layout, container.entries[index].key)
            as_json = flow_edits.is_json(container)
            return flow_edits.replaced(self._layout, node, value, as_json=as_json)
        if container is None and node.flow:
            return flow_edits.replaced(self._layout, node, value, as_json=flow_edits.is_json(node))
        return block_edits.replaced(self._layout, container, index, value, comment)

    def _untag(self, node: Node, value: Any) -> None:
        """Let a tag that says another type than the new value has be part of what is replaced."""
        keeps = isinstance(value, str) and node.tag in ("!", "tag:yaml.org,2002:str")
        if node.tag is not None and not keeps and node.anchor is None and (node.kind == "scalar" or node.flow):
            node.marked = node.body = node.start

    def _require_free(self, node: Node) -> None:
        """Refuse to take out a value that holds an anchor which is used outside of it."""
        if not self._layout.aliases:
            return
        inner = list(nodes_of(node))
        anchors = {found.anchor for found in inner if found.kind != "alias" and found.anchor is not None}
        for alias in self._layout.aliases:
            if alias.anchor in anchors and not node.start <= alias.start < node.end:
                raise CannotEdit(f"the value holds the anchor &{alias.anchor}, which is used at another place")

    def _remove(self, path: list[str], prune: bool) -> list[Edit]:
        way = self._way(path)
        if not way or len(way) < len(path):
            raise CannotEdit(f"{pointer_of(path)} comes from a merge key")
        container, index = way[-1]
        self._require_free(container.entries[index].value)
        if prune and len(container.entries) == 1 and len(way) > 1:
            return self._remove(path[:-1], True)
        if container.flow:
            flow_edits.require_brackets(self._layout, container)
            return flow_edits.taken(self._layout, container, index)
        head = self._layout.head(*way[-2]) if len(way) > 1 else 0
        block_edits.require_simple(self._layout, container, index)
        return block_edits.taken(self._layout, container, index, head)

    def _rename(self, path: list[str], name: str) -> list[Edit]:
        way = self._way(path)
        if len(way) < len(path):
            raise CannotEdit(f"{pointer_of(path)} comes from a merge key")
        container, index = way[-1]
        key = container.entries[index].key
        if key is None or key.kind != "scalar" or key.style in ("|", ">") or key.start != key.body:
            raise CannotEdit(f"{pointer_of(path)} has no plain key")
        if name in container.keys:
            raise CannotEdit(f"{pointer_of([*path[:-1], name])} is there already")
        if key.name == name:
            return []
        text = rendering.scalar(name, self._layout.quote, style=key.style, flow=container.flow)
        return [Edit(key.start, key.end, text)]
