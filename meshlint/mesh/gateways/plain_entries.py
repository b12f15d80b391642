"""Entry points that take plain text: servers of Istio Gateways, listeners of the Gateway API, Ingresses.

In: the inventory, Gateways, VirtualServices and routes. Out: `PlainEntry` for each that could; `plain` says whether it
serves anything but a way to HTTPS. Gateways that face the mesh itself (egress, east-west, waypoints) are no entry
points, and a load balancer that is told of a certificate ends TLS in front.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.gateways import Gateway, Gateways, Server, is_inward
from meshlint.mesh.gateways.kubernetes_gateways import KIND as KUBERNETES_GATEWAY
from meshlint.mesh.gateways.kubernetes_gateways import KubernetesGateway, KubernetesGateways, Listener
from meshlint.mesh.gateways.kubernetes_routes import KINDS, parents_of, rules_of, stays_harmless
from meshlint.mesh.hosts import meets
from meshlint.mesh.model import Inventory, Place
from meshlint.mesh.routing.virtual_services import Route, VirtualService, VirtualServices
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource

INGRESS = "networking.k8s.io/Ingress"
_ACME = "/.well-known/acme-challenge"
_CERTIFICATES = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "route.openshift.io/termination",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
    "service.beta.kubernetes.io/do-loadbalancer-certificate-id",
    "traefik.ingress.kubernetes.io/router.tls",
)
"""Annotations by which a load balancer or a controller is told to end TLS."""
_NO_HTTP = ("kubernetes.io/ingress.allow-http", "false")
_ALWAYS_TLS = ("tailscale", "cloudflare", "ngrok")
"""Classes of Ingress whose service in front serves HTTPS whatever the object says."""


class PlainEntry(NamedTuple):
    """Describe one entry point; `plain` is None where the manifests cannot tell, for `missing`."""

    text: str
    protocol: str
    port_name: str
    plain: bool | None
    place: Place
    missing: str = ""
    has_https: bool = False  # the same Gateway serves its hosts by HTTPS


class PlainEntries:
    """Find the entry points of an environment that take plain text."""

    def __init__(
        self,
        inventory: Inventory,
        gateways: Gateways,
        kubernetes: KubernetesGateways,
        services: VirtualServices,
        selection: Selection,
        existence: Existence,
    ) -> None:
        self._inventory = inventory
        self._gateways = gateways
        self._selection = selection
        self._existence = existence
        self._all_kubernetes = kubernetes
        self._kubernetes = {gateway.resource.index: gateway for gateway in kubernetes.all}
        self._bound: dict[str, list[VirtualService]] = {}
        for service in services.all:
            for name in {gateway.full for gateway in service.gateways}:
                self._bound.setdefault(name, []).append(service)
        self._routes = _routes_by_parent(inventory)
        self._behind = {name for resource in inventory.of_kind(INGRESS) for name in _behind_tls(resource)}

    def of(self, resource: Resource) -> Iterator[PlainEntry]:
        """Yield the entries of one object; most objects have none."""
        if gateway := self._gateways.at.get(resource.index) if resource.kind == "Gateway" else None:
            yield from self._of_gateway(gateway)
        elif kubernetes := self._kubernetes.get(resource.index) if resource.kind == "Gateway" else None:
            yield from self._of_kubernetes(kubernetes)
        elif resource.kind == "Ingress" and f"{resource.group}/Ingress" == INGRESS:
            yield from _of_ingress(resource)

    def _of_gateway(self, gateway: Gateway) -> Iterator[PlainEntry]:
        if gateway.faces_inward or gateway.is_generated or self._has_certificate_in_front(gateway):
            return
        for server in gateway.servers:
            if server.layer == "tls" or server.redirects or not server.protocol or self._leads_out(server):
                continue
            what = f"{server.protocol} on port {server.number}"
            place = Place(gateway.resource, f"{server.pointer}/port/protocol", f"server {server.position}")
            is_plain = server.layer == "tcp" or not self._only_redirects(gateway, server)
            has_https = server.layer == "http" and _serves_https(gateway, server)
            yield PlainEntry(what, server.protocol, server.port_name, is_plain, place, has_https=has_https)

    def _has_certificate_in_front(self, gateway: Gateway) -> bool:
        """Tell whether a load balancer or an Ingress ends TLS before the proxies of a Gateway."""
        ids = {id_ for w in gateway.workloads for id_ in self._selection.services_of.get(w.id, ())}
        services = [self._inventory.services[id_] for id_ in ids]
        if any(has_certificate(s.annotations) or (s.namespace, s.name) in self._behind for s in services):
            return True
        if services:
            return False
        # Where a chart brings the Service, its name follows the labels of the pods.
        meant = {name for value in gateway.selector.values() for name in (value, f"istio-{value}")}
        return any(name in meant for _, name in self._behind)

    def _leads_out(self, server: Server) -> bool:
        """Tell whether a server is for hosts outside the mesh, as that of an egress gateway is."""
        at = self._inventory.service_at
        found = [at.get(host.host, ()) for host in server.hosts]
        return bool(found) and all(any(s.entry and s.mesh_external for s in services) for services in found)

    def _only_redirects(self, gateway: Gateway, server: Server) -> bool:
        """Tell whether every VirtualService of the server redirects, or answers a certificate authority."""
        name = f"{gateway.resource.namespace}/{gateway.resource.name}"
        bound = [s for s in self._bound.get(name, ()) if _shares_host(s, server)]
        routes = [(s, route) for s in bound for route in s.routes if _applies(route, server, name, s)]
        return bool(routes) and all(_is_harmless(service, route) for service, route in routes)

    def _of_kubernetes(self, gateway: KubernetesGateway) -> Iterator[PlainEntry]:
        resource = gateway.resource
        infrastructure = mapping(mapping(resource.content().get("spec")).get("infrastructure"))
        annotations = {**resource.annotations, **strings(infrastructure.get("annotations"))}
        names = f"{resource.name} {gateway.class_name}"
        if gateway.is_waypoint or is_inward(names) or has_certificate(annotations):
            return
        for listener in gateway.listeners:
            if listener.protocol == "HTTP":
                yield self._listener(gateway, listener)

    def _listener(self, gateway: KubernetesGateway, listener: Listener) -> PlainEntry:
        resource = gateway.resource
        routes = [
            (route, self._all_kubernetes.takes(gateway, listener, route))
            for route, section, port in self._routes.get((resource.namespace, resource.name), ())
            if section in ("", listener.name) and port in (None, listener.number)
        ]
        routes = [(route, answer) for route, answer in routes if answer.admitted is not False]
        place = Place(resource, f"{listener.pointer}/protocol", f"listener {listener.name}")
        what = f"HTTP on port {listener.number}"
        if not routes and not self._existence.is_complete:
            return PlainEntry(what, "HTTP", listener.name, None, place, f"routes of {resource.text}")
        serving = [answer for route, answer in routes if not all(map(stays_harmless, rules_of(route) or ({},)))]
        plain = any(answer.admitted for answer in serving)
        if serving and not plain:
            return PlainEntry(what, "HTTP", listener.name, None, place, serving[0].missing)
        return PlainEntry(what, "HTTP", listener.name, plain, place)


def _serves_https(gateway: Gateway, server: Server) -> bool:
    """Tell whether HTTPS servers of a Gateway have all hosts of a server."""
    secured = [host for other in gateway.servers if other.protocol == "HTTPS" for host in other.hosts]
    return bool(server.hosts) and all(
        any(host.host == other.host and host.namespace == other.namespace for other in secured) for host in server.hosts
    )


def has_certificate(annotations: Mapping[str, str]) -> bool:
    """Tell whether annotations let something in front of the mesh end TLS, or refuse HTTP."""
    given = any(annotations.get(key, "") not in ("", "false") for key in _CERTIFICATES)
    return given or annotations.get(_NO_HTTP[0]) == _NO_HTTP[1]


def _routes_by_parent(inventory: Inventory) -> dict[tuple[str, str], list[tuple[Resource, str, int | None]]]:
    found: dict[tuple[str, str], list[tuple[Resource, str, int | None]]] = {}
    for kind in KINDS:
        for route in inventory.of_kind(kind):
            for parent in parents_of(route):
                if f"{parent.group}/{parent.kind}" == KUBERNETES_GATEWAY:
                    found.setdefault((parent.namespace, parent.name), []).append((route, parent.section, parent.port))
    return found


def _shares_host(service: VirtualService, server: Server) -> bool:
    return any(meets(ours.host, theirs.full) for ours in server.hosts for theirs in service.hosts)


def _applies(route: Route, server: Server, name: str, service: VirtualService) -> bool:
    if route.protocol != "http":
        return False
    if not route.matches:
        return True
    return any(
        match.get("port") in (None, server.number)
        and (not (gateways := sequence(match.get("gateways"))) or _names(gateways, name, service))
        for match in route.matches
    )


def _names(gateways: list[object], name: str, service: VirtualService) -> bool:
    return any(item in (name, name.removeprefix(f"{service.namespace}/")) for item in gateways)


def _is_harmless(service: VirtualService, route: Route) -> bool:
    spec = mapping(service.resource.content().get("spec"))
    item = mapping(sequence(spec.get("http"))[route.position])
    if mapping(item.get("redirect")).get("scheme") == "https":
        return True
    paths = [mapping(match.get("uri")) for match in route.matches]
    return bool(paths) and all(_is_challenge(text(path.get("prefix")) or text(path.get("exact"))) for path in paths)


def _is_challenge(path: str) -> bool:
    return path.startswith(_ACME)


def _ends_tls(resource: Resource) -> bool:
    """Tell whether an Ingress, or what stands before it, serves HTTPS."""
    spec = mapping(resource.content().get("spec"))
    class_name = text(spec.get("ingressClassName")) or resource.annotations.get("kubernetes.io/ingress.class", "")
    return (
        bool(sequence(spec.get("tls"))) or has_certificate(resource.annotations) or class_name.startswith(_ALWAYS_TLS)
    )


def _paths(resource: Resource) -> list[Mapping[str, Any]]:
    spec = mapping(resource.content().get("spec"))
    rules = [mapping(mapping(rule).get("http")) for rule in sequence(spec.get("rules"))]
    return [mapping(path) for rule in rules for path in sequence(rule.get("paths"))]


def _behind_tls(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield namespace and name of the Services that an Ingress serves by HTTPS."""
    if _ends_tls(resource):
        default = mapping(resource.content().get("spec")).get("defaultBackend")
        for backend in (default, *(path.get("backend") for path in _paths(resource))):
            if name := text(mapping(mapping(backend).get("service")).get("name")):
                yield resource.namespace, name


def _of_ingress(resource: Resource) -> Iterator[PlainEntry]:
    if _ends_tls(resource):
        return
    paths = _paths(resource)
    challenge = bool(paths) and all(_is_challenge(text(path.get("path"))) for path in paths)
    place = Place(resource, "/metadata/name", "tls")
    yield PlainEntry("HTTP without tls", "HTTP", "", not challenge, place)
