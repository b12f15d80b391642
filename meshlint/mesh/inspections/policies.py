"""What a policy governs, and what governs in its stead where it does not.

In: the mesh and an object. Out: `PolicyAnswer`: one row for each workload or host that the policy is meant for. Kinds
that choose pods are answered here, those about hosts by `traffic`; anything else governs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.authorization.attachment import Attachment, read_attachment
from meshlint.mesh.authorization.authorization import KIND as AUTHORIZATION
from meshlint.mesh.authorization.authorization import Scopes
from meshlint.mesh.authorization.token_demands import KIND as REQUEST_AUTHENTICATION
from meshlint.mesh.exceptions import exemption_of
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.mesh.inspections import peers, traffic
from meshlint.mesh.inspections.access import is_on_http
from meshlint.mesh.inspections.answers import PolicyAnswer, Reach, ServiceAnswer
from meshlint.mesh.inspections.connections import Connections
from meshlint.mesh.inspections.services import Services
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Membership, Place, Workload
from meshlint.mesh.mtls.peer_authentication import KIND as PEER_AUTHENTICATION
from meshlint.mesh.routing.route_clients import GATEWAY, KUBERNETES_GATEWAY
from meshlint.mesh.sidecar_scopes import KIND as SIDECAR
from meshlint.mesh.sidecar_scopes import SidecarScopes
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

_ENTRIES = {GATEWAY: "gateway", KUBERNETES_GATEWAY: "gateway", "networking.k8s.io/Ingress": "ingress"}
_BY_KUBELET = "networking.k8s.io/NetworkPolicy"
"""Enforced by the network of the cluster, whether a proxy is there or not."""


def inspect_policy(mesh: Mesh, resource: Resource) -> PolicyAnswer:
    """Gather what an object governs."""
    kind = qualified(resource.group, resource.kind)
    if kind == PEER_AUTHENTICATION:
        scope, governs = peers.scope_and_reach(mesh, resource)
    elif kind in traffic.KINDS:
        scope, governs = traffic.scope_and_reach(mesh, resource)
    else:
        scope, governs = _attached(mesh, resource, kind)
    node = _ENTRIES.get(kind)
    calls = Connections(mesh).out_of((f"{node}:{resource.namespace}/{resource.name}",)) if node else ()
    return PolicyAnswer(scope, tuple(governs), _hosts(mesh, resource), calls, tuple(_exceptions(mesh, resource)))


def _hosts(mesh: Mesh, resource: Resource) -> tuple[ServiceAnswer, ...]:
    """Return what is resolved about the hosts of a ServiceEntry."""
    found = [service for service in mesh.inventory.services if service.entry and service.resource is resource]
    return tuple(map(Services(mesh).inspect, found)) if found else ()


def _exceptions(mesh: Mesh, resource: Resource) -> Iterator[Decided]:
    exemption = exemption_of(resource.annotations, mesh.today)
    if exemption.state != "none":
        because = "; ".join(filter(None, (exemption.because, exemption.reason)))
        yield Decided(exemption.state, because, Place(resource, "/metadata/annotations", "exception"))


def _attached(mesh: Mesh, resource: Resource, kind: str) -> tuple[Decided, list[Reach]]:
    attachment = read_attachment(resource, mesh.authorization.root)
    if attachment is None:
        return Decided("", "objects of this kind govern no workload and no host"), []
    workloads = Scopes(mesh.inventory, mesh.authorization.points).governed(attachment)
    rows = [Reach(w.text, w.resource, _in_force(mesh, resource, kind, w)) for w in workloads]
    rows += _gateways(mesh, attachment)
    return _scope(attachment), sorted(rows, key=lambda row: row.name)


def _scope(attachment: Attachment) -> Decided:
    resource = attachment.resource
    if attachment.targets:
        said = ", ".join(f"{target.kind} {target.name}" for target in attachment.targets)
        return Decided(said, "its targetRefs say so", Place(resource, attachment.targets[0].pointer, "scope"))
    if attachment.selector or attachment.expressions:
        words = ", ".join(f"{key}={value}" for key, value in sorted(attachment.selector.items()))
        where = "" if attachment.mesh_wide else f" in namespace {resource.namespace}"
        said = f"workloads with {words or 'labels that fit its expressions'}{where}"
        return Decided(said, "its selector says so", Place(resource, attachment.pointer, "scope"))
    if attachment.mesh_wide:
        because = "it selects no workloads and stands in the root namespace"
        return Decided("every workload of the mesh", because, Place(resource, "/metadata/namespace", "scope"))
    if not resource.namespace:
        return Decided(None, "it states no namespace", None, f"namespace of {resource.text}")
    because = "it selects no workloads"
    return Decided(f"every workload of namespace {resource.namespace}", because, Place(resource, "/spec", "scope"))


def _in_force(mesh: Mesh, resource: Resource, kind: str, workload: Workload) -> Decided:
    membership = mesh.memberships[workload.id]
    if kind == _BY_KUBELET:
        return Decided(True, "the network of the cluster enforces it")
    if membership.meshed is False:
        return Decided(False, f"no proxy reads it: {membership.because}", membership.decided_by)
    if kind == AUTHORIZATION:
        refused = _switched_off(mesh, resource)
        if refused is not None:
            return refused
    if kind == SIDECAR:
        return _sidecar(mesh, resource, workload)
    if membership.meshed is None:
        return Decided(None, membership.because, membership.decided_by, membership.missing)
    if kind == REQUEST_AUTHENTICATION and membership.dataplane == "ambient":
        served = Waypoints(mesh.inventory, mesh.selection, mesh.existence).of_workload(workload)
        if served.served is False:
            return Decided(False, f"ztunnel checks no tokens and no waypoint serves it: {served.because}")
        if served.served is None:
            return Decided(None, f"the manifests do not say the {served.missing}", None, served.missing)
    return Decided(True, _effect(mesh, resource, kind, membership), Place(resource, "/spec", "scope"))


def _effect(mesh: Mesh, resource: Resource, kind: str, membership: Membership) -> str:
    if kind == AUTHORIZATION and membership.dataplane == "ambient":
        policy = mesh.authorization.policy_at(resource)
        if policy.attachment.targets:
            return "the waypoint before the workload enforces it"
        if any(map(is_on_http, policy.rules)):
            return "ztunnel enforces it, where its fields on HTTP count for nothing"
        return "ztunnel enforces it"
    return "it reaches the workload"


def _switched_off(mesh: Mesh, resource: Resource) -> Decided | None:
    policy = mesh.authorization.policy_at(resource)
    if policy.dry_run:
        return Decided(False, "it is a dry run", Place(resource, "/metadata/annotations", "scope"))
    if not policy.enforced:
        said = "turns nobody away" if policy.action == "AUDIT" else "is none that Istio knows"
        return Decided(False, f"its action {policy.action} {said}", Place(resource, "/spec/action", "scope"))
    return None


def _sidecar(mesh: Mesh, resource: Resource, workload: Workload) -> Decided:
    membership = mesh.memberships[workload.id]
    if membership.dataplane == "ambient":
        return Decided(False, "ztunnel and waypoints read no Sidecar", membership.decided_by)
    governing = SidecarScopes(mesh.inventory).governing(workload)
    if governing is None or governing.index == resource.index:
        if membership.meshed is None:
            return Decided(None, membership.because, membership.decided_by, membership.missing)
        return Decided(True, "no nearer Sidecar governs the workload", Place(resource, "/spec", "scope"))
    return Decided(False, f"{governing.text} governs it instead", Place(governing, "/spec", "scope"))


def _gateways(mesh: Mesh, attachment: Attachment) -> Iterator[Reach]:
    """Yield the proxies of the Gateway API that it reaches; they are in no manifest as workloads."""
    references = set(attachment.references())
    home = attachment.resource.namespace
    for point in mesh.authorization.points.gateways():
        by_label = (
            not attachment.targets and not point.is_waypoint and (attachment.mesh_wide or home == point.namespace)
        )
        if references & point.references or (by_label and attachment.selects(point.labels)):
            yield Reach(f"proxies of {point.text}", None, Decided(True, "it reaches the proxies"))
