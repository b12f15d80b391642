"""Annotations of GitHub Actions: one workflow command a finding, written to the log of a step.

In: a report. Out: `::error file=…::message` lines. GitHub shows ten annotations of each level for a step; the gravest
come first, all stand in the log, and the last line says how many are not shown. Columns are given only within one
line, as GitHub takes them.
"""

from __future__ import annotations

from typing import Any

from meshlint.findings.finding import SEVERITIES
from meshlint.findings.report import Report
from meshlint.policy.rule import title_of
from meshlint.reports.formats import Setting
from meshlint.reports.frame import clean
from meshlint.reports.text import summary_line

SHOWN_OF_A_LEVEL = 10
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report, _setting: Setting) -> str:
    """Return the findings as workflow commands, and the summary line."""
    ordered = sorted(report.findings, key=lambda finding: -SEVERITIES.index(finding["severity"]))
    lines = [_command(finding) for finding in ordered]
    counts = report.summary["findings"]
    hidden = sum(max(0, counts[severity] - SHOWN_OF_A_LEVEL) for severity in SEVERITIES)
    if hidden:
        lines.append(f"GitHub shows {SHOWN_OF_A_LEVEL} annotations of each level; {hidden} more stand in this log")
    return "\n".join([*lines, f"meshlint: {summary_line(report)}"]) + "\n"


def _command(finding: dict[str, Any]) -> str:
    place = finding["location"]
    start, end = place["start"], place["end"]
    properties = {"file": place["path"], "line": start["line"], "endLine": max(start["line"], end["line"])}
    if start["line"] == end["line"]:
        properties |= {"col": start["column"], "endColumn": max(start["column"], end["column"])}
    properties["title"] = title_of(finding["rule"], finding["name"])
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding['severity']]} {shown}::{_data(finding['message'] + chr(10) + finding['help'])}"


def _data(text: str) -> str:
    return clean(text.translate(_DATA))


def _property(text: str) -> str:
    return clean(text.translate(_PROPERTY))
