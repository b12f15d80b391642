"""Match the plain part of Go's regular expressions in linear time, whatever the pattern and the path.

In: a regular expression. Out: `Expression`, or None when it uses more than characters, classes, `.`, `* + ?`
on one of them, and groups of plain alternatives. What is left out is not guessed: the caller answers
"unknown". Each alternative is a row of states moved on as the bits of one integer, so nothing backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from meshlint.records import NamedTuple

_ALTERNATIVES_LIMIT = 64
_LENGTH_LIMIT = 1000
_CLASSES = {"d": r"[0-9]", "w": r"[0-9A-Za-z_]", "s": r"[\t\n\f\r ]"}
"""RE2's Perl classes, which are ASCII; their capitals are the complements."""


class _Atom(NamedTuple):
    accepts: Callable[[str], object]
    repeats: bool = False  # `*` and `+`
    skippable: bool = False  # `*` and `?`
    literal: str = ""  # the only character it accepts


class Expression:
    """Match whole texts against alternatives; each is a sequence of atoms."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[list[_Atom]]) -> None:
        self._rows = [_Row(atoms) for atoms in rows]

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches."""
        return any(row.matches(text) for row in self._rows)


class _Row:
    __slots__ = ("_atoms", "_masks", "_prefix", "_repeating", "_skippable", "_suffix")

    def __init__(self, atoms: list[_Atom]) -> None:
        self._atoms = atoms
        self._masks: dict[str, int] = {}
        self._prefix = _literals(atoms)
        self._suffix = _literals(atoms[::-1])[::-1]
        self._repeating = sum(1 << i for i, atom in enumerate(atoms) if atom.repeats)
        self._skippable = sum(1 << i for i, atom in enumerate(atoms) if atom.skippable)

    def matches(self, text: str) -> bool:
        if not text.startswith(self._prefix) or not text.endswith(self._suffix):
            return False
        # Bit i set: the first i atoms have matched. An atom that repeats and accepts keeps the bit after it.
        state = self._skip(1)
        for character in text:
            mask = self._masks.get(character)
            if mask is None:
                mask = sum(1 << i for i, atom in enumerate(self._atoms) if atom.accepts(character))
                self._masks[character] = mask
            taken = (state & mask) << 1
            again = state & ((mask & self._repeating) << 1)
            state = self._skip(taken | again)
            if not state:
                return False
        return bool(state >> len(self._atoms) & 1)

    def _skip(self, state: int) -> int:
        while True:
            further = state | (state & self._skippable) << 1
            if further == state:
                return state
            state = further


def _literals(atoms: list[_Atom]) -> str:
    texts = []
    for atom in atoms:
        if not atom.literal:
            break
        texts.append(atom.literal)
    return "".join(texts)


def compile_plain(text: str) -> Expression | None:
    """Compile a whole-text expression; None when it is outside the plain part or too long."""
    text = text.removeprefix("^")
    if text.endswith("$") and not text.endswith("\\$"):
        text = text[:-1]
    if len(text) > _LENGTH_LIMIT:
        return None
    rows = _rows(text)
    return Expression(rows) if rows is not None else None


def _rows(text: str) -> list[list[_Atom]] | None:
    rows: list[list[_Atom]] = [[]]
    position = 0
    while position < len(text):
        if text[position] == "(":
            choices, position = _group(text, position)
            if not choices or len(rows) * len(choices) > _ALTERNATIVES_LIMIT:
                return None
            rows = [row + choice for row in rows for choice in choices]
            continue
        atom, position = _atom(text, position)
        if atom is None:
            return None
        for row in rows:
            row.append(atom)
    return rows


def _group(text: str, position: int) -> tuple[list[list[_Atom]], int]:
    """Read `(a|b|c)` of plain alternatives; an empty list when it is anything else or is itself repeated."""
    end = position + 1
    while end < len(text) and text[end] != ")":
        end += 2 if text[end] == "\\" else 1
    inside = text[position + 1 : end].removeprefix("?:")
    if end >= len(text) or text[end + 1 : end + 2] in ("*", "+", "?", "{") or inside.startswith("?"):
        return [], end
    choices = []
    for choice in re.split(r"(?<!\\)\|", inside):
        atoms: list[_Atom] = []
        at = 0
        while at < len(choice):
            atom, at = _atom(choice, at)
            if atom is None:
                return [], end
            atoms.append(atom)
        choices.append(atoms)
    return choices, end + 1


def _atom(text: str, position: int) -> tuple[_Atom | None, int]:
    atom, position = _single(text, position)
    sign = text[position : position + 1]
    if atom is None or sign == "{":
        return None, position
    if sign not in ("*", "+", "?") or not sign:
        return atom, position
    lazy = text.startswith("?", position + 1)  # which changes what a group holds, not which texts match
    position += 1 + lazy
    if text[position : position + 1] in ("*", "+", "?", "{") and position < len(text):
        return None, position
    return atom._replace(repeats=sign != "?", skippable=sign != "+", literal=""), position


def _single(text: str, position: int) -> tuple[_Atom | None, int]:
    character = text[position]
    position += 1
    if character == "\\" and position < len(text):
        return _escape(text[position]), position + 1
    if character == "[":
        return _class(text, position)
    if character in "()|^$*+?{}\\":
        return None, position
    return _Atom(lambda one: one != "\n") if character == "." else _same(character), position


def _same(character: str) -> _Atom:
    return _Atom(character.__eq__, literal=character)


def _escape(character: str) -> _Atom | None:
    if character.lower() in _CLASSES:
        inside = re.compile(_CLASSES[character.lower()]).match
        return _Atom(inside if character.islower() else lambda one: inside(one) is None)
    # An escaped letter or digit means something in Go (\b, \A, \pL, \x41); an escaped sign means itself.
    return None if character.isalnum() else _same(character)


def _class(text: str, position: int) -> tuple[_Atom | None, int]:
    """Read `[^a-z_]` after its bracket; named classes, escaped letters, a leading `]` are left out."""
    negated = text.startswith("^", position)
    position += negated
    ranges: list[tuple[str, str]] = []
    while position < len(text) and text[position] not in "[]":
        first, position = _member(text, position)
        last = first
        if text.startswith("-", position) and text[position + 1 : position + 2] not in ("]", "[", ""):
            last, position = _member(text, position + 1)
        if not first or not last or first > last:
            return None, position
        ranges.append((first, last))
    if not ranges or not text.startswith("]", position):
        return None, position
    return _Atom(lambda one: any(low <= one <= high for low, high in ranges) != negated), position + 1


def _member(text: str, position: int) -> tuple[str, int]:
    """Return one character of a class and the place after it; "" for an escape that is more than a sign."""
    if text[position] != "\\":
        return text[position], position + 1
    sign = text[position + 1 : position + 2]
    return ("" if sign.isalnum() else sign), position + 2
