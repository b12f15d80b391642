"""Rules about hosts (DestinationRules, VirtualServices, routes) that no proxy of an ambient destination follows.

In: the inventory, memberships, waypoints, who calls whom. Out: `UnservedHost`. ztunnel follows none of these rules: for
ambient clients the waypoint of the Service does, and clients with a proxy of their own follow them themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.destinations.clients import Applies, Clients
from meshlint.mesh.destinations.destination_rules import DestinationRule, read_rule
from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.waypoints import Served, Waypoints
from meshlint.mesh.membership.data_planes import is_ambient_only
from meshlint.mesh.model import Inventory, Membership, Place, Service
from meshlint.mesh.routing.virtual_services import MESH, Route, VirtualServices
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_HASHED = ("httpHeaderName", "httpCookie", "httpQueryParameterName")
_SERVICE_GROUPS = ("", "core")


class UnservedHost(NamedTuple):
    """Describe a rule and a host of it; `served` is None where nobody can tell, for `missing`."""

    text: str  # the Service
    what: str  # the part of the rule
    served: bool | None
    because: str
    missing: str
    place: Place
    there: Place | None
    is_tcp: bool = False


class _Answer(NamedTuple):
    """Hold who is at a host, and whether a waypoint serves it."""

    text: str
    served: Served
    there: Place | None


class UnservedHosts:
    """Answer for the rules of an environment."""

    def __init__(
        self,
        inventory: Inventory,
        memberships: Sequence[Membership],
        selection: Selection,
        existence: Existence,
        waypoints: Waypoints,
        graph: Graph,
        virtual_services: VirtualServices,
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._selection = selection
        self._existence = existence
        self._waypoints = waypoints
        self._virtual_services = virtual_services
        self._clients = Clients(memberships, graph)

    def of_rule(self, resource: Resource) -> Iterator[UnservedHost]:
        """Yield the row of a DestinationRule with limits, ejection or hashing by HTTP."""
        rule = read_rule(resource, self._inventory)
        found = _feature(rule)
        if found is None:
            return
        what, pointer = found
        answer = self._answer(rule.host, self._clients.apply_rules)
        if answer is not None:
            yield _row(answer, what, Place(resource, pointer, "waypoint"))

    def of_virtual_service(self, resource: Resource) -> Iterator[UnservedHost]:
        """Yield a row for each host of a VirtualService that binds the mesh."""
        service = self._virtual_services.at.get(resource.index)
        if service is None or not service.binds_mesh:
            return
        routes = [route for route in service.routes if _is_for_mesh(route)]
        if not routes:
            return
        protocols = list(dict.fromkeys(route.protocol for route in routes))
        for host in service.hosts:
            answer = self._answer(host.full, self._clients.follow_mesh_routes)
            if answer is not None and not answer.served.waypoint:  # else the fault is that of the label
                row = _row(answer, f"{protocols[0]} routes", Place(resource, host.pointer, "waypoint"))
                yield row._replace(is_tcp=protocols == ["tcp"])

    def of_route(self, resource: Resource) -> Iterator[UnservedHost]:
        """Yield a row for each parent of an HTTPRoute or GRPCRoute that is a Service."""
        spec = mapping(resource.content().get("spec"))
        for position, item in enumerate(sequence(spec.get("parentRefs"))):
            parent = mapping(item)
            if text(parent.get("kind")) != "Service" or text(parent.get("group")) not in _SERVICE_GROUPS:
                continue
            namespace = text(parent.get("namespace")) or resource.namespace
            host = f"{text(parent.get('name'))}.{namespace}.svc.{self._inventory.mesh_config.domain}"
            answer = self._answer(host.lower(), self._clients.follow_mesh_routes)
            if answer is not None and not answer.served.waypoint:
                yield _row(answer, "routes", Place(resource, f"/spec/parentRefs/{position}/name", "waypoint"))

    def _answer(self, host: str, judged: Callable[[Service], Applies]) -> _Answer | None:
        """Return the first ambient Service of a host that no waypoint serves, or that nobody knows of."""
        services = self._services(host)
        if not services:
            return self._of_nobody(host)
        answers = [answer for service in services if (answer := self._of_service(service, judged)) is not None]
        if len(answers) < len(services):
            return None  # the rule acts for one of them, or is meant for it
        return min(answers, key=lambda answer: answer.served.served is None)

    def _services(self, host: str) -> Sequence[Service]:
        if not host.startswith("*."):
            return [service for service in self._inventory.service_at.get(host, ()) if not service.entry]
        namespace, _, rest = host[2:].partition(".")
        if rest != f"svc.{self._inventory.mesh_config.domain}":
            return ()  # meant for more than one namespace
        return [service for service in self._inventory.services_in.get(namespace, ()) if not service.entry]

    def _of_service(self, service: Service, judged: Callable[[Service], Applies]) -> _Answer | None:
        ambient = self._is_ambient(service)
        if ambient.served is False:
            return None
        served = self._waypoints.of_service(service)
        clients = judged(service)
        if served.served is True or clients is Applies.ALL:
            return None
        there = Place(service.resource, "/metadata/name")
        if ambient.served is None:
            return _Answer(service.text, ambient, there)
        if clients is Applies.UNKNOWN:
            return _Answer(service.text, Served(None, missing=f"data planes of the clients of {service.text}"), there)
        return _Answer(service.text, served, there)

    def _is_ambient(self, service: Service) -> Served:
        """Tell whether ambient captures the pods behind a Service (as `served`)."""
        members = [self._memberships[workload.id] for workload in self._selection.workloads_of.get(service.id, ())]
        if any(member.dataplane == "ambient" for member in members):
            return Served(True)
        unknown = next((member for member in members if member.dataplane == "unknown"), None)
        if unknown is not None:
            return Served(None, missing=unknown.missing)
        if members or service.external_name:
            return Served(False)
        return Served(True) if is_ambient_only(self._inventory.namespaces.get(service.namespace)) else Served(False)

    def _of_nobody(self, host: str) -> _Answer | None:
        """Judge a host that the set does not show as if a plain Service stood there."""
        name, _, rest = host.partition(".")
        namespace, _, domain = rest.partition(".")
        if domain != f"svc.{self._inventory.mesh_config.domain}" or name.startswith("*"):
            return None
        if not is_ambient_only(self._inventory.namespaces.get(namespace)) or host in self._inventory.service_at:
            return None
        served = self._waypoints.of_namespace(namespace)
        if served.served is True:
            return None
        absence = self._existence.absence("Service", namespace, name, made=True)
        if absence.missing is not True:
            served = Served(None, missing=absence.reason or f"Service {name} of namespace {namespace}")
        return _Answer(f"Service {namespace}/{name}", served, None)


def _row(answer: _Answer, what: str, place: Place) -> UnservedHost:
    served = answer.served
    return UnservedHost(answer.text, what, served.served, served.because, served.missing, place, answer.there)


def _is_for_mesh(route: Route) -> bool:
    """Tell whether some match of a route counts for requests inside the mesh."""
    stated = [sequence(match.get("gateways")) for match in route.matches]
    return not stated or any(not gateways or MESH in gateways for gateways in stated)


def _feature(rule: DestinationRule) -> tuple[str, str] | None:
    """Return name and pointer of the first part of a rule that only a proxy for HTTP or TCP can apply."""
    policies: list[tuple[Any, str]] = [(rule.policy, "/spec/trafficPolicy")]
    policies += [(subset.policy, f"{subset.pointer}/trafficPolicy") for subset in rule.subsets]
    for policy, pointer in policies:
        parts = [(mapping(policy), pointer)]
        for position, item in enumerate(sequence(mapping(policy).get("portLevelSettings"))):
            parts.append((mapping(item), f"{pointer}/portLevelSettings/{position}"))
        for part, where in parts:
            if (found := _feature_of(part)) is not None:
                return found[0], f"{where}/{found[1]}#"
    return None


def _feature_of(policy: Mapping[str, Any]) -> tuple[str, str] | None:
    if mapping(policy.get("outlierDetection")):
        return "outlier detection", "outlierDetection"
    if any(mapping(mapping(policy.get("connectionPool")).get(group)) for group in ("http", "tcp")):
        return "connection limits", "connectionPool"
    hashed = mapping(mapping(policy.get("loadBalancer")).get("consistentHash"))
    if any(hashed.get(field) for field in _HASHED):
        return "hashing by HTTP", "loadBalancer/consistentHash"
    return None
