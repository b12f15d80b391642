"""The laws of judging with unknown facts, held by random meshes and random rules.

A rule is built from the forms that rules may use. A world is judged once as it is, and once more with some
facts taken away: knowing less may leave a question open, and never answers it differently.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.policy.judgement import Judgement
from meshlint.policy.rule import CompiledRule
from meshlint.policy.views import Target
from tests.policy.small import compiled, edited, judged, port, workload

MODES = ("STRICT", "PERMISSIVE", "DISABLE")
Verdict = str

ATOMS = st.sampled_from(
    (
        "workload.meshed",
        'workload.worst.mode == "DISABLE"',
        'workload.ports.exists(p, p.mode == "PERMISSIVE")',
        'workload.ports.all(p, p.mode != "DISABLE" || p.captured)',
        'workload.ports.exists(p, p.number > 2 && p.mode == "STRICT")',
        "workload.ports.filter(p, p.captured).size() > 1",
        "workload.guests.all(g, g.number < 3)",
        'workload.worst.mode in ["STRICT", "PERMISSIVE"]',
        "true",
    )
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} && {})".format, parts, parts),
        st.builds("({} || {})".format, parts, parts),
        st.builds("!({})".format, parts),
        st.builds("({} ? {} : {})".format, parts, parts, parts),
    )


EXPRESSIONS = st.recursive(ATOMS, _joined, max_leaves=5)
REQUIREMENTS = st.recursive(ATOMS | st.just("doubt"), _joined, max_leaves=5)
LET = "let: {doubt: 'workload.guests.exists(g, g.mode == \"DISABLE\")'}"
PORTS = st.lists(st.builds(port, st.integers(1, 4), st.sampled_from(MODES)), max_size=4)
WORLDS = st.builds(
    lambda ports, guests, worst, meshed: workload(*ports, guests=guests, worst=worst, meshed=meshed),
    PORTS,
    PORTS,
    st.builds(port, st.integers(1, 4), st.sampled_from(MODES)),
    st.booleans(),
)


def _rule(when: str, require: str) -> CompiledRule:
    text = edited("when: workload.meshed", f"when: '{when}'\n{LET}")
    return compiled(text.replace("'!workload.ports.exists(p, p.mode == \"PERMISSIVE\")'", f"'{require}'"))


def _verdict(judgement: Judgement) -> Verdict:
    if judgement.faults:
        return "fault"
    return "undecided" if judgement.undecided else "pass"


def forgotten(target: Target, data: st.DataObject) -> Target:
    """Take facts away that may be unknown, naming each in `unknown`."""
    view: dict[str, Any] = copy.deepcopy(target.view)
    places = [(view, "meshed"), (view, "guests"), (view["worst"], "mode")]
    places += [(element, "mode") for element in (*view["ports"], *view["guests"])]
    for holder, key in places:
        if data.draw(st.booleans()) and key in holder:
            del holder[key]
            holder.setdefault("unknown", {})[key] = f"nobody knows {key}"
    return Target(view, target.subject)


@settings(max_examples=300)
@given(EXPRESSIONS, REQUIREMENTS, WORLDS, st.data())
def test_knowing_less_never_answers_differently(when: str, require: str, world: Target, data: st.DataObject) -> None:
    """A fault stays or becomes undecided, and so does a pass; what is known is never undecided."""
    rule = _rule(when, require)
    known = _verdict(judged(rule, world))
    blurred = _verdict(judged(rule, forgotten(world, data)))
    assert known in ("fault", "pass")
    assert blurred in (known, "undecided")


@settings(max_examples=100)
@given(st.lists(st.sampled_from((*MODES, None)), max_size=6), st.integers(0, 6))
def test_a_known_violation_is_found_whatever_its_neighbours(modes: list[str | None], position: int) -> None:
    """One port that is known to be open is a fault, however many others are unknown."""
    ports = [port(number, mode) for number, mode in enumerate(modes)]
    ports.insert(min(position, len(ports)), port(99, "PERMISSIVE"))
    assert _verdict(judged(compiled(), workload(*ports))) == "fault"


@settings(max_examples=100)
@given(EXPRESSIONS, REQUIREMENTS, WORLDS, st.data())
def test_on_unknown_only_moves_what_is_undecided(when: str, require: str, world: Target, data: st.DataObject) -> None:
    """`fire` and `silent` decide open questions and no others."""
    rule, target = _rule(when, require), forgotten(world, data)
    verdict = _verdict(judged(rule, target))
    for choice, becomes in (("fire", "fault"), ("silent", "pass")):
        expected = becomes if verdict == "undecided" else verdict
        assert _verdict(judged(rule._replace(on_unknown=choice), target)) == expected


@settings(max_examples=100)
@given(EXPRESSIONS, REQUIREMENTS, WORLDS, st.data())
def test_judging_changes_nothing(when: str, require: str, world: Target, data: st.DataObject) -> None:
    """No rule can change what the next one sees."""
    target = forgotten(world, data)
    before = copy.deepcopy(target.view)
    judged(_rule(when, require), target)
    assert target.view == before
