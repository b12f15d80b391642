"""What a change brings: the findings of a run without those that an earlier revision had.

In: the report of now, that of then. Out: the report of the change. A finding is known by its fingerprint; when what it
points to was moved, by everything else that names it. Whatever is uncovered by a deletion was not there before, and
stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from meshlint.findings.history.recognising import Said, recognised
from meshlint.findings.report import Plain, Report, by_severity


class Earlier(NamedTuple):
    """Hold what an earlier revision said, as plain values."""

    fingerprints: list[str]
    moved: list[list[str]]  # path and trace of each of them
    undecided: list[list[str]]


NOTHING = Earlier([], [], [])


def earlier_of(report: Report) -> Earlier:
    """Keep of a report what later findings are compared with."""
    return Earlier(
        [finding["fingerprint"] for finding in report.findings],
        [[f["location"]["path"], trace] for f, trace in zip(report.findings, report.traces, strict=True)],
        [_row(item) for item in report.undecided],
    )


def without_earlier(report: Report, earlier: Earlier, has_moved: Callable[[str, Plain], bool]) -> Report:
    """Leave out what was said before; `has_moved` tells whether the place of a finding left a file of then.

    The summary counts what was left out under `earlier`.
    """
    said = (Said(name, path, trace) for name, (path, trace) in zip(earlier.fingerprints, earlier.moved, strict=True))
    known = recognised(said, report.findings, report.traces, has_moved)
    rows = zip(report.findings, report.traces, known, strict=True)
    kept = [(finding, trace) for finding, trace, number in rows if number < 0]
    before = {tuple(row) for row in earlier.undecided}
    undecided = [item for item in report.undecided if tuple(_row(item)) not in before]
    summary = report.summary | {
        "findings": by_severity(finding["severity"] for finding, _ in kept),
        "undecided": len(undecided),
        "earlier": len(report.findings) - len(kept),
    }
    findings, traces = [finding for finding, _ in kept], [trace for _, trace in kept]
    return report._replace(summary=summary, findings=findings, traces=traces, undecided=undecided)


def _row(item: Plain) -> list[str]:
    return [item["rule"], item["missing"], *item["resource"].values()]
