"""Who comes to workloads from outside the mesh, past every proxy, and is refused once a port is STRICT.

In: the mesh, resolved. Out: one clause for each such caller. A workload without a proxy that is known to call is left
out: its call is an edge, and a rule of its own judges that. Sources: the ports of a Service of type LoadBalancer or
NodePort are open to who is outside the cluster; Istio serves an Ingress of the class `istio` or of the controller
`istio.io/ingress-controller`, and Gateways of its own classes, by proxies of the mesh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.gateways.kubernetes_gateways import KIND
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, PortMode, Workload
from meshlint.resources.digest import mapping, text
from meshlint.resources.resource import Resource

FROM_OUTSIDE = ("LoadBalancer", "NodePort")
"""Types of Services that are open to who is outside the cluster."""

_INGRESS_KINDS = ("networking.k8s.io/Ingress", "extensions/Ingress")
_CLASS_ANNOTATION = "kubernetes.io/ingress.class"
_OWN = "istio"
_OWN_CONTROLLERS = "istio.io/"

_Key = tuple[int, str]


class Outsiders:
    """Answer whom STRICT would cut off; nothing is read before the first question."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def below(self, place: Place) -> list[str]:
        """Return the callers of all ports whose mode is decided at a place."""
        return self._by_place.get(_key(place), [])

    def of_namespace(self, namespace: str) -> list[str]:
        """Return the callers of all ports of a namespace that inherit the mode of the mesh."""
        workloads = self._mesh.inventory.workloads_in.get(namespace, ())
        return self._of(workloads, ("mesh", "default"))

    def of_mesh(self) -> list[str]:
        """Return the callers of all ports that inherit the mode of the mesh."""
        return self._of(self._mesh.inventory.workloads, ("mesh", "default"))

    def of_selected(self, namespace: str, labels: Mapping[str, str]) -> list[str]:
        """Return the callers of the workloads of a namespace that bear labels; entries of one port stay in force."""
        workloads = self._mesh.inventory.workloads_in.get(namespace, ())
        chosen = [workload for workload in workloads if labels.items() <= workload.labels.items()]
        return self._of(chosen, ("mesh", "default", "namespace", "workload"))

    def _of(self, workloads: Iterable[Workload], levels: tuple[str, ...]) -> list[str]:
        if not self._entrances:
            return []
        found = (self._callers(workload, mode) for workload in workloads for mode in self._open(workload, levels))
        return list(dict.fromkeys(caller for callers in found for caller in callers))

    def _open(self, workload: Workload, levels: tuple[str, ...] = ()) -> Iterator[PortMode]:
        """Yield the ports of a workload that take plain text through its proxy."""
        for mode in self._mesh.mtls.modes.get(workload.id, ()):
            if mode.captured and mode.mode in ("PERMISSIVE", "DISABLE") and (not levels or mode.level in levels):
                yield mode

    def _callers(self, workload: Workload, mode: PortMode) -> Iterator[str]:
        for port in mode.service_ports:
            for entrance in self._entrances.get(port, ()):
                yield f"{entrance} leads to {workload.text} port {mode.number} from outside the mesh"

    @cached_property
    def _by_place(self) -> dict[_Key, list[str]]:
        found: dict[_Key, dict[str, None]] = {}
        for workload in self._mesh.inventory.workloads if self._entrances else ():
            for mode in self._open(workload):
                if mode.decided_by is not None:
                    found.setdefault(_key(mode.decided_by), {}).update(dict.fromkeys(self._callers(workload, mode)))
        return {key: list(callers) for key, callers in found.items()}

    @cached_property
    def _entrances(self) -> dict[tuple[int, int], list[str]]:
        """Return what leads to each service port past the proxies of the mesh."""
        inventory = self._mesh.inventory
        found: dict[tuple[int, int], list[str]] = {}
        for service in inventory.services:
            if service.type in FROM_OUTSIDE and not service.entry:
                for port in service.ports:
                    found.setdefault(port.id, []).append(f"{service.type} {service.namespace}/{service.name}")
        for source, edge in self._routed():
            kind, _, number = edge.target.partition(":")
            for port in inventory.services[int(number)].ports if kind == "service" else ():
                if edge.port in (None, port.number) and source not in found.setdefault(port.id, []):
                    found[port.id].append(source)
        return found

    def _routed(self) -> Iterator[tuple[str, Edge]]:
        """Yield the edges of Ingresses and Gateways that others than Istio serve, with their sources."""
        inventory = self._mesh.inventory
        if any(map(inventory.of_kind, _INGRESS_KINDS)):
            from meshlint.mesh.calls.ingresses import ingress_edges

            for edge in ingress_edges(inventory):
                if not self._is_served_by_istio(edge.evidence.resource):
                    yield f"Ingress {edge.source.partition(':')[2]}", edge
        foreign = {f"gateway:{g.namespace}/{g.name}" for g in inventory.of_kind(KIND) if self._is_foreign(g)}
        if foreign:
            from meshlint.mesh.calls.routed import kubernetes_route_edges

            for edge in kubernetes_route_edges(self._mesh):
                if edge.source in foreign:
                    yield f"Gateway {edge.source.partition(':')[2]}", edge

    def _is_served_by_istio(self, ingress: Resource) -> bool:
        name = text(mapping(ingress.content().get("spec")).get("ingressClassName"))
        name = name or ingress.annotations.get(_CLASS_ANNOTATION, "")
        return name == _OWN or self._has_own_controller("networking.k8s.io/IngressClass", name, "controller")

    def _is_foreign(self, gateway: Resource) -> bool:
        name = text(mapping(gateway.content().get("spec")).get("gatewayClassName"))
        if name == _OWN or name.startswith(f"{_OWN}-"):
            return False
        return not self._has_own_controller("gateway.networking.k8s.io/GatewayClass", name, "controllerName")

    def _has_own_controller(self, kind: str, name: str, field: str) -> bool:
        """Tell whether a class of this name is there and Istio's."""
        classes = (found for found in self._mesh.inventory.of_kind(kind) if found.name == name)
        return any(
            text(mapping(found.content().get("spec")).get(field)).startswith(_OWN_CONTROLLERS) for found in classes
        )


def _key(place: Place) -> _Key:
    return place.resource.index, place.pointer
