"""The checked tree of an expression, decoded from the bytes in which CEL keeps it.

In: a serialised `cel.expr.CheckedExpr` (published as cel-spec's checked.proto and syntax.proto). Out: nodes,
the type of each node as a word of the lexicon, and the character at which each node stands. It needs neither
CEL nor protobuf: the wire format is a dozen lines. Macros stand expanded in the tree, so a loop is named by
its shape.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from meshlint.policy.expressions.typing import PACKAGE
from meshlint.records import NamedTuple

Fields = dict[int, list[Any]]


class Node(NamedTuple):
    """Hold one node. `kind` is const, ident, select, test (of `has`), call, list, struct or loop.

    `name` is the identifier, the field, the function, or the macro of a loop; `parts` are the operands in
    source order, of a loop: what it ranges over, then its condition, step and result. `value` is that of a constant
    (None for bytes and other rare ones), of a loop its variable.
    """

    id: int
    kind: str
    name: str
    parts: tuple[Node, ...] = ()
    value: Any = None


class Tree(NamedTuple):
    """Hold the root, and types and offsets by node id."""

    root: Node
    types: dict[int, str]
    offsets: dict[int, int]


def decode(serialized: bytes) -> Tree:
    """Return the tree of a serialised checked expression."""
    checked = _fields(_fields(serialized)[2][0])  # google.protobuf.Any around it
    types: dict[int, str] = {}
    for entry in checked.get(3, ()):
        pair = _fields(entry)
        types[_first(pair, 1, 0)] = _type(_first(pair, 2, b""))
    offsets: dict[int, int] = {}
    for entry in _fields(_first(checked, 5, b"")).get(4, ()):
        pair = _fields(entry)
        offsets[_first(pair, 1, 0)] = _first(pair, 2, 0)
    return Tree(_node(_first(checked, 4, b"")), types, offsets)


def _node(data: bytes) -> Node:
    fields = _fields(data)
    id_ = _first(fields, 2, 0)
    if 4 in fields:
        return Node(id_, "ident", _text(_fields(fields[4][0]), 1))
    if 5 in fields:
        select = _fields(fields[5][0])
        kind = "test" if _first(select, 3, 0) else "select"
        return Node(id_, kind, _text(select, 2), (_node(_first(select, 1, b"")),))
    if 6 in fields:
        call = _fields(fields[6][0])
        operands = [*call.get(1, ()), *call.get(3, ())]
        return Node(id_, "call", _text(call, 2), tuple(_node(operand) for operand in operands))
    if 7 in fields:
        return Node(id_, "list", "", tuple(_node(element) for element in _fields(fields[7][0]).get(1, ())))
    if 8 in fields:
        return _struct(id_, _fields(fields[8][0]))
    if 9 in fields:
        return _loop(id_, _fields(fields[9][0]))
    return Node(id_, "const", "", (), _constant(_fields(_first(fields, 3, b""))))


def _constant(fields: Fields) -> Any:
    """Return a bool, an int, a double or a text; a field of the wire format that is left out is its zero."""
    if 2 in fields:
        return bool(fields[2][0])
    if 3 in fields:
        number = fields[3][0]
        return number - (1 << 64) if number >> 63 else number
    if 5 in fields:
        return struct.unpack("<d", fields[5][0])[0]
    return str(fields[6][0].decode()) if 6 in fields else None


def _struct(id_: int, made: Fields) -> Node:
    parts: list[Node] = []
    for entry in made.get(2, ()):
        fields = _fields(entry)
        parts.extend(_node(fields[number][0]) for number in (3, 4) if number in fields)
    return Node(id_, "struct", _text(made, 1), tuple(parts))


def _loop(id_: int, loop: Fields) -> Node:
    """Name a comprehension by the macro that expands to its shape (cel-spec: macros).

    `exists` and `all` start from a bool, `exists_one` from a number, `map` and `filter` from an empty list,
    and `filter` alone appends the loop variable itself. `cel.bind` ranges over nothing and starts from the
    bound value.
    """
    variable = _text(loop, 1)
    ranged, start = _node(_first(loop, 2, b"")), _first(loop, 4, b"")
    condition, step, result = (_node(_first(loop, number, b"")) for number in (5, 6, 7))
    if variable == "#unused":
        return Node(id_, "bind", _text(loop, 3), (_node(start), result))
    first = _fields(start)
    if 7 in first:
        added = step.parts[1] if step.name == "_?_:_" else step
        element = added.parts[-1].parts[0] if added.parts and added.parts[-1].parts else added
        name = "filter" if element.kind == "ident" and element.name == variable and step is not added else "map"
    else:
        name = "exists_one" if 3 in _fields(_first(first, 3, b"")) else "quantifier"
    return Node(id_, "loop", name, (ranged, condition, step, result), variable)


def rooted_at(serialized: bytes, id_: int) -> bytes:
    """Return a serialised checked expression that is one node of another; types and positions stay those of all."""
    around = _fields(serialized)
    checked = _fields(around[2][0])
    found = next(data for data in _expressions(checked[4][0]) if _first(_fields(data), 2, 0) == id_)
    parts = [(number, data) for number, rows in checked.items() for data in rows if number != 4]
    return _written([*((1, data) for data in around.get(1, ())), (2, _written([*parts, (4, found)]))])


def _expressions(data: bytes) -> Iterator[bytes]:
    """Yield an expression and all expressions in it, each as its bytes."""
    yield data
    fields = _fields(data)
    for number, inside in ((5, (1,)), (6, (1, 3)), (7, (1,)), (9, (2, 4, 5, 6, 7))):
        for message in map(_fields, fields.get(number, ())):
            for part in (part for key in inside for part in message.get(key, ())):
                yield from _expressions(part)
    for made in map(_fields, fields.get(8, ())):
        for entry in map(_fields, made.get(2, ())):
            for part in (part for key in (3, 4) for part in entry.get(key, ())):
                yield from _expressions(part)


def _written(rows: Iterable[tuple[int, bytes]]) -> bytes:
    """Return a message of the wire format whose fields are texts and messages."""
    out = bytearray()
    for number, data in rows:
        out += bytes([number << 3 | 2])
        size = len(data)
        while size > 0x7F:
            out.append(size & 0x7F | 0x80)
            size >>= 7
        out.append(size)
        out += data
    return bytes(out)


def _type(data: bytes) -> str:
    fields = _fields(data)
    if 3 in fields:
        return {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}.get(fields[3][0], "dyn")
    if 6 in fields:
        return f"list {_type(_first(_fields(fields[6][0]), 1, b''))}"
    if 7 in fields:
        return f"map {_type(_first(_fields(fields[7][0]), 2, b''))}"
    if 9 in fields:
        return str(fields[9][0].decode()).removeprefix(f"{PACKAGE}.")
    return "dyn"


def _fields(data: bytes) -> Fields:
    """Split one message of the protobuf wire format into its fields, by number."""
    fields: Fields = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value: Any
        if key & 7 == 0:
            value, at = _varint(data, at)
        else:
            size, at = _varint(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
            value, at = data[at : at + size], at + size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _first(fields: Fields, number: int, default: Any) -> Any:
    return fields[number][0] if number in fields else default


def _text(fields: Fields, number: int) -> str:
    return str(_first(fields, number, b"").decode())
