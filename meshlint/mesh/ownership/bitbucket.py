"""CODEOWNERS as Bitbucket Cloud reads it, as far as its documentation settles it.

In: the text of the file. Out: entries, problems, and the owners of a path. The patterns are those of GitHub,
with the same exceptions. Whether the last matching line decides or all of them do is documented both ways,
and what an invalid word does to its line is not documented at all: where the readings differ, the answer is
unknown.
"""

from __future__ import annotations

import re

from meshlint.mesh.ownership.github import glob_of, lines_of, pattern_fault
from meshlint.mesh.ownership.globs import Glob, GlobIndex
from meshlint.mesh.ownership.model import Entry, Ownership, Problem, listed

_OWNER = re.compile(
    r"@[\w.-]+(?:/[\w.-]+)?(?::(?:all|(?:random|least_busy)(?:\(\d{1,9}\))?))?"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
    re.ASCII,
)


class Judge:
    """Answer for Bitbucket Cloud where both readings of its documentation agree."""

    def __init__(self, name: str, text: str) -> None:
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self._name = name
        for line in lines_of(text):
            end = line.column + len(line.pattern)
            fault = pattern_fault(line.pattern)
            if fault:
                self.problems.append(Problem("invalid-pattern", fault, line.number, line.column, end))
            wrong = [(column, word) for column, word in line.words if not _OWNER.fullmatch(word)]
            for column, word in wrong:
                told = f"`{word}` is neither an e-mail address, @user nor @workspace/group"
                self.problems.append(Problem("invalid-owner", told, line.number, column, column + len(word)))
            owners = tuple(word for _, word in line.words if _OWNER.fullmatch(word))
            skipped = fault or (f"`{wrong[0][1]}` is not an owner" if wrong else "")
            glob = Glob(None) if fault else glob_of(line.pattern)
            self.entries.append(Entry(line.number, line.column, line.pattern, glob, owners, skipped=skipped))
        self._index = GlobIndex([entry.glob for entry in self.entries])

    def owners_of(self, path: str) -> Ownership:
        """Return who owns the file at a root-relative path; unknown where the readings differ."""
        positions = self._index.candidates(path)
        found = [self.entries[i] for i in positions if self.entries[i].glob.matches(path)]
        if not found:
            return Ownership((), f"no line of {self._name} matches it")
        last = found[0]
        where = f"line {last.line} of {self._name}"
        if last.skipped:
            because = f"{where} matches it, but what Bitbucket makes of that line is not documented: {last.skipped}"
            return Ownership((), because, last.line, last.pattern, known=False)
        if last.owners:
            return Ownership(last.owners, f"{where} gives it to {listed(last.owners)}", last.line, last.pattern)
        if any(entry.owners for entry in found):
            because = f"{where} names no owner, and whether Bitbucket then follows earlier lines is not documented"
            return Ownership((), because, last.line, last.pattern, known=False)
        return Ownership((), f"{where} names no owner for `{last.pattern}`", last.line, last.pattern)
