"""Checked expressions in a form that needs no library to run.

In: the checked tree of an expression. Out: its form as nested tuples (`forms.py` runs them), or None where the
expression says anything beyond a small part of CEL whose meaning for typed operands leaves no doubt: facts, logic,
comparisons of scalars, membership, `exists` and `all`. What is not lowered is run by CEL itself; tests hold the two
equal. A run over one file so spares the start of the library, which costs more than all its judgements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.policy.expressions.running import VARIABLE_OF
from meshlint.policy.expressions.syntax_tree import Node, Tree

Form = tuple[Any, ...]

_WRITTEN = {bound: name for name, bound in VARIABLE_OF.items()}
_NUMBERS = frozenset(("int", "double"))
_EQUATED = {"_==_": "equal", "_!=_": "unequal"}
_ORDERED = {"_<_": "less", "_<=_": "less or equal", "_>_": "greater", "_>=_": "greater or equal"}
_JOINED = {"_&&_": "and", "_||_": "or"}
_HOLDING_TEXT = ("list string", "list dyn")  # a text equals a text and nothing else, whatever else is in the list
_ON_TEXT = {"startsWith": "starts", "endsWith": "ends", "contains": "contains"}


class Beyond(Exception):
    """Say that an expression goes beyond what is lowered."""


def lowered(tree: Tree) -> Form | None:
    """Return the form of an expression, None where only CEL can run it."""
    try:
        return Lowering(tree.types).form(tree.root)
    except Beyond:
        return None


class Lowering:
    """Lower the nodes of one tree, each by way of `form`."""

    def __init__(self, types: Mapping[int, str]) -> None:
        self.types = types

    def form(self, node: Node) -> Form:
        """Return the form of a node; raises Beyond where there is none."""
        if node.kind == "const" and isinstance(node.value, (bool, int, float, str)):
            return "const", node.value
        if node.kind == "ident":
            return "name", _WRITTEN.get(node.name, node.name)
        if node.kind in ("select", "test"):
            return node.kind, self.form(node.parts[0]), node.name
        if node.kind == "list":
            return "list", *(self.form(part) for part in node.parts)
        if node.kind == "bind":
            return "bind", node.name, *(self.form(part) for part in node.parts)
        if node.kind == "loop":
            return self._loop(node)
        if node.kind == "call":
            return self._call(node)
        raise Beyond

    def _loop(self, node: Node) -> Form:
        ranged, body = node.parts[0], body_of(node)
        if body is None or not self._type(ranged).startswith("list "):
            raise Beyond
        word = "all" if node.parts[2].name == "_&&_" else "exists"
        return word, node.value, self.form(ranged), self.form(body)

    def _call(self, node: Node) -> Form:
        name, of = node.name, [self._type(part) for part in node.parts]
        parts = tuple(self.form(part) for part in node.parts)
        if name == "!_":
            return "not", *parts
        if name in _JOINED:
            return _JOINED[name], *parts
        if name == "_?_:_":
            return "if", *parts
        if name in _EQUATED and _comparable(of):
            return _EQUATED[name], *parts
        if name in _ORDERED and (set(of) <= _NUMBERS or of == ["string", "string"]):
            return _ORDERED[name], *parts
        if name == "@in" and of[0] == "string" and (of[1] in _HOLDING_TEXT or of[1].startswith("map ")):
            return "in", *parts
        if name == "size" and (of[0] == "string" or of[0].startswith(("list ", "map "))):
            return "size", *parts
        if name in _ON_TEXT and of == ["string", "string"]:
            return _ON_TEXT[name], *parts
        if name == "_*_" and of == ["double", "double"]:
            return "times", *parts
        if name == "double" and of == ["int"]:
            return "double", *parts
        raise Beyond

    def _type(self, node: Node) -> str:
        return self.types.get(node.id, "dyn")


def body_of(node: Node) -> Node | None:
    """Return the condition of `exists` and `all`, None for other loops."""
    step = node.parts[2]
    return step.parts[1] if node.name == "quantifier" and step.name in _JOINED else None


def _comparable(of: list[str]) -> bool:
    return set(of) <= _NUMBERS or of in (["string", "string"], ["bool", "bool"])
