"""Who is known to call an object, and what it calls.

In: the mesh. Out: `Connection` for every edge at a workload or service. The verdict of an edge is not worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh.calls.dependencies import find_edges
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.inspections.answers import Connection
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided
from meshlint.resources.resource import Resource

_UNJUDGED = Decided(None, "", None, "verdict of the edge")


class Connections:
    """Answer what is joined to an object."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._into: dict[str, list[tuple[Edge, Decided]]] = {}
        self._out_of: dict[str, list[tuple[Edge, Decided]]] = {}
        for edge, verdict in _judged(mesh):
            if edge.kind != "selects":
                self._into.setdefault(edge.target, []).append((edge, verdict))
                self._out_of.setdefault(edge.source, []).append((edge, verdict))

    def into(self, nodes: Iterable[str]) -> tuple[Connection, ...]:
        """Return who calls any of the nodes, by name."""
        rows = [self._connection(edge, edge.source, verdict) for node in nodes for edge, verdict in self._of(node)]
        return tuple(sorted(dict.fromkeys(rows), key=_order))

    def out_of(self, node: str) -> tuple[Connection, ...]:
        """Return what a node calls, by name."""
        rows = [self._connection(edge, edge.target, verdict) for edge, verdict in self._out_of.get(node, ())]
        return tuple(sorted(dict.fromkeys(rows), key=_order))

    def _of(self, node: str) -> Iterable[tuple[Edge, Decided]]:
        return self._into.get(node, ())

    def _connection(self, edge: Edge, other: str, verdict: Decided) -> Connection:
        name, resource = self._named(other)
        return Connection(name, resource, edge.port, edge.subset, edge.kind, edge.known_by, verdict, edge.evidence)

    def _named(self, node: str) -> tuple[str, Resource | None]:
        sort, _, rest = node.partition(":")
        if sort in ("workload", "service"):
            inventory = self._mesh.inventory
            item = inventory.workloads[int(rest)] if sort == "workload" else inventory.services[int(rest)]
            return item.text, item.resource
        if sort == "mesh":
            return "every client of the mesh", None
        return {"gateway": f"Gateway {rest}", "ingress": f"Ingress {rest}"}.get(sort, rest), None


def _judged(mesh: Mesh) -> Iterator[tuple[Edge, Decided]]:
    for edge in find_edges(mesh):
        yield edge, _UNJUDGED


def _order(connection: Connection) -> tuple[object, ...]:
    place = connection.evidence
    return connection.name, connection.port or 0, connection.kind, connection.subset, place.resource.path, place.pointer
