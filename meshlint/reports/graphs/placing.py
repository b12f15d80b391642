"""Coordinates for layers: columns from left to right, and heights that keep lines straight and nothing overlapping.

In: layers, sizes, where on a box each line ends. Out: `Placed`. Each layer is drawn to its neighbours by least squares
under the condition that its boxes keep their distance (pooling of adjacent violators), so that nothing can overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from meshlint.records import NamedTuple
from meshlint.reports.graphs.layering import Layered

_SWEEPS, _PATIENCE = 10, 12_000
"""How often layers are drawn to their neighbours: more often where there are few boxes, at the same cost."""
_STRAIGHT = 6.0
"""How much more a place of a long line wants to be level with its neighbours than a box does."""

_LINE = 40.0
"""What is no higher than this is a line, or many of them, on the way through a column or a border."""

Offsets = Sequence[tuple[float, float]]
"""By line: where its left and its right end stand, above (-) or below the middle of their boxes."""


class Placed(NamedTuple):
    """Hold the middle of everything in a layered drawing, and the columns."""

    y: list[float]
    columns: list[tuple[float, float]]  # left edge and width
    top: float
    bottom: float


def columns_of(widths: Sequence[float], gaps: Sequence[float], start: float = 0) -> list[tuple[float, float]]:
    """Return left edge and width of every column; `gaps` lie between neighbours."""
    found = []
    for position, width in enumerate(widths):
        found.append((start, width))
        start += width + (gaps[position] if position < len(gaps) else 0)
    return found


def placed(
    drawn: Layered, heights: Sequence[float], offsets: Offsets, columns: list[tuple[float, float]], gap: float
) -> Placed:
    """Place every number of the layers; `heights` are by number, places of lines included."""
    y = [0.0] * len(heights)
    apart = [_distances(row, heights, gap) for row in drawn.layers]
    for row, distances in zip(drawn.layers, apart, strict=True):
        total, position = sum(distances), 0.0
        for node, distance in zip(row, [0.0, *distances], strict=False):
            position += distance
            y[node] = position - total / 2
    pulls = _pulls(drawn, offsets, len(heights))
    rows = list(zip(drawn.layers, apart, strict=True))
    for sweep in range(max(_SWEEPS, min(_PATIENCE // max(len(heights), 1), 20))):
        for row, distances in rows if sweep % 2 == 0 else rows[::-1]:
            _draw_near(row, distances, pulls, y, drawn.boxes)
    for row, distances in (rows[0], rows[-1]) if rows else ():
        _draw_near(row, distances, pulls, y, drawn.boxes)  # what crosses a border does so level with what it leads to
    _append_loose(drawn, apart, pulls, y)
    top = min((y[node] - heights[node] / 2 for node in range(len(y))), default=0.0)
    bottom = max((y[node] + heights[node] / 2 for node in range(len(y))), default=0.0)
    return Placed(y, columns, top, bottom)


def _distances(row: Sequence[int], heights: Sequence[float], gap: float) -> list[float]:
    """Return how far the middles of neighbours have to be apart; lines may run closer together than boxes."""
    found = []
    for above, below in pairwise(row):
        room = sum(gap / 2 for node in (above, below) if heights[node] > _LINE)
        found.append((heights[above] + heights[below]) / 2 + room)
    return found


def _append_loose(drawn: Layered, apart: Sequence[Sequence[float]], pulls: Sequence[object], y: list[float]) -> None:
    """Put what nothing is joined to right below what stands above it, or at the top of its column."""
    joined = [y[node] for row in drawn.layers for node in row if pulls[node]]
    top = min(joined, default=0.0)
    for row, distances in zip(drawn.layers, apart, strict=True):
        for position, node in enumerate(row):
            if not pulls[node]:
                y[node] = y[row[position - 1]] + distances[position - 1] if position else top


def _pulls(drawn: Layered, offsets: Offsets, total: int) -> list[list[tuple[int, float]]]:
    """Return for every number its neighbours, and how much lower than theirs its own middle wants to be."""
    pulls: list[list[tuple[int, float]]] = [[] for _ in range(total)]
    for chain, (left, right) in zip(drawn.chains, offsets, strict=True):
        for position, (a, b) in enumerate(pairwise(chain)):
            start = left if position == 0 else 0.0
            end = right if position == len(chain) - 2 else 0.0
            pulls[b].append((a, start - end))
            pulls[a].append((b, end - start))
    return pulls


def _draw_near(
    row: Sequence[int], distances: Sequence[float], pulls: Sequence[Sequence[tuple[int, float]]], y: list[float],
    count: int,
) -> None:  # fmt: skip
    wanted, weights = [], []
    for node in row:
        near = pulls[node]
        if near:
            wanted.append(_middle([y[other] + by for other, by in near]))
            weights.append(1.0 if node < count else _STRAIGHT)
        else:
            wanted.append(y[node])
            weights.append(0.05)
    for node, value in zip(row, kept_apart(wanted, weights, distances), strict=True):
        y[node] = value


def _middle(values: list[float]) -> float:
    values.sort()
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def kept_apart(wanted: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Return the positions nearest to the wanted ones, by weighted squares, whose neighbours keep their distances."""
    shifts, total = [0.0], 0.0
    for distance in distances:
        total += distance
        shifts.append(total)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for value, weight, shift in zip(wanted, weights, shifts, strict=False):
        mean, mass, size = value - shift, weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, other_mass, other_size = blocks.pop()
            mean = (mean * mass + other * other_mass) / (mass + other_mass)
            mass, size = mass + other_mass, size + other_size
        blocks.append((mean, mass, size))
    flat = [mean for mean, _, size in blocks for _ in range(size)]
    return [mean + shift for mean, shift in zip(flat, shifts, strict=False)]
