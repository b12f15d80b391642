"""All cases of a suite, shared between the processors that are there.

In: a suite and a date. Out: `Results` in the order of rules and cases, whoever worked out which. Each process has its
own folder; what comes back is plain values.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Mapping, Sequence

from meshlint.errors import Location, Position
from meshlint.findings.finding import plain_location
from meshlint.policy.expressions import probes
from meshlint.processes import may_share, start
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean
from meshlint.testing import results
from meshlint.testing.bench import Bench
from meshlint.testing.cases import BAD, Case
from meshlint.testing.coverage import Watched, coverage_of, watched
from meshlint.testing.results import Outcome, Problem, Results
from meshlint.testing.suites import Suite, short_name
from meshlint.testing.trials import Trials

_WORTH_A_PROCESS = 60  # cases


class _Share(NamedTuple):
    """Hold what one process has worked out."""

    outcomes: list[Outcome]
    seen: dict[probes.Mark, set[bool | None]]


def run_suite(suite: Suite, today: str) -> Results:
    """Try every case of the chosen rules."""
    cases = suite.cases()
    rules = {rule.id: watched(rule) for rule in suite.chosen}
    shares = _shared(suite, cases, rules, today)
    outcomes = _in_order(shares)
    seen: dict[probes.Mark, set[bool | None]] = {}
    for share in shares:
        for mark, values in share.seen.items():
            seen.setdefault(mark, set()).update(values)
    documents = suite.catalogue.documents()
    covered = tuple(coverage_of(one, documents[rule].path, seen) for rule, one in rules.items())
    return Results((*outcomes, *_untried(suite, cases), *_beside(suite, today)), covered)


def _shared(suite: Suite, cases: Sequence[Case], rules: Mapping[str, Watched], today: str) -> list[_Share]:
    if len(cases) < _WORTH_A_PROCESS or not may_share():
        return [_tried(suite, cases, rules, today)]
    wait = start(lambda: pickle.dumps(_tried(suite, cases[1::2], rules, today)))
    here = _tried(suite, cases[::2], rules, today)
    data = wait()
    there = pickle.loads(data) if data is not None else _tried(suite, cases[1::2], rules, today)
    return [here, there]


def _tried(suite: Suite, cases: Sequence[Case], rules: Mapping[str, Watched], today: str) -> _Share:
    probes.seen.clear()
    with tempfile.TemporaryDirectory(prefix="meshlint-test-") as folder:
        trials = Trials(suite, Bench(folder, suite.catalogue, today, suite.tunes))
        outcomes = [trials.outcome(case, {case.rule: rules[case.rule].rule}) for case in cases]
    return _Share(outcomes, {mark: set(values) for mark, values in probes.seen.items()})


def _in_order(shares: Sequence[_Share]) -> list[Outcome]:
    if len(shares) == 1:
        return shares[0].outcomes
    one, other = (share.outcomes for share in shares)
    rows = [outcome for pair in zip(one, other, strict=False) for outcome in pair]
    return rows + one[len(other) :]


def _untried(suite: Suite, cases: Sequence[Case]) -> list[Outcome]:
    """Return a failure for each rule that no bad case is about."""
    tried = {case.rule for case in cases if case.side == BAD}
    documents = suite.catalogue.documents()
    rows = []
    for rule in suite.chosen:
        if rule.id not in tried:
            path = documents[rule.id].path
            told = f"no bad example shows {rule.name} at work"
            hint = ("help", f"add one below `examples: bad:`, or fixtures/{short_name(rule)}/bad-….yaml")
            problem = Problem(results.UNTRIED, rule.id, told, _whole(path), "", (hint,))
            rows.append(Outcome(rule.id, "", "bad examples", path, (problem,)))
    return rows


def _beside(suite: Suite, today: str) -> list[Outcome]:
    """Return what is wrong around the rules: with the base, and with fixtures that no rule has."""
    rows = []
    if suite.base:
        base = Case("", "good", "the base", suite.base, f"{suite.fixtures_root}/base")
        with tempfile.TemporaryDirectory(prefix="meshlint-test-") as folder:
            rows.append(Trials(suite, Bench(folder, suite.catalogue, today, suite.tunes)).outcome(base))
    known = {short_name(rule) for rule in suite.rules}
    for stray in suite.strays():
        told, hint = f"there is no rule `{stray.word}`", did_you_mean(stray.word, known)
        if not stray.word:
            told, hint = "the fixture is on no side", "begin its name with good- or bad-"
        problem = Problem(results.STRAY, "", told, _whole(stray.path), "", (("help", hint),) if hint else ())
        rows.append(Outcome("", "", "fixtures", stray.path, (problem,)))
    return rows


def _whole(path: str) -> dict[str, object]:
    return plain_location(Location(path, Position(1, 1), Position(1, 1)))
