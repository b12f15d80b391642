"""What a change brings: the findings of a run without those that an earlier revision had.

In: the report of now, that of then. Out: the report of the change. A finding is known by its fingerprint; when its
file was moved, by everything else that names it. Whatever is uncovered by a deletion was not there before, and stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from meshlint.findings.report import Plain, Report, by_severity


class Earlier(NamedTuple):
    """Hold what an earlier revision said, as plain values."""

    fingerprints: list[str]
    moved: list[list[str]]  # path and trace of each finding
    undecided: list[list[str]]


NOTHING = Earlier([], [], [])


def earlier_of(report: Report) -> Earlier:
    """Keep of a report what later findings are compared with."""
    return Earlier(
        [finding["fingerprint"] for finding in report.findings],
        [[f["location"]["path"], trace] for f, trace in zip(report.findings, report.traces, strict=True)],
        [_row(item) for item in report.undecided],
    )


def without_earlier(report: Report, earlier: Earlier, is_there: Callable[[str], bool]) -> Report:
    """Leave out what was said before; `is_there` tells whether a path of then still exists.

    The summary counts what was left out under `earlier`.
    """
    known = frozenset(earlier.fingerprints)
    gone = {path for path, _ in earlier.moved if not is_there(path)}
    moved = Counter(trace for path, trace in earlier.moved if path in gone)
    kept: list[tuple[Plain, str]] = []
    for finding, trace in zip(report.findings, report.traces, strict=True):
        if finding["fingerprint"] in known:
            continue
        if moved[trace] > 0:
            moved[trace] -= 1
            continue
        kept.append((finding, trace))
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
