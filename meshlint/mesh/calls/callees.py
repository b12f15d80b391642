"""Who is known to call the services of a namespace, by the identity that their proxies see.

In: the mesh, resolved. Out: `Callees`. A caller has no identity that the manifests tell when it has no proxy, stands
outside the cluster, or is a gateway whose pods they do not show. Source: Istio runs a Gateway of the Gateway API with
the account `name-class`, or that of `gateway.istio.io/service-account`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.calls.dependencies import find_routed_edges
from meshlint.mesh.calls.outsiders import FROM_OUTSIDE
from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.gateways.kubernetes_gateways import KIND
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_ACCOUNT = "gateway.istio.io/service-account"
_CLASS = "istio"


class Callee(NamedTuple):
    """Name a service and the principals that call it."""

    service: Service
    principals: tuple[str, ...]


class Callees(NamedTuple):
    """Hold the services with callers of a known identity, and the known callers without one."""

    all: tuple[Callee, ...]
    nameless: tuple[str, ...]


class KnownCallers:
    """Answer for one namespace after the other; nothing is read before the first question."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._domain = mesh.inventory.mesh_config.trust_domain
        self._sources: dict[int, set[str]] | None = None  # service id → nodes of gateways and Ingresses
        self._accounts: dict[str, set[str]] = {}  # node of a gateway → principals

    def of(self, namespace: str) -> Callees:
        """Return who calls the services of a namespace."""
        found, nameless = [], dict[str, None]()
        for service in self._mesh.inventory.services_in.get(namespace, ()):
            if not service.selector or service.entry:
                continue
            principals: set[str] = set()
            for caller, names in self._callers(service):
                principals |= names
                if not names:
                    nameless[caller] = None
            if principals:
                found.append(Callee(service, tuple(sorted(principals))))
        return Callees(tuple(found), tuple(nameless))

    def _callers(self, service: Service) -> Iterator[tuple[str, set[str]]]:
        """Yield each known caller with its principals."""
        for port in service.ports:
            for workload, _ in self._mesh.graph.callers.get(port.id, ()):
                is_bare = self._mesh.memberships[workload.id].meshed is False
                yield workload.text, set() if is_bare else {self._principal(workload)}
        if service.type in FROM_OUTSIDE and not self._is_gateway(service):
            yield f"whoever comes by {service.text} of type {service.type}", set()
        for node in sorted(self._routed().get(service.id, ())):
            kind, _, name = node.partition(":")
            yield f"{kind.capitalize()} {name}", self._accounts.get(node, set())

    def _is_gateway(self, service: Service) -> bool:
        workloads = self._mesh.selection.workloads_of[service.id]
        return any(self._mesh.memberships[workload.id].dataplane == "gateway" for workload in workloads)

    def _principal(self, workload: Workload) -> str:
        return f"{self._domain}/ns/{workload.namespace}/sa/{workload.service_account or 'default'}"

    def _routed(self) -> dict[int, set[str]]:
        """Return the gateways and Ingresses that route to each service."""
        if self._sources is None:
            self._sources = {}
            for edge in find_routed_edges(self._mesh):
                if edge.source.startswith(("gateway:", "ingress:")) and edge.target.startswith("service:"):
                    self._sources.setdefault(int(edge.target.partition(":")[2]), set()).add(edge.source)
            self._accounts = dict(self._gateways()) if self._sources else {}
        return self._sources

    def _gateways(self) -> Iterator[tuple[str, set[str]]]:
        inventory = self._mesh.inventory
        for gateway in read_gateways(inventory, self._mesh.memberships).all:
            names = {self._principal(workload) for workload in gateway.workloads}
            yield f"gateway:{gateway.resource.namespace}/{gateway.resource.name}", names
        for resource in inventory.of_kind(KIND):
            account = _account(resource)
            names = {f"{self._domain}/ns/{resource.namespace}/sa/{account}"} if account else set()
            yield f"gateway:{resource.namespace}/{resource.name}", names


def _account(resource: Resource) -> str:
    """Return the account of the pods that Istio makes for a Gateway, empty where it makes none."""
    spec = mapping(resource.content().get("spec"))
    by_hand = any(text(mapping(address).get("type")) == "Hostname" for address in sequence(spec.get("addresses")))
    if text(spec.get("gatewayClassName")) != _CLASS or by_hand:
        return ""
    return resource.annotations.get(_ACCOUNT, "") or f"{resource.name}-{_CLASS}"
