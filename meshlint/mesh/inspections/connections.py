"""Who is known to call an object, and what it calls.

In: the mesh. Out: `Connection` for every edge at a workload or service, with the verdict of `mesh.verdicts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh.calls.dependencies import find_edges
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.inspections.answers import Connection, Protection
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.routing.route_clients import GATEWAY, KUBERNETES_GATEWAY
from meshlint.mesh.verdicts.verdict import UNKNOWN, Verdict
from meshlint.mesh.verdicts.verdicts import Verdicts
from meshlint.resources.resource import Resource

_ENTRIES = {"gateway": (GATEWAY, KUBERNETES_GATEWAY), "ingress": ("networking.k8s.io/Ingress",)}


class Connections:
    """Answer what is joined to an object; only edges that are asked about get a verdict."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._verdicts = Verdicts(mesh)
        self._edges = [edge for edge in find_edges(mesh) if edge.known_by != "declared"]

    def into(self, nodes: Iterable[str]) -> tuple[Connection, ...]:
        """Return who calls any of the nodes, by name."""
        wanted = frozenset(nodes)
        return self._sorted(self._connection(edge, edge.source) for edge in self._edges if edge.target in wanted)

    def out_of(self, nodes: Iterable[str]) -> tuple[Connection, ...]:
        """Return what any of the nodes calls, by name."""
        wanted = frozenset(nodes)
        return self._sorted(self._connection(edge, edge.target) for edge in self._edges if edge.source in wanted)

    def _sorted(self, rows: Iterator[Connection]) -> tuple[Connection, ...]:
        return tuple(sorted(dict.fromkeys(rows), key=_order))

    def _connection(self, edge: Edge, other: str) -> Connection:
        name, resource = self._named(other)
        verdict = _protection(self._verdicts.of_edge(edge))
        return Connection(
            name, resource, edge.port, edge.subset, edge.kind, edge.known_by, verdict, edge.evidence, edge.spot
        )

    def _named(self, node: str) -> tuple[str, Resource | None]:
        sort, _, rest = node.partition(":")
        if sort in ("workload", "service"):
            inventory = self._mesh.inventory
            item = inventory.workloads[int(rest)] if sort == "workload" else inventory.services[int(rest)]
            return item.text, item.resource
        if sort == "mesh":
            return "clients in the mesh", None
        if sort not in _ENTRIES:
            return f"workloads of namespace {rest}" if sort == "namespace" else rest, None
        namespace, _, name = rest.partition("/")
        found = (r for kind in _ENTRIES[sort] for r in self._mesh.inventory.of_kind(kind))
        resource = next((r for r in found if (r.namespace, r.name) == (namespace, name)), None)
        return f"{sort.capitalize()} {rest}", resource


def _protection(verdict: Verdict) -> Protection:
    value = None if verdict.mtls == UNKNOWN else verdict.mtls
    missing = (verdict.missing or "what protects it") if value is None else ""
    place = verdict.at_fault or verdict.client_decided or verdict.server_decided
    return Protection(value, verdict.because, place, missing, verdict.client_decided, verdict.server_decided)


def _order(connection: Connection) -> tuple[object, ...]:
    place = connection.evidence
    return connection.name, connection.port or 0, connection.kind, connection.subset, place.resource.path, place.pointer
