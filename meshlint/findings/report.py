"""Everything that a run says, as plain values that every format prints and the cache keeps.

In: findings and counts. Out: `Report`. Its members have the form of version 1 of the JSON report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from meshlint.findings.finding import SEVERITIES, Finding, Unsettled, plain_location
from meshlint.findings.fingerprints import trace_of
from meshlint.findings.notes import Unjudged
from meshlint.findings.suppressions.suppressions import Suppression
from meshlint.policy.judgement import Failure
from meshlint.records import NamedTuple

Plain = dict[str, Any]


class Report(NamedTuple):
    """Hold what is reported; `notes` say what was not judged and how to change that.

    `judged` counts the judgements that were reached, by rule id and namespace, rules without any included; `unjudged`
    lists the files that no rule saw, grouped by what would change that. Both are for reports that weigh a run.
    """

    summary: Plain
    findings: list[Plain]
    suppressed: list[Plain]
    undecided: list[Plain]
    notes: list[str]
    judged: dict[str, dict[str, int]]
    unjudged: list[Plain]
    failures: list[Failure]  # rules that failed and judged nothing further
    traces: list[str]  # of each finding: what names it whatever file it stands in

    def fails(self, fail_on: str, fail_on_undecided: Sequence[str] | None) -> bool:
        """Tell whether the run ends with findings: at or above a severity, or undecided where that was asked for."""
        if fail_on != "never":
            gravest = SEVERITIES[SEVERITIES.index(fail_on) :]
            if any(self.summary["findings"][severity] for severity in gravest):
                return True
        if fail_on_undecided is None:
            return False
        return any(not fail_on_undecided or item["rule"] in fail_on_undecided for item in self.undecided)


class Counts(NamedTuple):
    """Hold how much was read."""

    files: int
    documents: int
    resources: int


def make_report(
    counts: Counts,
    findings: Sequence[Finding],
    suppressed: Sequence[tuple[Finding, Suppression]],
    undecided: Sequence[Unsettled],
    notes: Iterable[str],
    judged: dict[str, dict[str, int]],
    unjudged: Iterable[Unjudged],
    failures: Iterable[Failure] = (),
) -> Report:
    """Put a report together."""
    summary = {
        "files": counts.files,
        "documents": counts.documents,
        "resources": counts.resources,
        "findings": by_severity(finding.severity for finding in findings),
        "suppressed": len(suppressed),
        "undecided": len(undecided),
    }
    return Report(
        summary,
        [finding.plain() for finding in findings],
        [_suppressed(finding, suppression) for finding, suppression in suppressed],
        [item.plain() for item in undecided],
        list(notes),
        judged,
        [item._asdict() for item in unjudged],
        list(failures),
        [trace_of(finding) for finding in findings],
    )


def by_severity(severities: Iterable[str]) -> dict[str, int]:
    """Count findings, the gravest first."""
    counts = dict.fromkeys(reversed(SEVERITIES), 0)
    for severity in severities:
        counts[severity] += 1
    return counts


def _suppressed(finding: Finding, suppression: Suppression) -> Plain:
    return finding.plain() | {
        "suppression": {
            "kind": suppression.kind,
            "reason": suppression.reason,
            "owner": suppression.owner,
            "expires": suppression.expires or None,
            "ticket": suppression.ticket,
            "location": plain_location(suppression.location),
        }
    }
