"""Two questions about a directed graph: what goes round in circles, and what has to be passed on the way.

In: successors by node. Out: strongly connected components (Tarjan) and immediate dominators (Lengauer and Tarjan). Both
walk without recursion, in time that is linear or nearly so. It knows no mesh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

Successors = Mapping[str, Sequence[str]]


def components(nodes: Iterable[str], successors: Successors) -> list[list[str]]:
    """Return the strongly connected components; each comes after all that it leads to."""
    found: list[list[str]] = []
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    settled: set[str] = set()
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _enter(root, successors, index, lowest, waiting, work)
        while work:
            node, rest = work[-1]
            for below in rest:
                if below not in index:
                    _enter(below, successors, index, lowest, waiting, work)
                    break
                if below not in settled:
                    lowest[node] = min(lowest[node], index[below])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == index[node]:
                    position = _place(waiting, node)
                    found.append(waiting[position:])
                    settled.update(waiting[position:])
                    del waiting[position:]
    return found


def _place(waiting: Sequence[str], node: str) -> int:
    position = len(waiting) - 1
    while waiting[position] != node:
        position -= 1
    return position


def _enter(
    node: str,
    successors: Successors,
    index: dict[str, int],
    lowest: dict[str, int],
    waiting: list[str],
    work: list[tuple[str, Iterator[str]]],
) -> None:
    index[node] = lowest[node] = len(index)
    waiting.append(node)
    work.append((node, iter(successors.get(node, ()))))


def immediate_dominators(root: str, successors: Successors) -> dict[str, str]:
    """Return for every node that the root reaches the last one that every way to it passes; the root has none."""
    return _Dominators(root, successors).found()


class _Dominators:
    """Number the nodes depth first, and work out semidominators from the last to the first."""

    def __init__(self, root: str, successors: Successors) -> None:
        self._order: list[str] = []
        self._number: dict[str, int] = {}
        self._parent: list[int] = []
        self._before: list[list[int]] = []
        self._walk(root, successors)
        count = len(self._order)
        self._semi = list(range(count))
        self._best = list(range(count))  # of the semidominators on the way up, whose is the lowest
        self._up = [-1] * count

    def _walk(self, root: str, successors: Successors) -> None:
        work = [(root, -1)]
        edges: list[tuple[int, str]] = []
        while work:
            node, parent = work.pop()
            if node in self._number:
                continue
            number = self._number[node] = len(self._order)
            self._order.append(node)
            self._parent.append(parent)
            for below in reversed(successors.get(node, ())):
                edges.append((number, below))
                work.append((below, number))
        self._before = [[] for _ in self._order]
        for number, below in edges:
            self._before[self._number[below]].append(number)

    def found(self) -> dict[str, str]:
        """Return the immediate dominators."""
        count = len(self._order)
        dominator = [0] * count
        buckets: list[list[int]] = [[] for _ in range(count)]
        for node in range(count - 1, 0, -1):
            for before in self._before[node]:
                self._semi[node] = min(self._semi[node], self._semi[self._lowest(before)])
            buckets[self._semi[node]].append(node)
            parent = self._up[node] = self._parent[node]
            for waiting in buckets[parent]:
                best = self._lowest(waiting)
                dominator[waiting] = best if self._semi[best] < self._semi[waiting] else parent
            buckets[parent].clear()
        for node in range(1, count):
            if dominator[node] != self._semi[node]:
                dominator[node] = dominator[dominator[node]]
        return {self._order[node]: self._order[dominator[node]] for node in range(1, count)}

    def _lowest(self, node: int) -> int:
        """Return the node with the lowest semidominator on the way up, and shorten that way."""
        if self._up[node] < 0:
            return node
        way = []
        at = node
        while self._up[self._up[at]] >= 0:
            way.append(at)
            at = self._up[at]
        for below in reversed(way):
            above = self._up[below]
            if self._semi[self._best[above]] < self._semi[self._best[below]]:
                self._best[below] = self._best[above]
            self._up[below] = self._up[above]
        return self._best[node]
