"""The drawing model: nodes with stable names, links with verdict, reason and evidence.

In: resolved meshes, who locates places and who owns files. Out: `Drawing`, which no longer knows the mesh: every format
is written from it. What several environments agree on is drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from meshlint.errors import Location
from meshlint.findings.locating import Locator
from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service, Workload
from meshlint.mesh.verdicts.resolved import ResolvedEdge, resolved_edges
from meshlint.policy.views.values import address
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

_GATEWAYS = ("networking.istio.io/Gateway", "gateway.networking.k8s.io/Gateway")
_INGRESSES = ("networking.k8s.io/Ingress",)
MESH = "mesh:"
"""The node that stands for every client of the mesh at once."""


class Node(NamedTuple):
    """Name one end of links; `facts` holds what is known beyond that, in plain values."""

    id: str  # service:ns/name, workload:ns/Kind/name, gateway:ns/name, ingress:ns/name, host:name …
    kind: str  # service, workload, gateway, ingress, host, namespace, mesh
    namespace: str
    name: str
    facts: dict[str, Any]


class Decision(NamedTuple):
    """Name the object and field that decided on one side of a call."""

    side: str  # client, server
    text: str
    location: Location


class Link(NamedTuple):
    """Join two nodes by their ids."""

    source: str
    target: str
    kind: str  # calls, routes, mirrors, ingress …
    port: int | None
    subset: str
    mtls: str  # a verdict
    because: str
    sends: str  # plain, mtls, tls, hbone, nothing
    accepts: str  # strict, both, plain, tls, nothing
    missing: str  # what the manifests do not tell, for unknown
    known_by: str
    evidence: tuple[Location, ...]
    decided_by: tuple[Decision, ...]
    environments: tuple[str, ...] = ()  # empty unless environments differ about this link


class Drawing(NamedTuple):
    """Hold all nodes and links, sorted."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


Owners = Callable[[str], tuple[str, ...]]
"""Who owns a path."""


def draw(meshes: Sequence[Mesh], names: Sequence[str], locator: Locator, owners: Owners) -> Drawing:
    """Draw the environments of a run, named in the same order."""
    nodes: dict[str, Node] = {}
    found: dict[Link, list[str]] = {}
    rows = [(name, mesh, tuple(resolved_edges(mesh))) for name, mesh in zip(names, meshes, strict=True)]
    locator.prepare(address(place) for _, _, edges in rows for row in edges for place in _places(row))
    for name, mesh, edges in rows:
        ids = _Names(mesh)
        for node in _nodes(mesh, ids, owners):
            nodes.setdefault(node.id, node)
        for row in edges:
            source, target = ids.of(row.edge.source), ids.of(row.edge.target)
            for end in (source, target):
                nodes.setdefault(end, _undeclared(end))
            environments = found.setdefault(_link(row, source, target, locator), [])
            if name not in environments:
                environments.append(name)
    links = [
        link if len(seen) == len(meshes) else link._replace(environments=tuple(seen)) for link, seen in found.items()
    ]
    return Drawing(tuple(sorted(nodes.values(), key=lambda node: node.id)), tuple(sorted(links, key=_order)))


def _places(row: ResolvedEdge) -> Iterator[Place]:
    yield row.edge.evidence
    yield from (place for _, place in _deciders(row))


def _deciders(row: ResolvedEdge) -> Iterator[tuple[str, Place]]:
    for side, place in (("client", row.verdict.client_decided), ("server", row.verdict.server_decided)):
        if place is not None:
            yield side, place


def _link(row: ResolvedEdge, source: str, target: str, locator: Locator) -> Link:
    edge, verdict = row.edge, row.verdict
    evidence = (edge.spot or locator.at(address(edge.evidence)),)
    decided = tuple(Decision(side, place.text, locator.at(address(place))) for side, place in _deciders(row))
    return Link(
        source, target, edge.kind, edge.port, edge.subset, verdict.mtls, verdict.because, verdict.sends,
        verdict.accepts, verdict.missing, edge.known_by, evidence, decided,
    )  # fmt: skip


def _order(link: Link) -> tuple[Any, ...]:
    return (
        link.source, link.target, link.port or 0, link.kind, link.subset, link.mtls, link.because,
        link.evidence, link.decided_by, link.environments,
    )  # fmt: skip


class _Names:
    """Turn the numbered nodes of one mesh into names that mean the same in every run."""

    def __init__(self, mesh: Mesh) -> None:
        self.services = [_service_id(service) for service in mesh.inventory.services]
        self.workloads: list[str] = []
        seen: dict[str, int] = {}
        for workload in mesh.inventory.workloads:
            name = f"workload:{workload.namespace}/{workload.resource.kind}/{workload.name}"
            seen[name] = seen.get(name, 0) + 1
            self.workloads.append(name if seen[name] == 1 else f"{name}#{seen[name]}")

    def of(self, node: str) -> str:
        """Return the stable id of a node of the mesh."""
        kind, _, rest = node.partition(":")
        if kind == "service":
            return self.services[int(rest)]
        return self.workloads[int(rest)] if kind == "workload" else node


def _service_id(service: Service) -> str:
    if service.entry:
        return f"host:{service.namespace}/{service.host}"
    return f"service:{service.namespace}/{service.name}"


def _undeclared(node: str) -> Node:
    """Return a node that only edges speak of: a host outside the set, a gateway that stands elsewhere."""
    kind, _, rest = node.partition(":")
    if kind == "mesh":
        return Node(node, "mesh", "", "any client of the mesh", {})
    if kind == "namespace":
        return Node(node, kind, rest, rest, {"declared": False})
    namespace, slash, name = rest.partition("/")
    if kind == "host" or not slash:
        return Node(node, kind, "", rest, {"declared": False})
    return Node(node, kind, namespace, name, {"declared": False})


def _nodes(mesh: Mesh, ids: _Names, owners: Owners) -> Iterator[Node]:
    for service in mesh.inventory.services:
        yield _service_node(service, mesh, ids, owners)
    for workload in mesh.inventory.workloads:
        yield _workload_node(workload, mesh, ids, owners)
    proxies = _proxies(mesh, ids)
    for kind, names in (("gateway", _GATEWAYS), ("ingress", _INGRESSES)):
        for resource in (resource for name in names for resource in mesh.inventory.of_kind(name)):
            node = f"{kind}:{resource.namespace}/{resource.name}"
            facts = {"object": resource.kind, "services": proxies.get(resource.index, []), **_origin(resource, owners)}
            yield Node(node, kind, resource.namespace, resource.name, facts)


def _proxies(mesh: Mesh, ids: _Names) -> dict[int, list[str]]:
    """Return the services before the proxies that each Gateway of Istio configures."""
    found: dict[int, list[str]] = {}
    for gateway in read_gateways(mesh.inventory, mesh.memberships).all:
        for workload in gateway.workloads if gateway.selector else ():
            services = [ids.services[service] for service in mesh.selection.services_of.get(workload.id, ())]
            found.setdefault(gateway.resource.index, []).extend(services)
    return {index: list(dict.fromkeys(services)) for index, services in found.items()}


def _service_node(service: Service, mesh: Mesh, ids: _Names, owners: Owners) -> Node:
    workloads = mesh.selection.workloads_of.get(service.id, ())
    facts: dict[str, Any] = {
        "host": service.host,
        "type": service.type,
        "ports": [
            {"number": port.number, "name": port.name, "protocol": mesh.protocols[port.id].value}
            for port in service.ports
        ],
        "workloads": [ids.workloads[workload.id] for workload in workloads],
        "dataplane": _shared(mesh.memberships[workload.id].dataplane for workload in workloads),
        "replicas": _sum([workload.replicas for workload in workloads]),
        "external": service.mesh_external,
        **_origin(service.resource, owners),
    }
    kind, name = ("host", service.host) if service.entry else ("service", service.name)
    return Node(ids.services[service.id], kind, service.namespace, name, facts)


def _workload_node(workload: Workload, mesh: Mesh, ids: _Names, owners: Owners) -> Node:
    membership = mesh.memberships[workload.id]
    behind = mesh.selection.services_of.get(workload.id, ())
    facts = {
        "object": workload.resource.kind,
        "services": [ids.services[service] for service in behind],
        "dataplane": membership.dataplane,
        "dataplane_because": membership.because or membership.missing,
        "replicas": workload.replicas,
        "service_account": workload.service_account,
        **_origin(workload.resource, owners),
    }
    return Node(ids.workloads[workload.id], "workload", workload.namespace, workload.name, facts)


def _origin(resource: Resource, owners: Owners) -> dict[str, Any]:
    return {"owners": list(owners(resource.path)), "declared": True, "path": resource.path, "line": resource.line}


def _shared(values: Iterable[str]) -> str | None:
    found = sorted(set(values))
    return None if not found else found[0] if len(found) == 1 else "mixed"


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None
