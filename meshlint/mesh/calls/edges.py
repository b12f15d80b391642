"""The dependency graph: services, workloads, gateways and external hosts, and what joins them.

In: the inventory and its routes. Out: `Graph`, and the type `Edge`; `dependencies.find_edges` makes edges for those who
ask. Every edge keeps its evidence: the field that says so.
It draws no conclusion about what protects an edge.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.errors import Location
from meshlint.mesh.calls.calls import Call, Unattributed, find_calls
from meshlint.mesh.hosts import resolve_host
from meshlint.mesh.model import Inventory, Place, Workload
from meshlint.mesh.routing.routes import Routes, read_routes
from meshlint.mesh.routing.virtual_services import VirtualServices
from meshlint.mesh.selection import PortId
from meshlint.records import NamedTuple

MESH_NODE = "mesh:"
"""Stands for every client of the mesh, where a route names none."""

_KNOWN_BY = {
    "selects": "declared",
    "resolves": "declared",
    "configures": "declared",
    "routes": "routed",
    "mirrors": "routed",
    "ingress": "routed",
    "calls": "called",
    "expects": "expected",
}


InPrograms = tuple[tuple[Call, ...], tuple[Unattributed, ...]]
"""The calls in programs that have a caller, and those that have none."""


class Edge(NamedTuple):
    """Join two nodes.

    They are `workload:1`, `service:2` (ids of the inventory), `gateway:ns/name`, `ingress:ns/name`, `host:name`,
    `namespace:name`, and `mesh:`.
    """

    source: str
    target: str
    kind: str  # selects, resolves, configures, routes, mirrors, ingress, calls, expects
    port: int | None  # of the service; None where the evidence names none
    evidence: Place
    subset: str = ""
    spot: Location | None = None  # in the text of a program, where that is the evidence; `evidence` is the caller then

    @property
    def known_by(self) -> str:
        """Return how the edge is known: declared, routed, called or expected."""
        return _KNOWN_BY[self.kind]


class Graph(NamedTuple):
    """Hold the routes, the calls, and the callers of each service port."""

    routes: Routes
    calls: tuple[Call, ...]
    callers: Mapping[PortId, tuple[tuple[Workload, Place], ...]]
    unattributed: tuple[Unattributed, ...] = ()  # calls in programs that nobody is known to make


def build_graph(
    inventory: Inventory,
    virtual_services: VirtualServices,
    in_programs: InPrograms = ((), ()),
) -> Graph:
    """Find the routes and calls of an environment; those in programs, if any were read, come after the others."""
    routes = read_routes(inventory, virtual_services)
    calls = (*find_calls(inventory), *in_programs[0])
    callers: dict[PortId, list[tuple[Workload, Place]]] = {}
    for call in calls:
        for port in call.ports:
            callers.setdefault(port, []).append((call.workload, call.evidence))
    return Graph(routes, calls, {port: tuple(found) for port, found in callers.items()}, in_programs[1])


def nodes_of(host: str, inventory: Inventory) -> list[str]:
    """Return the nodes of a full host: the services that bear it, else the host itself."""
    return [f"service:{service.id}" for service in resolve_host(inventory, host, "")] or [f"host:{host}"]
