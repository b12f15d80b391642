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
_ON_TEXT = {"startsWith": "starts", "endsWith": "ends", "contains": "contains"}


class _Beyond(Exception):
    """Say that an expression goes beyond what is lowered."""


def lowered(tree: Tree) -> Form | None:
    """Return the form of an expression, None where only CEL can run it."""
    try:
        return _form(tree.root, tree.types)
    except _Beyond:
        return None


def _form(node: Node, types: Mapping[int, str]) -> Form:
    if node.kind == "const" and isinstance(node.value, (bool, int, float, str)):
        return "const", node.value
    if node.kind == "ident":
        return "name", _WRITTEN.get(node.name, node.name)
    if node.kind in ("select", "test"):
        return node.kind, _form(node.parts[0], types), node.name
    if node.kind == "list":
        return "list", *(_form(part, types) for part in node.parts)
    if node.kind == "bind":
        return "bind", node.name, *(_form(part, types) for part in node.parts)
    if node.kind == "loop":
        return _loop(node, types)
    if node.kind == "call":
        return _call(node, types)
    raise _Beyond


def _loop(node: Node, types: Mapping[int, str]) -> Form:
    ranged, step = node.parts[0], node.parts[2]
    if node.name != "quantifier" or step.name not in _JOINED or not _type(ranged, types).startswith("list "):
        raise _Beyond
    word = "all" if step.name == "_&&_" else "exists"
    return word, node.value, _form(ranged, types), _form(step.parts[1], types)


def _call(node: Node, types: Mapping[int, str]) -> Form:
    name, of = node.name, [_type(part, types) for part in node.parts]
    parts = tuple(_form(part, types) for part in node.parts)
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
    if name == "@in" and of[0] == "string" and (of[1] == "list string" or of[1].startswith("map ")):
        return "in", *parts
    if name == "size" and (of[0] == "string" or of[0].startswith(("list ", "map "))):
        return "size", *parts
    if name in _ON_TEXT and of == ["string", "string"]:
        return _ON_TEXT[name], *parts
    if name == "_*_" and of == ["double", "double"]:
        return "times", *parts
    if name == "double" and of == ["int"]:
        return "double", *parts
    raise _Beyond


def _comparable(of: list[str]) -> bool:
    return set(of) <= _NUMBERS or of in (["string", "string"], ["bool", "bool"])


def _type(node: Node, types: Mapping[int, str]) -> str:
    return types.get(node.id, "dyn")
