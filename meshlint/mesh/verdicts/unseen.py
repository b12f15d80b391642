"""Calls to servers that no manifest shows, where policies alone settle that they break.

In: the resolved mesh. Out: `ResolvedEdge` for a namespace, or the mesh, that has a PeerAuthentication and no Service in
the set. The policy speaks of proxies, so some stand there; what else is not shown stays unsaid. Only outages come out.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.hosts import matches
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service, ServicePort
from meshlint.mesh.mtls.modes import UnseenModes
from meshlint.mesh.mtls.peer_authentication import PeerPolicy
from meshlint.mesh.verdicts.resolved import ResolvedEdge
from meshlint.mesh.verdicts.servers import Server, with_mode
from meshlint.mesh.verdicts.verdict import BROKEN
from meshlint.mesh.verdicts.verdicts import Verdicts
from meshlint.mesh.visibility import EVERYWHERE


def unseen_edges(mesh: Mesh, verdicts: Verdicts) -> Iterator[ResolvedEdge]:
    """Yield the calls that break for any server of a namespace, or of the mesh."""
    modes = UnseenModes(mesh.inventory, mesh.policies, mesh_policy_elsewhere=mesh.mesh_policy_elsewhere)
    inventory = mesh.inventory
    for home, policy in sorted(mesh.policies.of_namespace.items()):
        is_mesh = policy.scope == "mesh"
        shown = inventory.services if is_mesh else inventory.services_in.get(home) or inventory.workloads_in.get(home)
        if not shown and policy.mode:
            yield from _to(EVERYWHERE if is_mesh else home, policy, modes, mesh, verdicts)


def _to(
    namespace: str, policy: PeerPolicy, modes: UnseenModes, mesh: Mesh, verdicts: Verdicts
) -> Iterator[ResolvedEdge]:
    text = "any server of the mesh" if namespace == EVERYWHERE else f"any server of namespace {namespace}"
    service = _service(namespace, policy, mesh)
    mode = modes.of(namespace, {}, (), text)[0]
    server = with_mode(Server(text, namespace, None, "sidecar", "it has a proxy", None), mode)
    for home in _homes(service, mesh):
        client = verdicts.clients.general(home)
        verdict = verdicts.to_servers(client, service, service.ports[0], [server])
        by_absence = verdict.step == "auto-mtls-off"
        if verdict.mtls != BROKEN or client.dataplane != "sidecar" or (by_absence and not _shows_rules(service, mesh)):
            continue
        edge = Edge(f"mesh:{home}", f"namespace:{namespace}", "calls", None, Place(policy.resource, "/spec", "mtls"))
        yield ResolvedEdge(edge, client, None, verdict, is_known=False, target=text)


def _homes(service: Service, mesh: Mesh) -> list[str]:
    """Return where clients are told apart: beside the server, and where a rule covers its whole namespace."""
    host = service.host
    holders = {r.resource.namespace for r in mesh.breakers.rules.all if r.host[:1] == "*" and matches(r.host, host)}
    return [service.namespace, *sorted(holders - {service.namespace})]


def _shows_rules(service: Service, mesh: Mesh) -> bool:
    """Tell whether a DestinationRule that is not in the set does not exist."""
    homes = {service.namespace, mesh.inventory.mesh_config.root_namespace} - {EVERYWHERE}
    return all(mesh.existence.is_described(home, "DestinationRule") for home in homes)


def _service(namespace: str, policy: PeerPolicy, mesh: Mesh) -> Service:
    """Make a Service that stands for all of a namespace; no port entry names its port."""
    port = ServicePort((-1, 0), 0, "", "TCP", None, 0, "/spec")
    host = f"any.{namespace}.svc.{mesh.inventory.mesh_config.domain}"
    return Service(-1, policy.resource, namespace, "any", host, {}, (port,), "ClusterIP", False, "", {}, {})
