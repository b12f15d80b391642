"""The layout holds for any graph: nothing overlaps, lines run from left to right or say that they do not."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.reports.graphs import layering
from meshlint.reports.graphs.layering import layered
from meshlint.reports.graphs.layout import FOLDS_FROM, laid_out
from meshlint.reports.graphs.picture import picture
from meshlint.reports.graphs.placing import kept_apart
from meshlint.reports.graphs.scene import Box, Scene, shortened, written_width
from tests.reports.graphs.drawings import drawing, node

GRAPHS = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=30)
    )
)


def scene_of(count: int, calls: list[tuple[int, int]], spaces: int = 3) -> Scene:
    """Lay out services that stand in turn in some namespaces."""
    nodes = [node(f"service-{number}", f"space-{number % spaces}") for number in range(count)]
    return laid_out(picture(drawing(nodes, list(dict.fromkeys(calls)))))


@given(GRAPHS)
def test_every_line_goes_through_all_layers_between_its_ends(graph: tuple[int, list[tuple[int, int]]]) -> None:
    """From left to right, one layer a step; a turned line does so from its target."""
    count, calls = graph
    joins = [(a, b) for a, b in calls if a != b]
    found = layered(count, joins)
    for (a, b), chain, turned in zip(joins, found.chains, found.turned, strict=True):
        assert (chain[0], chain[-1]) == ((b, a) if turned else (a, b))
        assert all(found.layer_of[y] == found.layer_of[x] + 1 for x, y in pairwise(chain))


@given(GRAPHS)
def test_a_graph_without_cycle_turns_no_line(graph: tuple[int, list[tuple[int, int]]]) -> None:
    """Only cycles need lines from right to left."""
    count, calls = graph
    joins = [(min(a, b), max(a, b)) for a, b in calls if a != b]
    assert not any(layered(count, joins).turned)


def test_a_cycle_turns_one_line() -> None:
    """As few as needed."""
    assert sum(layered(4, [(0, 1), (1, 2), (2, 3), (3, 0)]).turned) == 1


@given(GRAPHS)
def test_every_node_stands_in_one_layer(graph: tuple[int, list[tuple[int, int]]]) -> None:
    """The layers hold each number once."""
    count, calls = graph
    found = layered(count, [(a, b) for a, b in calls if a != b])
    assert sorted(number for row in found.layers for number in row) == list(range(len(found.layer_of)))


def test_crossings_are_undone() -> None:
    """Two pairs that cross in the order of their names do not cross in the drawing."""
    found = layered(4, [(0, 3), (1, 2)])
    left, right = found.layers
    assert [left.index(0), left.index(1)] == [right.index(3), right.index(2)]


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 9)), min_size=1, max_size=20), st.floats(1, 50))
def test_positions_keep_their_distance(wanted: list[tuple[float, float]], distance: float) -> None:
    """Whatever is wanted, neighbours stay apart; what is apart already is left alone."""
    values, weights = zip(*wanted, strict=True)
    found = kept_apart(values, weights, [distance] * (len(values) - 1))
    assert all(b - a >= distance - 1e-6 for a, b in pairwise(found))
    free = [number * distance for number in range(len(values))]
    assert kept_apart(free, weights, [distance] * (len(values) - 1)) == pytest.approx(free)


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two boxes of a frame share a point."""
    apart = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not apart and not (one.y + one.height <= other.y or other.y + other.height <= one.y)


@given(GRAPHS)
def test_boxes_lie_in_their_frame_and_on_nothing_else(graph: tuple[int, list[tuple[int, int]]]) -> None:
    """No two boxes of a namespace overlap, and none leaves it."""
    for frame in scene_of(*graph).frames:
        for position, box in enumerate(frame.boxes):
            assert 0 < box.x <= box.x + box.width < frame.size.width
            assert 0 < box.y <= box.y + box.height < frame.size.height
            assert not any(overlap(box, other) for other in frame.boxes[:position])


@given(GRAPHS)
def test_frames_lie_on_the_page_and_on_nothing_else(graph: tuple[int, list[tuple[int, int]]]) -> None:
    """No two namespaces overlap."""
    scene = scene_of(*graph)
    for position, one in enumerate(scene.frames):
        assert one.x >= 0 and one.x + one.size.width <= scene.size.width + 1
        for other in scene.frames[:position]:
            apart = one.x + one.size.width <= other.x or other.x + other.size.width <= one.x
            assert apart or one.y + one.size.height <= other.y or other.y + other.size.height <= one.y


@given(GRAPHS)
def test_lines_end_at_their_boxes(graph: tuple[int, list[tuple[int, int]]]) -> None:
    """The first and the last stop of a line lie on the sides of the boxes that it joins."""
    count, calls = graph
    shown = picture(drawing([node(f"s{n}", f"n{n % 3}") for n in range(count)], list(dict.fromkeys(calls))))
    scene = laid_out(shown)
    boxes = {box.node: (number, box) for number, frame in enumerate(scene.frames) for box in frame.boxes}
    for drawn in scene.drawn:
        line = shown.lines[drawn.line]
        if line.source == line.target:
            continue
        ends = ((line.source, drawn.stops[0], 1), (line.target, drawn.stops[-1], 1))
        for end, (frame, stop), leaves in ends:
            home, box = boxes[end]
            assert frame == home
            assert stop[leaves] in (pytest.approx(box.x), pytest.approx(box.x + box.width))
            assert box.y <= stop[2] <= box.y + box.height


def test_the_same_graph_is_laid_out_alike() -> None:
    """Nothing depends on the run."""
    chance = random.Random(7)
    calls = [(chance.randrange(40), chance.randrange(40)) for _ in range(80)]
    assert scene_of(40, calls) == scene_of(40, calls)


def test_pages_fold_from_many_services_on() -> None:
    """Below the limit every service is shown; from it on the namespaces are, and lines between them are bundled."""
    calls = [(number, number + 1) for number in range(FOLDS_FROM - 2)]
    assert not scene_of(FOLDS_FROM - 1, calls).folded
    folded = scene_of(FOLDS_FROM, calls)
    assert folded.folded and folded.bundles
    assert sum(len(bundle.lines) for bundle in folded.bundles) == len(calls)


def test_one_namespace_does_not_fold() -> None:
    """A page with a single closed box would show nothing."""
    assert not scene_of(FOLDS_FROM, [(0, 1)], spaces=1).folded


def test_a_hostile_graph_is_drawn_in_reasonable_time() -> None:
    """A thousand services in a chain, each called by the first: lines through many layers do not add up forever."""
    calls = [(number, number + 1) for number in range(999)] + [(0, number) for number in range(2, 1000)]
    before = time.process_time()
    scene_of(1000, calls, spaces=1)
    assert time.process_time() - before < 20  # a bound on growth, no budget


def test_lines_beyond_the_limit_go_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """When places on the way are used up, everything else is laid out as ever."""
    monkeypatch.setattr(layering, "_MOST_PLACES", 5)
    chance = random.Random(11)
    calls = [(chance.randrange(60), chance.randrange(60)) for _ in range(150)]
    found = layered(60, [(a, b) for a, b in calls if a != b])
    assert len(found.layer_of) - 60 <= 5
    assert any(found.layer_of[chain[-1]] - found.layer_of[chain[0]] >= len(chain) for chain in found.chains)
    for frame in scene_of(60, calls).frames:
        for position, box in enumerate(frame.boxes):
            assert not any(overlap(box, other) for other in frame.boxes[:position])


def test_a_long_name_keeps_both_ends() -> None:
    """The middle goes, and what is left fits."""
    name = "recommendations-of-the-day-canary"
    short = shortened(name, 120, 13)
    assert written_width(short, 13) <= 120
    assert short[:3] == name[:3] and short[-3:] == name[-3:] and "…" in short
    assert shortened("cart", 120, 13) == "cart"
