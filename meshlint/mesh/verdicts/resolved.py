"""Every edge with its verdict: what `graph`, `inspect` and the rules on edges read.

In: the resolved mesh. Out: `ResolvedEdge`: for each edge that carries calls (what is declared, such as `selects`,
carries none), and for the client with a proxy that every service port may have. Linear in edges.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.calls.dependencies import find_calling_edges, find_edges
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service
from meshlint.mesh.verdicts.clients import Client
from meshlint.mesh.verdicts.verdict import UNKNOWN, Verdict
from meshlint.mesh.verdicts.verdicts import Verdicts
from meshlint.records import NamedTuple

_UNASKED = ("not-imported", "not-exported")
"""Steps that say that a client was never meant to call: no fault while nobody is known to."""


class ResolvedEdge(NamedTuple):
    """Pair an edge with what protects it."""

    edge: Edge
    client: Client
    service: Service | None  # None: a host that is no service of the set
    verdict: Verdict
    is_known: bool = True  # the manifests name the call; else it is one that a client of the mesh may make
    target: str = ""  # as messages name it


def resolved_edges(
    mesh: Mesh, verdicts: Verdicts | None = None, *, with_expected: bool = True
) -> Iterator[ResolvedEdge]:
    """Yield every edge that carries calls, with its verdict; `verdicts` shares the answers with other askers.

    `with_expected` False leaves out who is only expected to call.
    """
    verdicts = verdicts or Verdicts(mesh)
    for edge in find_edges(mesh) if with_expected else find_calling_edges(mesh):
        if edge.known_by != "declared":
            service = _service(edge, mesh)
            client = verdicts.clients.of_node(edge.source, service.namespace if service is not None else "")[0]
            target = service.text if service is not None else edge.target.partition(":")[2]
            yield ResolvedEdge(edge, client, service, verdicts.of_edge(edge), target=target)


def general_edges(mesh: Mesh, verdicts: Verdicts) -> Iterator[ResolvedEdge]:
    """Yield what a client with a proxy meets at every service port, where that is known.

    Such a client stands in the service's own namespace, and in each namespace that has a DestinationRule for the host.
    """
    for service in mesh.inventory.services:
        subsets = sorted(mesh.graph.routes.subsets_of.get(service.host.lower(), ())) or [""]
        homes = (service.namespace, *sorted(mesh.breakers.rules.namespaces_of(service)))
        pods = mesh.selection.workloads_of[service.id]
        if pods and all(mesh.memberships[pod.id].dataplane in ("gateway", "waypoint") for pod in pods):
            continue  # who calls a gateway speaks as its listener demands
        for port in service.ports:
            for home in homes:
                client = verdicts.clients.general(home)
                for subset in subsets:
                    verdict = verdicts.between(client, service, port.number, subset)
                    is_told = verdict.mtls != UNKNOWN or verdict.broken_part is not None
                    if is_told and verdict.step not in _UNASKED:
                        place = Place(service.resource, port.pointer, "port")
                        edge = Edge(f"mesh:{home}", f"service:{service.id}", "calls", port.number, place, subset)
                        yield ResolvedEdge(edge, client, service, verdict, is_known=False, target=service.text)


def _service(edge: Edge, mesh: Mesh) -> Service | None:
    kind, _, name = edge.target.partition(":")
    return mesh.inventory.services[int(name)] if kind == "service" else None
