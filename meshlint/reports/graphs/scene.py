"""What a page shows, with coordinates: frames (namespaces), boxes (nodes), lines, and bundles of lines.

In: nothing. Out: the types that the layout fills and the page writes, and how wide a text is.
"""

from __future__ import annotations

from meshlint.records import NamedTuple
from meshlint.reports.graphs.boxes import Size, Stop

_NARROW = frozenset("iljtfr.,:;-'|/() ")
_WIDE = frozenset("mwMW@%")


class Box(NamedTuple):
    """Hold a node: its number, its place inside its namespace, what is written on it, and a line from everybody."""

    node: int
    x: float
    y: float
    width: float
    height: float
    title: str
    subtitle: str
    from_all: int = -1  # number of the line that any client of the mesh may take


class Frame(NamedTuple):
    """Hold a namespace: its place when the page opens, its full size, where it stands in the columns."""

    name: str
    x: float
    y: float
    size: Size  # unfolded
    closed: Size
    boxes: tuple[Box, ...]
    column: int


class Drawn(NamedTuple):
    """Hold a line of the picture: stops with the frame that they are relative to.

    -1-n is the n-th passage; there the horizontal values are parts of the width of its column.
    """

    line: int
    stops: tuple[tuple[int, Stop], ...]
    label: str
    backwards: bool


class Bundle(NamedTuple):
    """Hold what joins two folded namespaces; its stops stand on the page."""

    source: int
    target: int
    stops: tuple[Stop, ...]
    verdict: str
    label: str
    backwards: bool
    lines: tuple[int, ...]


class Passage(NamedTuple):
    """Hold where lines between distant namespaces pass a column."""

    column: int
    y: float


class Scene(NamedTuple):
    """Hold the page."""

    frames: tuple[Frame, ...]
    drawn: tuple[Drawn, ...]
    bundles: tuple[Bundle, ...]
    passages: tuple[Passage, ...]
    columns: tuple[tuple[float, float], ...]
    size: Size
    folded: bool


def written_width(text: str, size: float = 13) -> float:
    """Estimate how wide a text is at most, whatever font the reader has."""
    units = sum(0.4 if char in _NARROW else 0.98 if char in _WIDE else 0.66 for char in text)
    return units * size


def shortened(text: str, room: float, size: float) -> str:
    """Return a text that fits, with its middle left out: both ends of a name tell more."""
    if written_width(text, size) <= room:
        return text
    keep = len(text) - 1
    while keep > 4 and written_width(text[:keep], size) + size * 0.8 > room:
        keep -= 1
    head = (keep + 1) // 2
    return f"{text[:head]}…{text[len(text) - (keep - head) :]}"
