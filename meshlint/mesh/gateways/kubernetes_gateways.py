"""Gateways of the Gateway API: listeners, and which routes they admit.

In: the inventory. Out: `KubernetesGateways`. Defaults are those of the API: routes of the Gateway's own namespace, of
the kinds that the protocol of a listener carries. Labels of namespaces may be unknown. What has the wrong type counts
as absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Inventory
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource

GROUP = "gateway.networking.k8s.io"
KIND = f"{GROUP}/Gateway"
WAYPOINT_CLASS = "istio-waypoint"
_NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API server gives every namespace: its name."""
_CARRIED = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}


class Listener(NamedTuple):
    """Hold one listener and whom it admits."""

    name: str
    number: int | None
    protocol: str
    kinds: tuple[str, ...]  # as stated
    scope: str  # Same, All, Selector, None
    selector: Mapping[str, Any]
    pointer: str


class KubernetesGateway(NamedTuple):
    """Hold one Gateway of the Gateway API."""

    resource: Resource
    class_name: str
    listeners: tuple[Listener, ...]

    @property
    def is_waypoint(self) -> bool:
        """Tell whether it is the proxy of ambient services."""
        return self.class_name.startswith(WAYPOINT_CLASS) or any(x.protocol == "HBONE" for x in self.listeners)


class Admission(NamedTuple):
    """Say whether a listener admits a route; `admitted` is None where the manifests cannot tell, for `missing`."""

    admitted: bool | None
    because: str = ""
    missing: str = ""


class KubernetesGateways:
    """Hold the Gateways of an environment and answer whom they admit."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self.all = tuple(_read(resource) for resource in inventory.of_kind(KIND))
        self._at = {(gateway.resource.namespace, gateway.resource.name): gateway for gateway in self.all}

    def named(self, namespace: str, name: str) -> KubernetesGateway | None:
        """Return the Gateway of that name."""
        return self._at.get((namespace, name))

    def admission(self, gateway: KubernetesGateway, listener: Listener, route: Resource) -> Admission:
        """Judge whether a listener admits a route of this kind from this namespace."""
        kinds = listener.kinds or _CARRIED.get(listener.protocol, (route.kind,))
        if route.kind not in kinds:
            return Admission(False, f"listener {listener.name} takes no {route.kind}s")
        if listener.scope == "All":
            return Admission(True)
        own = gateway.resource.namespace
        if listener.scope == "Same":
            if route.namespace == own:
                return Admission(True)
            if "" in (route.namespace, own):
                return Admission(None, missing=f"namespace of {route.text if own else gateway.resource.text}")
            return Admission(False, f"listener {listener.name} takes routes of namespace {own} only")
        if listener.scope == "None":
            return Admission(False, f"listener {listener.name} takes no routes")
        return self._selected(listener, route.namespace)

    def admits(self, gateway: KubernetesGateway, namespace: str) -> Admission:
        """Judge whether some listener admits a namespace: what enrols in a waypoint is asked like a route."""
        answers = []
        for listener in gateway.listeners:
            own = gateway.resource.namespace
            if listener.scope == "All" or (listener.scope == "Same" and namespace == own):
                return Admission(True)
            if listener.scope == "Selector":
                answers.append(self._selected(listener, namespace))
        because = f"{gateway.resource.text} admits no objects of namespace {namespace}"
        return max(answers, key=lambda a: (a.admitted is True, a.admitted is None), default=Admission(False, because))

    def _selected(self, listener: Listener, name: str) -> Admission:
        namespace = self._inventory.namespaces.get(name)
        expressions = [mapping(item) for item in sequence(listener.selector.get("matchExpressions"))]
        wanted = strings(listener.selector.get("matchLabels"))
        keys = {*wanted, *(text(item.get("key")) for item in expressions)}
        is_described = namespace is not None and namespace.is_described
        if not name or (not is_described and keys != {_NAME_LABEL}):
            return Admission(None, missing=f"labels of namespace {name}" if name else "namespace of the route")
        labels = {**(namespace.labels if namespace is not None else {}), _NAME_LABEL: name}
        if wanted.items() <= labels.items() and all(_holds(item, labels) for item in expressions):
            return Admission(True)
        return Admission(False, f"the labels of namespace {name} do not fit the selector of listener {listener.name}")


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator = text(expression.get("key")), text(expression.get("operator"))
    values = [item for item in sequence(expression.get("values")) if isinstance(item, str)]
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    if operator == "NotIn":
        return labels.get(key) not in values
    return operator == "In" and labels.get(key) in values


def _read(resource: Resource) -> KubernetesGateway:
    spec = mapping(resource.content().get("spec"))
    return KubernetesGateway(resource, text(spec.get("gatewayClassName")), tuple(_listeners(spec)))


def _listeners(spec: Mapping[str, Any]) -> Iterator[Listener]:
    for position, item in enumerate(sequence(spec.get("listeners"))):
        listener = mapping(item)
        allowed = mapping(listener.get("allowedRoutes"))
        namespaces = mapping(allowed.get("namespaces"))
        kinds = [mapping(kind) for kind in sequence(allowed.get("kinds"))]
        yield Listener(
            text(listener.get("name")),
            port_number(listener.get("port")),
            text(listener.get("protocol")).upper(),
            tuple(text(kind.get("kind")) for kind in kinds if text(kind.get("group")) in ("", GROUP)),
            text(namespaces.get("from")) or "Same",
            mapping(namespaces.get("selector")),
            f"/spec/listeners/{position}",
        )
