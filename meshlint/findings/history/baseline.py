"""The baseline: findings that were there when a team adopted the linter, by name and never by line.

In: a report, the entries of a baseline, what the run looked at. Out: the report with known findings suppressed and a
note on entries that nothing is found for any more; the entries of the next baseline. It reads and writes no file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from meshlint.findings.finding import Subject
from meshlint.findings.history.recognising import Ground, Said, recognised
from meshlint.findings.report import Plain, Report, by_severity
from meshlint.records import NamedTuple
from meshlint.sources.walk import SUFFIXES

_UNPARSABLE = "unparsable-document"


class Entry(NamedTuple):
    """Hold one known finding: what people read in a review, and what it is known by."""

    rule: str
    name: str
    path: str
    object: str
    message: str
    fingerprint: str
    trace: str

    @property
    def namespace(self) -> str:
        """Return the namespace that its object belongs to, or is."""
        kind, _, rest = self.object.partition(" ")
        return rest if kind == "Namespace" else rest.rpartition("/")[0]

    @property
    def order(self) -> tuple[str, ...]:
        """Return what entries are sorted by, so that a merge meets few neighbours."""
        return self.path, self.rule, self.object, self.message, self.fingerprint


class Baseline(NamedTuple):
    """Hold the entries of a file, and the operands of the run that they were found in, relative to the root."""

    shown: str  # the path of the file, as reports print it
    paths: tuple[str, ...]
    entries: tuple[Entry, ...]


class Scope(NamedTuple):
    """Say what a run looked at, because only there a finding can be missed."""

    paths: tuple[str, ...]  # the operands, relative to the root
    files: Collection[str]  # the paths of everything that was read
    judges: Callable[[str, str, str], bool]  # a rule holds in a file and for a namespace, or is no more
    root: str | None


class Compared(NamedTuple):
    """Hold how a report and a baseline agree."""

    known: list[int]  # of each finding: its entry, or -1
    gone: tuple[Entry, ...]  # found no more, or excepted otherwise
    covered: bool  # the run looked at all that the baseline was made of


def compare(report: Report, baseline: Baseline, scope: Scope) -> Compared:
    """Tell which findings are known, and which entries nothing is found for although the run would have seen it."""
    said = [Said(entry.fingerprint, entry.path, entry.trace) for entry in baseline.entries]
    ground = Ground(scope.root)
    known = recognised(said, report.findings, report.traces, ground.has_moved)
    met = {number for number in known if number >= 0}
    names = {baseline.entries[number].fingerprint for number in met}
    missed = [entry for entry in baseline.entries if entry.fingerprint not in names]
    covered = covers(scope.paths, baseline.paths)
    if not missed or not covered or report.failures or _lost_objects(report, known):
        return Compared(known, (), covered)
    sight = _Sight(report, scope, ground)
    return Compared(known, tuple(entry for entry in missed if sight.misses(entry)), covered)


def covers(now: Collection[str], then: Iterable[str]) -> bool:
    """Tell whether paths of one run hold all those of another."""
    return all(any(at in (path, ".") or path.startswith(f"{at}/") for at in now) for path in then)


def _lost_objects(report: Report, known: Sequence[int]) -> bool:
    """Tell whether a document is broken that was read when the baseline was made: what it held is not gone."""
    rows = zip(report.findings, known, strict=True)
    return any(finding["name"] == _UNPARSABLE and number < 0 for finding, number in rows)


class _Sight:
    """Tell whether a run would have found a fault again."""

    def __init__(self, report: Report, scope: Scope, ground: Ground) -> None:
        self._scope = scope
        self._ground = ground
        self._excepted = {finding["fingerprint"] for finding in report.suppressed}
        self._open = {(item["rule"], object_text(item["resource"])) for item in report.undecided}
        self._hidden = {item["message"] for finding in report.findings for item in finding["related"]}
        self._hidden |= {item["message"] for finding in report.suppressed for item in finding["related"]}
        self._unread = {path for item in report.unjudged for path in item["paths"]}

    def misses(self, entry: Entry) -> bool:
        if entry.fingerprint in self._excepted:
            return True
        if not self._scope.judges(entry.rule, entry.path, entry.namespace) or (entry.rule, entry.object) in self._open:
            return False
        if f"{entry.rule}: {entry.message}" in self._hidden or entry.path in self._unread:
            return False
        return self._was_read(entry.path)

    def _was_read(self, path: str) -> bool:
        """Tell whether a file was read as a whole, or is gone; what is no manifest is looked at whenever asked for."""
        if not self._ground.is_there(path) or not path.endswith(SUFFIXES):
            return True
        return path in self._scope.files and self._ground.is_legible(path)


def with_baseline(
    report: Report, baseline: Baseline, scope: Scope, is_mandatory: Callable[[Plain], bool], prune: str
) -> Report:
    """Suppress what the baseline knows, rules apart that nothing may take out; `prune` is what drops gone entries.

    The summary counts what the baseline took out under `baseline`, and under `suppressed` with everything else.
    """
    compared = compare(report, baseline, scope)
    kept: list[tuple[Plain, str]] = []
    taken: list[Plain] = []
    for finding, trace, number in zip(report.findings, report.traces, compared.known, strict=True):
        if number < 0 or is_mandatory(finding):
            kept.append((finding, trace))
        else:
            taken.append(finding | {"suppression": _suppression(baseline)})
    suppressed = [*report.suppressed, *taken]
    summary = report.summary | {
        "findings": by_severity(finding["severity"] for finding, _ in kept),
        "suppressed": len(suppressed),
        "baseline": len(taken),
    }
    return report._replace(
        summary=summary,
        findings=[finding for finding, _ in kept],
        traces=[trace for _, trace in kept],
        suppressed=suppressed,
        notes=[*report.notes, *_notes(baseline, compared, prune)],
    )


def _suppression(baseline: Baseline) -> Plain:
    return {
        "kind": "baseline",
        "reason": f"known to {baseline.shown}",
        "owner": "",
        "expires": None,
        "ticket": "",
        "location": None,
    }


def _notes(baseline: Baseline, compared: Compared, prune: str) -> list[str]:
    if not compared.gone:
        return []
    count = len(compared.gone)
    entries = "1 entry" if count == 1 else f"{count} entries"
    are = "is" if count == 1 else "are"
    by_rule = rules_text(entry.rule for entry in compared.gone)
    return [f"{entries} of {baseline.shown} {are} fixed or excepted otherwise ({by_rule}); drop with `{prune}`"]


def entries_of(report: Report, is_mandatory: Callable[[Plain], bool]) -> list[Entry]:
    """Return the entry of each finding, those of rules left out that nothing may take out."""
    rows = zip(report.findings, report.traces, strict=True)
    return [_entry(finding, trace) for finding, trace in rows if not is_mandatory(finding)]


def _entry(finding: Plain, trace: str) -> Entry:
    return Entry(
        finding["rule"], finding["name"], finding["location"]["path"], object_text(finding["resource"]),
        finding["message"], finding["fingerprint"], trace,
    )  # fmt: skip


def object_text(resource: Plain) -> str:
    """Return an object as messages name it."""
    return Subject(**resource).text


def rules_text(rules: Iterable[str]) -> str:
    """Return how often each rule occurs, as `MTL001 3, RES001 9`."""
    return ", ".join(f"{rule} {count}" for rule, count in sorted(Counter(rules).items()))
