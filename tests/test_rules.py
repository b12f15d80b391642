"""Run the examples of every rule and the fixtures beside them, over the compliant base: `meshlint test rules` by cases.

A bad one fires exactly on the lines that say so; a good one is silent under the whole catalogue in profile `strict`.
A fixture may say what keeps a rule silent; without that the rule fires. What a case is and when it fails is said in
`meshlint.testing`, which judges the rules of packs the same way. Together the cases of a rule make each of its
conditions both true and false, and what it asks of facts that may be unknown is asked once where they are.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.policy.expressions import probes
from meshlint.policy.expressions.syntax_tree import Node, Tree
from meshlint.policy.rule import CompiledRule
from meshlint.policy.vocabulary import MESSAGES
from meshlint.testing.bench import Bench
from meshlint.testing.coverage import coverage_of, watched
from meshlint.testing.suites import Suite, load_suite
from meshlint.testing.trials import Trials
from tests.judge import TODAY

ROOT = Path(__file__).parent.parent
SUITE: Suite = load_suite(str(ROOT / "rules"), Cache(None))

UNREACHED: Mapping[tuple[str, str], str] = {
    ("unparsable-document", "problem.is_note"): "told of a template that an operand names; a fixture names a folder",
}
"""The conditions that no case of their rule makes both true and false, and why."""

UNKNOWN = {(group.name, field.name) for group in MESSAGES for field in group.fields if field.unknown}


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    """Return one bench for all cases of this process; what stands before the first case is no garbage."""
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        yield Trials(SUITE, Bench(folder, SUITE.catalogue, TODAY))
    gc.unfreeze()


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in SUITE.rules])
def test_cases_hold_and_reach_every_condition(trials: Trials, rule: CompiledRule) -> None:
    """Nothing is missing, nothing is too much, what a fixture claims of its silence is so, and no condition is idle."""
    cases, probed = [case for case in SUITE.cases() if case.rule == rule.id], watched(rule)
    probes.seen.clear()
    outcomes = [trials.outcome(case, {rule.id: probed.rule}) for case in cases]
    assert {row.name: row.problems for row in outcomes if row.problems} == {}
    result = coverage_of(probed, SUITE.catalogue.documents()[rule.id].path, probes.seen)
    assert [row for row in result.unreached if (rule.name, row.text) not in UNREACHED] == []
    excepted = {text for name, text in UNREACHED if name == rule.name}
    assert excepted == {row.text for row in result.unreached}
    assert not asks_of_unknown_facts(rule) or any(None in values for values in probes.seen.values())


def asks_of_unknown_facts(rule: CompiledRule) -> bool:
    """Tell whether a rule uses a fact that the manifests may not tell."""
    programs = (rule.when, rule.require, rule.severity_when[0] if rule.severity_when else b"")
    trees = [probes.tree_of(program) for program in programs if program]
    return any(fact in UNKNOWN for tree in trees for fact in facts_of(tree.root, tree))


def facts_of(node: Node, tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the facts that an expression names, each with the group that it belongs to."""
    if node.kind in ("select", "test"):
        yield tree.types.get(node.parts[0].id, ""), node.name
    for part in node.parts:
        yield from facts_of(part, tree)


def test_fixtures_belong_to_rules() -> None:
    """A folder of fixtures bears the name of a rule, and every file in it says which side it is on."""
    assert SUITE.strays() == []


def test_the_base_is_silent(trials: Trials) -> None:
    """What the examples are laid over gives no rule a reason to speak."""
    assert trials.bench.judge(SUITE.base).judged.findings == ()
