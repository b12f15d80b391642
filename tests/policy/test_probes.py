"""Probes see what conditions were, and change nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.policy.expressions.compiling import Compiler, with_lets
from meshlint.policy.expressions.extents import extent
from meshlint.policy.expressions.probes import conditions, probed, probes_in, seen, tree_of
from meshlint.policy.expressions.running import Program, bind, missing_key, unpacked
from meshlint.policy.expressions.syntax_tree import Node
from meshlint.policy.views import Target
from tests.policy.small import LEXICON, port, workload
from tests.properties.test_three_valued import EXPRESSIONS, WORLDS, forgotten

COMPILER = Compiler(LEXICON, {"workload": "Workload", "namespace": "Workload"})
BEYOND = [
    'workload.namespace.matches("^pay") && workload.ports.exists(p, p.text.matches("8.") || p.captured)',
    "workload.ports.filter(p, p.number > 1).size() == 1 ? workload.worst.captured : !(workload.limit + 1.0 > 2.0)",
    '[workload.namespace + "x"] == ["paymentsx"] || workload.extra.deep[0] == 1',
    'workload.labels.exists(k, k == "app" && workload.labels[k].size() == 6)',
]


def answer(program: bytes, values: dict[str, Any]) -> tuple[Any, str]:
    """Return what a program says, and the key that it misses."""
    value, error = Program(program).value(bind(values))
    return value, missing_key(error) if error else ""


@settings(max_examples=100)
@given(EXPRESSIONS, WORLDS, st.data())
def test_any_expression_says_the_same_with_probes(text: str, world: Target, data: st.DataObject) -> None:
    """Random logic over facts, some of them unknown."""
    program = COMPILER.compile(text).program
    values = {"workload": forgotten(world, data).view}
    assert answer(probed(program, "law"), values) == answer(program, values)


@pytest.mark.parametrize("text", BEYOND)
@settings(max_examples=30)
@given(WORLDS, st.data())
def test_what_only_cel_runs_says_the_same(text: str, world: Target, data: st.DataObject) -> None:
    """Pieces of an expression that have no form are run by CEL one by one."""
    program = COMPILER.compile(text).program
    assert unpacked(program)[1] is None
    values = {"workload": forgotten(world, data).view}
    with_probes, without = answer(probed(program, "law"), values), answer(program, values)
    assert with_probes[0] == without[0] and bool(with_probes[1]) == bool(without[1])


def told(text: str, *worlds: Target) -> dict[str, set[bool | None]]:
    """Return what was seen of each condition, by its text."""
    program = COMPILER.compile(text).program
    with_probes, tree = probed(program, "told"), tree_of(program)
    seen.clear()
    for world in worlds:
        Program(with_probes).value(bind({"workload": world.view}))

    def offsets(node: Node) -> list[int]:
        return [tree.offsets[node.id], *(offset for part in node.parts for offset in offsets(part))]

    shown = {}
    for node in conditions(tree.root, tree):
        if node.id in probes_in(with_probes):
            start, end = extent(text, offsets(node))
            shown[text[start:end]] = seen.get(("told", node.id), set())
    return shown


def test_every_operand_and_body_is_a_condition() -> None:
    """What `&&` never asks is seen as nothing."""
    text = '(workload.meshed || workload.limit > 2.0) && !workload.ports.exists(p, p.mode == "STRICT" && p.captured)'
    assert told(text, workload(port(1, "STRICT")), workload(port(1, "DISABLE"), meshed=True)) == {
        text: {True, False},
        "workload.meshed || workload.limit > 2.0": {True},
        "workload.meshed": {True},
        "workload.limit > 2.0": set(),
        '!workload.ports.exists(p, p.mode == "STRICT" && p.captured)': {True, False},
        'workload.ports.exists(p, p.mode == "STRICT" && p.captured)': {True, False},
        'p.mode == "STRICT" && p.captured': {True, False},
        'p.mode == "STRICT"': {True, False},
        "p.captured": {True},
    }


def test_pieces_of_cel_are_conditions_too() -> None:
    """Around what only CEL can say, logic is seen as anywhere."""
    text = 'workload.namespace.matches("^pay") && (workload.meshed ? workload.limit + 1.0 > 2.0 : size([1]) == 1)'
    assert told(text, workload(), workload(limit=0.5)) == {
        text: {True, False},
        'workload.namespace.matches("^pay")': {True},
        "workload.meshed ? workload.limit + 1.0 > 2.0 : size([1]) == 1": {True, False},
        "workload.meshed": {True},
        "workload.limit + 1.0 > 2.0": {True, False},
        "size([1]) == 1": set(),
    }


def test_names_are_laid_out_before_the_expression() -> None:
    """The text of every name that is used can be found again."""
    source, starts = with_lets("b && a", {"a": "1 == 1", "unused": "2", "b": "a || namespace.meshed"})
    assert [source[start:].split("\n")[0] for start in starts.values()] == [
        "1 == 1", "a || Namespace.meshed", "b && a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "offsets", "expected"),
    [
        ('a.f(")") && b', [4, 1, 0], 'a.f(")")'),
        ("x && size(a.b) > 1", [15, 9, 11, 10, 17], "size(a.b) > 1"),
        ("((a || b)) && c", [5, 2, 7], "a || b"),
        ("((a || b)) && c", [11, 5, 2, 7, 14], "((a || b)) && c"),
        ('m["k"] == "v"  // why', [7, 1, 0, 2, 10], 'm["k"] == "v"'),
        ("l.exists(p,\n  p.x)\n&& y", [8, 1, 0, 15, 14], "l.exists(p,\n  p.x)"),
    ],
)
def test_a_node_stands_for_its_whole_text(text: str, offsets: list[int], expected: str) -> None:
    """Brackets close where they were opened, and a function begins with its name."""
    start, end = extent(text, offsets)
    assert text[start:end] == expected
