"""The one shape of everything that points into a file: findings, and our own errors.

In: a title, a location, the text of the file, notes. Out: lines with a caret. Colours only when asked for. Control
characters never reach the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

RESET = "\x1b[0m"
COLOURS = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;36m",
    "frame": "\x1b[1;34m",
    "bold": "\x1b[1m",
    "good": "\x1b[32m",
}
_WIDEST = 160


def painted(text: str, colour: str, coloured: bool) -> str:
    """Return the text in a colour, or as it is."""
    return f"{COLOURS[colour]}{text}{RESET}" if coloured else text


def clean(text: str) -> str:
    """Return text without control characters, tabs as spaces of the same width as one column."""
    return "".join(char if char.isprintable() or char == " " else " " if char == "\t" else "\ufffd" for char in text)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def framed(
    severity: str,
    title: str,
    location: Mapping[str, Any] | None,
    lines: Sequence[str],
    notes: Iterable[tuple[str, str]],
    coloured: bool,
) -> list[str]:
    """Return a headline, the place with its source line and caret, and notes."""
    head, _, rest = title.partition(": ")
    out = [f"{painted(head, severity, coloured)}: {painted(clean(rest), 'bold', coloured)}"]
    margin = 2
    if location is not None:
        start, end = location["start"], location["end"]
        margin = max(2, len(str(start["line"])) + 1)
        arrow = painted(" " * (margin - 1) + "-->", "frame", coloured)
        out.append(f"{arrow} {clean(location['path'])}:{start['line']}:{start['column']}")
        if 0 < start["line"] <= len(lines):
            out += _excerpt(lines[start["line"] - 1], start, end, margin, severity, coloured)
    for name, text in notes:
        if text:
            sign = painted(" " * margin + "=", "frame", coloured)
            out.append(f"{sign} {painted(name, 'bold', coloured)}: {clean(text)}")
    return out


def _excerpt(
    line: str, start: Mapping[str, int], end: Mapping[str, int], margin: int, severity: str, coloured: bool
) -> list[str]:
    text = clean(line.rstrip("\r\n"))
    first = start["column"] - 1
    last = end["column"] - 1 if end["line"] == start["line"] else len(text)
    cut = max(0, first - 100) if len(text) > _WIDEST else 0
    shown = text[cut : cut + _WIDEST]
    marked = shown[first - cut : max(last, first + 1) - cut]
    caret = " " * columns(shown[: first - cut]) + painted("^" * max(1, columns(marked)), severity, coloured)
    bar = painted("|", "frame", coloured)
    number = painted(str(start["line"]).rjust(margin - 1), "frame", coloured)
    return [f"{' ' * margin}{bar}", f"{number} {bar} {shown}", f"{' ' * margin}{bar} {caret}"]


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for wide characters, none for those that combine."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )
