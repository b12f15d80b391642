"""Gateways of the Gateway API: listeners, and which routes they admit.

In: the inventory. Out: `KubernetesGateways`. Defaults are those of the API: routes of the Gateway's own namespace, of
the kinds that the protocol of a listener carries, for hosts that both sides name (GEP-1058: a side without hosts takes
all). Labels of namespaces may be unknown. What has the wrong type counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.mesh.hosts import meets
from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource

GROUP = "gateway.networking.k8s.io"
KIND = f"{GROUP}/Gateway"
WAYPOINT_CLASS = "istio-waypoint"
_NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API server gives every namespace: its name."""
_UNSTATED = "namespace of the Gateway"
_CARRIED = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
_WITH_HOSTS = ("HTTPRoute", "GRPCRoute", "TLSRoute")
_PLAIN_HOST = re.compile(r"(?:\*\.)?[a-z0-9.-]+")
"""A host that no tool fills in before it is applied."""


class Listener(NamedTuple):
    """Hold one listener and whom it admits."""

    name: str
    number: int | None
    protocol: str
    kinds: tuple[str, ...]  # as stated
    scope: str  # Same, All, Selector, None
    selector: Mapping[str, Any]
    host: str  # "" takes all
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
        """Judge whether a listener admits a route of this kind, from this namespace; its hosts are another matter."""
        kinds = listener.kinds or _CARRIED.get(listener.protocol, (route.kind,))
        if route.kind not in kinds:
            return Admission(False, f"listener {listener.name} takes no {route.kind}s")
        home = gateway.resource.namespace
        admission = self.admission_of_namespace(home, listener, route.namespace)
        if admission.missing == _UNSTATED:
            return Admission(None, missing=f"namespace of {route.text if home else gateway.resource.text}")
        return admission

    def takes(self, gateway: KubernetesGateway, listener: Listener, route: Resource) -> Admission:
        """Judge whether a listener admits a route and is for one of its hosts."""
        if not _shares_host(listener, route):
            return Admission(False, f"listener {listener.name} is for {listener.host}")
        return self.admission(gateway, listener, route)

    def admission_of_namespace(self, home: str, listener: Listener, name: str) -> Admission:
        """Judge whether a listener of a Gateway in namespace `home` admits what namespace `name` holds."""
        if listener.scope == "All":
            return Admission(True)
        if listener.scope == "Same":
            if name == home:
                return Admission(True)
            if "" in (name, home):
                return Admission(None, missing=_UNSTATED)
            return Admission(False, f"listener {listener.name} takes routes of namespace {home} only")
        if listener.scope == "None":
            return Admission(False, f"listener {listener.name} takes no routes")
        return self._selected(listener, name)

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


def _shares_host(listener: Listener, route: Resource) -> bool:
    if not listener.host or route.kind not in _WITH_HOSTS:
        return True
    stated = sequence(mapping(route.content().get("spec")).get("hostnames"))
    hosts = [host.lower() for host in stated if isinstance(host, str)]
    if not hosts or not all(map(_PLAIN_HOST.fullmatch, (listener.host, *hosts))):
        return True
    return any(meets(listener.host, host) for host in hosts)


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
            text(listener.get("hostname")).lower(),
            f"/spec/listeners/{position}",
        )
