"""The layout of the page: namespaces as boxes in columns, services in columns inside them, lines between.

In: a picture. Out: `Scene`: everything with coordinates, and nothing of how it is written. Namespaces are laid out as a
graph of their own, so that one that is folded is a box like any other and none has to move to another column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from meshlint.records import NamedTuple
from meshlint.reports.graphs.boxes import Arranged, Size, Spacing, Stop, arranged, on_side
from meshlint.reports.graphs.inside import LABEL_SIZE, Crossing, Inside, Labels, headed, inside
from meshlint.reports.graphs.layering import Layered, layered
from meshlint.reports.graphs.picture import Picture
from meshlint.reports.graphs.scene import Bundle, Drawn, Frame, Passage, Scene, written_width
from meshlint.reports.graphs.verdicts import WORDS, gravest

FOLDS_FROM = 150
"""Services; from here on a page begins with its namespaces folded."""
_MOST_LABELLED = 220
"""Lines; beyond that the words stand in the panel, and the stroke alone tells the verdict."""
_MARGIN = 24.0
_FOLDED = Size(176, 58)
_ROW = 28.0
_LOOP = (-34.0, -12.0)  # from the right end of a box


class _Level(NamedTuple):
    """Hold the graph of namespaces: which pairs are joined, by which lines, and in which columns they stand."""

    names: list[str]
    members: list[tuple[int, ...]]
    home: dict[int, int]  # node → group
    pairs: dict[tuple[int, int], int]
    lines: list[list[int]]  # by pair
    lanes: dict[int, float]  # line → how far beside the middle of its pair it runs
    drawn: Layered


def laid_out(shown: Picture) -> Scene:
    """Lay out a picture."""
    level = _namespaces(shown)
    folded = sum(1 for node in shown.nodes if node.kind == "service") >= FOLDS_FROM and len(level.names) > 1
    is_labelled = len(shown.lines) <= _MOST_LABELLED
    labels = Labels([line.label if is_labelled else "" for line in shown.lines], 15.0 if is_labelled else 9.0)
    insides = _insides(shown, level, labels)
    closed = _closed_sizes(level)
    told = [_told(shown, lines) for lines in level.lines]
    where = _closed(level, closed, told) if folded else _opened(level, insides)
    sizes = closed if folded else [found.size for found in insides]
    frames = tuple(
        Frame(
            name, round(where.x[group] + _MARGIN), round(where.y[group] - sizes[group].height / 2 + _MARGIN),
            insides[group].size, closed[group], insides[group].boxes, level.drawn.layer_of[group],
        )
        for group, name in enumerate(level.names)
    )  # fmt: skip
    return Scene(
        frames,
        tuple(_drawn(line, shown, level, insides, labels) for line in range(len(shown.lines))),
        _bundles(level, where, told) if folded else (),
        tuple(Passage(level.drawn.layer_of[way], where.y[way] + _MARGIN) for way in _ways(level.drawn)),
        tuple((left + _MARGIN, width) for left, width in where.columns),
        Size(where.size.width + 2 * _MARGIN, where.size.height + 2 * _MARGIN),
        folded,
    )


def _visible(shown: Picture) -> list[int]:
    """Return the lines between two boxes; those of any client are drawn at the box they lead to."""
    return [number for number, line in enumerate(shown.lines) if shown.nodes[line.source].kind != "mesh"]


def _namespaces(shown: Picture) -> _Level:
    groups = [(name, members) for name, members in shown.groups if name]
    home = {node: group for group, (_, members) in enumerate(groups) for node in members}
    pairs: dict[tuple[int, int], int] = {}
    lines: list[list[int]] = []
    for number in _visible(shown):
        line = shown.lines[number]
        pair = home[line.source], home[line.target]
        if pair[0] != pair[1]:
            if pair not in pairs:
                pairs[pair] = len(lines)
                lines.append([])
            lines[pairs[pair]].append(number)
    names, members = [name for name, _ in groups], [members for _, members in groups]
    lanes = {line: on_side(n, len(row), 40, 4) for row in lines for n, line in enumerate(row)}
    return _Level(names, members, home, pairs, lines, lanes, layered(len(groups), list(pairs)))


def _ways(drawn: Layered) -> range:
    return range(drawn.boxes, len(drawn.layer_of))


def _insides(shown: Picture, level: _Level, labels: Labels) -> list[Inside]:
    """Lay out the namespaces from left to right, so that each can follow the order in which lines reach it."""
    own: list[list[int]] = [[] for _ in level.names]
    crossings: list[list[tuple[int, Crossing]]] = [[] for _ in level.names]  # with the namespace at the other end
    from_all: dict[int, int] = {}
    for number, line in enumerate(shown.lines):
        if shown.nodes[line.source].kind == "mesh":
            from_all[line.target] = number
            continue
        source, target = level.home[line.source], level.home[line.target]
        if source != target:
            turned = level.drawn.turned[level.pairs[source, target]]
            crossings[source].append((target, Crossing(number, line.source, True, turned)))
            crossings[target].append((source, Crossing(number, line.target, False, not turned)))
        elif line.source != line.target:
            own[source].append(number)
    found: dict[int, Inside] = {}
    place = {group: position for row in level.drawn.layers for position, group in enumerate(row)}
    for group in (number for row in level.drawn.layers for number in row if number < level.drawn.boxes):
        ordered = _as_they_come(crossings[group], place, found)
        found[group] = inside(shown, level.members[group], own[group], ordered, from_all, labels)
    return [found[group] for group in range(len(level.names))]


def _as_they_come(
    rows: Sequence[tuple[int, Crossing]], place: Mapping[int, int], found: Mapping[int, Inside]
) -> list[Crossing]:
    """Order the lines at a border by the namespace that they come from, and by their height there where it is known."""

    def height(other: int, crossing: Crossing) -> float:
        stops = found[other].stops[crossing.line] if other in found else ()
        return stops[0 if crossing.outwards else -1][2] if stops else 0.0

    return [crossing for other, crossing in sorted(rows, key=lambda row: (place[row[0]], height(*row), row[1].line))]


def _opened(level: _Level, insides: Sequence[Inside]) -> Arranged:
    offsets: list[tuple[float, float]] = []
    for (source, target), lines, turned in zip(level.pairs, level.lines, level.drawn.turned, strict=True):
        ends = [
            sum(insides[group].stops[line][at][2] for line in lines) / len(lines) - insides[group].size.height / 2
            for group, at in ((source, -1), (target, 0))
        ]
        offsets.append((ends[1], ends[0]) if turned else (ends[0], ends[1]))
    lanes = [min(4.0 * len(lines), 28) + 8 for lines in level.lines]
    spacing = Spacing(_ROW, lanes, 0, lambda _, lines: 44 + min(lines * 8, 72) if lines else _ROW)
    return arranged(level.drawn, [found.size for found in insides], spacing, offsets)


def _closed_sizes(level: _Level) -> list[Size]:
    left, right = Counter[int](), Counter[int]()
    for chain in level.drawn.chains:
        right[chain[0]] += 1
        left[chain[-1]] += 1
    return [
        Size(_FOLDED.width, min(max(_FOLDED.height, 13.0 * max(left[group], right[group]) + 10), 200))
        for group in range(len(level.names))
    ]


def _told(shown: Picture, lines: Sequence[int]) -> tuple[str, str]:
    """Return the gravest verdict of lines, and how many of them have it."""
    verdicts = [shown.lines[line].verdict for line in lines]
    worst = gravest(verdicts)
    count = verdicts.count(worst)
    return worst, f"{count if count == len(verdicts) else f'{count} of {len(verdicts)}'} {WORDS[worst]}"


def _closed(level: _Level, sizes: Sequence[Size], told: Sequence[tuple[str, str]]) -> Arranged:
    zone = max((written_width(label, LABEL_SIZE) for _, label in told), default=0) + 16
    spacing = Spacing(20, [12.0] * len(told), 13, lambda _, lines: zone + 40 + min(lines * 3, 60) if lines else _ROW)
    return arranged(level.drawn, sizes, spacing)


def _bundles(
    level: _Level, where: Arranged, told: Sequence[tuple[str, str]]
) -> tuple[Bundle, ...]:  # fmt: skip
    found = []
    rows = zip(level.pairs, level.lines, level.drawn.turned, where.stops, told, strict=True)
    for (source, target), lines, turned, stops, (verdict, label) in rows:
        moved = [(left + _MARGIN, right + _MARGIN, y + _MARGIN) for left, right, y in stops]
        if turned:
            moved = [(right, left, y) for left, right, y in reversed(moved)]
        placed = headed(moved, written_width(label, LABEL_SIZE) + 16, turned)
        found.append(Bundle(source, target, placed, verdict, label, turned, tuple(lines)))
    return tuple(found)


def _drawn(
    number: int, shown: Picture, level: _Level, insides: Sequence[Inside], labels: Labels
) -> Drawn:  # fmt: skip
    line, label = shown.lines[number], labels.texts[number]
    if shown.nodes[line.source].kind == "mesh":
        home = level.home[line.target]
        return Drawn(number, tuple((home, stop) for stop in insides[home].stops[number]), "", False)
    source, target = level.home[line.source], level.home[line.target]
    if line.source == line.target:
        box = next(box for box in insides[source].boxes if box.node == line.source)
        right = box.x + box.width
        return Drawn(number, ((source, (right + _LOOP[0], right + _LOOP[1], box.y)),), label, False)
    if source == target:
        stops = tuple((source, stop) for stop in insides[source].stops[number])
        return Drawn(number, stops, label, insides[source].turned[number])
    pair = level.pairs[source, target]
    turned = level.drawn.turned[pair]
    passed = [way - level.drawn.boxes for way in level.drawn.chains[pair][1:-1]]
    through: list[tuple[int, Stop]] = [(-1 - way, (0.0, 1.0, level.lanes[number])) for way in passed]
    if turned:
        through = [(owner, (1.0, 0.0, y)) for owner, (_, _, y) in reversed(through)]
    stops = tuple(
        [(source, stop) for stop in insides[source].stops[number]]
        + through
        + [(target, stop) for stop in insides[target].stops[number]]
    )
    return Drawn(number, stops, label, turned)
