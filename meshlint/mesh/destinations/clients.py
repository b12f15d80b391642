"""Who is known to call a Service, by data plane: clients with a proxy apply DestinationRules themselves.

In: calls, routes, memberships. Out: data planes. A gateway counts where a route of it leads to the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cached_property

from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.model import Membership, Service
from meshlint.mesh.routing.virtual_services import MESH
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_WITH_PROXY = frozenset(("sidecar", "gateway", "waypoint"))


class Applies(Enum):
    """Tell whether the clients that are known apply a DestinationRule."""

    ALL = "all of them have a proxy"
    NOT_ALL = "one has none, or nobody is known"
    UNKNOWN = "some have a proxy, and of others nobody can tell"


class Clients:
    """Answer for the Services of an environment."""

    def __init__(self, memberships: Sequence[Membership], graph: Graph) -> None:
        self._memberships = memberships
        self._graph = graph

    @cached_property
    def _entered(self) -> frozenset[str]:
        return frozenset(_entered_hosts(self._graph))

    def apply_rules(self, service: Service) -> Applies:
        """Judge the clients of a Service, gateways among them."""
        return _judged(self._callers(service) | ({"gateway"} if service.host.lower() in self._entered else set()))

    def follow_mesh_routes(self, service: Service) -> Applies:
        """Judge the workloads that call a Service; gateways follow routes of their own."""
        return _judged(self._callers(service))

    def _callers(self, service: Service) -> set[str]:
        return {
            self._memberships[workload.id].dataplane
            for port in service.ports
            for workload, _ in self._graph.callers.get(port.id, ())
        }


def _judged(planes: set[str]) -> Applies:
    if not planes & _WITH_PROXY or "ambient" in planes:
        return Applies.NOT_ALL
    return Applies.UNKNOWN if "unknown" in planes else Applies.ALL


def _entered_hosts(graph: Graph) -> Iterator[str]:
    """Yield the hosts that gateways send requests to."""
    from_gateway: dict[int, bool] = {}
    for destination in graph.routes.destinations:
        resource = destination.place.resource
        if resource.index not in from_gateway:
            from_gateway[resource.index] = _binds_gateway(resource)
        if from_gateway[resource.index]:
            yield destination.host


def _binds_gateway(resource: Resource) -> bool:
    spec = mapping(resource.content().get("spec"))
    if resource.kind == "VirtualService":
        return any(gateway != MESH for gateway in sequence(spec.get("gateways")))
    parents = [mapping(parent) for parent in sequence(spec.get("parentRefs"))]
    return any(text(parent.get("kind")) in ("", "Gateway") for parent in parents)
