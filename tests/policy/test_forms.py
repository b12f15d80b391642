"""Expressions that run without CEL mean what CEL says they mean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.cache import Cache
from meshlint.policy.catalogue import load_builtin
from meshlint.policy.expressions.compiling import Compiler
from meshlint.policy.expressions.running import Program, bind, missing_key, packed, unpacked
from meshlint.policy.rule import CompiledRule
from meshlint.policy.templates import ABSENT, walk
from meshlint.policy.views import Target, targets
from tests.mesh.build import mesh
from tests.policy.small import LEXICON
from tests.properties.test_three_valued import EXPRESSIONS, WORLDS, forgotten

RULES = load_builtin(Cache(None)).rules
FIXTURES = os.path.join(os.path.dirname(__file__), "..", "..", "fixtures", "rules")
COMPILER = Compiler(LEXICON, {"workload": "Workload", "namespace": "Workload"})


def answers(program: bytes, values: dict[str, Any]) -> tuple[tuple[Any, str], tuple[Any, str]]:
    """Return what the form says and what CEL says; of an error, the key that was missing."""
    by_cel = packed(unpacked(program)[0], None)
    found = [Program(one).value(bind(values)) for one in (program, by_cel)]
    (form, form_error), (cel, cel_error) = found
    return (form, missing_key(form_error)), (cel, missing_key(cel_error))


def variables_of(rule: CompiledRule, target: Target) -> Iterator[dict[str, Any]]:
    """Yield what a rule's expressions see of a target, once for every element of its list."""
    values = {rule.variable: target.view, "params": rule.params}
    if rule.each is None:
        yield values
        return
    name, path = rule.each
    elements = walk(values, path)
    for element in [] if elements is ABSENT else elements:
        yield {**values, name: element}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_the_same_with_and_without_cel(rule: CompiledRule) -> None:
    """Over all fixtures of a rule its programs give one answer, or miss one key, either way."""
    folder = os.path.join(FIXTURES, rule.name)
    programs = [program for program in (rule.when, rule.require, *(let for _, let in rule.lets)) if program]
    if isinstance(rule.target, str) and rule.target in ("suppression", "file", "repository"):
        pytest.skip("needs files, not objects")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in (name for name in names if name.endswith(".yaml")):  # folders hold trees of several files
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            model = mesh(file.read())
        for kind in [rule.target] if isinstance(rule.target, str) else [(kind,) for kind in rule.target]:
            for target in targets(kind, model):
                for values in variables_of(rule, target):
                    for program in programs:
                        form, cel = answers(program, values)
                        assert form == cel, (name, target.view["text"])


def test_judgements_need_no_library() -> None:
    """What decides in the rules that ship runs without CEL: only words of a message may ask for it."""
    deciding = [(rule.id, program) for rule in RULES for program in (rule.when, rule.require) if program]
    assert [id_ for id_, program in deciding if unpacked(program)[1] is None] == []


@pytest.mark.parametrize(
    "text",
    [
        "workload.limit * 2.0 >= double(workload.ports.size())",
        "workload.limit > -3.5 && workload.limit != 1.0",
        "workload.ports.size() == -1 || size(workload.labels) >= 1",
        'workload.namespace.startsWith("pay") && workload.namespace.endsWith("s")',
        'workload.namespace.contains("ä") || "ä" < workload.namespace',
        '"app" in workload.labels && !("b" in workload.labels)',
        'workload.namespace in ["payments", "web"]',
        "has(workload.labels) && has(workload.worst.captured)",
        "workload.ports.all(p, p.number > 1 || namespace.meshed)",
        "workload.worst.captured == namespace.worst.captured",
        "workload.meshed ? workload.worst.number < 2 : 3 > workload.worst.number",
        "workload.ports.exists(p, workload.meshed && p.number == 1)",
        "'it\\'s' == workload.namespace || true",
    ],
)
@given(WORLDS, WORLDS, st.data())
def test_operators_mean_the_same(text: str, world: Target, other: Target, data: st.DataObject) -> None:
    """Every operator that is lowered agrees with CEL, whatever is unknown."""
    program = COMPILER.compile(text).program
    assert unpacked(program)[1] is not None
    values = {"workload": forgotten(world, data).view, "namespace": forgotten(other, data).view}
    form, cel = answers(program, values)
    assert form == cel


@settings(max_examples=300)
@given(EXPRESSIONS, WORLDS, st.data())
def test_any_expression_means_the_same(text: str, world: Target, data: st.DataObject) -> None:
    """Random logic over facts, some of them unknown, is answered alike; an error is one either way."""
    lets = {"doubt": 'workload.guests.exists(g, g.mode == "DISABLE")'}
    program = COMPILER.compile(f"({text}) || doubt || !doubt && workload.meshed", lets).program
    form, cel = answers(program, {"workload": forgotten(world, data).view})
    assert form[0] == cel[0] and bool(form[1]) == bool(cel[1])
