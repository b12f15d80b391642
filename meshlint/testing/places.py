"""Where the lines of a case stand in the files that its author edits.

In: a case and a place in one of its files. Out: a location, and the line for a frame. An example stands in its rule's
file, line by line below the `|`; a fixture is the file itself, or lies in its folder; the rest is the base.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from meshlint.errors import Location, Position
from meshlint.findings.finding import plain_location
from meshlint.syntax.locate import locate
from meshlint.testing.cases import ALONE, Case
from meshlint.testing.results import Plain

Place = tuple[Plain, str]  # a location, and the line at which it starts


class Places:
    """Translate the places of one suite; a rule file is read when the first of its cases fails."""

    def __init__(self, base: Mapping[str, str], base_folder: str) -> None:
        self._base = base
        self._base_folder = base_folder
        self._data: dict[str, bytes] = {}

    def of(self, case: Case, location: Location) -> Place:
        """Return a location in a file of the case as one in the author's file."""
        text = case.files.get(location.path)
        if text is None:
            lines = self._base.get(location.path, "").split("\n")
            return _placed(location._replace(path=_joined(self._base_folder, location.path)), lines)
        if case.pointer:
            return self._in_rule_file(case, location)
        path = case.origin if case.files.keys() == {ALONE} else _joined(case.origin, location.path)
        return _placed(location._replace(path=path), text.split("\n"))

    def of_line(self, case: Case, path: str, line: int, word: str = "") -> Place:
        """Return a line of a case, or a word in it."""
        text = case.files.get(path, "").split("\n")[line - 1]
        start = text.find(word) + 1 if word and word in text else len(text) - len(text.lstrip()) + 1
        end = start + len(word) if word else max(len(text.rstrip()) + 1, start + 1)
        return self.of(case, Location(path, Position(line, start), Position(line, end)))

    def of_case(self, case: Case) -> Place:
        """Return where the case itself begins."""
        if case.pointer:
            span = locate(self._bytes(case.origin), 0, [case.pointer])[case.pointer]
            return _placed(Location(case.origin, span.start, span.end), self._lines(case.origin))
        path = next(iter(case.files), ALONE)
        shown = case.origin if case.files.keys() <= {ALONE} else _joined(case.origin, path)
        lines = case.files.get(path, "").split("\n")
        return _placed(Location(shown, Position(1, 1), Position(1, max(2, len(lines[0]) + 1))), lines)

    def _in_rule_file(self, case: Case, location: Location) -> Place:
        key = location.path.replace("~", "~0").replace("/", "~1")
        pointer = case.pointer if case.files.keys() == {ALONE} else f"{case.pointer}/files/{key}"
        span = locate(self._bytes(case.origin), 0, [pointer])[pointer]
        lines = self._lines(case.origin)
        if lines[span.start.line - 1][span.start.column - 1 :][:1] != "|":
            return _placed(Location(case.origin, span.start, span.end), lines)  # folded or in quotes
        body = lines[span.start.line :]
        indent = next((len(line) - len(line.lstrip()) for line in body if line.strip()), 0)
        start, end = (Position(at.line + span.start.line, at.column + indent) for at in (location.start, location.end))
        return _placed(Location(case.origin, start, end), lines)

    def _bytes(self, path: str) -> bytes:
        if path not in self._data:
            with open(path, "rb") as file:
                self._data[path] = file.read()
        return self._data[path]

    def _lines(self, path: str) -> list[str]:
        return self._bytes(path).decode("utf-8", "replace").split("\n")


def _placed(location: Location, lines: list[str]) -> Place:
    number = location.start.line
    return plain_location(location), lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""


def _joined(folder: str, path: str) -> str:
    return os.path.join(folder, path).replace(os.sep, "/")
