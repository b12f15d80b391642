"""VirtualServices, read once: hosts, gateways, routes with their destinations, mirrors, delegates and weights.

In: the inventory. Out: `VirtualServices`. Short names are expanded as istiod does (`resolveVirtualServiceShortnames`,
`resolveGatewayName`); nothing is looked up and nothing judged. What has the wrong type counts as absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.mesh.hosts import full_name
from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

KIND = "networking.istio.io/VirtualService"
MESH = "mesh"
PROTOCOLS = ("http", "tls", "tcp")


class Name(NamedTuple):
    """Hold a host or gateway as written, resolved, and where it stands."""

    written: str
    full: str
    pointer: str


class Target(NamedTuple):
    """Describe one destination of a route."""

    host: Name
    subset: str
    port: int | None
    weight: int | None
    kind: str  # routes, mirrors
    pointer: str  # of the destination
    copied: float = 100.0  # of a mirror: the share of requests that it gets, in percent


class Delegate(NamedTuple):
    """Name the VirtualService that a route hands over to."""

    namespace: str
    name: str
    pointer: str


class Route(NamedTuple):
    """Hold one route; mirrors stand behind the destinations in `targets`."""

    protocol: str  # http, tls, tcp
    position: int
    name: str
    targets: tuple[Target, ...]
    delegate: Delegate | None
    matches: tuple[Mapping[str, Any], ...]  # as written; none means every request
    written: Mapping[str, Any] = {}  # the whole route

    @property
    def pointer(self) -> str:
        """Return where the route stands."""
        return f"/spec/{self.protocol}/{self.position}"

    @property
    def text(self) -> str:
        """Return the route as messages name it."""
        return f"{self.protocol} route {self.name or self.position + 1}"


class VirtualService(NamedTuple):
    """Hold one VirtualService; `gateways` is what it binds, `mesh` where it states none."""

    resource: Resource
    hosts: tuple[Name, ...]
    gateways: tuple[Name, ...]
    match_gateways: tuple[Name, ...]
    routes: tuple[Route, ...]
    export_to: tuple[str, ...]  # as stated

    @property
    def namespace(self) -> str:
        """Return the namespace it lives in."""
        return self.resource.namespace

    @property
    def binds_mesh(self) -> bool:
        """Tell whether sidecars and waypoints follow it."""
        return any(gateway.full == MESH for gateway in self.gateways)

    @property
    def targets(self) -> Iterator[Target]:
        """Yield the destinations and mirrors of all routes."""
        for route in self.routes:
            yield from route.targets


class VirtualServices(NamedTuple):
    """Hold all VirtualServices of an environment."""

    all: tuple[VirtualService, ...]
    at: Mapping[int, VirtualService]  # by the index of the resource

    def named(self) -> dict[tuple[str, str], VirtualService]:
        """Return namespace and name → VirtualService."""
        return {(item.namespace, item.resource.name): item for item in self.all}


def read_virtual_services(inventory: Inventory) -> VirtualServices:
    """Read every VirtualService of an environment."""
    domain = inventory.mesh_config.domain
    found = tuple(_read(resource, domain) for resource in inventory.of_kind(KIND))
    return VirtualServices(found, {item.resource.index: item for item in found})


def gateway_name(written: str, namespace: str) -> str:
    """Resolve the name of a gateway to `namespace/name`; `mesh` stays what it is.

    A dotted name is the old form `name.namespace.svc…`.
    """
    if written == MESH:
        return written
    before, slash, after = written.partition("/")
    if slash:
        return f"{namespace}/{after}" if before == "." else written
    name, dot, rest = written.partition(".")
    return f"{rest.partition('.')[0]}/{name}" if dot else f"{namespace}/{written}"


def _read(resource: Resource, domain: str) -> VirtualService:
    spec = mapping(resource.content().get("spec"))
    namespace = resource.namespace
    routes = tuple(_routes(spec, namespace, domain))
    bound = tuple(_gateways(spec.get("gateways"), "/spec/gateways", namespace))
    matched = [
        name
        for route in routes
        for position, match in enumerate(route.matches)
        for name in _gateways(match.get("gateways"), f"{route.pointer}/match/{position}/gateways", namespace)
    ]
    hosts = (
        Name(host, full_name(host, namespace, domain), f"/spec/hosts/{position}")
        for position, host in enumerate(sequence(spec.get("hosts")))
        if isinstance(host, str) and host
    )
    return VirtualService(
        resource,
        tuple(hosts),
        bound or (Name(MESH, MESH, ""),),
        tuple(matched),
        routes,
        tuple(name for name in sequence(spec.get("exportTo")) if isinstance(name, str)),
    )


def _gateways(value: Any, pointer: str, namespace: str) -> Iterator[Name]:
    for position, written in enumerate(sequence(value)):
        if isinstance(written, str) and written:
            yield Name(written, gateway_name(written, namespace), f"{pointer}/{position}")


def _routes(spec: Mapping[str, Any], namespace: str, domain: str) -> Iterator[Route]:
    for protocol in PROTOCOLS:
        for position, item in enumerate(sequence(spec.get(protocol))):
            route, base = mapping(item), f"/spec/{protocol}/{position}"
            targets = tuple(_targets(route, base, namespace, domain))
            delegate = _delegate(route.get("delegate"), f"{base}/delegate", namespace)
            matches = tuple(mapping(match) for match in sequence(route.get("match")))
            yield Route(protocol, position, text(route.get("name")), targets, delegate, matches, route)


def _targets(route: Mapping[str, Any], base: str, namespace: str, domain: str) -> Iterable[Target]:
    for field, kind in (("route", "routes"), ("mirrors", "mirrors")):
        for position, item in enumerate(sequence(route.get(field))):
            weighted, pointer = mapping(item), f"{base}/{field}/{position}/destination"
            weight = weighted.get("weight")
            count = weight if isinstance(weight, int) and not isinstance(weight, bool) else None
            for target in _target(weighted.get("destination"), kind, count, pointer, namespace, domain):
                yield target._replace(copied=_percent(weighted.get("percentage"), None))
    for target in _target(route.get("mirror"), "mirrors", None, f"{base}/mirror", namespace, domain):
        yield target._replace(copied=_percent(route.get("mirrorPercentage"), route.get("mirrorPercent")))


def _percent(value: Any, older: Any) -> float:
    """Return a percentage; one that states none is all of it, an empty message is none of it."""
    if isinstance(value, dict):
        value = value.get("value", 0.0)
    elif value is None:
        value = older
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 100.0


def _target(value: Any, kind: str, weight: int | None, pointer: str, namespace: str, domain: str) -> Iterator[Target]:
    destination = mapping(value)
    host = text(destination.get("host"))
    if host:
        name = Name(host, full_name(host, namespace, domain), f"{pointer}/host")
        port = port_number(mapping(destination.get("port")).get("number"))
        yield Target(name, text(destination.get("subset")), port, weight, kind, pointer)


def _delegate(value: Any, pointer: str, namespace: str) -> Delegate | None:
    delegate = mapping(value)
    name = text(delegate.get("name"))
    return Delegate(text(delegate.get("namespace")) or namespace, name, pointer) if name else None
