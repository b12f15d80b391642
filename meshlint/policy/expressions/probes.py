"""Conditions that tell what they were: for tests of rules, never in a run.

In: a program of `compiling`. Out: the same program with a probe around each condition, which notes whether it was true
or false; what only CEL can run is run by CEL, piece by piece. A run that does not import this room pays nothing for it.

A condition is the whole expression, an operand of `!`, `&&`, `||`, the three parts of `?:` where they are claims, and
what `exists` and `all` ask of each element.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.policy.expressions.forms import MAKERS, Function, Values, function_of
from meshlint.policy.expressions.lowering import Beyond, Form, Lowering, body_of
from meshlint.policy.expressions.running import Program, bind, missing_key, packed, unpacked
from meshlint.policy.expressions.syntax_tree import Node, Tree, decode, rooted_at

Mark = tuple[str, int]  # which expression, and which node of it

LOGIC = frozenset(("!_", "_&&_", "_||_", "_?_:_"))

seen: dict[Mark, set[bool | None]] = {}
"""What each probe has seen in this process; None: it was asked, and the manifests did not say."""


def tree_of(program: bytes) -> Tree:
    """Return the checked tree of a program."""
    return decode(unpacked(program)[0])


def conditions(node: Node, tree: Tree) -> Iterator[Node]:
    """Yield the conditions below a node, itself first where it is a claim of its own.

    A constant claims nothing, and a name claims what stands where it was bound.
    """
    if tree.types.get(node.id) == "bool" and node.kind not in ("const", "bind", "ident"):
        yield node
    yield from inner_conditions(node, tree)


def inner_conditions(node: Node, tree: Tree) -> Iterator[Node]:
    """Yield the conditions that stand inside a node."""
    if node.kind == "bind":
        parts = node.parts
    elif node.kind == "loop":
        body = body_of(node)
        parts = (node.parts[0], body) if body is not None else ()
    elif node.kind == "call" and node.name in LOGIC:
        parts = node.parts
    else:
        for part in node.parts:
            yield from inner_conditions(part, tree)
        return
    for part in parts:
        yield from conditions(part, tree)


def probed(program: bytes, name: str) -> bytes:
    """Return a program whose conditions note in `seen`, under its name and their nodes, what they were."""
    serialized, _ = unpacked(program)
    tree = decode(serialized)
    return packed(serialized, _Probing(serialized, tree, name).form(tree.root))


class _Probing(Lowering):
    """Lower a tree with probes; what has no form is left to CEL, the smallest piece of it that can stand alone."""

    def __init__(self, serialized: bytes, tree: Tree, name: str) -> None:
        super().__init__(tree.types)
        self._serialized = serialized
        self._name = name
        self._asked = {node.id for node in conditions(tree.root, tree)}

    def form(self, node: Node) -> Form:
        """Return the form of a node, a probe around it where it is a condition."""
        try:
            inner = super().form(node)
        except Beyond:
            inner = ("cel", rooted_at(self._serialized, node.id))
        return ("probe", (self._name, node.id), inner) if node.id in self._asked else inner


def _probe(mark: Mark, part: Any) -> Function:
    inner = function_of(part)

    def value(values: Values) -> Any:
        told = seen.setdefault(mark, set())
        try:
            found = inner(values)
        except KeyError:
            told.add(None)
            raise
        told.add(found)
        return found

    return value


def _cel(serialized: bytes) -> Function:
    program = Program(packed(serialized, None))

    def value(values: Values) -> Any:
        found, error = program.value(bind(values))
        if error:
            raise KeyError(key) if (key := missing_key(error)) else TypeError(error)
        return found

    return value


MAKERS["probe"] = _probe
MAKERS["cel"] = _cel


def probes_in(program: bytes) -> set[int]:
    """Return the nodes of a probed program that have a probe."""
    return set(_probes(unpacked(program)[1]))


def _probes(form: Any) -> Iterator[int]:
    if isinstance(form, tuple):
        if form and form[0] == "probe":
            yield form[1][1]
        for part in form:
            yield from _probes(part)
