"""The notation in which the schemas are written: a line a field, a block a type.

In: blocks by the names of their types. Out: nodes, made when they are first asked for. A line is `name[!] type
[low..high]`, where `!` marks a field that the API server demands, and the bounds are those of a number, of the length
of a string or of the entries of a list. A type is a word of `WORDS`, the name of a block, `[type]` for a list,
`{type}` for a map, or choices joined by `|`. A line with `%` in front names a condition over several fields;
a block of lines with `=` in front is a long list of choices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from meshlint.resources.schemas.conditions import CONDITIONS, at_least_one, at_most_one, exactly_one
from meshlint.resources.schemas.durations import Duration
from meshlint.resources.schemas.nodes import OPEN, Choice, Condition, Fields, Items, Map, Node, Number, Text, Truth

_UINT32 = 2**32 - 1
_GATEWAY_DURATION = re.compile(r"([0-9]{1,5}(h|m|s|ms)){1,4}")
_SHA256 = re.compile(r"(^$|^[a-f0-9]{64}$)")
_HEADER_NAME = re.compile(r"[-_A-Za-z0-9]+")

WORDS: Mapping[str, Node] = {
    "any": OPEN,
    "bool": Truth(),
    "string": Text(),
    "filled": Text(1, None, "a string that is not empty"),
    "int": Number(-(2**31), 2**31 - 1),
    "natural": Number(0, _UINT32),
    "port": Number(1, 65535),
    "number": Number(None, None, fraction=True),
    "duration": Duration(positive=True),
    "span": Duration(positive=False),
    "period": Text(0, _GATEWAY_DURATION, "a duration such as 30s"),
    "sha256": Text(0, _SHA256, "64 hexadecimal digits"),
    "header": Text(1, _HEADER_NAME, "the name of a header"),
}
_SETS = {"at-most-one": at_most_one, "exactly-one": exactly_one, "at-least-one": at_least_one}


class Schema:
    """Make nodes of blocks, each once; blocks may name each other and themselves."""

    def __init__(self, blocks: Mapping[str, str]) -> None:
        self._blocks = blocks
        self._made: dict[str, Node] = {}

    def node(self, name: str) -> Node:
        """Return the node of a type by its notation."""
        made = self._made.get(name)
        if made is None:
            made = self._block(name) if name in self._blocks else self._derived(name)
            self._made[name] = made
        return made

    def _block(self, name: str) -> Node:
        lines = [line.split() for line in self._blocks[name].strip().splitlines()]
        if lines[0][0] == "=":
            return Choice([word for line in lines for word in line[1].split("|")])
        return self._fields(name, lines)

    def _derived(self, name: str) -> Node:
        if name in WORDS:
            return WORDS[name]
        if name.startswith("["):
            return Items(self.node(name[1:-1]), 0, None)
        if name.startswith("{"):
            return Map(self.node(name[1:-1]))
        if "|" in name:
            return Choice(name.split("|"))
        raise KeyError(name)

    def _fields(self, name: str, lines: list[list[str]]) -> Fields:
        made = Fields(loose=["%", "loose"] in lines)
        self._made[name] = made  # before its fields, which may lead back to it
        required: list[str] = []
        conditions: list[Condition] = []
        for field, kind, *rest in lines:
            if field == "%":
                if kind != "loose":
                    conditions.append(_SETS[kind](rest) if rest else CONDITIONS[kind])
                continue
            key = field.removesuffix("!")
            made.fields[key] = self._bounded(kind, rest[0]) if rest else self.node(kind)
            if key != field:
                required.append(key)
        made.required = tuple(required)
        made.conditions = tuple(conditions)
        return made

    def _bounded(self, kind: str, bounds: str) -> Node:
        low, _, high = bounds.partition("..")
        least, most = int(low or 0), int(high) if high else None
        if kind == "string":
            return WORDS["filled"] if least == 1 else Text(least)
        if kind.startswith("["):
            return Items(self.node(kind[1:-1]), least, most)
        if kind.startswith("{"):
            return Map(self.node(kind[1:-1]), least)
        return Number(least, most, fraction=kind == "number")
