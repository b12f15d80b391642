"""Results as JUnit XML: a suite for each rule, a case for each example, fixture and claim.

In: results. Out: XML. What no case of a rule reaches is one more case of it, `branches`: skipped, or a failure where
that was asked for. No times are written, so that the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from meshlint.reports.frame import clean, framed
from meshlint.testing.results import Outcome, Results, RuleResult
from meshlint.testing.text import sentence, sparse

_Case = tuple[str, str, str]  # its name, what became of it, and the element that says so


def render(results: Results) -> str:
    """Return the whole report."""
    suites: dict[str, list[_Case]] = {}
    names = results.names
    for outcome in results.outcomes:
        suites.setdefault(names.get(outcome.rule, "meshlint"), []).append(_case(outcome))
    for rule in results.rules:
        if rule.conditions:
            suites.setdefault(rule.name, []).append(_branches(rule, results.require_branches))
    cases = [case for rows in suites.values() for case in rows]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="meshlint test" {_counts(cases)}>']
    for name, rows in suites.items():
        lines += _suite(name, rows)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(name: str, cases: Sequence[_Case]) -> list[str]:
    lines = [f"<testsuite name={_quoted(name)} {_counts(cases)}>"]
    for case, _, inside in cases:
        head = f"<testcase name={_quoted(case)} classname={_quoted(name)}"
        lines.append(f"  {head}>{inside}</testcase>" if inside else f"  {head}/>")
    return [*lines, "</testsuite>"]


def _case(outcome: Outcome) -> _Case:
    if not outcome.problems:
        return outcome.name, "", ""
    frames = []
    for problem in outcome.problems:
        excerpt = sparse(problem.location, problem.excerpt)
        frames += framed("error", f"error: {problem.message}", problem.location, excerpt, problem.notes, False)
    first = outcome.problems[0]
    head = f"message={_quoted(first.message)} type={_quoted(first.kind)}"
    return outcome.name, "failure", f"<failure {head}>{escape(_text(frames))}</failure>"


def _branches(rule: RuleResult, required: bool) -> _Case:
    if not rule.unreached:
        return "branches", "", ""
    rows = [
        f"{row.location['path']}:{row.location['start']['line']}:{row.location['start']['column']}: "
        f"{row.part}: {sentence(row)}"
        for row in rule.unreached
    ]
    told = f"{rule.reached} of {rule.conditions} conditions were seen both true and false"
    if not required:
        return "branches", "skipped", f"<skipped message={_quoted(told)}/>"
    return "branches", "failure", f'<failure message={_quoted(told)} type="unreached">{escape(_text(rows))}</failure>'


def _text(lines: Sequence[str]) -> str:
    return "\n".join(clean(line) for line in lines)


def _counts(cases: Sequence[_Case]) -> str:
    failures = sum(1 for case in cases if case[1] == "failure")
    skipped = sum(1 for case in cases if case[1] == "skipped")
    return f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'


def _quoted(text: str) -> str:
    return quoteattr(clean(text))
