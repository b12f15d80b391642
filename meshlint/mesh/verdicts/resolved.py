"""Every edge with its verdict: what `graph`, `inspect` and the rules on edges read.

In: the resolved mesh. Out: `ResolvedEdge` for each edge that carries calls (what is declared, such as `selects`, carries none). Linear in edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meshlint.mesh.calls.dependencies import find_edges
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.verdicts.verdict import Verdict
from meshlint.mesh.verdicts.verdicts import Verdicts


class ResolvedEdge(NamedTuple):
    """Pair an edge with what protects it."""

    edge: Edge
    verdict: Verdict


def resolved_edges(mesh: Mesh, verdicts: Verdicts | None = None) -> Iterator[ResolvedEdge]:
    """Yield every edge that carries calls, with its verdict; `verdicts` shares the answers with other askers."""
    verdicts = verdicts or Verdicts(mesh)
    for edge in find_edges(mesh):
        if edge.known_by != "declared":
            yield ResolvedEdge(edge, verdicts.of_edge(edge))
