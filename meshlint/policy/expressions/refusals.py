"""What a rule's expression may not say although CEL could: whatever would blur the line between absent and
unknown.

In: the checked tree of an expression and the lexicon. Out: refusals with the node they stand at. An unknown
fact is an absent key, so a construct that can see absence without failing (`has`, comparing whole objects)
would turn unknown into a verdict, and one that fails as a whole because of one element (`filter`, `map`,
`exists_one`) would let an unknown neighbour hide a known violation. A loop in a loop has no bound and CEL
stops after 10,000 steps.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.policy.expressions.syntax_tree import Node, Tree
from meshlint.policy.lexicon import Lexicon, unlisted
from meshlint.records import NamedTuple

_COMPARING = {"_==_": "==", "_!=_": "!=", "@in": "in"}
_COLLECTING = frozenset(("filter", "map", "exists_one"))


class Refusal(NamedTuple):
    """Say which node is refused, why, and what to write instead."""

    node: Node
    message: str
    help: str


def refusals(tree: Tree, lexicon: Lexicon) -> list[Refusal]:
    """List what must not be said, in the order of the tree."""
    return list(_Reader(tree, lexicon).visit(tree.root, looping=False))


class _Reader:
    def __init__(self, tree: Tree, lexicon: Lexicon) -> None:
        self.types = tree.types
        self.lexicon = lexicon
        self.blurred: dict[str, str] = {}  # names bound by `let` → the unknown fact that their value depends on

    def visit(self, node: Node, looping: bool) -> Iterator[Refusal]:
        if node.kind == "loop":
            yield from self._loop(node, looping)
            return
        if node.kind == "test":
            yield from self._test(node)
        elif node.kind == "call":
            yield from self._call(node)
        elif node.kind == "struct" and node.name:
            yield Refusal(node, "an expression cannot make facts", "compare single facts")
        elif node.kind == "bind" and (fact := self.unknown_in(node.parts[0])):
            self.blurred[node.name] = fact
        for part in node.parts:
            yield from self.visit(part, looping)

    def _loop(self, node: Node, looping: bool) -> Iterator[Refusal]:
        ranged = node.parts[0]
        if looping and ranged.kind != "list" and not _is_parameter(ranged):
            yield Refusal(node, "a loop inside a loop has no bound", "use a fact that counts or flattens, or `each:`")
        if node.name in _COLLECTING:
            fact = next((fact for part in node.parts if (fact := self.unknown_in(part))), "")
            if fact:
                yield Refusal(
                    node,
                    f"`{node.name}` over `{fact}`, which may be unknown, would hide a known violation",
                    "use `exists` or `all`",
                )
        yield from self.visit(ranged, looping)
        for part in node.parts[1:]:
            yield from self.visit(part, looping=True)

    def _test(self, node: Node) -> Iterator[Refusal]:
        if self.may_be_unknown(node):
            yield Refusal(
                node,
                f"`has` cannot tell an unknown `{node.name}` from an absent one",
                "test its value and let `on_unknown` decide",
            )

    def _call(self, node: Node) -> Iterator[Refusal]:
        if node.name in _COMPARING:
            compared = (self.types.get(part.id, "dyn") for part in node.parts)
            message = next((word for word in compared if self._holds_facts(word)), "")
            if message:
                yield Refusal(
                    node,
                    f"`{_COMPARING[node.name]}` over a whole {unlisted(message)[0]} takes unknown for absent",
                    "compare single facts",
                )
        elif node.name == "dyn":
            yield Refusal(node, "`dyn` takes the types away by which facts are checked", "leave it out")

    def _holds_facts(self, type_word: str) -> bool:
        return type_word.replace("list ", "").replace("map ", "") in self.lexicon.messages

    def may_be_unknown(self, node: Node) -> bool:
        """Tell whether the selected fact may be unknown."""
        field = self.lexicon.field(self.types.get(node.parts[0].id, ""), node.name)
        return field is not None and bool(field.unknown)

    def unknown_in(self, node: Node) -> str:
        """Return the first fact below a node that may be unknown, empty when there is none."""
        if node.kind == "select" and self.may_be_unknown(node):
            return node.name
        if node.kind == "ident" and node.name in self.blurred:
            return self.blurred[node.name]
        return next((fact for part in node.parts if (fact := self.unknown_in(part))), "")


def _is_parameter(node: Node) -> bool:
    """Tell whether a loop ranges over a list that the rule's own parameters hold, which is short."""
    return node.kind == "select" and node.parts[0].kind == "ident" and node.parts[0].name == "params"
