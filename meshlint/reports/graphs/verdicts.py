"""The verdicts of an edge: which there are, how grave each is, and the words for them.

In: a mesh. Out: its edges with verdict and reason. The one place where drawings ask what protects an edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from meshlint.mesh.calls.edges import Edge, find_edges
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place

VERDICTS = ("broken", "plaintext", "mixed", "unknown", "tls", "mtls")
"""The gravest first: what stands for several edges shows the first of their verdicts."""

WORDS = {
    "broken": "broken",
    "plaintext": "plain text",
    "mixed": "mixed",
    "unknown": "unknown",
    "tls": "TLS",
    "mtls": "mTLS",
}
_UNRESOLVED = "nobody has worked out what protects this call"


class Protected(NamedTuple):
    """Hold an edge with what protects it, why, and the places on both sides that decided."""

    edge: Edge
    verdict: str
    because: str
    decided_by: tuple[Place, ...] = ()


def protected_edges(mesh: Mesh) -> Iterator[Protected]:
    """Yield every edge on which something is sent; that a service selects its workloads sends nothing."""
    edges = find_edges(mesh.inventory, mesh.selection, mesh.graph, mesh.routing.virtual_services)
    for edge in edges:
        if edge.kind != "selects":
            yield Protected(edge, "unknown", _UNRESOLVED)


def gravest(verdicts: Iterable[str]) -> str:
    """Return the gravest of verdicts."""
    return min(verdicts, key=VERDICTS.index)
