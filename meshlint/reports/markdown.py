"""Markdown for the summary of a job: what was found, what was judged, and what was not.

In: a report. Out: Markdown of at most 1 MiB, the size that GitHub takes for one step; what does not
fit is counted. Whatever a manifest says is text here: no name can become a link, a heading or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.findings.finding import SEVERITIES, Subject
from meshlint.findings.notes import assume_line
from meshlint.findings.report import Report
from meshlint.policy.rule import title_of
from meshlint.reports.formats import Setting
from meshlint.reports.frame import clean, counted

Plain = dict[str, Any]

MOST_BYTES = 1 << 20
_RESERVE = 4096  # for the line that says what was left out, and the ends of sections
_SHOWN_OBJECTS = 5
_ESCAPES = {char: f"\\{char}" for char in "\\`*_[]{}#!~$"} | {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "@": "&#64;", ":": "&#58;",
}  # fmt: skip
_TABLE = str.maketrans(_ESCAPES)
_CODE = re.compile(r"\\`(.+?)\\`")


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, in a table as well; `:` and `@` would make links and mentions."""
    return clean(text).translate(_TABLE)


def prose(text: str) -> str:
    """Return escaped text with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escaped(text))


def render(report: Report, _setting: Setting) -> str:
    """Return the summary."""
    out: list[str] = []
    size = left_out = 0
    for line in _lines(report):
        size += len(line.encode("utf-8", "backslashreplace")) + 1
        if size > MOST_BYTES - _RESERVE:
            left_out += 1
        else:
            out.append(line)
    if left_out:
        out += ["", f"{counted(left_out, 'line')} left out: a job summary takes 1 MiB. The other formats say all."]
    return "\n".join(out) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "# meshlint"
    yield ""
    yield from _counts(report)
    yield from _judged(report)
    for severity in reversed(SEVERITIES):
        yield from _findings(severity, [item for item in report.findings if item["severity"] == severity])
    yield from _undecided(report.undecided)
    yield from _unjudged(report.unjudged)
    yield from _suppressed(report.suppressed)


def _counts(report: Report) -> Iterator[str]:
    found, summary = report.summary["findings"], report.summary
    names = ["errors", "warnings", "info", "suppressed", "undecided"]
    row = [found["error"], found["warning"], found["info"], summary["suppressed"], summary["undecided"]]
    if "earlier" in summary:
        names.append("there before")
        row.append(summary["earlier"])
    yield f"| {' | '.join(names)} |"
    yield f"|{' --: |' * len(names)}"
    yield f"| {' | '.join(map(str, row))} |"


def _judged(report: Report) -> Iterator[str]:
    rules = sum(1 for counts in report.judged.values() if counts)
    reached = sum(sum(counts.values()) for counts in report.judged.values())
    unseen = sum(len(item["paths"]) for item in report.unjudged)
    read = f"{counted(report.summary['resources'], 'object')} in {counted(report.summary['files'], 'file')}"
    yield ""
    yield (
        f"**Judged:** {read} by {counted(len(report.judged), 'rule')}, {rules} of which met something, "
        f"in {counted(reached, 'judgement')}."
    )
    yield ""
    opened = "the change leaves open" if "earlier" in report.summary else "the manifests leave open"
    yield (
        f"**Not judged:** {counted(len(report.undecided), 'judgement')} that {opened}, "
        f"{counted(unseen, 'file')} that no rule saw."
    )


def _findings(severity: str, findings: Sequence[Plain]) -> Iterator[str]:
    if not findings:
        return
    yield from _heading({"error": "Errors", "warning": "Warnings", "info": "Info"}[severity], len(findings))
    yield "| rule | place | finding |"
    yield "| --- | --- | --- |"
    for item in findings:
        rule = escaped(title_of(item["rule"], item["name"])).replace(" ", "<br>", 1)
        yield f"| {rule} | {_place(item)} | {prose(item['message'])}<br>*{prose(item['help'])}* |"


def _heading(title: str, number: int) -> Iterator[str]:
    yield ""
    yield f"## {title} ({number})"
    yield ""


def _place(item: Plain) -> str:
    place = item["location"]
    return escaped(f"{place['path']}:{place['start']['line']}")


def _undecided(undecided: Sequence[Plain]) -> Iterator[str]:
    if not undecided:
        return
    groups: dict[str, list[Plain]] = {}
    for item in undecided:
        groups.setdefault(item["missing"], []).append(item)
    yield from _heading("Undecided", len(undecided))
    yield "| the manifests do not say the | rules | objects | `.meshlint.yaml` can settle it |"
    yield "| --- | --- | --- | --- |"
    for missing, items in sorted(groups.items(), key=lambda row: (-len(row[1]), row[0])):
        rules = ", ".join(sorted({item["rule"] for item in items}))
        objects = list(dict.fromkeys(Subject(**item["resource"]).text for item in items))
        shown = ", ".join(objects[:_SHOWN_OBJECTS])
        more = f" and {len(objects) - _SHOWN_OBJECTS} more" if len(objects) > _SHOWN_OBJECTS else ""
        line = assume_line(missing)
        remedy = f"for example <code>{escaped(line)}</code>" if line else ""
        yield f"| {escaped(missing)} | {rules} | {escaped(shown + more)} | {remedy} |"


def _unjudged(rows: Sequence[Plain]) -> Iterator[str]:
    if not rows:
        return
    yield from _heading("Seen by no rule", sum(len(row["paths"]) for row in rows))
    for row in rows:
        remedy = f"; {prose(row['remedy'])}" if row["remedy"] else ""
        yield f"- {prose(row['reason'])}{remedy}"
        yield from (f"  - {escaped(path)}" for path in row["paths"])


def _suppressed(findings: Sequence[Plain]) -> Iterator[str]:
    if not findings:
        return
    yield from _heading("Suppressed", len(findings))
    yield "| rule | place | finding | by | reason | owner | expires | ticket |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for item in findings:
        told = item["suppression"]
        ends, ticket = told["expires"] or "never", told.get("ticket") or ""
        words = (item["message"], told["kind"], told["reason"], told.get("owner") or "", ends, ticket)
        yield f"| {item['rule']} | {_place(item)} | {' | '.join(escaped(word) for word in words)} |"
