"""CODEOWNERS as GitLab reads it: sections that all apply, defaults, exclusions, shell globs.

In: the text of the file. Out: entries, problems, and what every section says about a path. Follows GitLab's
"Syntax of CODEOWNERS file" and "Advanced CODEOWNERS configuration", and what its parser does where they are
silent: a pattern that a section repeats keeps its first place and takes its last meaning; anything that
starts like a heading is one.
"""

from __future__ import annotations

import re

from meshlint.mesh.ownership.fnmatch import glob_of
from meshlint.mesh.ownership.globs import GlobIndex
from meshlint.mesh.ownership.model import Entry, Ownership, Problem, SectionOwnership, listed
from meshlint.records import NamedTuple

_HEADING = re.compile(r"(\^)?\[([^\]]*)\](?:\[([0-9]*)\])?(\s+[@\w.\-/\s+]*)?", re.ASCII)
_BROKEN_HEADING = re.compile(r"\^?\[[^\]]+")
_GAP = re.compile(r"(?<!\\)\s+", re.ASCII)
_WORD = re.compile(r"\S+", re.ASCII)
_ROLE = re.compile(r"@@(developer|maintainer|owner)s?", re.ASCII | re.IGNORECASE)
_PART = r"(?:[\w.][\w.-]*[\w-]|\w)"
_NAME = re.compile(rf"(?<![\w@])@{_PART}(?:/{_PART})*", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{0,254}\w", re.ASCII)


class Section(NamedTuple):
    """Hold one heading; the unnamed section has an empty name."""

    name: str = ""
    optional: bool = False
    approvals: int = 1
    owners: tuple[str, ...] = ()


def owners_in(word: str) -> tuple[str, ...]:
    """Return the owners that a word names: e-mail addresses, `@users` and `@groups/below`, `@@roles`."""
    if _ROLE.fullmatch(word):
        return (word,)
    return tuple(_EMAIL.findall(word)) + tuple(_NAME.findall(word))


def _owners(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owner for word in _WORD.findall(text) for owner in owners_in(word)))


class _Parser:
    """Read the lines in order; a section remembers its patterns, as a repeated one replaces the first."""

    def __init__(self) -> None:
        self.sections: dict[str, dict[str, Entry]] = {"": {}}
        self.problems: list[Problem] = []
        self._section = Section()

    def read(self, text: str) -> None:
        for number, raw in enumerate(text.split("\n"), 1):
            line = raw.strip(" \t\r\v\f\0")
            if not line or line.startswith("#"):
                continue
            column = raw.index(line) + 1
            match = _HEADING.match(line)
            if match:
                self._head(match, line, number, column)
            else:
                if _BROKEN_HEADING.fullmatch(line):
                    told = "a section heading without `]` is read as a pattern"
                    self._report("unclosed-section", told, number, column, line)
                self._enter(line, number, column)

    def _report(self, code: str, message: str, number: int, column: int, text: str) -> None:
        self.problems.append(Problem(code, message, number, column, column + len(text)))

    def _head(self, match: re.Match[str], line: str, number: int, column: int) -> None:
        optional, name, count, defaults = match.groups()
        rest = line[match.end() :]
        if not name.strip():
            self._report("unnamed-section", "a section heading has no name", number, column, match[0])
        if optional and count and int(count[:9]) > 0:
            told = "an optional section asks for no approvals, so the number means nothing"
            self._report("optional-approvals", told, number, column, match[0])
        if rest.strip():
            told = f"`{rest.strip()}` after the section heading is not read"
            self._report("heading-rest", told, number, column + line.index(rest, match.end()), rest)
        owners = _owners(defaults or "")
        if (defaults or "").strip() and not owners:
            told = f"`{(defaults or '').strip()}` names no owner"
            self._report("invalid-owner", told, number, column + match.start(4), (defaults or "").rstrip())
        approvals = max(1, min(int(count[:9]), 10**6)) if count else 1
        self._section = Section(self._known_as(name), bool(optional), approvals, owners)
        self.sections.setdefault(self._section.name, {})

    def _known_as(self, name: str) -> str:
        """Return the spelling of the first heading with this name; letter case makes no difference."""
        if name == _UNNAMED or (len(self.sections) > 1 and name.lower() == _UNNAMED):
            return ""
        return next((known for known in self.sections if known and known.lower() == name.lower()), name)

    def _enter(self, line: str, number: int, column: int) -> None:
        gap = _GAP.search(line)
        written, words = (line[: gap.start()], line[gap.end() :]) if gap else (line, "")
        exclusion = written.startswith("!")
        pattern = written[1:] if exclusion else written
        owners: tuple[str, ...] = ()
        if not exclusion:
            self._check_words(words, number, column + (gap.end() if gap else 0))
            owners = _owners(words) if words else self._section.owners
        if not exclusion and not owners:
            told = f"`{written}` has no owner, so GitLab approves it by itself"
            self._report("missing-owner", told, number, column, written)
        normal, glob = glob_of(pattern)
        if glob.matches_nothing:
            self._report("invalid-pattern", f"`{written}` cannot match a path", number, column, written)
        entries = self.sections[self._section.name]
        if normal in entries:
            told = f"`{written}` replaces line {entries[normal].line} and keeps its place"
            self._report("repeated-pattern", told, number, column, written)
        section = self._section
        entries[normal] = Entry(
            number,
            column,
            written,
            glob,
            owners,
            section.name,
            section.optional,
            section.approvals,
            inherited=not exclusion and not words,
            exclusion=exclusion,
        )

    def _check_words(self, words: str, number: int, column: int) -> None:
        for match in _WORD.finditer(words):
            word, start = match[0], column + match.start()
            if word.startswith("#"):
                told = "GitLab has no comments after an entry: owners named in this one count"
                self._report("inline-comment", told, number, start, words[match.start() :])
                return
            if not owners_in(word):
                self._report("invalid-owner", f"`{word}` names no owner and is ignored", number, start, word)


_UNNAMED = "codeowners"
"""What GitLab calls the entries before the first heading; a heading of that name joins them."""


class Judge:
    """Answer for GitLab: in each section the last matching entry decides, unless one excludes the path."""

    def __init__(self, name: str, text: str) -> None:
        parser = _Parser()
        # A NUL makes the file binary for GitLab, which then reads nothing of it.
        if "\0" not in text:
            parser.read(text)
        else:
            parser.problems.append(Problem("binary", "the file holds a NUL character and is not read", 1))
        self.problems = parser.problems
        self.entries = [entry for entries in parser.sections.values() for entry in entries.values()]
        self._name = name
        self._optional = {
            section: all(entry.optional for entry in entries.values()) for section, entries in parser.sections.items()
        }
        self._index = GlobIndex([entry.glob for entry in self.entries])

    def owners_of(self, path: str) -> Ownership:
        """Return who owns the file at a root-relative path, with the answer of every section."""
        found: dict[str, Entry] = {}
        for position in self._index.candidates(path):
            entry = self.entries[position]
            decided = found.get(entry.section)
            if decided and (decided.exclusion or not entry.exclusion):
                continue
            if entry.glob.matches(path):
                found[entry.section] = entry
        sections = tuple(
            SectionOwnership(
                entry.section, entry.owners, entry.line, entry.pattern,
                self._optional[entry.section], entry.approvals, entry.inherited,
            )
            for entry in sorted(found.values())
            if not entry.exclusion
        )  # fmt: skip
        owners = tuple(dict.fromkeys(owner for section in sections for owner in section.owners))
        decisive = next((section for section in sections if section.owners), sections[0] if sections else None)
        because = self._because(decisive, list(found.values()))
        if decisive is None:
            return Ownership((), because)
        return Ownership(owners, because, decisive.line, decisive.pattern, sections=sections)

    def _because(self, decisive: SectionOwnership | None, found: list[Entry]) -> str:
        if decisive is None:
            excluded = next((entry for entry in found if entry.exclusion), None)
            if excluded:
                return f"line {excluded.line} of {self._name} (`{excluded.pattern}`) excludes it"
            return f"no line of {self._name} matches it"
        where = f"line {decisive.line} of {self._name}"
        if decisive.section:
            where += f" (section {decisive.section})"
        if decisive.owners:
            return f"{where} gives it to {listed(decisive.owners)}"
        return f"{where} names no owner for `{decisive.pattern}`, which GitLab approves by itself"
