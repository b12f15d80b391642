"""Suppressions in comments.

In: the comments of files that speak to meshlint. Out: suppressions. A comment at the end of a line speaks of that line;
one on its own line speaks of the next line of content, and when nothing of its document stands above it, of the whole
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from meshlint.findings.suppressions.suppressions import Suppression, fields_of
from meshlint.records import NamedTuple
from meshlint.resources.facts import FileFacts
from meshlint.sources.source import Source
from meshlint.syntax.encoding import lines_of

_COMMENT = re.compile(r"(ignore(?:-file)?)\s*\[([^\]]*)\]\s*(.*)")
_FORM = "`# meshlint: ignore[RULE] reason`"


class Commented(NamedTuple):
    """Hold the comments of one file that speak to meshlint, and where its documents begin."""

    file: int
    path: str
    directives: Sequence[tuple[int, int, int, str, int, bool]]
    openings: Sequence[int]  # first line of each document
    following: Sequence[int]  # by line index: the next line of content from there on, 0 for none


def commented_files(
    sources: Sequence[Source], facts: Sequence[FileFacts], read: Callable[[int], bytes | None]
) -> Iterator[Commented]:
    """Return the files that hold comments for meshlint; only they are read again."""
    for number, (source, told) in enumerate(zip(sources, facts, strict=True)):
        if told.directives:
            openings = [row[1] for row in told.headers]
            yield commented(number, source.path, told.directives, openings, lines_of(read(number) or b""))


def commented(
    file: int,
    path: str,
    directives: Sequence[tuple[int, int, int, str, int, bool]],
    openings: Sequence[int],
    lines: Sequence[str],
) -> Commented:
    """Return the comments of a file; where content follows is found in one pass, whatever the number of comments."""
    following = [0] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        following[index] = index + 1 if _is_content(lines[index]) else following[index + 1]
    return Commented(file, path, directives, openings, following)


def from_comments(files: Iterable[Commented]) -> list[Suppression]:
    """Read the suppressions of all files; a comment that cannot be read says so in `mistake`."""
    return [_from_comment(file, directive) for file in files for directive in file.directives]


def _from_comment(file: Commented, directive: tuple[int, int, int, str, int, bool]) -> Suppression:
    line, column, end, said, document, own_line = directive
    span = (line, column, line, end)
    match = _COMMENT.match(said)
    if match is None:
        mistake = f"is no suppression that meshlint reads: write {_FORM}"
        return Suppression("comment", file.path, span, (), "", "", "", file.file, mistake=mistake)
    rules = tuple(word.strip() for word in match[2].split(",") if word.strip())
    told = fields_of(match[3].split("-- expect", 1)[0])
    covered = file.following[line] if own_line and line < len(file.following) else line
    heads = own_line and not _content_above(file, document, line)
    return Suppression(
        "comment", file.path, span, rules, told.reason, told.owner, told.expires, file.file, covered,
        document if heads else -1, match[1] == "ignore-file", mistake=told.mistake, ticket=told.ticket,
    )  # fmt: skip


def _is_content(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#") and not stripped.startswith("---")


def _content_above(file: Commented, document: int, line: int) -> bool:
    opened = file.openings[document] if document < len(file.openings) else 1
    first = file.following[opened - 1] if opened <= len(file.following) else 0
    return 0 < first < line
