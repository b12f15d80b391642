"""Edges of routes: from a gateway, or from those who call a routed host, to where the requests go.

In: the mesh. Out: `Edge`s. A route of the mesh starts at `mesh:`, and at every workload that is known to call one of
its hosts, sees the route, and may have a proxy to follow it. What gets no requests (a weight of 0, a mirror of 0 %)
gets no edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.mesh.calls.calls import Call
from meshlint.mesh.calls.edges import MESH_NODE, Edge, nodes_of
from meshlint.mesh.gateways.kubernetes_gateways import GROUP
from meshlint.mesh.gateways.kubernetes_routes import KINDS, Reference, backends_of, parents_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Inventory, Place, Workload
from meshlint.mesh.routing.bound_routes import BoundRoute
from meshlint.mesh.routing.virtual_services import MESH, Target
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource


class _Start(NamedTuple):
    node: str
    client: Workload | None = None


class _Callers:
    """Find the calls of a host; a wildcard covers the hosts below it."""

    def __init__(self, mesh: Mesh) -> None:
        self._memberships = mesh.memberships
        self._visibility = mesh.routing.visibility
        self._exact: dict[str, list[Call]] = {}
        self._below: dict[str, list[Call]] = {}
        for call in mesh.graph.calls:
            for host in dict.fromkeys((call.host.lower(), *(service.host.lower() for service in call.services))):
                self._exact.setdefault(host, []).append(call)
                rest = host
                while rest:
                    rest = rest.partition(".")[2]
                    self._below.setdefault(f"*.{rest}" if rest else "*", []).append(call)

    def of(self, hosts: Iterable[str]) -> Iterator[Call]:
        """Yield the calls of hosts by workloads that may have a proxy."""
        for host in hosts:
            for call in (self._below if host.startswith("*") else self._exact).get(host, ()):
                if self._memberships[call.workload.id].meshed is not False:
                    yield call

    def following(self, bound: BoundRoute) -> Iterator[Workload]:
        """Yield the workloads whose requests a route of the mesh takes, as far as hosts and ports tell."""
        root, limits = bound.root, bound.ports
        export = self._visibility.of("VirtualService", root.export_to, root.namespace)
        hosts = [host.full for host in root.hosts]
        for call in self.of(hosts):
            numbers = {port.number for service in call.services for port in service.ports if port.id in call.ports}
            home = call.workload.namespace
            if limits and numbers and limits.isdisjoint(numbers):
                continue
            if export.reaches(home) and self._visibility.imports(home, root.namespace, hosts):
                yield call.workload


def virtual_service_edges(mesh: Mesh) -> Iterator[Edge]:
    """Yield the edges of VirtualServices; routes from the same clients to the same place give one, the first."""
    callers = _Callers(mesh)
    groups: dict[tuple[int, tuple[str, ...], frozenset[int]], list[BoundRoute]] = {}
    for bound in mesh.routing.bound:
        groups.setdefault((bound.root.resource.index, bound.gateways, bound.ports), []).append(bound)
    for group in groups.values():
        starts = list(_starts(group[0], callers))
        for target, place in _distinct(group):
            for node in nodes_of(target.host.full, mesh.inventory):
                for start in starts:
                    yield Edge(start.node, node, target.kind, target.port, place, target.subset)


def _distinct(group: Sequence[BoundRoute]) -> Iterator[tuple[Target, Place]]:
    seen: set[tuple[str, str, int | None, str]] = set()
    for bound in group:
        for target in bound.live_targets:
            mark = target.host.full, target.subset, target.port, target.kind
            if mark not in seen:
                seen.add(mark)
                yield target, Place(bound.holder.resource, target.host.pointer, "route")


def _starts(bound: BoundRoute, callers: _Callers) -> Iterator[_Start]:
    for gateway in bound.gateways:
        yield _Start(MESH_NODE if gateway == MESH else f"gateway:{gateway}")
    if bound.acts_in_mesh:
        yield from _workloads(callers.following(bound))


def _workloads(clients: Iterable[Workload]) -> Iterator[_Start]:
    for client in {client.id: client for client in clients}.values():
        yield _Start(f"workload:{client.id}", client)


def kubernetes_route_edges(mesh: Mesh) -> Iterator[Edge]:
    """Yield the edges of routes of the Gateway API."""
    callers = _Callers(mesh)
    for kind in KINDS:
        for route in mesh.inventory.of_kind(kind):
            starts = list(_of_parents(route, mesh.inventory, callers))
            for backend in backends_of(route) if starts else ():
                yield from _of_backend(backend, route, starts, mesh.inventory)


def _of_parents(route: Resource, inventory: Inventory, callers: _Callers) -> Iterator[_Start]:
    """Yield where the requests of a route come from; parents of other kinds are no source that has a name."""
    for parent in dict.fromkeys(p._replace(section="", port=None, pointer="") for p in parents_of(route)):
        if (parent.group, parent.kind) == (GROUP, "Gateway"):
            yield _Start(f"gateway:{parent.namespace}/{parent.name}")
        elif hosts := _hosts_of(parent, inventory):
            yield _Start(MESH_NODE)
            clients = (call.workload for call in callers.of(hosts))
            # A route beside its Service holds for all clients, one elsewhere for those of its own namespace (GAMMA).
            yield from _workloads(c for c in clients if route.namespace in (parent.namespace, c.namespace))


def _hosts_of(reference: Reference, inventory: Inventory) -> Sequence[str]:
    """Return the hosts of a Service, ServiceEntry, ServiceImport or host name that a route refers to."""
    group, kind, name = reference.group, reference.kind, reference.name
    if (group, kind) in (("", "Service"), ("core", "Service")):
        return [f"{name}.{reference.namespace}.svc.{inventory.mesh_config.domain}".lower()]
    if (group, kind) == ("networking.istio.io", "ServiceEntry"):
        found = inventory.services_in.get(reference.namespace, ())
        return [service.host.lower() for service in found if service.entry and service.name == name]
    if (group, kind) == ("networking.istio.io", "Hostname"):
        return [name.lower()]
    if (group, kind) == ("multicluster.x-k8s.io", "ServiceImport"):
        return [f"{name}.{reference.namespace}.svc.clusterset.local".lower()]
    return []


def _of_backend(backend: Reference, route: Resource, starts: Sequence[_Start], inventory: Inventory) -> Iterator[Edge]:
    if backend.weight <= 0 or not backend.name:
        return
    kind = "mirrors" if backend.what == "mirror" else "routes"
    place = Place(route, f"{backend.pointer}/name", "route")
    for host in _hosts_of(backend, inventory):
        for node in nodes_of(host, inventory):
            for start in starts:
                yield Edge(start.node, node, kind, backend.port, place)
