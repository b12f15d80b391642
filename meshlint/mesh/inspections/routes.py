"""The routes that lead to a service, with their timeouts and retries.

In: the mesh. Out: `RouteFacts` by host. Sources: `HTTPRoute.timeout` and `retries` of VirtualServices (no timeout and
two retries where they say nothing and MeshConfig.defaultHttpRetryPolicy neither), `timeouts.request` and `retry` of the
Gateway API. Only routes of HTTP have either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.mesh.inspections.answers import RouteFacts
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service
from meshlint.mesh.routing.routes import Destination
from meshlint.resources.digest import at, mapping, sequence, text
from meshlint.resources.resource import Resource

HTTP = ("http", "http2", "http_proxy", "grpc", "grpc-web", "undeclared")
_HTTP_KINDS = ("HTTPRoute", "GRPCRoute")


class RoutesTo:
    """Answer which routes lead to a service."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._by_host: dict[str, list[Destination]] = {}
        for destination in mesh.graph.routes.destinations:
            if destination.kind == "routes":
                self._by_host.setdefault(destination.host, []).append(destination)

    def to(self, service: Service, number: int, protocol: str | None) -> tuple[RouteFacts, ...]:
        """Return the routes to one port, or what holds without any."""
        found: dict[tuple[int, str], RouteFacts] = {}
        for destination in self._by_host.get(service.host.lower(), ()):
            if destination.port in (None, number):
                resource, route = destination.place.resource, _route_of(destination.place.pointer)
                if (resource.index, route) not in found:
                    found[resource.index, route] = self._facts(resource, route)
        routes = tuple(found.values())
        if protocol in HTTP and not any("mesh" in route.through for route in routes):
            routes = (*routes, self._default())
        return routes

    def _default(self) -> RouteFacts:
        no_route = "no VirtualService of the mesh routes to it"
        timeout = Decided("none", f"{no_route}, and Istio sets none by itself")
        retries = self._default_retries(no_route)
        return RouteFacts(None, "no route", ("mesh",), timeout, retries, None)

    def _facts(self, resource: Resource, route: str) -> RouteFacts:
        place = Place(resource, route, "route")
        content = mapping(at(resource.content(), route))
        service = self._mesh.routing.virtual_services.at.get(resource.index)
        number = int(route.rpartition("/")[2]) + 1
        if service is None:
            timeout, retries = _of_gateway_route(resource, content, route)
            return RouteFacts(resource, f"rule {number}", _parents(resource), timeout, retries, place)
        through = tuple(dict.fromkeys(gateway.full for gateway in service.gateways))
        kind = route.split("/")[2]
        name = text(content.get("name")) or f"{kind} route {number}"
        if kind != "http":
            return RouteFacts(resource, name, through, None, None, place)
        return RouteFacts(
            resource, name, through, _timeout(resource, content, route), self._retries(resource, content, route), place
        )

    def _retries(self, resource: Resource, route: Mapping[str, Any], pointer: str) -> Decided:
        if "retries" not in route:
            return self._default_retries(f"{resource.text} names none there")
        retries = mapping(route["retries"])
        place = Place(resource, f"{pointer}/retries", "retries")
        return Decided(_attempts(retries), f"{resource.text} says so", place)

    def _default_retries(self, lead: str) -> Decided:
        config = self._mesh.inventory.mesh_config
        policy = mapping(config.content).get("defaultHttpRetryPolicy")
        if isinstance(policy, dict):
            because = f"{lead}, and meshConfig.defaultHttpRetryPolicy says so"
            return Decided(_attempts(policy), because, config.place)
        return Decided("2 attempts", f"{lead}, and that is Istio's default")


def _route_of(pointer: str) -> str:
    """Return `/spec/http/0` of `/spec/http/0/route/1/destination/host`."""
    return "/".join(pointer.split("/")[:4])


def _timeout(resource: Resource, route: Mapping[str, Any], pointer: str) -> Decided:
    value = text(route.get("timeout"))
    if value:
        return Decided(value, f"{resource.text} says so", Place(resource, f"{pointer}/timeout", "timeout"))
    return Decided("none", f"{resource.text} names none there", Place(resource, pointer, "timeout"))


def _attempts(retries: Mapping[str, Any]) -> str:
    count = retries.get("attempts", 2)
    if count == 0:
        return "none"
    parts = [f"{count} attempt" if count == 1 else f"{count} attempts"]
    if limit := text(retries.get("perTryTimeout")):
        parts.append(f"{limit} each")
    if conditions := text(retries.get("retryOn")):
        parts.append(f"on {conditions}")
    return ", ".join(parts)


def _of_gateway_route(
    resource: Resource, rule: Mapping[str, Any], pointer: str
) -> tuple[Decided | None, Decided | None]:
    if resource.kind not in _HTTP_KINDS:
        return None, None
    limit = text(mapping(rule.get("timeouts")).get("request"))
    place = Place(resource, f"{pointer}/timeouts/request" if limit else pointer, "timeout")
    timeout = Decided(limit or "none", f"{resource.text} {'says so' if limit else 'names none there'}", place)
    retry = mapping(rule.get("retry"))
    if not retry:
        return timeout, Decided("2 attempts", f"{resource.text} names none there, and that is Istio's default")
    return timeout, Decided(
        _attempts(retry), f"{resource.text} says so", Place(resource, f"{pointer}/retry", "retries")
    )


def _parents(resource: Resource) -> tuple[str, ...]:
    found = []
    for item in sequence(mapping(resource.content().get("spec")).get("parentRefs")):
        parent = mapping(item)
        if text(parent.get("kind")) in ("", "Gateway"):
            found.append(f"{text(parent.get('namespace')) or resource.namespace}/{text(parent.get('name'))}")
        else:
            found.append("mesh")
    return tuple(dict.fromkeys(found))
