"""SARIF of the open findings alone, for uploads to GitHub.

In: a report. Out: JSON. GitHub does not read `suppressions` and would open an alert for every excepted finding.
"""

from __future__ import annotations

from meshlint.findings.report import Report
from meshlint.reports.formats import Setting
from meshlint.reports.sarif import written


def render(report: Report, setting: Setting) -> str:
    """Return the report as SARIF without suppressed findings."""
    return written(report, setting, ())
