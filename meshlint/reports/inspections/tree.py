"""A tree of short lines for a terminal, and the same tree for a pipe.

In: lines with a reason and a place. Out: text. On a terminal long reasons wrap below themselves; in a pipe every reason
is one line, so that it can be searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from meshlint.errors import Location
from meshlint.records import NamedTuple
from meshlint.reports.frame import clean, painted

_LEAST = 24  # columns that a line keeps, however deep it stands


class Paper(NamedTuple):
    """Say what the text is written on; the width is None in a pipe."""

    width: int | None
    coloured: bool


class Line(NamedTuple):
    """Hold one line: what it says, how grave that is, why, and where that stands."""

    text: str
    because: str = ""
    place: Location | None = None
    children: tuple[Line, ...] = ()
    colour: str = ""  # of `reports.frame`, empty for none


def drawn(line: Line, paper: Paper) -> Iterator[str]:
    """Yield a line and all below it."""
    yield from _lines(line, "", "", paper)


def _lines(line: Line, first: str, rest: str, paper: Paper) -> Iterator[str]:
    lead = f"{rest}{'│  ' if line.children else '   '}"
    where = f"({place_text(line.place)})" if line.place is not None else ""
    head = line.text if line.because or not where else f"{line.text} {where}"
    for number, part in enumerate(_wrapped(head, lead, paper)):
        margin = _dim(first if number == 0 else lead, paper)
        yield f"{margin}{painted(part, line.colour, paper.coloured) if line.colour else part}"
    if line.because:
        for part in _wrapped(f"because {line.because} {where}".rstrip(), lead, paper):
            yield _dim(f"{lead}{part}", paper)
    yield from _below(line.children, rest, paper)


def _below(children: Sequence[Line], rest: str, paper: Paper) -> Iterator[str]:
    for number, child in enumerate(children):
        is_last = number == len(children) - 1
        yield from _lines(child, f"{rest}{'└─ ' if is_last else '├─ '}", f"{rest}{'   ' if is_last else '│  '}", paper)


def _wrapped(text: str, margin: str, paper: Paper) -> list[str]:
    text = clean(text)
    if paper.width is None:
        return [text]
    width = max(_LEAST, paper.width - len(margin) - 1)
    return wrap(text, width, break_long_words=False, break_on_hyphens=False) or [text]


def _dim(text: str, paper: Paper) -> str:
    return f"\x1b[2m{text}\x1b[0m" if paper.coloured else text


def place_text(location: Location) -> str:
    """Return a place as terminals make links of it."""
    return f"{clean(location.path)}:{location.start.line}"
