"""SARIF 2.1.0 as code scanning reads it.

In: a report and the catalogue. Out: JSON, one line a member. Limits are those that GitHub documents for uploads; what
does not fit is left out from the least grave on, and the notifications of the run say so. Suppressed findings carry
`suppressions`, as the standard wants; `sarif-open` leaves them out, because GitHub opens alerts for them.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from meshlint import __version__
from meshlint.findings.finding import SEVERITIES
from meshlint.findings.report import Report
from meshlint.reports.formats import Setting
from meshlint.reports.frame import clean, counted
from meshlint.reports.manual import Entry, control_lines, entries, example_text, exception_comment, fenced
from meshlint.reports.text import justification

Plain = dict[str, Any]

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEM = {"error": "error", "warning": "warning", "info": "recommendation"}
MOST_RESULTS = 25_000
SHOWN_RESULTS = 5_000
MOST_TAGS = 10
MOST_LOCATIONS = 100
MOST_BYTES = 10_000_000
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://meshlint.dev"


def render(report: Report, setting: Setting) -> str:
    """Return the report as SARIF, suppressed findings included."""
    return written(report, setting, report.suppressed)


def written(report: Report, setting: Setting, suppressed: Sequence[Plain]) -> str:
    """Return the report as SARIF with the given suppressed findings, cut to what may be uploaded."""
    everything = [*report.findings, *suppressed]
    room = MOST_RESULTS
    while True:
        kept = _gravest(everything, room)
        text = _document(report, setting, kept, len(everything))
        if not kept or not _is_too_large(text):
            return text
        room = len(kept) * 3 // 4


def _is_too_large(text: str) -> bool:
    data = text.encode("utf-8", "backslashreplace")
    return len(data) > MOST_BYTES and len(zlib.compress(data, 6)) > MOST_BYTES


def _gravest(findings: Sequence[Plain], most: int) -> list[Plain]:
    """Return at most so many findings in their order: open ones before suppressed, grave ones before others."""
    if len(findings) <= most:
        return list(findings)
    ranked = sorted(
        range(len(findings)),
        key=lambda at: ("suppression" in findings[at], -SEVERITIES.index(findings[at]["severity"]), at),
    )
    return [findings[at] for at in sorted(ranked[:most])]


def _document(report: Report, setting: Setting, findings: Sequence[Plain], total: int) -> str:
    ids = {*report.judged, *(item["rule"] for item in findings), *(item["rule"] for item in report.undecided)}
    rules = entries(setting.catalogue, ids)
    index = {entry.rule.id: position for position, entry in enumerate(rules)}
    driver = {
        "name": "meshlint",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": [_rule(entry, setting) for entry in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, index, findings, total)}
        ],
        "results": [_result(finding, index) for finding in findings],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _rule(entry: Entry, setting: Setting) -> Plain:
    rule, told = entry
    properties: Plain = {
        "precision": rule.confidence,
        "problem.severity": _PROBLEM[rule.severity],
        "tags": _tags(entry),
    }
    if entry.security_severity:
        properties["security-severity"] = entry.security_severity
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": told.why.strip()},
        "help": {"text": _help_text(entry, setting), "markdown": _help_markdown(entry, setting)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": properties,
    }


def _tags(entry: Entry) -> list[str]:
    tags = ["security"] if entry.security_severity else []
    tags += [entry.rule.family, *(f"{name}/{id_}" for name, ids in entry.rule.controls.items() for id_ in ids)]
    return tags[:MOST_TAGS]


def _help_text(entry: Entry, setting: Setting) -> str:
    rule, told = entry
    lines = [told.why.strip(), "", f"To mend it: {entry.help}"]
    controls = [f"- {line}" for line in control_lines(rule.controls, setting.catalogue)]
    lines += ["", "Controls:", *controls] if controls else []
    return "\n".join([*lines, "", f"To except a place: {exception_comment(rule.id)}"])


def _help_markdown(entry: Entry, setting: Setting) -> str:
    rule, told = entry
    parts = [told.why.strip(), f"**To mend it:** {entry.help}"]
    parts += [f"**Bad**\n\n{fenced(example_text(example))}" for example in told.bad[:1]]
    parts += [f"**Good**\n\n{fenced(example_text(example))}" for example in told.good[:1]]
    controls = control_lines(rule.controls, setting.catalogue)
    if controls:
        parts.append("**Controls**\n\n" + "\n".join(f"- {line}" for line in controls))
    parts.append(f"**To except a place**\n\n{fenced(exception_comment(rule.id))}")
    return "\n\n".join(parts)


def _result(finding: Plain, index: Mapping[str, int]) -> Plain:
    result: Plain = {
        "ruleId": finding["rule"],
        "ruleIndex": index[finding["rule"]],
        "level": LEVELS[finding["severity"]],
        "message": {"text": _message(f"{finding['message']}. {finding['help']}")},
        "locations": [_location(finding["location"])],
        "partialFingerprints": {"primaryLocationLineHash": f"{finding['fingerprint']}:1"},
    }
    related = [
        {"id": number, **_location(item["location"]), "message": {"text": _message(item["message"])}}
        for number, item in enumerate(finding["related"][:MOST_LOCATIONS], 1)
    ]
    if related:
        result["relatedLocations"] = related
    if "suppression" in finding:
        result["suppressions"] = [_suppression(finding["suppression"])]
    return result


def _suppression(told: Plain) -> Plain:
    kind = "inSource" if told["kind"] in ("comment", "annotation") else "external"
    place = {"location": _location(told["location"])} if told.get("location") else {}
    return {"kind": kind, "status": "accepted", "justification": clean(justification(told)), **place}


def _message(text: str) -> str:
    """Return plain text that no viewer takes for a link of SARIF, `[text](target)`."""
    shown = clean(text)
    return shown.replace("[", "\\[").replace("]", "\\]") if "](" in shown else shown


def _location(place: Plain) -> Plain:
    start, end = place["start"], place["end"]
    first, last = (start["line"], start["column"]), (end["line"], end["column"])
    last = max(first, last)
    region = {"startLine": first[0], "startColumn": first[1], "endLine": last[0], "endColumn": last[1]}
    return {"physicalLocation": {"artifactLocation": artifact(place["path"]), "region": region}}


def artifact(path: str) -> Plain:
    """Return a path as a URI: below the root relative to it, elsewhere as it is."""
    quoted = quote(path, safe="/", errors="surrogateescape")
    if os.path.isabs(path):
        return {"uri": f"file://{quoted}"}
    return {"uri": quoted, "uriBaseId": "%SRCROOT%"}


def _notifications(report: Report, index: Mapping[str, int], findings: Sequence[Plain], total: int) -> list[Plain]:
    told = [_notification("note", clean(note)) for note in report.notes if " undecided (" not in note]
    groups: dict[tuple[str, str], int] = {}
    for item in report.undecided:
        key = item["rule"], item["missing"]
        groups[key] = groups.get(key, 0) + 1
    for (rule, missing), count in groups.items():
        text = f"{rule} is undecided for {counted(count, 'object')}: the manifests do not say the {clean(missing)}"
        told.append(_notification("note", text) | {"associatedRule": {"id": rule, "index": index[rule]}})
    if len(findings) < total:
        left = (
            f"{total - len(findings)} of {total} results are left out, the least grave first: the limits of an upload"
        )
        told.insert(0, _notification("warning", left))
    if len(findings) > SHOWN_RESULTS:
        shown = f"code scanning shows {SHOWN_RESULTS} of {len(findings)} results, by severity"
        told.insert(0, _notification("warning", shown))
    return told


def _notification(level: str, text: str) -> Plain:
    return {"level": level, "message": {"text": text}}
