"""How a rule judges: three values, elements, causes, places, severities."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

import pytest

from meshlint.policy.judgement import cause_of
from meshlint.policy.views import Target
from tests.policy.small import compiled, edited, judged, place, port, workload

EACH = (
    edited("when: workload.meshed\n", "each: {p: workload.ports}\nwhen: workload.meshed\n")
    .replace("'!workload.ports.exists(p, p.mode == \"PERMISSIVE\")'", "'p.mode != \"PERMISSIVE\"'")
    .replace('message: "{workload} is open"', 'at: p.decided_by\nmessage: "{workload} is open on {p}"')
)
OPEN, SHUT, BLUR = port(8080, "PERMISSIVE"), port(8081), port(8082, None)


@pytest.mark.parametrize(
    ("meshed", "ports", "outcome"),
    [
        (True, [SHUT], "pass"),
        (True, [SHUT, OPEN], "fault"),
        (True, [SHUT, BLUR], "undecided"),
        (True, [BLUR, OPEN], "fault"),
        (False, [OPEN], "pass"),
        (False, [BLUR], "pass"),
        (None, [SHUT], "pass"),
        (None, [OPEN], "undecided"),
        (None, [BLUR], "undecided"),
    ],
)
def test_judging_has_three_values(meshed: bool | None, ports: list[dict[str, object]], outcome: str) -> None:
    """A false `when` and a true `require` settle it; a fault needs both known; the rest is undecided."""
    judgement = judged(compiled(), workload(*ports, meshed=meshed))
    assert len(judgement.faults) == (outcome == "fault")
    assert len(judgement.undecided) == (outcome == "undecided")


def test_undecided_names_what_is_missing() -> None:
    """The reason is that of the fact at which judging ended, and the subject is the target."""
    (undecided,) = judged(compiled(), workload(BLUR, meshed=None)).undecided
    assert (undecided.missing, undecided.subject and undecided.subject.name) == ("no labels", "ledger")
    (undecided,) = judged(compiled(), workload(BLUR)).undecided
    assert (undecided.missing, undecided.place) == ("no mode for 8082", "0|/metadata/name|")


@pytest.mark.parametrize(("on_unknown", "counts"), [("fire", (1, 0)), ("silent", (0, 0)), ("undecided", (0, 1))])
def test_a_rule_says_what_becomes_of_unknown(on_unknown: str, counts: tuple[int, int]) -> None:
    """`on_unknown` turns what is open into a fault, into nothing, or leaves it open."""
    rule = compiled(edited("message:", f"on_unknown: {on_unknown}\nmessage:"))
    judgement = judged(rule, workload(BLUR))
    assert (len(judgement.faults), len(judgement.undecided)) == counts


def test_each_judges_every_element() -> None:
    """Every element is judged by itself: one fault, one open, one pass."""
    judgement = judged(compiled(EACH), workload(OPEN, SHUT, BLUR))
    assert [fault.message for fault in judgement.faults] == ["ledger is open on 8080"]
    assert [undecided.missing for undecided in judgement.undecided] == ["no mode for 8082"]
    assert judgement.evaluated == {"MTL001": 3}


def test_an_unknown_list_leaves_the_rule_open() -> None:
    """Without the list of `each` nothing is known, except where the rule does not apply."""
    rule = compiled(EACH.replace("workload.ports", "workload.guests"))
    blurred = workload(unknown={"guests": "nobody counted"})
    del blurred.view["guests"]
    assert [row.missing for row in judged(rule, blurred).undecided] == ["nobody counted"]
    blurred.view["meshed"] = False
    assert not judged(rule, blurred).undecided


def test_one_fault_for_a_subject_and_a_cause() -> None:
    """Elements that one place decided are one fault; the further ones are related."""
    policy = place("PeerAuthentication default", "7|/spec/mtls/mode|mode")
    ports = [port(1, "PERMISSIVE", policy), port(2, "PERMISSIVE", policy), OPEN]
    faults = judged(compiled(EACH), workload(*ports)).faults
    assert [(fault.cause, fault.place) for fault in faults] == [
        ("PeerAuthentication default#mode", "7|/spec/mtls/mode|mode"),
        ("ledger#/metadata/name", "0|/metadata/name|"),
    ]
    assert faults[0].related == (("ledger is open on 2", "7|/spec/mtls/mode|mode"),)


def test_workloads_behind_one_cause_stay_apart() -> None:
    """The same cause on two subjects is two faults."""
    policy = place("PeerAuthentication default", "7|/spec/mtls/mode|mode")
    targets = [workload(port(1, "PERMISSIVE", policy), name=name) for name in ("ledger", "audit")]
    assert len(judged(compiled(EACH), *targets).faults) == 2


def test_at_takes_the_first_place_that_exists() -> None:
    """An absence has no address and is passed by; the target's own place comes last."""
    rule = compiled(edited("message:", "at: [workload.worst.decided_by, workload.extra.home]\nmessage:"))
    home = place("home", "3|/spec|")
    (fault,) = judged(rule, workload(OPEN, extra={"home": home})).faults
    assert fault.place == "3|/spec|"
    (fault,) = judged(rule, workload(OPEN)).faults
    assert fault.place == "0|/metadata/name|"


def test_related_places_are_listed() -> None:
    """Places and lists of places are told with their objects, or in words of their own; absences are not."""
    rule = compiled(edited("message:", "related: workload.ports.decided_by\nmessage:"))
    ports = [port(1, "PERMISSIVE", place("A", "1||")), port(2, "PERMISSIVE")]
    assert judged(rule, workload(*ports)).faults[0].related == (("A", "1||"),)
    text = 'related: {workload.ports.decided_by: "by {workload}"}\nmessage:'
    rule = compiled(edited("message:", text))
    assert judged(rule, workload(*ports)).faults[0].related == (("by ledger", "1||"),)


def test_severity_depends_on_a_condition_and_on_the_user() -> None:
    """`severity_when` holds when its condition is known and true; the configuration has the last word."""
    text = edited("severity: error", "severity: error\nseverity_when: {when: workload.limit > 1.0, severity: info}")
    assert judged(compiled(text), workload(OPEN)).faults[0].severity == "info"
    assert judged(compiled(text), workload(OPEN, limit=0.5)).faults[0].severity == "error"
    assert judged(compiled(text), workload(OPEN), severity="warning").faults[0].severity == "warning"
    blurred = text.replace("workload.limit > 1.0", "workload.guests.size() == 0")
    unknown = workload(OPEN, unknown={"guests": "nobody counted"})
    del unknown.view["guests"]
    assert judged(compiled(blurred), unknown).faults[0].severity == "error"


def test_parameters_are_overridden() -> None:
    """A rule reads its defaults, or what the configuration says."""
    text = edited("message:", "params: {floor: 100}\nmessage:").replace(
        "workload.meshed", "workload.ports.exists(p, p.number > params.floor)"
    )
    rule = compiled(text.replace("is open", "is open above {params.floor}"))
    assert judged(rule, workload(OPEN)).faults[0].message == "ledger is open above 100"
    assert not judged(rule, workload(OPEN), params={"floor": 9000}).faults


def test_lets_name_expressions_and_values() -> None:
    """A `let` is used by later expressions, by messages and as a place."""
    text = edited(
        "require:",
        "let:\n  big: workload.ports.filter(p, p.number > 8080)\n  few: big.size() < 2\nrequire:",
    )
    text = text.replace("'!workload.ports", "'few || !workload.ports").replace(
        '"{workload} is open"', '"{big.number} of {workload}, {few}"'
    )
    assert not judged(compiled(text), workload(OPEN, SHUT)).faults
    faults = judged(compiled(text), workload(OPEN, SHUT, port(9090))).faults
    assert faults[0].message == "8081, 9090 of ledger, false"


def test_any_other_error_names_the_rule() -> None:
    """An expression that fails although its facts are known is a bug of ours, not a verdict, and ends no other rule."""
    rule = compiled(edited("when: workload.meshed", "when: workload.ports[7].captured"))
    said = judged(rule, workload(SHUT), workload(SHUT))
    assert not said.faults
    assert [failure.told.partition(":")[0] for failure in said.failures] == ["rule MTL001 open-port failed on ledger"]


def test_a_label_may_be_called_unknown() -> None:
    """Only the sibling that views write explains an absence; a label of that name is a label."""
    target = workload(BLUR, labels={"unknown": "yes"})
    assert [row.missing for row in judged(compiled(), target).undecided] == ["no mode for 8082"]


def test_evaluations_are_counted() -> None:
    """A rule that did not apply anywhere was not judged, and says so."""
    assert judged(compiled(), workload(SHUT, meshed=False)).evaluated == {"MTL001": 0}
    assert judged(compiled(), workload(SHUT), workload(BLUR)).evaluated == {"MTL001": 2}


def test_causes_name_object_and_fact() -> None:
    """The fact of a place tells causes apart; without one its pointer does, whatever signs it holds."""
    assert cause_of(place("A", "0|/spec|mode")) == "A#mode"
    assert cause_of(place("A", "0|/metadata/annotations/a|b|")) == "A#/metadata/annotations/a|b"


def test_a_list_that_is_too_long_is_undecided() -> None:
    """What an expression may not walk to the end is open, and says why."""
    ports = [port(number) for number in range(10_001)]
    rule = compiled(edited('p.mode == "PERMISSIVE"', "p.mode.size() % 11 == 0"))  # what only CEL can run
    (undecided,) = judged(rule, workload(*ports)).undecided
    assert undecided.missing == "a list holds more elements than an expression may visit"


def _cycles(_model: object, target: Target, params: Mapping[str, int]) -> Iterator[dict[str, object]]:
    """Find what the test wants found: one ring, and one that cannot be told."""
    if target.view["ports"]:
        yield {"members": f"a, b, {params['depth']}", "place": place("ring", "5|/spec|ring")}
    yield {"unknown": "the host is not settled"}


def test_a_check_finds_and_leaves_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python check yields facts; the rule has the words, the place of the check is where it points."""
    module = ModuleType("meshlint.checks.cycles")
    module.__dict__["check"] = _cycles
    monkeypatch.setitem(sys.modules, "meshlint.checks.cycles", module)
    text = edited("require: '!workload.ports.exists(p, p.mode == \"PERMISSIVE\")'", "check: cycles")
    text = text.replace("message:", "params: {depth: 3}\nmessage:").replace("{workload} is", "{found.members} is")
    judgement = judged(compiled(text), workload(SHUT))
    assert [(fault.message, fault.place) for fault in judgement.faults] == [("a, b, 3 is open", "5|/spec|ring")]
    assert [row.missing for row in judgement.undecided] == ["the host is not settled"]
    (undecided, *_) = judged(compiled(text), workload(SHUT, meshed=None)).undecided
    assert undecided.missing == "no labels"


def test_settled_counts_what_was_judged_and_not_what_stays_open() -> None:
    """A pass and a fault are settled, an undecided judgement and a target that a rule passes over are not."""
    targets = workload(SHUT), workload(BLUR), workload(OPEN), workload(OPEN, meshed=False)
    judgement = judged(compiled(), *targets)
    assert sum(judgement.settled["MTL001"].values()) == 2
    assert judgement.evaluated["MTL001"] == 3
