"""The report that programs read: JSON, version 1, stable, additions only.

In: a report. Out: text, sorted and byte-identical for the same input.
"""

from __future__ import annotations

from meshlint import __version__
from meshlint.findings.report import Report
from meshlint.reports.formats import Setting


def render(report: Report, _setting: Setting) -> str:
    """Return the report as JSON."""
    import json

    document = {
        "version": 1,
        "tool": {"name": "meshlint", "version": __version__},
        "summary": report.summary,
        "findings": report.findings,
        "suppressed": report.suppressed,
        "undecided": report.undecided,
        "notes": report.notes,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
