"""Which hosts, gateways and workloads the objects of routing act on, and what acts in their stead.

In: the mesh and an object of routing, of Istio or of the Gateway API. Out: its scope and
a row for everything that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from meshlint.mesh.destinations.destination_rules import KIND as DESTINATION_RULE
from meshlint.mesh.destinations.destination_rules import DestinationRule, Governing
from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.gateways.kubernetes_gateways import GROUP
from meshlint.mesh.gateways.kubernetes_gateways import KIND as KUBERNETES_GATEWAY
from meshlint.mesh.gateways.kubernetes_routes import KINDS as KUBERNETES_ROUTES
from meshlint.mesh.gateways.kubernetes_routes import parents_of
from meshlint.mesh.hosts import matches, resolve_host
from meshlint.mesh.inspections.answers import Reach
from meshlint.mesh.inspections.services import visibility_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service
from meshlint.mesh.routing.route_clients import GATEWAY, RouteClients
from meshlint.mesh.routing.shared_hosts import SharedHosts
from meshlint.mesh.routing.virtual_services import KIND as VIRTUAL_SERVICE
from meshlint.mesh.routing.virtual_services import MESH, Name, VirtualService
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

SERVICE_ENTRY = "networking.istio.io/ServiceEntry"
Answered = tuple[Decided, list[Reach]]


def scope_and_reach(mesh: Mesh, resource: Resource) -> Answered:
    """Return what an object is meant for, and where it is in force."""
    return KINDS[qualified(resource.group, resource.kind)](mesh, resource)


def _destination_rule(mesh: Mesh, resource: Resource) -> Answered:
    rule = next(item for item in mesh.breakers.rules.all if item.resource.index == resource.index)
    place = Place(resource, "/spec/host", "scope")
    services = [service for service in mesh.inventory.services if matches(rule.host, service.host.lower())]
    rows = [row for service in services for row in _governed(mesh, rule, service)]
    if not rows:
        missing = f"service behind {rule.host}"
        rows.append(Reach(rule.host, None, Decided(None, "no Service or ServiceEntry has that host", place, missing)))
    return Decided(rule.host, "its host says so", place), rows


def _governed(mesh: Mesh, rule: DestinationRule, service: Service) -> Iterator[Reach]:
    """Yield a row for the clients of each namespace that may see it otherwise than others."""
    if rule.selector:
        words = ", ".join(f"{key}={value}" for key, value in sorted(rule.selector.items()))
        because = f"its workloadSelector takes clients with {words} in namespace {rule.resource.namespace} only"
        yield Reach(
            service.host, service.resource, Decided(True, because, Place(rule.resource, "/spec/workloadSelector"))
        )
        return
    for client in dict.fromkeys((service.namespace, rule.resource.namespace)):
        governing = mesh.breakers.rules.governing(service, client)
        name = f"{service.host} for clients of namespace {client or '(unstated)'}"
        yield Reach(name, service.resource, _rule_in_force(rule, governing))


def _rule_in_force(rule: DestinationRule, governing: Governing | None) -> Decided:
    place = Place(rule.resource, "/spec/host", "scope")
    if governing is None:
        exported = ", ".join(rule.export_to) or "what the mesh defaults to"
        return Decided(False, f"its exportTo is {exported}, so they see no DestinationRule for the host", place)
    ruling = governing.policy_rule
    if ruling.resource.index == rule.resource.index:
        return Decided(True, f"it is the one that they see, as {rule.host}", place)
    instead = Place(ruling.resource, "/spec/host", "scope")
    if any(other.resource.index == rule.resource.index for other in governing.rules):
        return Decided(True, f"its subsets are joined with {ruling.text}, whose trafficPolicy counts", instead)
    return Decided(False, f"{ruling.text} governs in its stead, as {ruling.host}", instead)


def _virtual_service(mesh: Mesh, resource: Resource) -> Answered:
    service = mesh.routing.virtual_services.at[resource.index]
    clients = RouteClients(mesh.inventory, mesh.routing.visibility)
    shared = SharedHosts(mesh.routing.virtual_services, clients, mesh.routing.visibility)
    place = Place(resource, "/spec/hosts", "scope")
    if not service.hosts:
        return Decided("the routes that delegate to it", "it has no hosts", Place(resource, "/spec", "scope")), []
    seen = clients.export(service).text
    gateways = list(dict.fromkeys(gateway.full for gateway in service.gateways))
    rows = [_claimed(mesh, service, shared, host, gateway) for host in service.hosts for gateway in gateways]
    said = ", ".join(host.written for host in service.hosts)
    return Decided(said, f"its hosts say so, and it is seen by {seen}", place), rows


def _claimed(mesh: Mesh, service: VirtualService, shared: SharedHosts, host: Name, gateway: str) -> Reach:
    where = "for clients in the mesh" if gateway == MESH else f"at Gateway {gateway}"
    found = resolve_host(mesh.inventory, host.full, service.namespace)
    place = Place(service.resource, host.pointer, "scope")
    for clash in shared.of(service):
        if clash.overlap and clash.host == host.full and clash.gateway == gateway:
            rival = clash.rivals[0]
            because = f"{rival.resource.text} takes {clash.overlap} too, and the older one wins"
            fact = Decided(None, because, Place(rival.resource, "/spec/hosts", "scope"), "which of them is older")
            return Reach(f"{host.full} {where}", found[0].resource if found else None, fact)
    return Reach(
        f"{host.full} {where}", found[0].resource if found else None, Decided(True, "no other claims it there", place)
    )


def _gateway(mesh: Mesh, resource: Resource) -> Answered:
    gateways = read_gateways(mesh.inventory, mesh.memberships)
    gateway = next(item for item in gateways.all if item.resource.index == resource.index)
    place = Place(resource, "/spec/selector", "scope")
    words = ", ".join(f"{key}={value}" for key, value in sorted(gateway.selector.items())) or "any labels"
    rows = [
        Reach(workload.text, workload.resource, Decided(True, "its selector takes it", place))
        for workload in gateway.workloads
    ]
    if not rows:
        rows.append(
            Reach(f"pods with {words}", None, Decided(None, "no pod template has these labels", place, "its pods"))
        )
    rows += _bound(mesh, f"{resource.namespace}/{resource.name}")
    return Decided(f"proxies with {words}", "its selector says so", place), rows


def _bound(mesh: Mesh, name: str) -> Iterator[Reach]:
    for service in mesh.routing.virtual_services.all:
        for gateway in service.gateways:
            if gateway.full == name:
                place = Place(service.resource, gateway.pointer, "scope")
                yield Reach(service.resource.text, service.resource, Decided(True, "its gateways name it", place))


def _kubernetes_gateway(mesh: Mesh, resource: Resource) -> Answered:
    rows = [
        Reach(route.text, route, Decided(True, "its parentRefs name it", Place(route, parent.pointer, "scope")))
        for kind in KUBERNETES_ROUTES
        for route in mesh.inventory.of_kind(kind)
        for parent in parents_of(route)
        if (parent.kind, parent.namespace, parent.name) == ("Gateway", resource.namespace, resource.name)
    ]
    rows += _bound(mesh, f"{resource.namespace}/{resource.name}")
    place = Place(resource, "/spec/gatewayClassName", "scope")
    return Decided("the proxies that its class makes for it", "it is a Gateway of the Gateway API", place), rows


def _kubernetes_route(mesh: Mesh, resource: Resource) -> Answered:
    held = {
        (r.kind, r.namespace, r.name): r
        for kind in (KUBERNETES_GATEWAY, "/Service")
        for r in mesh.inventory.of_kind(kind)
    }
    rows = []
    for parent in parents_of(resource):
        place = Place(resource, parent.pointer, "scope")
        found = held.get((parent.kind, parent.namespace, parent.name))
        known = parent.group in (GROUP, "", "core") and found is not None
        fact = (
            Decided(True, "its parentRefs name it", place)
            if known
            else Decided(None, "its parentRefs name it and the paths do not hold it", place, parent.text)
        )
        rows.append(Reach(parent.text, found, fact))
    return Decided(
        "requests at its parents", "its parentRefs say so", Place(resource, "/spec/parentRefs", "scope")
    ), rows


def _service_entry(mesh: Mesh, resource: Resource) -> Answered:
    services = [s for s in mesh.inventory.services if s.entry and s.resource.index == resource.index]
    rows = []
    for service in services:
        seen = visibility_of(mesh, service)
        because = f"it is seen by {seen.value}: {seen.because}"
        rows.append(Reach(service.host, resource, Decided(True, because, seen.decided_by)))
    place = Place(resource, "/spec/hosts", "scope")
    if not services:
        return Decided("nothing", "it has no hosts", place), []
    where = "outside the mesh" if services[0].mesh_external else "inside the mesh"
    return Decided(f"{len(services)} host{'s' * (len(services) != 1)} {where}", "its hosts say so", place), rows


KINDS: dict[str, Callable[[Mesh, Resource], Answered]] = {
    DESTINATION_RULE: _destination_rule,
    VIRTUAL_SERVICE: _virtual_service,
    GATEWAY: _gateway,
    KUBERNETES_GATEWAY: _kubernetes_gateway,
    SERVICE_ENTRY: _service_entry,
    **dict.fromkeys(KUBERNETES_ROUTES, _kubernetes_route),
}
"""The kinds that are answered here."""
