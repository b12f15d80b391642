"""What a VirtualService or an Ingress sends requests to, and whether that is there.

In: a resource, the routing of the mesh. Out: `Reference` for each destination, mirror, delegate, backend and host of
the mesh. A host that several routes name is one matter: it carries one fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Place
from meshlint.mesh.routing.references import HostAnswer
from meshlint.mesh.routing.route_clients import RouteClients
from meshlint.mesh.routing.routing import Routing
from meshlint.mesh.routing.virtual_services import Delegate, VirtualService
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_WORDS = {"routes": "destination", "mirrors": "mirror"}
_ANNOTATED_PORT = "use-annotation"
"""The port by which the AWS controller says that a backend is an action of an annotation and no Service."""


class Reference(NamedTuple):
    """Say where one name leads; `found` is None where the manifests cannot tell, for `missing`."""

    what: str  # destination, mirror, delegate, backend, host
    written: str
    found: bool | None
    because: str
    missing: str
    outside: bool  # a name that no Service of the cluster can have
    place: Place


class RouteReferences:
    """Answer where the names of routes lead."""

    def __init__(self, routing: Routing, existence: Existence, clients: RouteClients) -> None:
        self._routing = routing
        self._existence = existence
        self._clients = clients
        self._named = routing.virtual_services.named()

    def of_virtual_service(self, service: VirtualService) -> Iterator[Reference]:
        """Yield the references of a VirtualService; hosts of gateways are public names and lead nowhere."""
        clients = self._clients.of(service)
        for route in service.routes:
            for target in route.targets:
                answer = self._routing.references.find(target.host.written, service.namespace, clients)
                place = Place(service.resource, target.host.pointer, f"host {answer.host}")
                yield _reference(_WORDS[target.kind], target.host.written, answer, place)
            if route.delegate is not None:
                yield self._delegate(route.delegate, service)
        if service.binds_mesh:
            yield from self._own_hosts(service, clients)

    def _own_hosts(self, service: VirtualService, clients: Sequence[str]) -> Iterator[Reference]:
        for host in service.hosts:
            if self._routing.references.address(host.full) is not None:
                answer = self._routing.references.find(host.written, service.namespace, clients)
                place = Place(service.resource, host.pointer, f"host {host.full}")
                yield _reference("host", host.written, answer, place)

    def _delegate(self, delegate: Delegate, service: VirtualService) -> Reference:
        name = f"{delegate.namespace}/{delegate.name}" if delegate.namespace else delegate.name
        place = Place(service.resource, f"{delegate.pointer}/name", f"delegate {name}")
        found = self._named.get((delegate.namespace, delegate.name))
        if found is None:
            absence = self._existence.absence("VirtualService", delegate.namespace, delegate.name)
            there = None if absence.missing is None else not absence.missing
            return Reference("delegate", name, there, "no VirtualService bears the name", absence.reason, False, place)
        export = self._clients.export(found)
        seen = export.reaches(service.namespace)
        because = "" if seen else f"{found.resource.text} is exported to {export.text} only"
        return Reference("delegate", name, seen, because, "", False, place)

    def of_ingress(self, resource: Resource) -> Iterator[Reference]:
        """Yield the Services that an Ingress names as backends, which live in its own namespace."""
        for name, pointer in _backends(resource):
            answer = self._routing.references.find(name, resource.namespace, ())
            yield _reference("backend", name, answer, Place(resource, pointer, f"host {answer.host}"))


def _reference(what: str, written: str, answer: HostAnswer, place: Place) -> Reference:
    return Reference(what, written, answer.found, answer.because, answer.missing, not answer.in_cluster, place)


def _backends(resource: Resource) -> Iterator[tuple[str, str]]:
    spec = mapping(resource.content().get("spec"))
    rows = [(spec.get("defaultBackend"), "/spec/defaultBackend"), (spec.get("backend"), "/spec/backend")]
    for row, rule in enumerate(sequence(spec.get("rules"))):
        for column, path in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
            rows.append((mapping(path).get("backend"), f"/spec/rules/{row}/http/paths/{column}/backend"))
    for value, pointer in rows:
        backend = mapping(value)
        service = mapping(backend.get("service"))
        if text(mapping(service.get("port")).get("name")) == _ANNOTATED_PORT:
            continue
        if name := text(service.get("name")):
            yield name, f"{pointer}/service/name"
        elif (name := text(backend.get("serviceName"))) and backend.get("servicePort") != _ANNOTATED_PORT:
            yield name, f"{pointer}/serviceName"
