"""Which services have a route that limits how long a request to them may take.

In: the mesh's routes of both APIs. Out: `Timing` of a service. Any route that leads to the service, or is made for its
host, counts, whoever follows it: precision comes first. A host that is handed to a delegate nobody sees is left open;
one whose every route answers by itself (a redirect, a direct response) needs no timeout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.kubernetes_routes import KINDS, backends_of, parents_of, rules_of
from meshlint.mesh.model import Inventory, Place, Service
from meshlint.mesh.routing.request_policies import RequestPolicies
from meshlint.mesh.routing.routing import Routing
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

_HTTP_KINDS = tuple(kind for kind in KINDS if kind.endswith(("/HTTPRoute", "/GRPCRoute")))


class Timing(NamedTuple):
    """Say whether a request to a service has a timeout; `limited` is None where nobody can say, for `missing`."""

    limited: bool | None
    because: str = ""
    missing: str = ""
    routes: tuple[Place, ...] = ()  # of VirtualServices, which lead to it and set none


class RequestTimeouts:
    """Answer for the services of an environment."""

    def __init__(self, inventory: Inventory, routing: Routing, existence: Existence) -> None:
        self._existence = existence
        self._domain = inventory.mesh_config.domain
        self._limited: set[str] = set()
        self._answered: dict[str, bool] = {}
        self._open: dict[str, str] = {}
        self._routed: set[str] = set()
        self._places: dict[str, list[Place]] = {}
        policies = routing.policies
        self._read_virtual_services(routing)
        for kind in _HTTP_KINDS:
            for route in inventory.of_kind(kind):
                self._read_route(route, policies)

    def _read_virtual_services(self, routing: Routing) -> None:
        services, policies = routing.virtual_services, routing.policies
        named = services.named()
        for bound in routing.bound:
            if bound.route.protocol != "http":
                continue
            hosts = [host.full for host in bound.root.hosts] if bound.acts_in_mesh else []
            answers = "redirect" in bound.route.written or "directResponse" in bound.route.written
            self._routed.update((*hosts, *(target.host.full for target in bound.live_targets)))
            place = Place(bound.holder.resource, bound.route.pointer)
            for target in () if answers else bound.live_targets:
                self._places.setdefault(target.host.full, []).append(place)
            for host in hosts:
                self._answered[host] = self._answered.get(host, True) and answers
            if policies.of(bound).timeout is not None:
                self._limited.update((*hosts, *(target.host.full for target in bound.live_targets)))
        for root in services.all:
            for route in root.routes:
                delegate = route.delegate
                if delegate is not None and (delegate.namespace, delegate.name) not in named:
                    missing = f"VirtualService {delegate.namespace}/{delegate.name}"
                    self._open.update((host.full, missing) for host in root.hosts)

    def _read_route(self, route: Resource, policies: RequestPolicies) -> None:
        limited = [
            f"/spec/rules/{position}"
            for position, rule in enumerate(rules_of(route))
            if policies.of_rule(route, rule, f"/spec/rules/{position}").timeout is not None
        ]
        references = [*parents_of(route), *(b for b in backends_of(route) if _is_below(b.pointer, limited))]
        for reference in references if limited else ():
            if reference.kind == "Service":
                self._limited.add(f"{reference.name}.{reference.namespace}.svc.{self._domain}".lower())
            elif reference.kind == "Hostname":
                self._limited.add(reference.name.lower())

    def of(self, service: Service) -> Timing:
        """Return whether requests to a service have a timeout."""
        names = list(_covering(service.host.lower()))
        if any(name in self._limited or self._answered.get(name) for name in names):
            return Timing(True)
        if missing := next((self._open[name] for name in names if name in self._open), ""):
            return Timing(None, missing=missing)
        if self._existence.may_be_elsewhere("VirtualService", service.namespace):
            return Timing(None, missing=f"VirtualServices of namespace {service.namespace}")
        if any(name in self._routed for name in names):
            places = tuple(dict.fromkeys(self._places.get(service.host.lower(), ())))
            return Timing(False, "its routes set none and the default is none", routes=places)
        return Timing(False, "no route is made for it and the default is none")


def _is_below(pointer: str, bases: Iterable[str]) -> bool:
    return any(pointer.startswith(f"{base}/") for base in bases)


def _covering(host: str) -> Iterator[str]:
    """Yield a host and the wildcards above it."""
    yield host
    rest = host
    while rest:
        rest = rest.partition(".")[2]
        yield f"*.{rest}" if rest else "*"
