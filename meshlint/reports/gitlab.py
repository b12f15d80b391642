"""Code Quality of GitLab: a JSON list of violations.

In: a report. Out: JSON. GitLab compares runs by `fingerprint`; suppressed findings are no violations and stay out.
"""

from __future__ import annotations

import json

from meshlint.findings.report import Report
from meshlint.policy.rule import title_of
from meshlint.reports.formats import Setting
from meshlint.reports.frame import clean

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report, _setting: Setting) -> str:
    """Return the findings as GitLab's artifact wants them."""
    rows = [
        {
            "description": clean(f"{finding['rule']}: {finding['message']}"),
            "check_name": title_of(finding["rule"], finding["name"]),
            "fingerprint": finding["fingerprint"],
            "severity": _SEVERITIES[finding["severity"]],
            "location": {
                "path": finding["location"]["path"].removeprefix("./"),
                "lines": {"begin": finding["location"]["start"]["line"]},
            },
        }
        for finding in report.findings
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
