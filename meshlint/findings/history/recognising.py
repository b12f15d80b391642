"""Tell which findings were said before, whatever lines and files they stand in now.

In: what was said then, the findings of now, the folder that paths are relative to. Out: which saying each finding is. A
finding is known by its fingerprint; where nothing has that any more, by its trace, when what it points to has moved.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from meshlint.findings.report import Plain
from meshlint.records import NamedTuple

Object = tuple[str, str, str, str]
"""Group, kind, namespace, name."""


class Said(NamedTuple):
    """Name a finding of then."""

    fingerprint: str
    path: str
    trace: str


_NOTHING = (-1, Said("", "", ""))


def recognised(
    said: Iterable[Said], findings: Sequence[Plain], traces: Sequence[str], has_moved: Callable[[str, Plain], bool]
) -> list[int]:
    """Return for each finding which of the sayings it is, -1 for a new one; a saying stands for one finding.

    `has_moved` tells whether what a finding points to no longer stands in a file of then.
    """
    rest = {item.fingerprint: (number, item) for number, item in enumerate(said)}
    found = [rest.pop(finding["fingerprint"], _NOTHING)[0] for finding in findings]
    by_trace: dict[str, list[tuple[int, Said]]] = {}
    for number, item in rest.values():
        by_trace.setdefault(item.trace, []).append((number, item))
    for position, (finding, trace) in enumerate(zip(findings, traces, strict=True)):
        if found[position] >= 0 or trace not in by_trace:
            continue
        candidates = by_trace[trace]
        moved = next((row for row in candidates if has_moved(row[1].path, finding)), None)
        if moved is not None:
            candidates.remove(moved)
            found[position] = moved[0]
    return found


class Ground:
    """Look at files as they are now; each is read once, and only where something is missed in it."""

    def __init__(self, root: str | None) -> None:
        self._root = root or os.curdir
        self._known: dict[str, tuple[tuple[int, Object], ...] | None] = {}

    def is_there(self, path: str) -> bool:
        """Tell whether a path of a report leads to something."""
        return os.path.lexists(os.path.join(self._root, path))

    def is_legible(self, path: str) -> bool:
        """Tell whether every document of a file can be read."""
        return self._objects(path) is not None

    def has_moved(self, path: str, finding: Plain) -> bool:
        """Tell whether what a finding points to no longer stands in a file, where it stood once."""
        if not self.is_there(path):
            return True
        location = finding["location"]
        before, now = self._objects(path), self._objects(location["path"])
        if not before or not now:
            return before == ()
        opened = max((line for line, _ in now if line <= location["start"]["line"]), default=0)
        here = {thing for line, thing in now if line == opened}
        return bool(here) and here.isdisjoint(thing for _, thing in before)

    def _objects(self, path: str) -> tuple[tuple[int, Object], ...] | None:
        """Return the objects of a file with their lines; None where it cannot be read as a whole."""
        if path not in self._known:
            self._known[path] = _objects_of(os.path.join(self._root, path))
        return self._known[path]


def _objects_of(file: str) -> tuple[tuple[int, Object], ...] | None:
    from meshlint.errors import SourceError
    from meshlint.resources.facts import take_facts
    from meshlint.sources.source import Source, read

    try:
        facts = take_facts(read(Source(file, file, False)), file)
    except SourceError:
        return None
    if facts.problems or facts.template:
        return None
    return tuple(
        (line, (api_version.rpartition("/")[0], kind, namespace, name))
        for _, _, line, api_version, kind, namespace, name, *_ in facts.records
    )
