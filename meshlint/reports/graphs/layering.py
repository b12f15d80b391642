"""Layers of a directed graph, from left to right, and the order inside each: Sugiyama's method up to coordinates.

In: how many nodes there are and which are joined. Out: `Layered`. Cycles are broken by the heuristic of Eades, Lin and
Smyth, layers are longest paths, lines that are longer than a layer get a place in every layer they pass, and the order
comes from barycentres. Deterministic; linear in the lines and the layers that they pass.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Sequence
from itertools import pairwise

from meshlint.records import NamedTuple

Join = tuple[int, int]
_SWEEPS = 12
_MOST_PLACES = 12_000
"""Lines that would need more places on their way go straight: a hostile graph is drawn badly, not forever."""
_LOOSE_COLUMNS = 5


class Layered(NamedTuple):
    """Hold the layers; numbers from `count` on are places of lines on their way through a layer."""

    boxes: int
    layers: list[list[int]]  # numbers of a layer, from top to bottom
    layer_of: list[int]
    chains: list[tuple[int, ...]]  # by line: what it passes, from left to right, both ends included
    turned: list[bool]  # by line: it runs from right to left


def layered(count: int, joins: Sequence[Join], *, first: Collection[int] = (), last: Collection[int] = ()) -> Layered:
    """Find layers; nodes of `first` stand alone in the leftmost layer, those of `last` in the rightmost."""
    turned = _turned(count, joins, frozenset(first), frozenset(last))
    straight = [(b, a) if back else (a, b) for (a, b), back in zip(joins, turned, strict=True)]
    layer = _longest(count, straight, frozenset(first), frozenset(last))
    chains = _chains(count, straight, layer)
    layers: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for number, where in enumerate(layer):
        layers[where].append(number)
    _order(layers, chains, layer)
    return Layered(count, layers, layer, chains, turned)


def _turned(count: int, joins: Sequence[Join], first: frozenset[int], last: frozenset[int]) -> list[bool]:
    """Return which lines have to run backwards, so that no cycle is left."""
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for a, b in joins:
        after[a].append(b)
        before[b].append(a)
    outs, ins = [len(row) for row in after], [len(row) for row in before]
    heap = [(_rank(outs[node], ins[node]), node) for node in range(count)]
    heapq.heapify(heap)
    place = [-1] * count
    front, back = 0, count
    while heap:
        rank, node = heapq.heappop(heap)
        if place[node] >= 0 or rank != _rank(outs[node], ins[node]):
            continue
        if outs[node]:
            place[node], front = front, front + 1
        else:
            back -= 1
            place[node] = back
        for rows, counts in ((after, ins), (before, outs)):
            for other in rows[node]:
                counts[other] -= 1
                if place[other] < 0:
                    heapq.heappush(heap, (_rank(outs[other], ins[other]), other))
    return [a not in first and b not in last and place[a] > place[b] for a, b in joins]


def _rank(outs: int, ins: int) -> tuple[int, int]:
    """Return who is taken next: sinks, then sources, then whoever sends most more than it receives."""
    return (0, 0) if outs == 0 else (1, 0) if ins == 0 else (2, ins - outs)


def _longest(count: int, straight: Sequence[Join], first: frozenset[int], last: frozenset[int]) -> list[int]:
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for a, b in straight:
        after[a].append(b)
        waits[b] += 1
    base = 1 if first else 0
    layer = [0 if node in first else base for node in range(count)]
    ready = [node for node in range(count) if not waits[node]]
    preceding = list(waits)
    for node in ready:  # grows while it is walked: a topological order
        for other in after[node]:
            layer[other] = max(layer[other], layer[node] + 1)
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    for node in reversed(ready):  # what is asked less than it asks stands near to what it asks
        inner = [layer[other] for other in after[node] if other not in last]
        if inner and node not in first and preceding[node] < len(inner):
            layer[node] = max(layer[node], min(inner) - 1)
    top = max((layer[node] for node in range(count) if node not in last), default=-1)
    top = _spread_loose(count, straight, layer, first | last, top, base)
    for node in last:
        layer[node] = top + 1
    return layer


def _spread_loose(
    count: int, straight: Sequence[Join], layer: list[int], pinned: frozenset[int], top: int, base: int
) -> int:
    """Put nodes that nothing is joined to where there is room, in a few columns; return the last layer."""
    joined = {end for join in straight for end in join}
    loose = [node for node in range(count) if node not in joined and node not in pinned]
    if not loose:
        return top
    columns = min(math.ceil(math.sqrt(len(loose))), _LOOSE_COLUMNS)
    top = max(top, base + columns - 1)
    filled = [(0, column) for column in range(base, top + 1)]
    for node in joined - pinned:
        filled[layer[node] - base] = (filled[layer[node] - base][0] + 1, layer[node])
    heapq.heapify(filled)
    for node in loose:
        size, column = filled[0]
        layer[node] = column
        heapq.heapreplace(filled, (size + 1, column))
    return top


def _chains(count: int, straight: Sequence[Join], layer: list[int]) -> list[tuple[int, ...]]:
    """Give every long line a number in each layer between its ends."""
    chains: list[tuple[int, ...]] = []
    for a, b in straight:
        between = range(layer[a] + 1, layer[b])
        if len(layer) - count + len(between) > _MOST_PLACES:
            between = range(0)
        number = len(layer)
        layer.extend(between)
        chains.append((a, *range(number, number + len(between)), b))
    return chains


def _order(layers: list[list[int]], chains: Sequence[Sequence[int]], layer: Sequence[int]) -> None:
    """Order every layer so that few lines cross; the best of several sweeps stays."""
    total = len(layer)
    left: list[list[int]] = [[] for _ in range(total)]
    right: list[list[int]] = [[] for _ in range(total)]
    for chain in chains:
        for a, b in pairwise(chain):
            if layer[b] == layer[a] + 1:  # what goes straight through other layers has no say in their order
                right[a].append(b)
                left[b].append(a)
    place = [0] * total
    _loose_last(layers, left, right)
    for row in layers:
        _settle(row, place)
    best, least = [list(row) for row in layers], _crossings(layers, right, place)
    for sweep in range(_SWEEPS):
        rows, beside = (layers[1:], left) if sweep % 2 == 0 else (layers[-2::-1], right)
        for row in rows:
            row.sort(key=lambda node: _barycentre(node, beside, place))
            _settle(row, place)
        crossings = _crossings(layers, right, place)
        if crossings < least:
            best, least = [list(row) for row in layers], crossings
        if not least:
            break
    layers[:] = best
    _loose_last(layers, left, right)


def _settle(row: Sequence[int], place: list[int]) -> None:
    for position, node in enumerate(row):
        place[node] = position


def _barycentre(node: int, beside: Sequence[Sequence[int]], place: Sequence[int]) -> float:
    others = beside[node]
    return sum(place[other] for other in others) / len(others) if others else float(place[node])


def _loose_last(layers: list[list[int]], left: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> None:
    for row in layers:
        row.sort(key=lambda node: not left[node] and not right[node])


def _crossings(layers: Sequence[Sequence[int]], right: Sequence[Sequence[int]], place: Sequence[int]) -> int:
    """Count crossings between neighbouring layers by counting inversions in a tree of sums."""
    total = 0
    for row, following in pairwise(layers):
        tree = [0] * (len(following) + 1)
        seen = 0
        for node in row:
            ends = sorted(place[other] for other in right[node])
            for end in ends:
                total += seen - _below(tree, end + 1)
            for end in ends:
                seen += 1
                _add(tree, end + 1)
    return total


def _below(tree: Sequence[int], index: int) -> int:
    total = 0
    while index > 0:
        total += tree[index]
        index &= index - 1
    return total


def _add(tree: list[int], index: int) -> None:
    while index < len(tree):
        tree[index] += 1
        index += index & -index
