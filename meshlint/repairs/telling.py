"""What `meshlint fix` says: what was fixed, which values to look at, what is left and why.

In: an outcome and the files that it changes. Out: lines of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.findings.finding import Finding
from meshlint.findings.notes import notes_of
from meshlint.fixes.diffs import unified
from meshlint.fixes.texts import decoded
from meshlint.policy.rule import title_of
from meshlint.repairs.planning import Review, key_of
from meshlint.repairs.rounds import Outcome
from meshlint.repairs.runs import FileChange
from meshlint.reports.frame import counted
from meshlint.sources.source import read
from meshlint.syntax.locate import locate

_UNPARSABLE = "HYG001"


def told(outcome: Outcome, files: Sequence[FileChange], *, writes: bool) -> Iterator[str]:
    """Yield the notes on what no rule saw, and the lines of the summary."""
    yield from (f"note: {note}" for note in notes_of(outcome.last.judged.unjudged, ()))
    for file in files:
        done = ("created", "would create") if file.before is None else ("changed", "would change")
        yield f"{done[0] if writes else done[1]} {file.path}"
    for place, text in reviewed(outcome):
        yield f"review {place}: {text}"
    for left in outcome.left:
        yield _left(left.finding, left.because)
    for finding in unreadable(outcome):
        yield _left(finding, finding.message)
    yield _summary(outcome, files, writes=writes)


def unreadable(outcome: Outcome) -> list[Finding]:
    """Return the findings on texts that no parser reads as they were meant: what stands there is not judged."""
    return [f for f in outcome.without if f.rule == _UNPARSABLE and f.severity == "error"]


def _left(finding: Finding, because: str) -> str:
    at = finding.location
    where = f"{at.path}:{at.start.line}:{at.start.column}"
    return f"left {where}: {finding.severity}[{title_of(finding.rule, finding.name)}] no fix here because {because}"


def diffs_of(files: Sequence[FileChange]) -> Iterator[str]:
    """Yield what would change, file by file."""
    for file in files:
        before = None if file.before is None else decoded(file.before).text
        yield unified(file.path, before, decoded(file.after).text)


def _summary(outcome: Outcome, files: Sequence[FileChange], *, writes: bool) -> str:
    still = {key_of(finding) for finding in outcome.last.judged.findings}
    gone = [finding for finding in outcome.first.judged.findings if key_of(finding) not in still]
    verb = "fixed" if writes else "would fix"
    parts = [f"{verb} {counted(len(gone), 'finding')} in {counted(len(files), 'file')}"]
    if outcome.waiting:
        have = "has" if len(outcome.waiting) == 1 else "have"
        parts.append(f"{len(outcome.waiting)} {have} an unsafe fix (--unsafe)")
    unread = len(unreadable(outcome))
    if left := len(outcome.left) + unread:
        parts.append(f"{left} cannot be fixed here")
    if without := len(outcome.without) - unread:
        parts.append(f"{without} of rules without a fix")
    return "; ".join(parts)


def reviewed(outcome: Outcome) -> list[tuple[str, str]]:
    """Return what a person has to look at, each with path and line of the new value."""
    rows = []
    for review in outcome.reviews:
        rows.append((review.site.path, _line(outcome, review), review.text))
    return [(f"{path}:{line}", text) for path, line, text in dict.fromkeys(sorted(rows))]


def _line(outcome: Outcome, review: Review) -> int:
    source = outcome.after.source(review.site.path)
    if source is None:
        return 1
    pointer = review.pointer or "/spec"
    found = locate(read(source), review.site.document, [f"{pointer}#"])
    return found[f"{pointer}#"].start.line
