"""The report that people read: framed on a terminal, one line a finding in a pipe.

In: a report, a way to read source lines. Out: text for standard output. The summary line counts what was suppressed
and undecided as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meshlint.findings.report import Report
from meshlint.policy.rule import title_of
from meshlint.reports.formats import Setting
from meshlint.reports.frame import clean, counted, framed

Lines = Callable[[str], Sequence[str]]
_FRAMEWORKS = {"nist-800-53r5": "NIST 800-53r5", "nist-800-204": "NIST SP 800-204"}
_RELATED_SHOWN = 5
_KINDS = {
    "comment": "by comments",
    "annotation": "by annotations",
    "config": "by the configuration",
    "baseline": "in the baseline",
}


def one_line(finding: Mapping[str, Any]) -> str:
    """Return a finding as `path:line:column: severity[ID name] message`."""
    location = finding["location"]
    start = location["start"]
    where = f"{clean(location['path'])}:{start['line']}:{start['column']}"
    return f"{where}: {finding['severity']}[{title_of(finding['rule'], finding['name'])}] {clean(finding['message'])}"


def render(report: Report, setting: Setting) -> str:
    """Return the whole report with its summary line."""
    out: list[str] = []
    for finding in report.findings:
        if setting.is_terminal:
            out += [*_frame(finding, setting.lines_of, setting.coloured), ""]
        else:
            out.append(one_line(finding))
    if setting.shows_suppressed:
        out += [suppressed_line(finding) for finding in report.suppressed]
    out.append(summary_line(report))
    return "\n".join(out) + "\n"


def suppressed_line(finding: Mapping[str, Any]) -> str:
    """Return a suppressed finding in one line, with what suppresses it and where that stands."""
    told = finding["suppression"]
    place = told.get("location")
    where = f" at {place['path']}:{place['start']['line']}" if place else ""
    line = one_line({**finding, "severity": "suppressed"})
    return f"{line} ({told['kind']}{clean(where)}: {clean(justification(told))})"


def justification(told: Mapping[str, Any]) -> str:
    """Return why something is suppressed, who answers for it, until when, and where it is followed up."""
    words = [told["reason"] or "no reason is given"]
    words += [f"owner {told['owner']}"] if told.get("owner") else []
    words += [f"until {told['expires']}"] if told["expires"] else []
    words += [f"ticket {told['ticket']}"] if told.get("ticket") else []
    return "; ".join(words)


def _frame(finding: Mapping[str, Any], lines_of: Lines, coloured: bool) -> list[str]:
    title = f"{finding['severity']}[{title_of(finding['rule'], finding['name'])}]: {finding['message']}"
    location = finding["location"]
    notes = [("help", finding["help"]), ("controls", _controls(finding["controls"]))]
    for item in finding["related"][:_RELATED_SHOWN]:
        place = item["location"]
        notes.append(("see", f"{place['path']}:{place['start']['line']} {item['message']}"))
    if len(finding["related"]) > _RELATED_SHOWN:
        notes.append(("see", f"{len(finding['related']) - _RELATED_SHOWN} further places in the JSON report"))
    return framed(finding["severity"], title, location, lines_of(location["path"]), notes, coloured)


def _controls(controls: Mapping[str, Sequence[str]]) -> str:
    shown = [f"{name} {', '.join(controls[key])}" for key, name in _FRAMEWORKS.items() if controls.get(key)]
    if not shown and controls:
        key = next(iter(controls))
        shown = [f"{key} {', '.join(controls[key])}"]
    return "; ".join(shown[:1])


def summary_line(report: Report) -> str:
    """Return the counts of a run in one sentence."""
    counts, summary = report.summary["findings"], report.summary
    parts = [
        counted(counts["error"], "error"),
        counted(counts["warning"], "warning"),
        f"{counts['info']} info",
        f"{summary['suppressed']} suppressed{_by_kind(report)}",
        f"{summary['undecided']} undecided",
    ]
    if "earlier" in summary:
        parts.append(f"{summary['earlier']} there before")
    read = f"{counted(summary['files'], 'file')}, {counted(summary['resources'], 'object')}"
    return f"{', '.join(parts)} in {read}"


def _by_kind(report: Report) -> str:
    """Say what suppresses how many findings."""
    kinds = Counter(finding["suppression"]["kind"] for finding in report.suppressed)
    told = [f"{kinds[kind]} {words}" for kind, words in _KINDS.items() if kinds[kind]]
    return f" ({', '.join(told)})" if told else ""
