"""The namespaces whose proxies are known to send to a host: callers, gateways that route to it, waypoints.

In: calls, routes, gateways, memberships. Out: `KnownClients`. A DestinationRule is looked up in the namespace of the
*proxy* that sends, which for a route of a gateway is the one of the gateway's pods. What is known is never all there
is: an application may call by names that no manifest shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.destinations.breakers import USE_WAYPOINT
from meshlint.mesh.model import Inventory, Membership, Service
from meshlint.mesh.routing.route_clients import GATEWAY, KUBERNETES_GATEWAY, RouteClients
from meshlint.mesh.routing.routing import Routing
from meshlint.mesh.routing.virtual_services import MESH
from meshlint.resources.digest import mapping, sequence, text

_INGRESS = "networking.k8s.io/Ingress"
_INSTALLED = ("istio-system", "istio-ingress", "istio-egress")
"""Where the install guides of Istio put gateways, whose pods come from charts and seldom stand in the set."""


class KnownClients:
    """Answer where the clients of a host live; read once for all rules of an environment."""

    def __init__(self, inventory: Inventory, memberships: Sequence[Membership], graph: Graph, routing: Routing) -> None:
        self._inventory = inventory
        self._domain = inventory.mesh_config.domain
        self._homes: dict[str, set[str]] = {}
        self._open: dict[str, str] = {}
        gateways = (r for kind in (GATEWAY, KUBERNETES_GATEWAY) for r in inventory.of_kind(kind))
        self.doors = {*_INSTALLED, *(resource.namespace for resource in gateways)}
        """The namespaces of Gateways, where proxies may run that no manifest shows."""
        for call in graph.calls:
            if memberships[call.workload.id].meshed is not False:
                self._homes.setdefault(call.host.lower(), set()).add(call.workload.namespace)
        self._follow_virtual_services(routing)
        self._follow_gateway_routes(graph)
        self._follow_ingresses()

    def of(self, host: str, services: Sequence[Service]) -> set[str]:
        """Return the namespaces of the clients of a host that are known."""
        return self._homes.get(host, set()) | {home for service in services for home in self._waypoints(service)}

    def missing(self, host: str) -> str:
        """Return what keeps a further client of the host from being known, empty where nothing points to one."""
        return self._open.get(host, "")

    def _waypoints(self, service: Service) -> list[str]:
        namespace = self._inventory.namespaces.get(service.namespace)
        for labels in (service.labels, namespace.labels if namespace is not None else {}):
            if labels.get(USE_WAYPOINT):
                home = labels.get(f"{USE_WAYPOINT}-namespace", service.namespace)
                return [] if labels[USE_WAYPOINT] == "none" else [home]
        return []

    def _follow_virtual_services(self, routing: Routing) -> None:
        """Give the clients of a routed host to what its routes lead to, and the proxies of gateways too."""
        clients = RouteClients(self._inventory, routing.visibility)
        for service in routing.virtual_services.all:
            homes: set[str] = set()
            if service.binds_mesh:
                homes.update(*(self._homes.get(host.full, ()) for host in service.hosts))
            unknown = ""
            for gateway in service.gateways:
                if gateway.full != MESH:
                    found = clients.homes(gateway.full)
                    homes |= found
                    unknown = unknown or ("" if found else f"pods of gateway {gateway.full}")
            for target in service.targets:
                self._add(target.host.full, homes, unknown)

    def _follow_gateway_routes(self, graph: Graph) -> None:
        for destination in graph.routes.destinations:
            resource = destination.place.resource
            if resource.group == "gateway.networking.k8s.io":
                spec = mapping(resource.content().get("spec"))
                for item in sequence(spec.get("parentRefs")):
                    parent = mapping(item)
                    if text(parent.get("kind")) in ("", "Gateway"):
                        home = text(parent.get("namespace")) or resource.namespace
                        self._add(destination.host, {home}, "")

    def _follow_ingresses(self) -> None:
        """Leave open where the controllers run that take Ingresses, for every Service that one may lead to."""
        homes = {resource.namespace: resource for resource in self._inventory.of_kind(_INGRESS)}
        for namespace, resource in homes.items():
            for service in self._inventory.services_in.get(namespace, ()):
                self._add(service.host.lower(), set(), f"pods of the controller of {resource.text}")

    def _add(self, host: str, homes: set[str], unknown: str) -> None:
        if homes:
            self._homes.setdefault(host, set()).update(homes)
        if unknown:
            self._open.setdefault(host, unknown)
