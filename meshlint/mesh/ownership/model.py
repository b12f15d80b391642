"""The words of ownership: an entry of a CODEOWNERS file, what is wrong with it, and who owns a path.

In: nothing. Out: plain immutable types that every dialect fills in the same way.
"""

from __future__ import annotations

from meshlint.mesh.ownership.globs import Glob
from meshlint.records import NamedTuple


class Problem(NamedTuple):
    """Report what the platform does not read as it is written; line and columns from 1, in characters."""

    code: str
    message: str  # a fact, lower case
    line: int
    column: int = 1
    end_column: int = 1  # one past the last character


class Entry(NamedTuple):
    """Hold one line that assigns owners: which paths, to whom."""

    line: int
    column: int
    pattern: str  # as written
    glob: Glob
    owners: tuple[str, ...] = ()
    section: str = ""  # of GitLab; empty outside sections
    optional: bool = False  # under a `^[Section]` heading
    approvals: int = 1
    inherited: bool = False  # the owners are those of the section heading
    exclusion: bool = False
    skipped: str = ""  # why the platform does not read the line; such an entry only explains


class SectionOwnership(NamedTuple):
    """Hold the owners that one section of a GitLab file gives a path."""

    section: str
    owners: tuple[str, ...]
    line: int
    pattern: str
    optional: bool
    approvals: int
    inherited: bool


class Ownership(NamedTuple):
    """Answer who owns a path; without owners and known, the path is unowned."""

    owners: tuple[str, ...]
    because: str  # one clause
    line: int | None = None  # the line that decides; None when no line matches
    pattern: str = ""
    known: bool = True  # False: `because` says what cannot be told
    sections: tuple[SectionOwnership, ...] = ()


def listed(items: tuple[str, ...]) -> str:
    """Join names the way a sentence does."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]
