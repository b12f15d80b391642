"""Results for people: each problem framed at its place, then what no case reaches, then one line that counts.

In: results. Out: text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.reports.frame import clean, counted, framed, painted
from meshlint.testing.results import Outcome, Plain, Problem, Results, RuleResult, Unreached


def render(results: Results, coloured: bool) -> str:
    """Return the whole report with its summary line."""
    names = results.names
    lines: list[str] = []
    for outcome in results.failed:
        for problem in outcome.problems:
            lines += [*_framed(outcome, problem, names.get(outcome.rule, ""), coloured), ""]
    severity = "error" if results.require_branches else "info"
    lines += _unreached(results.rules, severity, coloured)
    lines.append(summary_line(results))
    return "\n".join(lines) + "\n"


def _framed(outcome: Outcome, problem: Problem, name: str, coloured: bool) -> list[str]:
    title = f"error[{' '.join(part for part in (name, outcome.name) if part)}]: {problem.message}"
    excerpt = sparse(problem.location, problem.excerpt)
    return framed("error", title, problem.location, excerpt, problem.notes, coloured)


def sparse(location: Plain | None, excerpt: str) -> Sequence[str]:
    """Return lines of which only the one that a frame shows is there."""
    if location is None or not excerpt:
        return ()
    return _Sparse(location["start"]["line"] - 1, excerpt)


class _Sparse(Sequence[str]):
    """Look like the lines of a file of which one is known."""

    def __init__(self, position: int, line: str) -> None:
        self._position = position
        self._line = line

    def __len__(self) -> int:
        return self._position + 1

    def __getitem__(self, index: int | slice) -> str:
        return self._line if index == self._position else ""


def _unreached(rules: Sequence[RuleResult], severity: str, coloured: bool) -> Iterator[str]:
    for rule in rules:
        for row in rule.unreached:
            start = row.location["start"]
            where = f"{clean(row.location['path'])}:{start['line']}:{start['column']}"
            label = painted(f"{severity}[{rule.name} {row.part}]", severity, coloured)
            yield f"{where}: {label} {clean(sentence(row))}"


def sentence(row: Unreached) -> str:
    """Say what no case of a rule has made of a condition."""
    if row.never == ("reached",):
        return f"no case of the rule reaches `{row.text}`"
    return f"no case of the rule makes `{row.text}` {' or '.join(row.never)}"


def summary_line(results: Results) -> str:
    """Return the counts of a run in one sentence."""
    failed, cases = len(results.failed), len(results.outcomes)
    conditions = sum(rule.conditions for rule in results.rules)
    reached = sum(rule.reached for rule in results.rules)
    parts = f"{counted(len(results.rules), 'rule')}, {counted(cases, 'case')}: {cases - failed} passed, {failed} failed"
    if not conditions:
        return parts
    return f"{parts}; {reached} of {counted(conditions, 'condition')} were seen both true and false"
