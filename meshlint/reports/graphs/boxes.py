"""Boxes in columns and the lines between them: one level of the page's layout.

In: sizes of boxes, lines between them, lines that come from or go to the outside. Out: `Arranged`: positions from the
corner of the level, and for every line its stops. Both levels are drawn by this: services in a namespace, namespaces on
the page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from meshlint.records import NamedTuple
from meshlint.reports.graphs.layering import Layered
from meshlint.reports.graphs.placing import Offsets, columns_of, placed

Stop = tuple[float, float, float]
"""Where a line comes in (x), where it goes out again (x), and at which height; level between the two."""


class Size(NamedTuple):
    """Hold width and height."""

    width: float
    height: float


class Spacing(NamedTuple):
    """Hold the distances of a level; a gap between columns depends on how many lines cross it."""

    row: float
    lanes: Sequence[float]  # by line: its height on its way through a column
    pitch: float  # between the ends of lines on one side of a box
    gap: Callable[[int, int], float]  # column at the left of the gap, lines in it → width


class Arranged(NamedTuple):
    """Hold a level: by number the left edge and the middle, by line its stops from left to right."""

    x: list[float]
    y: list[float]
    columns: list[tuple[float, float]]
    stops: list[list[Stop]]
    size: Size


def arranged(
    drawn: Layered, sizes: Sequence[Size], spacing: Spacing, offsets: Offsets | None = None,
    reserved: Collection[int] = (),
) -> Arranged:  # fmt: skip
    """Arrange a level; without `offsets` the ends of lines share the sides of their boxes evenly.

    Boxes of `reserved` keep the uppermost place of their left side free.
    """
    total = len(drawn.layer_of)
    heights = [sizes[node].height if node < drawn.boxes else 0.0 for node in range(total)]
    for chain, lane in zip(drawn.chains, spacing.lanes, strict=True):
        for node in chain[1:-1]:
            heights[node] = lane
    if offsets is None:
        offsets = shared_sides(drawn, heights, spacing.pitch, reserved)
    widths = [max((sizes[node].width for node in row if node < drawn.boxes), default=0) for row in drawn.layers]
    columns = columns_of(widths, _gaps(drawn, spacing))
    where = placed(drawn, heights, offsets, columns, spacing.row)
    y = [value - where.top for value in where.y]
    x = [
        columns[layer][0] + (columns[layer][1] - sizes[node].width) / 2 if node < drawn.boxes else columns[layer][0]
        for node, layer in enumerate(drawn.layer_of)
    ]
    stops = [
        _stops(chain, drawn, sizes, columns, x, y, ends) for chain, ends in zip(drawn.chains, offsets, strict=True)
    ]
    right = columns[-1][0] + columns[-1][1] if columns else 0.0
    return Arranged(x, y, columns, stops, Size(right, where.bottom - where.top))


def _gaps(drawn: Layered, spacing: Spacing) -> list[float]:
    crossing = [0] * max(len(drawn.layers), 1)
    for chain in drawn.chains:
        for a in chain[:-1]:
            crossing[drawn.layer_of[a]] += 1
    return [spacing.gap(column, lines) for column, lines in enumerate(crossing[:-1])]


def _stops(
    chain: Sequence[int], drawn: Layered, sizes: Sequence[Size], columns: Sequence[tuple[float, float]],
    x: Sequence[float], y: Sequence[float], ends: tuple[float, float],
) -> list[Stop]:  # fmt: skip
    first, final = chain[0], chain[-1]
    start = x[first] + sizes[first].width
    found = [(start, start, y[first] + ends[0])]
    for node in chain[1:-1]:
        left, width = columns[drawn.layer_of[node]]
        found.append((left, left + width, y[node]))
    found.append((x[final], x[final], y[final] + ends[1]))
    return found


def shared_sides(
    drawn: Layered, heights: Sequence[float], pitch: float, reserved: Collection[int] = ()
) -> list[tuple[float, float]]:
    """Return where lines end on the sides of their boxes, in the order in which they leave."""
    place = {node: position for row in drawn.layers for position, node in enumerate(row)}
    leaving: dict[int, list[tuple[int, int]]] = {}
    coming: dict[int, list[tuple[int, int]]] = {}
    for line, chain in enumerate(drawn.chains):
        leaving.setdefault(chain[0], []).append((place[chain[1]], line))
        coming.setdefault(chain[-1], []).append((place[chain[-2]], line))
    found = [[0.0, 0.0] for _ in drawn.chains]
    for side, rows in enumerate((leaving, coming)):
        for node, ends in rows.items():
            ends.sort()
            free = int(side == 1 and node in reserved)
            for position, (_, line) in enumerate(ends, start=free):
                found[line][side] = on_side(position, len(ends) + free, heights[node], pitch)
    return [(left, right) for left, right in found]


def on_side(position: int, ends: int, height: float, pitch: float) -> float:
    """Return where the n-th of some ends stands on the side of a box, from its middle."""
    step = min(pitch, max(height - 12, 0) / max(ends - 1, 1))
    return (position - (ends - 1) / 2) * step
