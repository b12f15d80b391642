"""CODEOWNERS as Gitea reads it: lines are Go regular expressions, and all that match add their owners.

In: the text of the file. Out: entries, problems, and the owners of a path. A leading `!` makes a line match
the paths that its expression does not. Expressions beyond the plain part (`regular`) are not run: they could
take for ever or mean something else here than in Go, so what hangs on them alone is unknown.
"""

from __future__ import annotations

import re

from meshlint.mesh.ownership.globs import Glob
from meshlint.mesh.ownership.model import Entry, Ownership, Problem, listed
from meshlint.mesh.ownership.regular import Expression, compile_plain
from meshlint.records import NamedTuple

_OWNER = re.compile(r"@?[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[^/\s]+)?")


class _Rule(NamedTuple):
    entry: Entry
    expression: Expression | None  # None: not run


class Judge:
    """Answer for Gitea: all matching lines together."""

    def __init__(self, name: str, text: str) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._rules: list[_Rule] = []
        for number, line in enumerate(text.split("\n"), 1):
            words = _words(line.strip())
            if words:
                self._read(number, line, words)
        self.entries = [rule.entry for rule in self._rules]

    def _read(self, number: int, line: str, words: list[str]) -> None:
        column = len(line) - len(line.lstrip()) + 1
        pattern, *named = words
        owners = tuple("@" + word.removeprefix("@") for word in named if _OWNER.fullmatch(word))
        if not named:
            self._report("missing-owner", f"`{pattern}` has no owner, so the line is skipped", number, column, line)
            return
        for word in named:
            if not _OWNER.fullmatch(word):
                self._report("invalid-owner", f"`{word}` is neither a user nor a team", number, column, line)
        if not owners:
            return
        expression = compile_plain(pattern.removeprefix("!"))
        if expression is None:
            told = f"`{pattern}` is not evaluated: it is no plain regular expression"
            self._report("not-evaluated", told, number, column, line)
        entry = Entry(number, column, pattern, Glob(None), owners, exclusion=pattern.startswith("!"))
        self._rules.append(_Rule(entry, expression))

    def _report(self, code: str, message: str, number: int, column: int, line: str) -> None:
        self.problems.append(Problem(code, message, number, column, len(line.rstrip()) + 1))

    def owners_of(self, path: str) -> Ownership:
        """Return who owns the file at a root-relative path."""
        found: list[Entry] = []
        unclear: Entry | None = None
        for entry, expression in self._rules:
            if expression is None:
                unclear = unclear or entry
            elif expression.matches(path) != entry.exclusion:
                found.append(entry)
        if found:
            owners = tuple(dict.fromkeys(owner for entry in found for owner in entry.owners))
            because = f"line {found[0].line} of {self._name} gives it to {listed(found[0].owners)}"
            return Ownership(owners, because, found[0].line, found[0].pattern)
        if unclear:
            told = f"line {unclear.line} of {self._name} (`{unclear.pattern}`) is not evaluated"
            return Ownership((), told, unclear.line, unclear.pattern, known=False)
        return Ownership((), f"no line of {self._name} matches it")


def _words(line: str) -> list[str]:
    """Split at blanks; a backslash keeps the next character and disappears; `#` ends the line."""
    words, word, escaped = [], "", False
    for character in line.replace("\t", " ") + " ":
        if escaped or character not in "\\# ":
            word, escaped = word + character, False
        elif character == "\\":
            escaped = True
        else:
            words += [word] if word else []
            word = ""
            if character == "#":
                break
    return words
