"""What trials give, as plain values that reports print and processes hand to each other.

In: nothing. Out: types. A location has the form of version 1 of the JSON report; `excerpt` is the line at
which it starts, for the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.records import NamedTuple

Plain = dict[str, Any]

MISSING = "missing"  # expected and not found
UNEXPECTED = "unexpected"  # found and not expected
UNKNOWN_RULE = "unknown-rule"  # a comment names a rule that does not exist
NO_EXPECTATION = "no-expectation"  # a bad fixture says of no line that it is at fault
STILL_SILENT = "still-silent"  # what a claim takes away does not silence the rule
UNREADABLE_CLAIM = "unreadable-claim"
DECIDED = "decided"  # a rule was to be left undecided
NOT_THERE = "not-there"  # what a claim takes away stands nowhere
NOTHING = "nothing-judged"  # the case holds no object
FAILED = "failed"  # it could not be judged
UNTRIED = "untried"  # no bad example: nobody has seen the rule fire
STRAY = "stray"  # a fixture that belongs to no rule, or to no side


class Problem(NamedTuple):
    """Hold one reason why a case fails."""

    kind: str
    rule: str  # id of the rule that it is about, empty where none is
    message: str
    location: Plain | None
    excerpt: str
    notes: tuple[tuple[str, str], ...] = ()


class Outcome(NamedTuple):
    """Hold what came of one case; without problems it passed."""

    rule: str  # id, empty where it belongs to the folder
    side: str  # good, bad, or empty
    name: str
    path: str  # of the file or folder that it stands in
    problems: tuple[Problem, ...]


class Unreached(NamedTuple):
    """Name a condition of a rule and what no case of the rule has made of it."""

    rule: str
    part: str  # when, require, let.NAME, severity_when
    text: str
    location: Plain
    never: tuple[str, ...]  # "true", "false", "undecided", or "reached"
    excerpt: str = ""


class RuleResult(NamedTuple):
    """Hold how many conditions a rule has, and those that were not reached both ways."""

    rule: str
    name: str
    path: str
    conditions: int
    reached: int  # conditions that were both true and false
    unreached: tuple[Unreached, ...]


class Results(NamedTuple):
    """Hold everything that a run of tests says."""

    outcomes: tuple[Outcome, ...]
    rules: tuple[RuleResult, ...]
    require_branches: bool = False

    @property
    def failed(self) -> Sequence[Outcome]:
        """Return the cases that did not hold."""
        return [outcome for outcome in self.outcomes if outcome.problems]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the rules by id."""
        return {rule.rule: rule.name for rule in self.rules}

    @property
    def holds(self) -> bool:
        """Tell whether everything holds that was asked for."""
        return not self.failed and not (self.require_branches and any(rule.unreached for rule in self.rules))
