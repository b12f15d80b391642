"""Where routes send requests: hosts, ports and subsets that VirtualServices and Gateway API routes name.

In: the inventory and its VirtualServices. Out: `Destination` for each, and which subsets are routed to. A route is
read, not judged: whether its host exists is somebody else's question.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Inventory, Place
from meshlint.mesh.routing.virtual_services import VirtualService, VirtualServices
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

ROUTE_KINDS = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")


class Destination(NamedTuple):
    """Describe one target of a route; the host is full."""

    host: str
    port: int | None
    subset: str
    kind: str  # routes, mirrors
    place: Place


class Routes(NamedTuple):
    """Hold all destinations, and for each host the subsets that are routed to ("" where a route names none)."""

    destinations: tuple[Destination, ...]
    subsets_of: dict[str, frozenset[str]]


def read_routes(inventory: Inventory, virtual_services: VirtualServices) -> Routes:
    """Read the destinations of every route."""
    found: list[Destination] = []
    for service in virtual_services.all:
        found.extend(_of_virtual_service(service))
    for kind in ROUTE_KINDS:
        for resource in inventory.of_kind(f"gateway.networking.k8s.io/{kind}"):
            found.extend(_of_gateway_route(resource, inventory.mesh_config.domain))
    subsets: dict[str, set[str]] = {}
    for destination in found:
        subsets.setdefault(destination.host, set()).add(destination.subset)
    return Routes(tuple(found), {host: frozenset(names) for host, names in subsets.items()})


def _of_virtual_service(service: VirtualService) -> Iterable[Destination]:
    for target in service.targets:
        place = Place(service.resource, target.host.pointer, "route")
        yield Destination(target.host.full, target.port, target.subset, target.kind, place)


def _of_gateway_route(resource: Resource, domain: str) -> Iterable[Destination]:
    spec = mapping(resource.content().get("spec"))
    for position, item in enumerate(sequence(spec.get("rules"))):
        rule, base = mapping(item), f"/spec/rules/{position}"
        for index, backend in enumerate(sequence(rule.get("backendRefs"))):
            yield from _backend(backend, "routes", resource, f"{base}/backendRefs/{index}", domain)
        for index, entry in enumerate(sequence(rule.get("filters"))):
            backend = mapping(mapping(entry).get("requestMirror")).get("backendRef")
            pointer = f"{base}/filters/{index}/requestMirror/backendRef"
            yield from _backend(backend, "mirrors", resource, pointer, domain)


def _backend(value: Any, kind: str, resource: Resource, pointer: str, domain: str) -> Iterable[Destination]:
    backend = mapping(value)
    name, group = text(backend.get("name")), text(backend.get("group"))
    if not name or group not in ("", "core") or text(backend.get("kind")) not in ("", "Service"):
        return
    namespace = text(backend.get("namespace")) or resource.namespace
    place = Place(resource, f"{pointer}/name", "route")
    port = port_number(backend.get("port"))
    yield Destination(f"{name}.{namespace}.svc.{domain}".lower(), port, "", kind, place)
