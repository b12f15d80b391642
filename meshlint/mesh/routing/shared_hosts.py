"""Hosts that several VirtualServices claim at one gateway, and whether that is a conflict.

In: VirtualServices, who sees what and where gateways stand. Out: `SharedHost` rows. For the mesh one VirtualService
wins whole (the older one). At a gateway their routes are joined, catch-all routes last; the rest stands in an order
that no manifest tells (`buildGatewayHTTPRouteConfig`), which matters where two routes take the same request. An exact
host beside a wildcard is no matter: the longer match wins.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from meshlint.mesh.model import Place
from meshlint.mesh.routing.route_clients import RouteClients
from meshlint.mesh.routing.route_overlaps import claims_of, overlaps
from meshlint.mesh.routing.virtual_services import MESH, Name, VirtualService, VirtualServices
from meshlint.mesh.visibility import EVERYWHERE, Export, Visibility
from meshlint.records import NamedTuple

_SHOWN = 10


class SharedHost(NamedTuple):
    """Say that others claim a host too; `overlap` names what both take, empty where they complement each other."""

    host: str
    gateway: str  # mesh, or namespace/name
    rivals: tuple[VirtualService, ...]
    overlap: str
    place: Place


class _Claimant(NamedTuple):
    service: VirtualService
    host: Name


_Bucket = Sequence[_Claimant]
_Clash = tuple[_Claimant, tuple[VirtualService, ...], str]


class SharedHosts:
    """Find what is claimed twice."""

    def __init__(self, services: VirtualServices, clients: RouteClients, visibility: Visibility) -> None:
        self._clients = clients
        self._visibility = visibility
        self._found: dict[int, list[SharedHost]] = {}
        for (gateway, host, _), bucket in _buckets(services).items():
            if len(bucket) > 1:
                self._judge(gateway, host, bucket)

    def of(self, service: VirtualService) -> Sequence[SharedHost]:
        """Return the hosts that a VirtualService shares."""
        return self._found.get(service.resource.index, ())

    def _judge(self, gateway: str, host: str, bucket: _Bucket) -> None:
        taken: dict[int, SharedHost] = {}
        for together in self._meetings(gateway, bucket):
            found = _at_mesh(together) if gateway == MESH else _at_gateway(together, gateway)
            for claimant, rivals, overlap in found:
                index = claimant.service.resource.index
                if index not in taken or (overlap and not taken[index].overlap):
                    place = Place(claimant.service.resource, claimant.host.pointer, f"shared {host}")
                    taken[index] = SharedHost(host, gateway, rivals, overlap, place)
            if all(shared.overlap for shared in taken.values()) and len(taken) == len(bucket):
                break
        for index, shared in taken.items():
            self._found.setdefault(index, []).append(shared)

    def _meetings(self, gateway: str, bucket: _Bucket) -> Iterator[_Bucket]:
        """Yield those of a bucket that one client sees together, for every kind of client there is."""
        exports = [self._clients.export(claimant.service) for claimant in bucket]
        for client in self._places(gateway, bucket, exports):
            together = [
                claimant
                for claimant, export in zip(bucket, exports, strict=True)
                if export.reaches(client) and (gateway != MESH or self._is_imported(claimant, client))
            ]
            if len(together) > 1:
                yield together

    def _places(self, gateway: str, bucket: _Bucket, exports: Sequence[Export]) -> Iterable[str]:
        """Return the namespaces in which clients may differ; nobody's namespace comes first and mostly settles it."""
        if gateway != MESH and (homes := self._clients.homes(gateway)):
            return sorted(homes)
        own = (claimant.service.namespace for claimant in bucket)
        named = (name for export in exports for name in sorted(export.namespaces))
        restricted = self._visibility.restricted if gateway == MESH else ()
        return _distinct(chain((EVERYWHERE,), own, named, restricted))

    def _is_imported(self, claimant: _Claimant, client: str) -> bool:
        hosts = (host.full for host in claimant.service.hosts)
        return self._visibility.imports(client, claimant.service.namespace, hosts)


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name not in seen:
            seen.add(name)
            yield name


def _buckets(services: VirtualServices) -> Mapping[tuple[str, str, str], list[_Claimant]]:
    """Group by gateway and host; objects without namespace meet only in one folder, being applied together there."""
    buckets: dict[tuple[str, str, str], list[_Claimant]] = {}
    for service in services.all:
        where = "" if service.namespace else posixpath.dirname(service.resource.path) or "."
        gateways = dict.fromkeys(gateway.full for gateway in service.gateways)
        for host in {host.full: host for host in reversed(service.hosts)}.values():
            for gateway in gateways:
                buckets.setdefault((gateway, host.full, where), []).append(_Claimant(service, host))
    return buckets


def _at_mesh(together: _Bucket) -> Iterator[_Clash]:
    """Yield each with those that route the same protocol: HTTP, TLS and TCP do not get in each other's way."""
    routing: dict[str, list[VirtualService]] = {}
    for claimant in together:
        for protocol in _protocols(claimant.service):
            routing.setdefault(protocol, []).append(claimant.service)
    for claimant in together:
        others = chain.from_iterable(routing[protocol] for protocol in _protocols(claimant.service))
        if rivals := _others(claimant, others):
            yield claimant, rivals, "all requests"


def _protocols(service: VirtualService) -> Sequence[str]:
    return list(dict.fromkeys(route.protocol for route in service.routes)) or ["http"]


def _at_gateway(together: _Bucket, gateway: str) -> Iterator[_Clash]:
    """Yield each with those whose routes overlap with its own, else with all others and no overlap."""
    claims = [claim for number, c in enumerate(together) for claim in claims_of(number, c.service, gateway)]
    clashes = overlaps(claims)
    for number, claimant in enumerate(together):
        found = clashes.get(number, {})
        if rivals := _others(claimant, (together[other].service for other in found)):
            yield claimant, rivals, next(iter(found.values()))
        elif rivals := _others(claimant, (other.service for other in together)):
            yield claimant, rivals, ""


def _others(claimant: _Claimant, services: Iterable[VirtualService]) -> tuple[VirtualService, ...]:
    """Return the first of the others; two documents of one object are the business of duplicate-resource."""
    identity = claimant.service.resource.identity
    found: dict[int, VirtualService] = {}
    for service in services:
        if service.resource.identity != identity:
            found.setdefault(service.resource.index, service)
        if len(found) == _SHOWN:
            break
    return tuple(found.values())
