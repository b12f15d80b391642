"""Components and dominators, against networkx on small graphs and by size on large ones."""

from __future__ import annotations

import networkx
from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh.calls.digraphs import components, immediate_dominators

GRAPHS = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=5), max_size=8)


def drawn(graph: dict[str, list[str]]) -> networkx.DiGraph:
    """Return a graph as networkx has it."""
    found = networkx.DiGraph()
    found.add_nodes_from([*graph, "a"])
    found.add_edges_from((node, below) for node, rows in graph.items() for below in rows)
    return found


@given(GRAPHS)
def test_components_are_those_of_networkx(graph: dict[str, list[str]]) -> None:
    """And each comes after what it leads to."""
    whole = drawn(graph)
    found = components(whole.nodes, graph)
    assert {frozenset(row) for row in found} == {
        frozenset(row) for row in networkx.strongly_connected_components(whole)
    }
    place = {node: position for position, row in enumerate(found) for node in row}
    assert all(place[below] <= place[node] for node, rows in graph.items() for below in rows)


@given(GRAPHS)
def test_dominators_are_those_of_networkx(graph: dict[str, list[str]]) -> None:
    """For every node that the root reaches."""
    expected = dict(networkx.immediate_dominators(drawn(graph), "a"))
    expected.pop("a", None)
    assert immediate_dominators("a", graph) == expected


def test_a_long_chain_is_no_matter_of_depth() -> None:
    """Nothing recurses."""
    graph = {str(number): [str(number + 1)] for number in range(50_000)}
    assert len(components(graph, graph)) == 50_001
    assert immediate_dominators("0", graph)["50000"] == "49999"
    circle = {str(number): [str((number + 1) % 50_000)] for number in range(50_000)}
    assert len(components(circle, circle)) == 1
