"""CODEOWNERS as GitHub reads it, and the pattern language that Bitbucket shares.

In: the text of the file. Out: entries, problems, and the last entry that matches a path. Follows GitHub's
"About code owners" and the messages of its `codeowners/errors` API: a line whose pattern or owner is invalid
is skipped as a whole, the other lines stay in force.
"""

from __future__ import annotations

import re

from meshlint.mesh.ownership.globs import (
    ANY,
    BELOW,
    EXACT,
    EXACT_OR_BELOW,
    GLOBSTAR,
    RUN,
    Glob,
    GlobIndex,
    Segment,
    Token,
)
from meshlint.mesh.ownership.model import Entry, Ownership, Problem, listed
from meshlint.records import NamedTuple

_PATTERN = re.compile(r"(?:\\.|[^\s\\#])*\\?", re.ASCII)
_WORD = re.compile(r"[^\s#]+", re.ASCII)
_OWNER = re.compile(
    r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9_.-]+)?"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)


class Line(NamedTuple):
    """Hold one line cut into its pattern and its words; columns from 1."""

    number: int
    column: int
    pattern: str
    words: tuple[tuple[int, str], ...]


def lines_of(text: str) -> list[Line]:
    """Cut the text into the lines that say something; `#` starts a comment unless a backslash precedes it."""
    found = []
    for number, raw in enumerate(text.split("\n"), 1):
        body = raw.strip(" \t\r\v\f")
        if not body or body[0] == "#":
            continue
        start = raw.index(body)
        if match := _PATTERN.match(raw, start):
            end = raw.find("#", match.end())
            words = _WORD.finditer(raw, match.end(), len(raw) if end < 0 else end)
            found.append(Line(number, start + 1, match[0], tuple((w.start() + 1, w[0]) for w in words)))
    return found


def is_owner(word: str) -> bool:
    """Tell whether a word can name an owner: `@user`, `@org/team` or an e-mail address."""
    return _OWNER.fullmatch(word) is not None


def parse(text: str) -> tuple[list[Entry], list[Problem]]:
    """Read every line; those that GitHub skips are kept with the reason, to explain an unowned file."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for line in lines_of(text):
        end = line.column + len(line.pattern)
        fault = pattern_fault(line.pattern)
        if fault:
            problems.append(Problem("invalid-pattern", fault, line.number, line.column, end))
        elif is_owner(line.pattern):
            told = f"`{line.pattern}` stands where the pattern belongs, so it owns nothing"
            problems.append(Problem("owner-as-pattern", told, line.number, line.column, end))
        wrong = [(column, word) for column, word in line.words if not is_owner(word)]
        for column, word in wrong:
            told = f"`{word}` is neither @user, @organisation/team nor an e-mail address, so the line is skipped"
            problems.append(Problem("invalid-owner", told, line.number, column, column + len(word)))
        skipped = fault or (f"`{wrong[0][1]}` is not an owner" if wrong else "")
        glob = Glob(None) if fault else glob_of(line.pattern)
        owners = tuple(word for _, word in line.words if is_owner(word))
        entries.append(Entry(line.number, line.column, line.pattern, glob, owners, skipped=skipped))
    return entries, problems


def pattern_fault(pattern: str) -> str:
    """Say why the pattern is none, or nothing: what gitignore knows and CODEOWNERS does not."""
    bare = re.sub(r"\\.", "", pattern)
    if pattern.startswith("!"):
        return "`!` does not negate a pattern in CODEOWNERS"
    if pattern.startswith("\\#"):
        return "a pattern cannot start with an escaped `#`"
    if "[" in bare or "]" in bare:
        return "`[` and `]` need a backslash: CODEOWNERS has no character ranges"
    if "***" in bare:
        return "three asterisks in a row are no pattern"
    return ""


def glob_of(pattern: str) -> Glob:
    """Compile a pattern: a `/` before the end anchors it; `x/*` is direct children, `x` also all below."""
    texts = _segments(pattern)
    anchored = texts[0] == "" or len(texts) > 2 or (len(texts) == 2 and texts[1] != "")
    if texts[0] == "":
        texts = texts[1:]
    tail = EXACT_OR_BELOW
    while texts and texts[-1] in ("", "**"):
        texts.pop()
        tail = BELOW
    if not texts:
        # `/` names the root itself, which is no file; `**`, `/**` and the like name everything.
        return Glob([GLOBSTAR, (RUN,)]) if "*" in pattern else Glob(None)
    if "" in texts:
        return Glob(None)
    if tail != BELOW and texts[-1] == "*":
        tail = EXACT
    segments: list[Segment] = [GLOBSTAR if text == "**" else _tokens(text) for text in texts]
    return Glob(segments if anchored else [GLOBSTAR, *segments], tail)


def _segments(pattern: str) -> list[str]:
    return re.sub(r"\\/", "/", pattern).split("/")


def _tokens(text: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            position += 1
            tokens.append(Token("literal", text[position]))
        elif character == "*":
            tokens.append(RUN)
        else:
            tokens.append(ANY if character == "?" else Token("literal", character))
        position += 1
    return tuple(tokens)


class Judge:
    """Answer for GitHub: the last matching line decides alone; a line without owners takes ownership away."""

    def __init__(self, name: str, text: str) -> None:
        self.entries, self.problems = parse(text)
        self._name = name
        self._index = GlobIndex([entry.glob for entry in self.entries])

    def owners_of(self, path: str) -> Ownership:
        """Return who owns the file at a root-relative path."""
        skipped: Entry | None = None
        for position in self._index.candidates(path):
            entry = self.entries[position]
            if entry.skipped and skipped:
                continue
            if not entry.glob.matches(path):
                continue
            if not entry.skipped:
                return self._by(entry, skipped)
            skipped = entry
        return Ownership((), f"no line of {self._name} matches it{_explained(skipped)}")

    def _by(self, entry: Entry, skipped: Entry | None) -> Ownership:
        if entry.owners:
            because = f"line {entry.line} of {self._name} gives it to {listed(entry.owners)}"
        else:
            because = f"line {entry.line} of {self._name} names no owner for `{entry.pattern}`{_explained(skipped)}"
        return Ownership(entry.owners, because, entry.line, entry.pattern)


def _explained(skipped: Entry | None) -> str:
    return f", and line {skipped.line}, which would, is skipped: {skipped.skipped}" if skipped else ""
