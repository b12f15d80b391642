"""One CODEOWNERS file, read in the dialect of its platform.

In: the bytes of the file and the platform. Out: `CodeOwners`. Knows which reader serves which platform and
what is true of all of them (encodings, size); where a file belongs is known to `files`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from meshlint.mesh.ownership.model import Entry, Ownership, Problem

__all__ = ["GITHUB_LIMIT", "CodeOwners", "Ownership"]

GITHUB_LIMIT = 3 * 1024 * 1024
"""GitHub does not load a file of this size or more ("About code owners", file size)."""

_BOM = "\ufeff"


class _Judge(Protocol):
    entries: list[Entry]
    problems: list[Problem]

    def owners_of(self, path: str) -> Ownership: ...


def _judge_of(platform: str, path: str, text: str) -> _Judge:
    """Import only the reader that is asked for: a run needs at most one."""
    if platform == "github":
        from meshlint.mesh.ownership import github

        return github.Judge(path, text)
    if platform == "gitlab":
        from meshlint.mesh.ownership import gitlab

        return gitlab.Judge(path, text)
    if platform == "bitbucket":
        from meshlint.mesh.ownership import bitbucket

        return bitbucket.Judge(path, text)
    from meshlint.mesh.ownership import gitea

    return gitea.Judge(path, text)


class CodeOwners:
    """Answer who owns a path, as the platform would; `platform` is None when it cannot be told.

    `entries` are the lines that assign owners, in the order that the platform gives them; `path` is relative
    to the root. Nothing raises, whatever the bytes.
    """

    __slots__ = ("_judge", "entries", "path", "platform", "problems", "unread")

    def __init__(self, data: bytes, *, path: str, platform: str | None, problems: Sequence[Problem] = ()) -> None:
        self.path = path
        self.platform = platform
        self.unread = _unread(data, path, platform)
        text, found = _text(data, platform)
        self._judge = _judge_of(platform, path, text) if platform and not self.unread else None
        self.entries: tuple[Entry, ...] = tuple(self._judge.entries) if self._judge else ()
        if self._judge:
            found += self._judge.problems
        elif platform:
            found.append(Problem("too-large", self.unread, 1))
        self.problems = (
            *problems,
            *sorted(found, key=lambda problem: (problem.line, problem.column, problem.code)),
        )

    def owners_of(self, path: str) -> Ownership:
        """Return who owns the file at a root-relative path with `/`."""
        if self._judge:
            return self._judge.owners_of(path)
        return Ownership((), self.unread, known=self.platform is not None)

    def history_of(self, path: str) -> tuple[Entry, ...]:
        """Return every line that matches the path and that the platform reads, in the order of the file."""
        found = [entry for entry in self.entries if not entry.skipped and entry.glob.matches(path)]
        return tuple(sorted(found, key=lambda entry: entry.line))


def _unread(data: bytes, path: str, platform: str | None) -> str:
    if platform is None:
        return f"nothing tells which platform reads {path}"
    if platform == "github" and len(data) >= GITHUB_LIMIT:
        return f"{path} is 3 MB or larger, and GitHub does not load it"
    return ""


def _text(data: bytes, platform: str | None) -> tuple[str, list[Problem]]:
    """Decode as file names are decoded, so that the two can be compared."""
    text = data.decode("utf-8", "surrogateescape")
    problems = []
    if text.startswith(_BOM):
        told = "a byte-order mark stands before the first line"
        if platform == "gitlab":
            told += ", and GitLab takes it for a part of that line"
        else:
            text = text[1:]
        problems.append(Problem("byte-order-mark", told, 1))
    if (place := text.find("\r")) >= 0:
        problems.append(Problem("carriage-return", "lines end with a carriage return", text.count("\n", 0, place) + 1))
    return text, problems
