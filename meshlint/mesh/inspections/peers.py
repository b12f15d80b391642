"""Which ports a PeerAuthentication decides, and which policy decides the others.

In: the mesh and a PeerAuthentication. Out: its scope and a row for every workload in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.inspections.answers import Reach
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, PortMode, Workload
from meshlint.mesh.mtls.peer_authentication import PeerPolicy
from meshlint.resources.resource import Resource


def scope_and_reach(mesh: Mesh, resource: Resource) -> tuple[Decided, list[Reach]]:
    """Return what a PeerAuthentication is meant for, and where it is in force."""
    policy = next(item for item in mesh.policies.all if item.resource.index == resource.index)
    workloads = _meant(mesh, policy)
    rows = [Reach(w.text, w.resource, _in_force(mesh, policy, w)) for w in workloads]
    return _scope(policy), sorted(rows, key=lambda row: row.name)


def _scope(policy: PeerPolicy) -> Decided:
    resource = policy.resource
    words = ", ".join(f"{key}={value}" for key, value in sorted(policy.selector.items()))
    if not resource.namespace:
        place = Place(resource, "/metadata/name", "scope")
        return Decided(None, "it states no namespace", place, f"namespace of {resource.text}")
    if policy.scope == "ignored":
        because = "Istio ignores a PeerAuthentication with a selector in the root namespace"
        return Decided("nothing", because, Place(resource, "/spec/selector", "scope"))
    if policy.scope == "workload":
        said = f"workloads with {words} in namespace {resource.namespace}"
        return Decided(said, "its selector says so", Place(resource, "/spec/selector", "scope"))
    place = Place(resource, "/metadata/namespace", "scope")
    if policy.scope == "mesh":
        return Decided("every workload of the mesh", "it has no selector and stands in the root namespace", place)
    return Decided(f"every workload of namespace {resource.namespace}", "it has no selector", place)


def _meant(mesh: Mesh, policy: PeerPolicy) -> Sequence[Workload]:
    inventory, home = mesh.inventory, policy.resource.namespace
    if not home:
        return ()
    if policy.scope == "mesh":
        return inventory.workloads
    own = inventory.workloads_in.get(home, ())
    return [workload for workload in own if policy.selector.items() <= workload.labels.items()]


def _in_force(mesh: Mesh, policy: PeerPolicy, workload: Workload) -> Decided:
    membership = mesh.memberships[workload.id]
    modes = mesh.mtls.modes_at(workload)
    if not modes:
        because = membership.because if membership.meshed is False else f"it is a {membership.dataplane}"
        return Decided(False, f"no PeerAuthentication acts on it: {because}", membership.decided_by)
    decided = [mode for mode in modes if _decides(policy, mode)]
    if not decided:
        instead = modes[0]
        return Decided(False, _instead(policy, instead), instead.decided_by, "")
    others = [mode for mode in modes if not _decides(policy, mode)]
    because = ", ".join(_ports_in(mode, decided) for mode in dict.fromkeys(mode.mode for mode in decided))
    if others:
        because += f", {_ports(others)} not, because {others[0].because}"
    if membership.meshed is None:
        return Decided(None, f"{because}, if it is in the mesh", decided[0].decided_by, membership.missing)
    return Decided(True, because, decided[0].decided_by)


def _decides(policy: PeerPolicy, mode: PortMode) -> bool:
    return mode.decided_by is not None and mode.decided_by.resource.index == policy.resource.index


def _instead(policy: PeerPolicy, mode: PortMode) -> str:
    if not policy.mode and (mode.decided_by is None or mode.level in ("namespace", "mesh", "default")):
        return f"it sets no mode for it, and {mode.because}"
    return f"{mode.because} in its stead"


def _ports_in(mode: str | None, decided: Sequence[PortMode]) -> str:
    found = [port for port in decided if port.mode == mode]
    return f"{_ports(found)} {'are' if len(found) > 1 else 'is'} {mode}"


def _ports(modes: Sequence[PortMode]) -> str:
    numbers = [str(mode.number) if mode.number else "every port" for mode in modes]
    return f"port{'s' * (len(numbers) > 1)} {', '.join(numbers)}" if modes[0].number else numbers[0]
