"""The patterns of .gitignore files, and of `exclude:` in the configuration, which has the same rules.

In: the text of pattern files. Out: answers about paths. Source: gitignore(5). The last pattern that matches decides;
`!` takes a path back; a pattern with a slash inside is anchored to the folder of its file. Matching is done segment by
segment, so no pattern can make it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from meshlint.records import NamedTuple

_WILDCARD = re.compile(r"[*?\[\\]")


class Pattern(NamedTuple):
    """Hold one line: its compiled segments (None is `**`), and what it asks of a path."""

    segments: tuple[Segment | None, ...]
    negated: bool
    folders_only: bool


class IgnoreRules:
    """Decide about paths below one folder; paths are relative to it, with `/`."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Return True for ignored, False for taken back by `!`, None where no pattern speaks."""
        parts = path.split("/")
        for pattern in reversed(self._patterns):
            if pattern.folders_only and not is_folder:
                continue
            if _matches(pattern.segments, parts):
                return not pattern.negated
        return None


def parse(text: str) -> IgnoreRules:
    """Read the lines of a .gitignore file."""
    return IgnoreRules(pattern for line in text.splitlines() if (pattern := _pattern(line)) is not None)


def _pattern(line: str) -> Pattern | None:
    line = _without_trailing_blanks(line)
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    if negated:
        line = line[1:]
    folders_only = line.endswith("/")
    line = line.rstrip("/") if folders_only else line
    if not line:
        return None
    anchored = "/" in line
    parts = [part for part in line.split("/") if part]
    segments: list[Segment | None] = [] if anchored else [None]
    for part in parts:
        segments.append(None if part == "**" else _segment(part))
    return Pattern(tuple(segments), negated, folders_only)


def _without_trailing_blanks(line: str) -> str:
    line = line.rstrip("\r\n")
    while line.endswith(" ") and not line.endswith("\\ "):
        line = line[:-1]
    return line


class Segment(NamedTuple):
    """Hold one segment, cut at its stars: every piece has a fixed length, so that none needs to be tried twice."""

    pieces: tuple[re.Pattern[str], ...]
    lengths: tuple[int, ...]
    literal: str | None = None  # the one text that matches, for a segment without wildcards

    def matches(self, text: str) -> bool:
        """Match pieces from the left; the first is bound to the start and the last to the end."""
        if self.literal is not None:
            return text == self.literal
        if len(self.pieces) == 1:
            return len(text) == self.lengths[0] and self.pieces[0].match(text) is not None
        end = len(text) - self.lengths[-1]
        if end < self.lengths[0] or not self.pieces[0].match(text) or not self.pieces[-1].match(text, end):
            return False
        at = self.lengths[0]
        for piece, length in zip(self.pieces[1:-1], self.lengths[1:-1], strict=True):
            found = piece.search(text, at, end)
            if found is None:
                return False
            at = found.start() + length
        return at <= end


def _segment(part: str) -> Segment:
    """Read one segment; `*` and `?` never cross a slash because segments hold none."""
    if not _WILDCARD.search(part):
        return Segment((), (), part)
    pieces: list[list[str]] = [[]]
    position = 0
    while position < len(part):
        char = part[position]
        position += 1
        if char == "*":
            pieces.append([])
        elif char == "?":
            pieces[-1].append(".")
        elif char == "\\" and position < len(part):
            pieces[-1].append(re.escape(part[position]))
            position += 1
        elif char == "[" and (end := _class_end(part, position)) > 0:
            pieces[-1].append(_class(part[position:end]))
            position = end + 1
        else:
            pieces[-1].append(re.escape(char))
    compiled = tuple(re.compile("".join(piece), re.DOTALL) for piece in pieces)
    return Segment(compiled, tuple(len(piece) for piece in pieces))


def _class_end(part: str, start: int) -> int:
    """Return where a bracket expression ends; a `]` right behind the start belongs to it."""
    first = start + 1 if part[start : start + 1] in ("!", "^") else start
    return part.find("]", first + 1)


def _class(body: str) -> str:
    negated = body[:1] in ("!", "^")
    inner = body[1:] if negated else body
    inner = inner.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("^", "\\^").replace("&&", "&")
    try:
        re.compile(f"[{inner}]")
    except re.error:
        return "[^\\s\\S]"
    return f"[{'^' if negated else ''}{inner}]"


def _matches(segments: tuple[Segment | None, ...], parts: list[str]) -> bool:
    """Match segment by segment; only the last `**` is ever tried again, so the work is bounded by their product."""
    at, position = 0, 0
    star, resume = -1, 0
    while position < len(parts):
        if at < len(segments) and segments[at] is None:
            if at == len(segments) - 1:
                return True  # a trailing `/**` takes everything below
            star, resume = at, position
            at += 1
            continue
        segment = segments[at] if at < len(segments) else None
        if segment is not None and segment.matches(parts[position]):
            at += 1
            position += 1
            continue
        if star < 0:
            return False
        resume += 1
        at, position = star + 1, resume
    return at == len(segments)
