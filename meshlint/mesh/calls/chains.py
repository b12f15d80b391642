"""Chains of calls: how retries multiply along them, which calls outlive their callers, and what goes round in circles.

In: the mesh. Out: `Chains`. A hop leads from a service (or a workload, gateway or Ingress that no service stands
before) to a service, by a call that is known or a route of a gateway; who is merely expected to call makes no chain. A
hop without a proxy, or whose route nobody can tell, neither limits nor multiplies. In a circle nothing is multiplied
twice: a circle is counted as one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meshlint.mesh.calls.calls import Call
from meshlint.mesh.calls.digraphs import components
from meshlint.mesh.calls.timed_calls import HTTP
from meshlint.mesh.gateways.kubernetes_routes import KINDS, parents_of
from meshlint.mesh.hosts import resolve_host
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Inventory, Place, Service, Workload
from meshlint.mesh.routing.bound_routes import BoundRoute
from meshlint.mesh.routing.request_policies import RequestPolicy
from meshlint.mesh.routing.virtual_services import MESH, VirtualService
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, text

_NOTHING = RequestPolicy(None, None, 0, None, False, None)


class Hop(NamedTuple):
    """Lead from a node to a service; `bound` is the route that decides, None where no route is made for the host."""

    source: str
    target: str
    policy: RequestPolicy
    bound: BoundRoute | None
    evidence: Place
    is_request: bool  # HTTP or gRPC, so that a caller waits for an answer
    is_known: bool = True  # the manifests settle which policy holds


class _Answer(NamedTuple):
    policy: RequestPolicy
    bound: BoundRoute | None = None
    is_known: bool = True


_UNKNOWN = _Answer(_NOTHING, None, False)


class Chains:
    """Hold the hops of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._policies = mesh.routing.policies
        self._bound: dict[str, list[BoundRoute]] = {}
        self._gateway_routes: list[BoundRoute] = []
        self._answers: dict[tuple[str, str, frozenset[int]], _Answer] = {}
        self._elsewhere = _routed_by_the_gateway_api(mesh.inventory)
        for bound in mesh.routing.bound:
            if bound.route.protocol == "http":
                for host in {host.full for host in bound.root.hosts} if bound.acts_in_mesh else ():
                    self._bound.setdefault(host, []).append(bound)
                if bound.gateways and bound.gateways != (MESH,):
                    self._gateway_routes.append(bound)
        self.hops = tuple({_mark(hop): hop for hop in (*self._called(), *self._routed())}.values())
        self.out_of: dict[str, list[Hop]] = {}
        self.into: dict[str, list[Hop]] = {}
        for hop in self.hops:
            self.out_of.setdefault(hop.source, []).append(hop)
            self.into.setdefault(hop.target, []).append(hop)

    def _called(self) -> Iterator[Hop]:
        for call in self._mesh.graph.calls:
            sources = self._sources(call.workload)
            for service in call.services:
                is_request = self._is_request(call, service)
                answer = self._policy(call, service) if is_request else _Answer(_NOTHING)
                for target in _targets(answer.bound, service, self._mesh):
                    for source in sources:
                        if source != target:
                            policy, bound, is_known = answer
                            yield Hop(source, target, policy, bound, call.evidence, is_request, is_known)

    def _sources(self, workload: Workload) -> list[str]:
        services = (self._mesh.inventory.services[n] for n in self._mesh.selection.services_of.get(workload.id, ()))
        return [f"service:{service.id}" for service in services if not service.entry] or [f"workload:{workload.id}"]

    def _is_request(self, call: Call, service: Service) -> bool:
        ports = [port for port in service.ports if port.id in call.ports] or list(service.ports)
        return bool(ports) and all(self._mesh.protocols[port.id].value in HTTP for port in ports)

    def _policy(self, call: Call, service: Service) -> _Answer:
        """Return what holds for a call: nothing without a proxy, and nothing that is known where nobody can tell."""
        membership = self._mesh.memberships[call.workload.id]
        if membership.dataplane not in ("sidecar", "gateway"):
            return _Answer(_NOTHING, None, membership.meshed is False)
        numbers = frozenset(port.number for port in service.ports if port.id in call.ports)
        question = service.host.lower(), call.workload.namespace, numbers
        if question not in self._answers:
            self._answers[question] = self._answer(*question)
        return self._answers[question]

    def _answer(self, host: str, client: str, numbers: frozenset[int]) -> _Answer:
        seen: dict[int, bool] = {}
        routes = []
        for bound in self._bound.get(host, ()):
            index = bound.root.resource.index
            if index not in seen:
                seen[index] = self._sees(client, bound.root)
            if seen[index] and (not (bound.ports and numbers) or bound.ports & numbers):
                routes.append(bound)
        if host in self._elsewhere:
            return _UNKNOWN
        if not routes:
            return _Answer(self._policies.default)
        if len({bound.root.resource.index for bound in routes}) > 1:
            return _UNKNOWN  # which of two VirtualServices wins depends on their ages
        general = _general(routes)
        return _Answer(self._policies.of(general), general) if general is not None else _UNKNOWN

    def _sees(self, client: str, root: VirtualService) -> bool:
        visibility = self._mesh.routing.visibility
        export = visibility.of("VirtualService", root.export_to, root.namespace)
        hosts = [host.full for host in root.hosts]
        return export.reaches(client) and visibility.imports(client, root.namespace, hosts)

    def _routed(self) -> Iterator[Hop]:
        for bound in self._gateway_routes:
            policy = self._policies.of(bound)
            for target in bound.live_targets:
                place = Place(bound.holder.resource, target.host.pointer, "route")
                services = resolve_host(self._mesh.inventory, target.host.full, "") if target.kind == "routes" else ()
                for service in services:
                    for gateway in bound.gateways:
                        if gateway != MESH:
                            yield Hop(f"gateway:{gateway}", f"service:{service.id}", policy, bound, place, True)

    def name(self, node: str) -> str:
        """Return a node as messages name it."""
        kind, _, rest = node.partition(":")
        if kind == "service":
            return self._mesh.inventory.services[int(rest)].name
        return self._mesh.inventory.workloads[int(rest)].name if kind == "workload" else f"{kind} {rest}"


_LAST: list[tuple[Mesh, Chains]] = []


def chains_of(mesh: Mesh) -> Chains:
    """Return the chains of an environment; the last ones are kept, because several views ask one after the other."""
    if not _LAST or _LAST[0][0] is not mesh:
        _LAST[:] = [(mesh, Chains(mesh))]
    return _LAST[0][1]


def _mark(hop: Hop) -> tuple[str, str, bool, int, str]:
    index, pointer = (-1, "") if hop.bound is None else (hop.bound.holder.resource.index, hop.bound.route.pointer)
    return hop.source, hop.target, hop.is_request, index, pointer


def _routed_by_the_gateway_api(inventory: Inventory) -> frozenset[str]:
    """Return the hosts of Services that a route of the Gateway API has for a parent."""
    found = set()
    for kind in KINDS:
        for route in inventory.of_kind(kind):
            for parent in parents_of(route):
                if parent.kind == "Service":
                    found.add(f"{parent.name}.{parent.namespace}.svc.{inventory.mesh_config.domain}".lower())
    return frozenset(found)


def _general(seen: Sequence[BoundRoute]) -> BoundRoute | None:
    """Return the route that takes requests in general: the only one, or the first that asks nothing of the path."""
    if len(seen) == 1:
        return seen[0]
    return next((bound for bound in seen if _takes_all(bound)), None)


def _takes_all(bound: BoundRoute) -> bool:
    for route in (bound.root_route, bound.route):
        if route.matches and not any(_is_open(match) for match in route.matches):
            return False
    return True


def _is_open(match: Mapping[str, object]) -> bool:
    """Tell whether a match asks for nothing but where it comes from, or for the path `/` and all below it."""
    asked = {key for key in match if key not in ("name", "gateways", "port")}
    return not asked or (asked == {"uri"} and text(mapping(match["uri"]).get("prefix")) == "/")


def _targets(bound: BoundRoute | None, service: Service, mesh: Mesh) -> Iterable[str]:
    if bound is None:
        return [f"service:{service.id}"]
    hosts = (target.host.full for target in bound.live_targets if target.kind == "routes")
    found = {f"service:{item.id}": None for host in hosts for item in resolve_host(mesh.inventory, host, "")}
    return list(found)


def circles_of(nodes: Iterable[str], hops: Iterable[Hop]) -> list[list[str]]:
    """Return the components of hops, each after all that it leads to."""
    successors: dict[str, list[str]] = {}
    for hop in hops:
        successors.setdefault(hop.source, []).append(hop.target)
    return components(nodes, successors)
