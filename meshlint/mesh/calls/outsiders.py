"""Who comes to workloads from outside the mesh, past every proxy, and is refused once a port is STRICT.

In: the mesh, resolved. Out: one clause for each such caller. A workload without a proxy that is known to call is left
out: its call is an edge, and a rule of its own judges that. Sources: the ports of a Service of type LoadBalancer or
NodePort are open to who is outside the cluster; Istio serves an Ingress of the class `istio` or of the controller
`istio.io/ingress-controller`, and Gateways of its own classes, by proxies of the mesh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

_Row = tuple[Workload, PortMode, list[str]]


class Outsiders:
    """Answer whom STRICT would cut off; nothing is read before the first question."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def below(self, place: Place) -> Sequence[str]:
        """Return the callers of all ports whose mode is decided at a place."""
        return self._by_place.get(_key(place), ())

    def of_namespace(self, namespace: str) -> Sequence[str]:
        """Return the callers of all ports of a namespace that inherit the mode of the mesh."""
        return self._inheriting.get(namespace, ())

    def of_mesh(self) -> list[str]:
        """Return the callers of all ports that inherit the mode of the mesh."""
        return [caller for callers in self._inheriting.values() for caller in callers]

    def of_selected(self, namespace: str, labels: Mapping[str, str]) -> list[str]:
        """Return the callers of the workloads of a namespace that bear labels; entries of one port stay in force."""
        rows = [self._by_label.get((namespace, key, value), []) for key, value in labels.items()]
        chosen = (row for row in min(rows, key=len, default=[]) if labels.items() <= row[0].labels.items())
        return [caller for _, mode, callers in chosen if mode.level != "port" for caller in callers]

    @cached_property
    def _reached(self) -> list[_Row]:
        """Return the ports that take plain text through their proxy and have such callers."""
        if not self._entrances:
            return []
        found = []
        for workload in self._mesh.inventory.workloads:
            for mode in self._mesh.mtls.modes.get(workload.id, ()):
                if mode.captured and mode.mode in ("PERMISSIVE", "DISABLE"):
                    if callers := self._callers(workload, mode):
                        found.append((workload, mode, callers))
        return found

    def _callers(self, workload: Workload, mode: PortMode) -> list[str]:
        entrances = (entrance for port in mode.service_ports for entrance in self._entrances.get(port, ()))
        to = f"{workload.text} port {mode.number}"
        return [f"{entrance} leads to {to} from outside the mesh" for entrance in dict.fromkeys(entrances)]

    @cached_property
    def _by_place(self) -> dict[tuple[int, str], list[str]]:
        found: dict[tuple[int, str], list[str]] = {}
        for _, mode, callers in self._reached:
            if mode.decided_by is not None:
                found.setdefault(_key(mode.decided_by), []).extend(callers)
        return found

    @cached_property
    def _inheriting(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for workload, mode, callers in self._reached:
            if mode.level in ("mesh", "default"):
                found.setdefault(workload.namespace, []).extend(callers)
        return found

    @cached_property
    def _by_label(self) -> dict[tuple[str, str, str], list[_Row]]:
        found: dict[tuple[str, str, str], list[_Row]] = {}
        for row in self._reached:
            for key, value in row[0].labels.items():
                found.setdefault((row[0].namespace, key, value), []).append(row)
        return found

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


def _key(place: Place) -> tuple[int, str]:
    return place.resource.index, place.pointer
