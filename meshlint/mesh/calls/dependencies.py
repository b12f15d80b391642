"""Every edge of an environment, from all its evidence.

In: the mesh. Out: `Edge`s in the order of evidence: declared, routed, called, expected. Most runs ask for none, so
nothing here is computed before somebody does.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.calls.calls import Call
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.routing.routes import ROUTE_KINDS
from meshlint.mesh.routing.virtual_services import KIND as VIRTUAL_SERVICE

_ROUTES = (VIRTUAL_SERVICE, *(f"gateway.networking.k8s.io/{kind}" for kind in ROUTE_KINDS))


def find_edges(mesh: Mesh) -> tuple[Edge, ...]:
    """Return every edge of an environment, each once for each place that tells of it."""
    from meshlint.mesh.calls.expected import expected_edges

    declared = (*_selections(mesh), *_aliases(mesh), *_proxies(mesh))
    return tuple(dict.fromkeys((*declared, *find_calling_edges(mesh), *expected_edges(mesh))))


def find_calling_edges(mesh: Mesh) -> tuple[Edge, ...]:
    """Return the edges that carry calls: routed and called."""
    return tuple(dict.fromkeys((*find_routed_edges(mesh), *call_edges(mesh.graph.calls))))


def find_routed_edges(mesh: Mesh) -> Iterator[Edge]:
    """Yield the edges of routes; a run without any imports nothing of them."""
    if any(mesh.inventory.of_kind(kind) for kind in _ROUTES):
        from meshlint.mesh.calls.routed import kubernetes_route_edges, virtual_service_edges

        yield from virtual_service_edges(mesh)
        yield from kubernetes_route_edges(mesh)
    if mesh.inventory.of_kind("networking.k8s.io/Ingress"):
        from meshlint.mesh.calls.ingresses import ingress_edges

        yield from ingress_edges(mesh.inventory)


def _selections(mesh: Mesh) -> Iterator[Edge]:
    for service in mesh.inventory.services:
        pointer = "/spec/workloadSelector/labels" if service.entry else "/spec/selector"
        for workload in mesh.selection.workloads_of[service.id]:
            place = Place(service.resource, pointer, "selects")
            yield Edge(f"service:{service.id}", f"workload:{workload.id}", "selects", None, place)


def _aliases(mesh: Mesh) -> Iterator[Edge]:
    """Yield what Services of type ExternalName stand for."""
    at = mesh.inventory.service_at
    for service in mesh.inventory.services:
        host = service.external_name.lower().rstrip(".")
        if host:
            place = Place(service.resource, "/spec/externalName", "resolves")
            for node in [f"service:{found.id}" for found in at.get(host, ())] or [f"host:{host}"]:
                yield Edge(f"service:{service.id}", node, "resolves", None, place)


def _proxies(mesh: Mesh) -> Iterator[Edge]:
    """Yield the workloads that a Gateway configures: what reaches them goes on by its routes."""
    for gateway in read_gateways(mesh.inventory, mesh.memberships).all:
        node = f"gateway:{gateway.resource.namespace}/{gateway.resource.name}"
        for workload in gateway.workloads if gateway.selector else ():
            place = Place(gateway.resource, "/spec/selector", "configures")
            yield Edge(f"workload:{workload.id}", node, "configures", None, place)


def call_edges(calls: tuple[Call, ...]) -> Iterator[Edge]:
    """Yield an edge for every call, and for each port of it."""
    for call in calls:
        source = f"workload:{call.workload.id}"
        if not call.services:
            yield Edge(source, f"host:{call.host}", "calls", None, call.evidence, "", call.spot)
        for service in call.services:
            numbers: list[int | None] = [port.number for port in service.ports if port.id in call.ports]
            for number in numbers or [None]:
                yield Edge(source, f"service:{service.id}", "calls", number, call.evidence, "", call.spot)
