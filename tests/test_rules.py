"""Run the examples of every rule and the fixtures beside them, over the compliant base: `meshlint test rules` by cases.

A bad one fires exactly on the lines that say so; a good one is silent under the whole catalogue in profile `strict`.
A fixture may say what keeps a rule silent; without that the rule fires. What a case is and when it fails is said in
`meshlint.testing`, which judges the rules of packs the same way.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.testing.bench import Bench
from meshlint.testing.cases import Case
from meshlint.testing.suites import Suite, load_suite
from meshlint.testing.trials import Trials
from tests.judge import TODAY

ROOT = Path(__file__).parent.parent
SUITE: Suite = load_suite(str(ROOT / "rules"), Cache(None))


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    """Return one bench for all cases of this process; what stands before the first case is no garbage."""
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        yield Trials(SUITE, Bench(folder, SUITE.catalogue, TODAY))
    gc.unfreeze()


def cases() -> Iterator[object]:
    """Yield every case, named by its rule."""
    names = {rule.id: rule.name for rule in SUITE.rules}
    for case in SUITE.cases():
        yield pytest.param(case, id=f"{names[case.rule]}-{case.name.replace(' ', '-')}")


@pytest.mark.parametrize("case", list(cases()))
def test_cases_hold(trials: Trials, case: Case) -> None:
    """Nothing is missing, nothing is too much, and what a fixture claims of its silence is so."""
    assert trials.outcome(case).problems == ()


def test_fixtures_belong_to_rules() -> None:
    """A folder of fixtures bears the name of a rule, and every file in it says which side it is on."""
    assert SUITE.strays() == []


def test_the_base_is_silent(trials: Trials) -> None:
    """What the examples are laid over gives no rule a reason to speak."""
    assert trials.bench.judge(SUITE.base).judged.findings == ()
