"""Edits of one text: spans and what stands there instead.

In: text and edits. Out: text, or a `Conflict`. Offsets count characters of the decoded text (see `texts`), and all
edits of one list refer to the same text, before any of them. It knows no YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from meshlint.records import NamedTuple


class Edit(NamedTuple):
    """Replace the characters from `start` up to `end` (an insertion where both are equal)."""

    start: int
    end: int
    replacement: str


class Conflict(Exception):
    """Say that two edits want different things of one place."""

    def __init__(self, first: Edit, second: Edit) -> None:
        super().__init__(f"two edits meet between characters {first.start} and {second.end}")
        self.first = first
        self.second = second


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text after all edits. Raises Conflict where two of them meet."""
    parts = []
    position = 0
    for edit in merged(edits):
        parts += [text[position : edit.start], edit.replacement]
        position = edit.end
    return "".join(parts) + text[position:]


def merged(*groups: Iterable[Edit]) -> list[Edit]:
    """Return the edits of all groups in the order of the text, equal ones once. Raises Conflict where two meet."""
    edits = sorted({edit for group in groups for edit in group})
    for first, second in pairwise(edits):
        if conflicting(first, second):
            raise Conflict(first, second)
    return edits


def conflicting(first: Edit, second: Edit) -> bool:
    """Tell whether two different edits meet: they overlap, or one inserts at an end of the other.

    What is inserted where something else goes is only right when the order is known, and two edits have none.
    """
    if first == second:
        return False
    if first.start == first.end or second.start == second.end:
        return first.start <= second.end and second.start <= first.end
    return first.start < second.end and second.start < first.end


def adjoined(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits that one author made, touching ones as one: an insertion comes before what starts there."""
    joined: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if joined and joined[-1].end == edit.start:
            edit = Edit(joined[-1].start, edit.end, joined.pop().replacement + edit.replacement)
        joined.append(edit)
    return joined


def shifted(edits: Iterable[Edit], by: int) -> list[Edit]:
    """Return the edits of a part of a text as edits of the whole."""
    return [Edit(edit.start + by, edit.end + by, edit.replacement) for edit in edits]


def composed(length: int, steps: Iterable[Sequence[Edit]]) -> list[Edit]:
    """Return the edits of a text of `length` characters that do at once what the steps do one after another."""
    pieces: list[_Piece] = [_Piece(0, length, None)]
    for edits in steps:
        for edit in reversed(merged(edits)):
            before, rest = _split(pieces, edit.start)
            _, after = _split(rest, edit.end - edit.start)
            pieces = [*before, _Piece(0, len(edit.replacement), edit.replacement), *after]
    return _gaps(pieces, length)


class _Piece(NamedTuple):
    """Hold a part of the present text: a span of the first text, or new text."""

    start: int
    end: int
    new: str | None

    def cut(self, at: int) -> tuple[_Piece, _Piece]:
        middle = self.start + at
        return self._replace(end=middle), self._replace(start=middle)


def _split(pieces: list[_Piece], at: int) -> tuple[list[_Piece], list[_Piece]]:
    for index, piece in enumerate(pieces):
        size = piece.end - piece.start
        if at <= size:
            left, right = piece.cut(at)
            return [*pieces[:index], left], [right, *pieces[index + 1 :]]
        at -= size
    return pieces, []


def _gaps(pieces: list[_Piece], length: int) -> list[Edit]:
    edits: list[Edit] = []
    position, inserted = 0, ""
    for piece in pieces:
        if piece.new is not None:
            inserted += piece.new[piece.start : piece.end]
        elif piece.start < piece.end:
            if inserted or piece.start > position:
                edits.append(Edit(position, piece.start, inserted))
            position, inserted = piece.end, ""
    return [*edits, Edit(position, length, inserted)] if inserted or position < length else edits
