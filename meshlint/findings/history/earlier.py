"""What a change brings: the findings of a run without those that an earlier revision had.

In: the report of now, that of then. Out: the report of the change. A finding is known by its fingerprint; when what it
points to was moved, by everything else that names it. Whatever is uncovered by a deletion was not there before, and
stays.
"""

from __future__ import annotations

from collections.abc import Callable

from meshlint.findings.finding import Subject, Unsettled
from meshlint.findings.history.recognising import Said, recognised
from meshlint.findings.notes import notes_on_undecided
from meshlint.findings.report import Plain, Report, by_severity
from meshlint.records import NamedTuple


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
    notes = _notes(report, undecided)
    return report._replace(summary=summary, findings=findings, traces=traces, undecided=undecided, notes=notes)


def _notes(report: Report, undecided: list[Plain]) -> list[str]:
    """Return the notes, of which those on undecided judgements speak of what is left."""
    told = dict.fromkeys(notes_on_undecided(_unsettled(report.undecided)))
    first = next((index for index, note in enumerate(report.notes) if note in told), len(report.notes))
    before, after = report.notes[:first], report.notes[first:]
    return [*before, *notes_on_undecided(_unsettled(undecided)), *(note for note in after if note not in told)]


def _unsettled(rows: list[Plain]) -> list[Unsettled]:
    return [Unsettled(item["rule"], Subject(**item["resource"]), item["missing"], item["path"]) for item in rows]


def _row(item: Plain) -> list[str]:
    return [item["rule"], item["missing"], *item["resource"].values()]
