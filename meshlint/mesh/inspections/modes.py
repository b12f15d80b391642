"""Why a port is in the mode that it is in: the answer, and what every level had to say.

In: the mesh, a workload. Out: `Mtls` for a port. The mode itself comes from `mesh.mtls`; here the levels are laid open
from the nearest to the farthest, so that a reader sees which policy would have to change.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.inspections.answers import Mtls, Step
from meshlint.mesh.membership.membership import escaped
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Membership, Place, PortMode, Workload
from meshlint.mesh.mtls.capture import BYPASS, EXCLUDED, INCLUDED
from meshlint.mesh.mtls.peer_authentication import PeerPolicy
from meshlint.resources.resource import Resource

NONE = "NONE"
"""Where no proxy stands before a port, so that no PeerAuthentication acts."""

GATEWAY = "GATEWAY"
"""Where the listeners of a gateway or waypoint decide, and no PeerAuthentication."""


def mode_of_port(mesh: Mesh, workload: Workload, mode: PortMode | None, number: int) -> Mtls:
    """Answer for one port; `mode` is None where no PeerAuthentication governs the workload."""
    membership = mesh.memberships[workload.id]
    if mode is None:
        return _without_policy(mesh, workload)
    if not mode.captured:
        because, place = _past_the_proxy(workload, mode, membership)
        return Mtls(NONE, because, place, "", ())
    steps = tuple(_steps(mesh, workload, number))
    because, missing = mode.because, mode.missing
    if membership.meshed is None:
        because = f"{because} (if it is in the mesh: the manifests do not say the {membership.missing})"
    return Mtls(mode.mode, because, mode.decided_by, missing, steps)


def _without_policy(mesh: Mesh, workload: Workload) -> Mtls:
    membership = mesh.memberships[workload.id]
    place = membership.decided_by
    if membership.dataplane == "waypoint":
        because = f"{workload.text} is a waypoint, which takes HBONE only: {membership.because}"
        return Mtls(GATEWAY, because, place, "", ())
    if membership.dataplane != "gateway":
        return Mtls(NONE, f"{workload.text} is outside the mesh: {membership.because}", place, "", ())
    serving = gateways_of(mesh, workload)
    if not serving:
        because = f"{workload.text} is a gateway that no Gateway selects: {membership.because}"
        return Mtls(GATEWAY, because, place, "", ())
    names = " and ".join(resource.text for resource in serving)
    because = f"{workload.text} is a gateway, where the servers of {names} say which TLS they speak"
    return Mtls(GATEWAY, because, Place(serving[0], "/spec/servers", "mtls"), "", ())


def gateways_of(mesh: Mesh, workload: Workload) -> list[Resource]:
    """Return the Istio Gateways that a workload serves."""
    gateways = read_gateways(mesh.inventory, mesh.memberships).all
    return [gateway.resource for gateway in gateways if any(one.id == workload.id for one in gateway.workloads)]


def _past_the_proxy(workload: Workload, mode: PortMode, membership: Membership) -> tuple[str, Place | None]:
    if mode.transport != "TCP":
        return f"{mode.transport} goes past the proxy", None
    keys = (BYPASS,) if membership.dataplane == "ambient" else (EXCLUDED, INCLUDED)
    for key in keys:
        value = workload.annotations.get(key)
        if value is not None and _decides(key, value, mode.number):
            place = Place(workload.resource, f"{workload.template}/metadata/annotations/{escaped(key)}", "mtls")
            return f"the annotation {key} of {workload.text} is {value}, so it goes past the proxy", place
    return f"port {mode.number} belongs to the proxy itself", None


def _decides(key: str, value: str, number: int) -> bool:
    listed = str(number) in [item.strip() for item in value.split(",")]
    return listed if key == EXCLUDED else not listed


def _steps(mesh: Mesh, workload: Workload, number: int) -> Iterator[Step]:
    policies, root = mesh.policies, mesh.inventory.mesh_config.root_namespace
    own = policies.of_workload(workload)
    if own is None:
        yield Step("workload", "", "no PeerAuthentication selects it", None)
    else:
        yield _entry(own, number)
        yield _stated("workload", own)
    if not workload.namespace:
        yield Step("namespace", "", f"{workload.text} states no namespace whose policy could be looked up", None)
    elif workload.namespace != root:
        of_namespace = policies.of_namespace.get(workload.namespace)
        if of_namespace is None:
            yield Step("namespace", "", f"namespace {workload.namespace} has none for all its workloads", None)
        else:
            yield _stated("namespace", of_namespace)
    if policies.mesh is not None:
        yield _stated("mesh", policies.mesh)
    elif mesh.mesh_policy_elsewhere:
        yield Step("mesh", "", f"the one of namespace {root} lives elsewhere", None)
    else:
        yield Step("mesh", "", f"namespace {root} has none for the mesh", None)
    yield from _unplaced(mesh, workload)


def _entry(own: PeerPolicy, number: int) -> Step:
    mode = own.port_modes.get(number, "")
    if not mode:
        return Step("port", "", f"{own.text} has no entry for port {number}", Place(own.resource, "/spec"))
    place = Place(own.resource, f"/spec/portLevelMtls/{own.port_keys[number]}/mode", "mtls")
    return Step("port", mode, f"{own.text} sets port {number} to {mode}", place)


def _stated(level: str, policy: PeerPolicy) -> Step:
    if not policy.mode:
        return Step(level, "", f"{policy.text} sets no mode and inherits", Place(policy.resource, "/spec"))
    place = Place(policy.resource, "/spec/mtls/mode", "mtls")
    return Step(level, policy.mode, f"{policy.text} is {policy.mode}", place)


def _unplaced(mesh: Mesh, workload: Workload) -> Iterator[Step]:
    """Name the policies that state no namespace: they may be meant for this workload, and nobody can say so."""
    if not workload.namespace:
        return
    for policy in mesh.policies.all:
        if not policy.resource.namespace:
            mode = f" ({policy.mode})" if policy.mode else ""
            because = f"{policy.text}{mode} states no namespace, so the manifests do not say whom it governs"
            yield Step("unplaced", policy.mode, because, Place(policy.resource, "/metadata/name"))
