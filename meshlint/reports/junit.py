"""JUnit XML: a suite for each rule that met something, a case for each finding.

In: a report. Out: XML. A finding is a failure of whatever severity, which stands in its `type`; what is suppressed or
undecided is skipped with its reason; a rule that judged and found nothing is one passing case. No times are written,
so that the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from meshlint.findings.finding import Subject
from meshlint.findings.report import Report
from meshlint.policy.rule import title_of
from meshlint.reports.formats import Setting
from meshlint.reports.frame import clean
from meshlint.reports.text import justification, one_line

Plain = dict[str, Any]
Case = tuple[str, str, str]  # its name, and the element that says what became of it, with the text in it


def render(report: Report, setting: Setting) -> str:
    """Return the report as JUnit XML."""
    cases = _cases(report)
    names = {rule.id: rule.name for rule in setting.catalogue.rules}
    suites = [_suite(title_of(rule, names.get(rule, rule)), rows) for rule, rows in sorted(cases.items())]
    rows = [case for found in cases.values() for case in found]
    head = f'<testsuites name="meshlint" {_counts(rows)}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _cases(report: Report) -> dict[str, list[Case]]:
    """Return the cases of every rule that met something."""
    cases: dict[str, list[Case]] = {}
    for finding in report.findings:
        cases.setdefault(finding["rule"], []).append((_name(finding), _failure(finding), "failure"))
    for finding in report.suppressed:
        told = finding["suppression"]
        text = f"suppressed by {told['kind']}: {justification(told)}"
        cases.setdefault(finding["rule"], []).append((_name(finding), _skipped(text), "skipped"))
    for item in report.undecided:
        text = f"undecided: the manifests do not say the {item['missing']}"
        cases.setdefault(item["rule"], []).append((_object(item), _skipped(text), "skipped"))
    for rule, counts in report.judged.items():
        number = sum(counts.values())
        if number and rule not in cases:
            cases[rule] = [(f"no finding in {number} judgement{'s' if number > 1 else ''}", "", "")]
    return cases


def _suite(name: str, cases: Sequence[Case]) -> str:
    lines = [f"<testsuite name={_quoted(name)} {_counts(cases)}>"]
    for case, inside, _ in cases:
        head = f"<testcase name={_quoted(case)} classname={_quoted(f'meshlint.{name.partition(chr(32))[0]}')}"
        lines.append(f"  {head}>{inside}</testcase>" if inside else f"  {head}/>")
    return "\n".join([*lines, "</testsuite>"])


def _counts(cases: Sequence[Case]) -> str:
    failures = sum(1 for case in cases if case[2] == "failure")
    skipped = sum(1 for case in cases if case[2] == "skipped")
    return f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'


def _name(finding: Plain) -> str:
    place = finding["location"]
    return f"{place['path']}:{place['start']['line']}:{place['start']['column']} {_object(finding)}"


def _object(row: Plain) -> str:
    return Subject(**row["resource"]).text


def _failure(finding: Plain) -> str:
    text = f"{one_line(finding)}\nhelp: {clean(finding['help'])}"
    head = f"message={_quoted(finding['message'])} type={_quoted(finding['severity'])}"
    return f"<failure {head}>{escape(text)}</failure>"


def _skipped(text: str) -> str:
    return f"<skipped message={_quoted(text)}/>"


def _quoted(text: str) -> str:
    return quoteattr(clean(text))
