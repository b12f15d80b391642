"""The dependency graph: services, workloads, gateways and external hosts, and what joins them.

In: the inventory and who stands behind whom. Out: `Graph`, and `Edge` for those who ask. Every edge keeps its
evidence: the field that says so.
It draws no conclusion about what protects an edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from meshlint.mesh.calls.calls import Call, find_calls
from meshlint.mesh.model import Inventory, Place, Workload
from meshlint.mesh.routing.routes import Destination, Routes, read_routes
from meshlint.mesh.routing.virtual_services import MESH, VirtualServices
from meshlint.mesh.selection import PortId, Selection
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_KNOWN_BY = {"selects": "declared", "routes": "routed", "mirrors": "routed", "ingress": "routed", "calls": "called"}


class Edge(NamedTuple):
    """Join two nodes (`workload:1`, `service:2`, `gateway:ns/name`, `ingress:ns/name`, `host:name`, `mesh:`)."""

    source: str
    target: str
    kind: str  # selects, routes, mirrors, calls, ingress
    port: int | None  # of the service; None where the evidence names none
    evidence: Place
    subset: str = ""

    @property
    def known_by(self) -> str:
        """Return how the edge is known: declared, routed or called."""
        return _KNOWN_BY[self.kind]


class Graph(NamedTuple):
    """Hold the routes, the calls, and the callers of each service port; `find_edges` makes edges of them."""

    routes: Routes
    calls: tuple[Call, ...]
    callers: Mapping[PortId, tuple[tuple[Workload, Place], ...]]


def build_graph(inventory: Inventory, virtual_services: VirtualServices) -> Graph:
    """Find the routes and calls of an environment."""
    routes = read_routes(inventory, virtual_services)
    calls = tuple(find_calls(inventory))
    callers: dict[PortId, list[tuple[Workload, Place]]] = {}
    for call in calls:
        for port in call.ports:
            callers.setdefault(port, []).append((call.workload, call.evidence))
    return Graph(routes, calls, {port: tuple(found) for port, found in callers.items()})


def find_edges(
    inventory: Inventory, selection: Selection, graph: Graph, virtual_services: VirtualServices
) -> tuple[Edge, ...]:
    """Return every edge of an environment; not part of `Graph`, because most runs ask for none."""
    return (
        *_selections(inventory, selection),
        *_route_edges(inventory, graph.routes, virtual_services),
        *_ingress_edges(inventory),
        *_call_edges(inventory, graph.calls),
    )


def _selections(inventory: Inventory, selection: Selection) -> Iterator[Edge]:
    for service in inventory.services:
        for workload in selection.workloads_of[service.id]:
            place = Place(service.resource, "/spec/selector", "selects")
            yield Edge(f"service:{service.id}", f"workload:{workload.id}", "selects", None, place)


def _nodes_of(host: str, inventory: Inventory) -> list[str]:
    services = inventory.service_at.get(host, ())
    return [f"service:{service.id}" for service in services] or [f"host:{host}"]


def _route_edges(inventory: Inventory, routes: Routes, virtual_services: VirtualServices) -> Iterator[Edge]:
    sources: dict[int, list[str]] = {}
    for destination in routes.destinations:
        resource = destination.place.resource
        starts = sources.get(resource.index)
        if starts is None:
            starts = sources[resource.index] = _starts(resource, virtual_services)
        for start in starts:
            for target in _nodes_of(destination.host, inventory):
                yield _route_edge(start, target, destination)


def _route_edge(start: str, target: str, destination: Destination) -> Edge:
    return Edge(start, target, destination.kind, destination.port, destination.place, destination.subset)


def _starts(resource: Resource, virtual_services: VirtualServices) -> list[str]:
    """Return where the requests of a route come from: its gateways, or the mesh."""
    service = virtual_services.at.get(resource.index)
    if service is not None:
        return ["mesh:" if gateway.full == MESH else f"gateway:{gateway.full}" for gateway in service.gateways]
    spec = mapping(resource.content().get("spec"))
    found = []
    for item in sequence(spec.get("parentRefs")):
        parent = mapping(item)
        namespace = text(parent.get("namespace")) or resource.namespace
        is_gateway = text(parent.get("kind")) in ("", "Gateway")
        found.append(f"gateway:{namespace}/{text(parent.get('name'))}" if is_gateway else "mesh:")
    return found


def _ingress_edges(inventory: Inventory) -> Iterator[Edge]:
    for resource in inventory.of_kind("networking.k8s.io/Ingress"):
        spec = mapping(resource.content().get("spec"))
        source = f"ingress:{resource.namespace}/{resource.name}"
        backends = [(spec.get("defaultBackend"), "/spec/defaultBackend")]
        for row, rule in enumerate(sequence(spec.get("rules"))):
            for column, path in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
                pointer = f"/spec/rules/{row}/http/paths/{column}/backend"
                backends.append((mapping(path).get("backend"), pointer))
        for backend, pointer in backends:
            service = mapping(mapping(backend).get("service"))
            name, port = text(service.get("name")), mapping(service.get("port")).get("number")
            if name:
                host = f"{name}.{resource.namespace}.svc.{inventory.mesh_config.domain}"
                place = Place(resource, f"{pointer}/service/name", "route")
                number = port if isinstance(port, int) else None
                for target in _nodes_of(host.lower(), inventory):
                    yield Edge(source, target, "ingress", number, place)


def _call_edges(inventory: Inventory, calls: tuple[Call, ...]) -> Iterator[Edge]:
    for call in calls:
        source = f"workload:{call.workload.id}"
        if not call.services:
            yield Edge(source, f"host:{call.host}", "calls", None, call.evidence)
        for service in call.services:
            numbers: list[int | None] = [port.number for port in service.ports if port.id in call.ports]
            for number in numbers or [None]:
                yield Edge(source, f"service:{service.id}", "calls", number, call.evidence)
