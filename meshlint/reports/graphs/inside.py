"""The inside of a namespace: its nodes in columns, its own lines, and where lines of others cross its border.

In: a picture, the nodes of a namespace, which lines cross its border at which side. Out: `Inside`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from meshlint.records import NamedTuple
from meshlint.reports.graphs.boxes import Arranged, Size, Spacing, Stop, arranged, on_side
from meshlint.reports.graphs.layering import Layered, layered
from meshlint.reports.graphs.picture import Picture, subtitle_of
from meshlint.reports.graphs.scene import Box, shortened, written_width

_HEAD, _PAD = 36.0, 18.0  # heading of a namespace, margin inside its border
_ROW, _LANE = 22.0, 8.0
_NARROWEST, _WIDEST = 104.0, 204.0
_LOWEST, _HIGHEST = 42.0, 190.0
LABEL_SIZE = 10.0
_BORDER = Size(0, 6)
_FROM_ALL = 30.0
"""Length of the arrow that stands for any client of the mesh: it comes from nowhere and has no words."""


class Inside(NamedTuple):
    """Hold the boxes of a namespace, and of every line the part that runs inside it, in the line's direction."""

    size: Size
    boxes: tuple[Box, ...]
    stops: dict[int, tuple[Stop, ...]]  # by line; one that crosses the border has one end there
    turned: dict[int, bool]  # by line of this namespace alone: it runs from right to left


class Labels(NamedTuple):
    """Say what is written at the head of each line; empty texts where there are too many."""

    texts: Sequence[str]
    pitch: float

    def room(self, line: int) -> float:
        """Return the level length that a line needs before its head."""
        text = self.texts[line]
        return written_width(text, LABEL_SIZE) + 16 if text else 12


class Crossing(NamedTuple):
    """Say that a line goes through the left or the right border, outwards or inwards."""

    line: int
    node: int
    outwards: bool
    at_left: bool


def inside(
    shown: Picture, members: Sequence[int], own: Sequence[int], crossings: Sequence[Crossing],
    from_all: Mapping[int, int], labels: Labels,
) -> Inside:  # fmt: skip
    """Lay out a namespace; `own` are lines between two of its nodes, `from_all` are those of any client."""
    local = {node: position for position, node in enumerate(members)}
    joins = [(local[shown.lines[line].source], local[shown.lines[line].target]) for line in own]
    first: list[int] = []
    last: list[int] = []
    for position, crossing in enumerate(crossings, start=len(members)):
        (first if crossing.at_left else last).append(position)
        joins.append((position, local[crossing.node]) if crossing.at_left else (local[crossing.node], position))
    drawn = layered(len(members) + len(crossings), joins, first=first, last=last)
    sizes = _sizes(shown, members, drawn, from_all, labels)
    zones = _zones(drawn, own, crossings, members, from_all, labels)
    spacing = Spacing(_ROW, [_LANE] * len(joins), labels.pitch, lambda column, lines: _gap(zones, column, lines))
    reserved = [local[node] for node in members if node in from_all]
    level = arranged(drawn, sizes, spacing, reserved=reserved)
    starts = 0.0 if first else _PAD + zones[0]
    ends = 0.0 if last else _PAD + zones[-1]
    moved = _Moved(level, sizes, starts)
    boxes = tuple(moved.box(shown, node, position, from_all) for position, node in enumerate(members))
    stops, turned = _lines(own, crossings, drawn, moved, labels)
    coming = Counter(chain[-1] for chain in drawn.chains)
    for node in members:
        if node in from_all:
            box, ends = boxes[local[node]], coming[local[node]] + 1
            y = box.y + box.height / 2 + on_side(0, ends, box.height, labels.pitch)
            stops[from_all[node]] = ((box.x - _FROM_ALL, box.x - _FROM_ALL, y), (box.x, box.x, y))
    size = Size(starts + level.size.width + ends, _HEAD + level.size.height + _PAD)
    return Inside(size, boxes, stops, turned)


class _Moved:
    """Read an arrangement from the corner of its frame."""

    def __init__(self, level: Arranged, sizes: Sequence[Size], x: float) -> None:
        self.level, self.sizes, self.x = level, sizes, x

    def box(self, shown: Picture, node: int, position: int, from_all: Mapping[int, int]) -> Box:
        """Return a node as it is written."""
        size, drawn = self.sizes[position], shown.nodes[node]
        title = shortened(drawn.name, size.width - 20, 13)
        subtitle = shortened(subtitle_of(drawn, shown.folded[node]), size.width - 20, 10.5)
        x, y = self.x + self.level.x[position], _HEAD + self.level.y[position] - size.height / 2
        return Box(node, x, y, size.width, size.height, title, subtitle, from_all.get(node, -1))

    def stops(self, line: int, backwards: bool) -> list[Stop]:
        """Return the stops of a line in its own direction."""
        found = [(self.x + left, self.x + right, _HEAD + y) for left, right, y in self.level.stops[line]]
        return [(right, left, y) for left, right, y in reversed(found)] if backwards else found


def _sizes(
    shown: Picture, members: Sequence[int], drawn: Layered, from_all: Mapping[int, int], labels: Labels
) -> list[Size]:
    """Return the sizes of all nodes; those of a column are equally wide, and high enough for their lines."""
    left, right = [0] * drawn.boxes, [0] * drawn.boxes
    for chain in drawn.chains:
        right[chain[0]] += 1
        left[chain[-1]] += 1
    widest: dict[int, float] = {}
    for position, node in enumerate(members):
        name = written_width(shown.nodes[node].name, 13)
        small = written_width(subtitle_of(shown.nodes[node], shown.folded[node]), 10.5)
        column = drawn.layer_of[position]
        widest[column] = max(widest.get(column, _NARROWEST), min(max(name, small) + 24, _WIDEST))
    sizes = []
    for position, node in enumerate(members):
        ends = max(left[position] + (node in from_all), right[position])
        high = min(max(_LOWEST, ends * labels.pitch + 8), _HIGHEST)
        sizes.append(Size(round(widest[drawn.layer_of[position]]), round(high)))
    return sizes + [_BORDER] * (drawn.boxes - len(members))


def _zones(
    drawn: Layered, own: Sequence[int], crossings: Sequence[Crossing], members: Sequence[int],
    from_all: Mapping[int, int], labels: Labels,
) -> list[float]:  # fmt: skip
    """Return the room that the words at the heads of lines need: left of every column, and behind the last."""
    zones = [0.0] * (2 * len(drawn.layers) + 1)
    lines = [*own, *(crossing.line for crossing in crossings)]
    for position, (line, chain) in enumerate(zip(lines, drawn.chains, strict=True)):
        if position < len(own):
            backwards, ends_here = drawn.turned[position], True
        else:
            crossing = crossings[position - len(own)]
            backwards, ends_here = crossing.at_left == crossing.outwards, not crossing.outwards
        if ends_here:
            column = drawn.layer_of[chain[0]] * 2 + 1 if backwards else drawn.layer_of[chain[-1]] * 2
            zones[column] = max(zones[column], labels.room(line))
    for position, node in enumerate(members):
        if node in from_all:
            column = drawn.layer_of[position] * 2
            zones[column] = max(zones[column], _FROM_ALL)
    return [zones[0]] + [zones[at - 1] + zones[at] for at in range(2, len(zones), 2)]


def _gap(zones: Sequence[float], column: int, lines: int) -> float:
    curve = 30 + min(lines * 3, 44) if lines else 18
    return zones[column + 1] + curve


def _lines(
    own: Sequence[int], crossings: Sequence[Crossing], drawn: Layered, moved: _Moved, labels: Labels
) -> tuple[dict[int, tuple[Stop, ...]], dict[int, bool]]:
    stops: dict[int, tuple[Stop, ...]] = {}
    turned: dict[int, bool] = {}
    for position, line in enumerate(own):
        turned[line] = drawn.turned[position]
        stops[line] = headed(moved.stops(position, turned[line]), labels.room(line), turned[line])
    for position, crossing in enumerate(crossings, start=len(own)):
        backwards = crossing.at_left == crossing.outwards
        found = moved.stops(position, backwards)
        stops[crossing.line] = (
            tuple(found) if crossing.outwards else headed(found, labels.room(crossing.line), backwards)
        )
    return stops, turned


def headed(stops: Sequence[Stop], room: float, backwards: bool) -> tuple[Stop, ...]:
    """Let a line run level before its head, where its words stand."""
    end, _, y = stops[-1]
    start = end + room if backwards else end - room
    return (*stops[:-1], (start, end, y))
