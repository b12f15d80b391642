"""Match paths against very many globs without ever backtracking into a blow-up.

In: globs already cut into segments by a dialect. Out: `Glob`, which answers for a path, and `GlobIndex`,
which names the few globs of a long list that can match it. Knows nothing of CODEOWNERS. A run of `*` is
matched at its leftmost place and never reconsidered (an atomic group), which is enough for globs and keeps
the work linear; the same holds for the folders that `**/` skips.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from meshlint.records import NamedTuple


class Token(NamedTuple):
    """Hold a part of one path segment: literal text, one character of a kind, or a run of any characters."""

    kind: str  # "literal", "one", "run"
    text: str = ""  # the literal, or a regular expression for one character


ANY = Token("one", "[^/]")
RUN = Token("run")

Segment = tuple[Token, ...] | None
GLOBSTAR: Segment = None
"""Any number of folders, none included."""

EXACT = "exact"
BELOW = "below"
EXACT_OR_BELOW = "exact or below"

_END = r"(?=/|\Z)"
_FOLDERS = "(?:[^/]+/)*?"
_TAILS = {EXACT: r"\Z", BELOW: "/", EXACT_OR_BELOW: _END}


class Glob:
    """Match a path against segments; `tail`: the last one is the file, a folder above it, or either.

    A path is relative to the root and has no empty segment. The last segment is no globstar. `segments` None
    makes a glob that matches nothing.
    """

    __slots__ = ("_match", "_segments", "_tail", "anchor", "literal", "name", "needle", "suffix")

    def __init__(self, segments: Sequence[Segment] | None, tail: str = EXACT) -> None:
        self._segments = segments
        self._tail = tail
        self._match: Callable[[str], Any] | None = None
        texts = [_literal(segment) for segment in segments or ()]
        lead = next((i for i, text in enumerate(texts) if text is None), len(texts))
        self.anchor = "/".join(text for text in texts[:lead] if text is not None)
        self.literal = lead == len(texts)
        starred = segments is not None and len(texts) > 1 and segments[0] is GLOBSTAR
        self.name = texts[1] or "" if starred else ""  # a segment that every match holds
        self.needle = _needle(segments or ())
        self.suffix = _suffix(segments[-1] or ()) if segments else ""

    @property
    def matches_nothing(self) -> bool:
        """Tell whether no path can match."""
        return self._segments is None

    def matches(self, path: str) -> bool:
        """Tell whether the path of a file matches."""
        if self.literal:
            return self._matches_literally(path)
        if self.needle not in path:
            return False
        if self._match is None:
            self._match = re.compile(_regex(self._segments or (), self._tail)).match
        return self._match(path) is not None

    def _matches_literally(self, path: str) -> bool:
        if self._segments is None:
            return False
        if self._tail != BELOW and path == self.anchor:
            return True
        return self._tail != EXACT and path.startswith(self.anchor + "/")


def _literal(segment: Segment) -> str | None:
    if segment is None or any(token.kind != "literal" for token in segment):
        return None
    return "".join(token.text for token in segment)


def _needle(segments: Sequence[Segment]) -> str:
    """Return the longest text that every match holds, because a substring test is cheaper than a regex."""
    best = ""
    for segment in segments:
        text = ""
        for token in segment or ():
            text = text + token.text if token.kind == "literal" else ""
            best = text if len(text) > len(best) else best
    return best


def _suffix(tokens: tuple[Token, ...]) -> str:
    """Return the extension, its dot included, that a matching segment must have; "" when any will do."""
    text = ""
    for token in tokens:
        text = text + token.text if token.kind == "literal" else ""
    return text[text.rindex(".") :] if "." in text else ""


def _regex(segments: Sequence[Segment], tail: str) -> str:
    blocks: list[list[str]] = [[]]
    for segment in segments:
        if segment is GLOBSTAR:
            if len(blocks) == 1 or blocks[-1]:
                blocks.append([])
        else:
            blocks[-1].append(_segment_regex(segment or ()))
    *leading, last = ["/".join(block) for block in blocks]
    if len(blocks) == 1:
        return last + _TAILS[tail]
    parts = [leading[0] + "/" if leading[0] else ""]
    parts += [f"(?>{_FOLDERS}{block}/)" for block in leading[1:]]
    return "".join(parts) + _FOLDERS + last + _TAILS[tail]


def _segment_regex(tokens: tuple[Token, ...]) -> str:
    chunks = [""]
    for token in tokens:
        if token.kind != "run":
            chunks[-1] += re.escape(token.text) if token.kind == "literal" else token.text
        elif len(chunks) == 1 or chunks[-1]:
            chunks.append("")
    if len(chunks) == 1:
        return chunks[0] + _END
    head, *middle, last = chunks
    return head + "".join(f"(?>[^/]*?{chunk})" for chunk in middle) + "[^/]*" + last + _END


class GlobIndex:
    """Name the globs of a list that can match a path, by the folders and names that each glob insists on."""

    __slots__ = ("_anchored", "_anywhere", "_ending", "_named", "globs")

    def __init__(self, globs: Sequence[Glob]) -> None:
        self.globs = globs
        self._anchored: dict[str, list[int]] = {}
        self._named: dict[str, list[int]] = {}
        self._ending: dict[str, list[int]] = {}
        self._anywhere: list[int] = []
        for position in range(len(globs) - 1, -1, -1):
            glob = globs[position]
            if glob.matches_nothing:
                continue
            if glob.anchor:
                self._anchored.setdefault(glob.anchor, []).append(position)
            elif glob.name:
                self._named.setdefault(glob.name, []).append(position)
            elif glob.suffix:
                self._ending.setdefault(glob.suffix, []).append(position)
            else:
                self._anywhere.append(position)

    def candidates(self, path: str) -> list[int]:
        """Return the positions that can match, the last one first; each must still be asked."""
        found = list(self._anywhere)
        names = path.split("/")
        folder = ""
        for name in names:
            folder = f"{folder}/{name}" if folder else name
            found += self._anchored.get(folder, ())
        for name in set(names):
            found += self._named.get(name, ())
        for suffix in {name[name.rindex(".") :] for name in names if "." in name}:
            found += self._ending.get(suffix, ())
        found.sort(reverse=True)
        return found
