"""What may be done to a document, as data, and what it does to the value.

In: operations and plain values. Out: new values; the old ones are never changed. Places are JSON pointers (RFC 6901,
`-` stands behind the last item of a list). An operation on a key does nothing where it was done before. It knows no
text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


class CannotEdit(Exception):
    """Refuse an operation, or a file; the reason is a fact in lower case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Set:
    """Put a value to a place. Parents that are missing or null become mappings, and lists before a `-`.

    What both the old and the new value have in common stays as it is written. The comment is written above a key that
    is new, where the file can have comments.
    """

    pointer: str
    value: Any
    comment: str = ""


@dataclass(frozen=True)
class Remove:
    """Take out a key or an item; `prune` takes out parents, too, that would be left empty."""

    pointer: str
    prune: bool = False


@dataclass(frozen=True)
class Rename:
    """Give another name to a key; its value, comments and position stay."""

    pointer: str
    key: str


@dataclass(frozen=True)
class Append:
    """Add an item to the end of a list that has no equal one; a missing list is made."""

    pointer: str
    item: Any


@dataclass(frozen=True)
class Move:
    """Take a value from one place to another, which has to be free; nothing is done where there is no value."""

    pointer: str
    to: str


Operation = Set | Remove | Rename | Append | Move
ABSENT = object()


def tokens(pointer: str) -> list[str]:
    """Return the steps of a JSON pointer."""
    if pointer and not pointer.startswith("/"):
        raise CannotEdit(f"{pointer!r} is no JSON pointer")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def pointer_of(path: Iterable[str]) -> str:
    """Return the JSON pointer that consists of these steps."""
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in path)


def value_at(value: Any, path: Iterable[str]) -> Any:
    """Return what stands at a path, ABSENT where nothing does."""
    for token in path:
        if isinstance(value, dict):
            value = value.get(token, ABSENT)
        elif isinstance(value, list):
            index = index_of(value, token)
            value = value[index] if index < len(value) else ABSENT
        else:
            return ABSENT
    return value


def index_of(items: list[Any], token: str) -> int:
    """Return the index that a step names; the length of the list for `-` and whatever lies behind the last item."""
    if token == "-" or not token.isdecimal():
        return len(items)
    return min(int(token), len(items))


def applied(value: Any, operations: Iterable[Operation]) -> Any:
    """Return the value after all operations. Raises CannotEdit where one of them has no place."""
    for operation in operations:
        value = _one(value, operation)
    return value


def _one(value: Any, operation: Operation) -> Any:
    path = tokens(operation.pointer)
    if isinstance(operation, Set):
        return _put(value, path, operation.value, path)
    if isinstance(operation, Append):
        return _appended(value, path, operation.item)
    if isinstance(operation, Remove):
        return removed(value, path, operation.prune)
    if isinstance(operation, Rename):
        return _renamed(value, path, operation.key)
    target = tokens(operation.to)
    moved = value_at(value, path)
    if moved is ABSENT:
        return value
    if target[: len(path)] == path or value_at(value, target) is not ABSENT:
        raise CannotEdit(f"{operation.to} is not free")
    return _put(removed(value, path, False), target, moved, target)


def _put(value: Any, path: list[str], new: Any, whole: list[str]) -> Any:
    if not path:
        return new
    token, rest = path[0], path[1:]
    if value is None or value is ABSENT:
        value = [] if token == "-" else {}
    if isinstance(value, dict):
        return {**value, token: _put(value.get(token, ABSENT), rest, new, whole)}
    if isinstance(value, list):
        index = index_of(value, token)
        if token != "-" and token != str(index):
            raise CannotEdit(f"{pointer_of(whole)} leads through a list that has no item {token}")
        inner = value[index] if index < len(value) else ABSENT
        return [*value[:index], _put(inner, rest, new, whole), *value[index + 1 :]]
    raise CannotEdit(f"{pointer_of(whole)} leads through {pointer_of(whole[: -len(path)])}, which is no mapping")


def _appended(value: Any, path: list[str], item: Any) -> Any:
    items = value_at(value, path)
    if items is ABSENT or items is None:
        return _put(value, path, [item], path)
    if not isinstance(items, list):
        raise CannotEdit(f"{pointer_of(path)} is no list")
    return value if any(same(item, other) for other in items) else _put(value, path, [*items, item], path)


def removed(value: Any, path: list[str], prune: bool) -> Any:
    """Return the value without what stands at a path."""
    if value_at(value, path) is ABSENT:
        return value
    if not path:
        raise CannotEdit("a whole document is not taken out")
    parent = value_at(value, path[:-1])
    if isinstance(parent, dict):
        left: Any = {key: item for key, item in parent.items() if key != path[-1]}
    else:
        index = index_of(parent, path[-1])
        left = [*parent[:index], *parent[index + 1 :]]
    if prune and not left and len(path) > 1:
        return removed(value, path[:-1], True)
    return _put(value, path[:-1], left, path)


def _renamed(value: Any, path: list[str], key: str) -> Any:
    parent = value_at(value, path[:-1])
    if not path or value_at(value, path) is ABSENT or path[-1] == key:
        return value
    if not isinstance(parent, dict):
        raise CannotEdit(f"{pointer_of(path)} is an item and has no name")
    if key in parent:
        raise CannotEdit(f"{pointer_of([*path[:-1], key])} is there already")
    return _put(value, path[:-1], {key if old == path[-1] else old: item for old, item in parent.items()}, path)


def same(first: Any, second: Any) -> bool:
    """Tell whether two values are equal and of equal types: 1 is neither true nor 1.0 here."""
    pairs = [(first, second)]
    while pairs:
        one, other = pairs.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, dict):
            if one.keys() != other.keys():
                return False
            pairs += [(item, other[key]) for key, item in one.items()]
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            pairs += zip(one, other, strict=True)
        elif one != other and not (one != one and other != other):
            return False
    return True


def expanded(value: Any, operation: Operation) -> list[Operation]:
    """Return the smallest operations that do together what one does: nothing that stays is written anew."""
    if isinstance(operation, Append):
        after = applied(value, [operation])
        if after is value:
            return []
        return _differences(value, tokens(operation.pointer), value_at(after, tokens(operation.pointer)))
    if isinstance(operation, Move):
        return _steps(value, operation)
    if not isinstance(operation, Set):
        return [operation]
    return _differences(value, tokens(operation.pointer), operation.value, operation.comment)


def _steps(value: Any, operation: Move) -> list[Operation]:
    path, target = tokens(operation.pointer), tokens(operation.to)
    if value_at(value, path) is ABSENT:
        return []
    applied(value, [operation])  # refuses what cannot be
    if path[:-1] == target[:-1] and isinstance(value_at(value, path[:-1]), dict):
        return [Rename(operation.pointer, target[-1])]
    return [Set(operation.to, value_at(value, path)), Remove(operation.pointer)]


def _differences(value: Any, path: list[str], new: Any, comment: str = "") -> list[Operation]:
    old = value_at(value, path)
    if old is not ABSENT and same(old, new):
        return []
    found: list[Operation] = []
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        for key, item in new.items():
            found += _differences(value, [*path, key], item)
        return found + [Remove(pointer_of([*path, key])) for key in old if key not in new]
    if isinstance(old, list) and isinstance(new, list) and old and new:
        left = _left_out(old, new)
        if left is None:
            for index, item in enumerate(new):
                found += _differences(value, [*path, str(index)], item)
            left = range(len(new), len(old))
        return found + [Remove(pointer_of([*path, str(index)])) for index in reversed(left)]
    return [Set(pointer_of(path), new, comment)]


def _left_out(old: list[Any], new: list[Any]) -> Sequence[int] | None:
    """Return which items a list leaves out that is otherwise the old one; None where it is another one."""
    left = []
    kept = 0
    for index, item in enumerate(old):
        if kept < len(new) and same(item, new[kept]):
            kept += 1
        else:
            left.append(index)
    return left if kept == len(new) else None
