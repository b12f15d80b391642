"""The effective PeerAuthentication mode of every workload port, and who decided it.

In: the inventory, memberships and the order of policies. Out: `PortMode` for each port of each workload, and every
`Opening`: a policy that lowers a STRICT which it would have inherited. Source: `ComposePeerAuthentication` and
`GetMutualTLSModeForPort` (pilot/pkg/security/authn), for ambient `convertPeerAuthentication`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from meshlint.mesh.model import Inventory, Membership, Place, PortMode, Workload
from meshlint.mesh.mtls.capture import uncaptured_ports
from meshlint.mesh.mtls.peer_authentication import PeerPolicies, PeerPolicy
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

FACT = "mtls"


class Opening(NamedTuple):
    """Say that a policy opens a workload, or one port of it, although it would have inherited STRICT."""

    policy: Resource
    workload: Workload | None  # None: a namespace whose workloads are not in the set
    port: int | None  # None: all ports
    mode: str
    level: str  # namespace, workload, port
    pointer: str


class MtlsFacts(NamedTuple):
    """Hold the answers: port modes by workload id, openings in the order of workloads."""

    modes: dict[int, tuple[PortMode, ...]]
    openings: tuple[Opening, ...]
    undeclared: dict[int, tuple[PortMode, ...]]  # by workload id: any other port (number 0), then those with an entry

    def modes_at(self, workload: Workload, ports: Collection[int] = ()) -> list[PortMode]:
        """Return the modes of the ports named, of all known ones where none is; a port that nobody declares obeys too.

        Number 0 stands for whatever port a workload without known ports serves.
        """
        known, others = self.modes.get(workload.id, ()), self.undeclared.get(workload.id, ())
        if not others:
            return []
        if not ports:
            return list(known or others[:1])
        at = {mode.number: mode for mode in (*known, *others[1:])}
        return [at.get(number) or others[0]._replace(number=number) for number in sorted(ports)]


class _Step(NamedTuple):
    mode: str | None
    because: str
    place: Place | None
    level: str
    missing: str = ""


def resolve_mtls(
    inventory: Inventory,
    memberships: Sequence[Membership],
    selection: Selection,
    policies: PeerPolicies,
    *,
    mesh_policy_elsewhere: bool = False,
) -> MtlsFacts:
    """Resolve all ports; `mesh_policy_elsewhere` says that the mesh-wide policy lives in another repository."""
    base = _mesh_step(policies, inventory.mesh_config.root_namespace, mesh_policy_elsewhere)
    namespace_steps: dict[str, _Step] = {}
    modes: dict[int, tuple[PortMode, ...]] = {}
    openings: list[Opening] = []
    undeclared: dict[int, tuple[PortMode, ...]] = {}
    for workload in inventory.workloads:
        step = namespace_steps.get(workload.namespace)
        if step is None:
            step = namespace_steps[workload.namespace] = _namespace_step(base, workload.namespace, policies)
        membership = memberships[workload.id]
        if membership.dataplane in ("none", "gateway", "waypoint"):
            continue  # no proxy that PeerAuthentication would govern
        own = policies.of_workload(workload)
        modes[workload.id] = _port_modes(workload, step, own, membership, inventory, selection)
        undeclared[workload.id] = _undeclared(workload, step, own, membership, modes[workload.id])
        openings.extend(_openings(workload, base, step, own, modes[workload.id]))
    openings.extend(_namespace_openings(base, policies, inventory, openings))
    return MtlsFacts(modes, tuple(openings), undeclared)


class UnseenModes:
    """Answer what is in force on workloads that no manifest shows, from the labels that a selector demands of them."""

    def __init__(self, inventory: Inventory, policies: PeerPolicies, *, mesh_policy_elsewhere: bool = False) -> None:
        self._policies = policies
        self._base = _mesh_step(policies, inventory.mesh_config.root_namespace, mesh_policy_elsewhere)

    def of(self, namespace: str, labels: Mapping[str, str], ports: Collection[int], text: str) -> list[PortMode]:
        """Return the modes of the ports named, or one for all ports with number 0."""
        selecting = self._policies.selecting(namespace, labels)
        inherited = _namespace_step(self._base, namespace, self._policies)
        others = [policy for policy in self._policies.of_workloads(namespace) if policy not in selecting]
        if any(_may_meet(policy.selector, labels) for policy in others):
            missing = f"labels of the workloads that {text} selects"
            return [PortMode(0, "", "TCP", None, missing, None, "workload", True, (), missing)]
        own = selecting[0] if selecting else None
        step = _workload_step(inherited, own)
        found = []
        for number in sorted(ports) or [0]:
            decided = _port_step(step, own, number, ambient=False)
            found.append(
                PortMode(
                    number, "", "TCP", decided.mode, decided.because, decided.place, decided.level,
                    True, (), decided.missing,
                )
            )  # fmt: skip
        return found


def _may_meet(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(other.get(key, value) == value for key, value in one.items())


def _mesh_step(policies: PeerPolicies, root: str, elsewhere: bool) -> _Step:
    policy = policies.mesh
    if policy is None:
        if elsewhere:
            missing = f"mesh-wide PeerAuthentication of namespace {root}"
            return _Step(None, f"the {missing} lives elsewhere", None, "mesh", missing)
        return _Step("PERMISSIVE", "no PeerAuthentication governs it and the default is PERMISSIVE", None, "default")
    if not policy.mode:
        because = f"{policy.text} sets no mode and the default is PERMISSIVE"
        return _Step("PERMISSIVE", because, Place(policy.resource, "/spec", FACT), "mesh")
    return _Step(policy.mode, f"{policy.text} is {policy.mode}", _mode_place(policy), "mesh")


def _namespace_step(base: _Step, namespace: str, policies: PeerPolicies) -> _Step:
    policy = policies.of_namespace.get(namespace)
    if policy is None or policy.scope == "mesh" or not policy.mode:
        return base
    return _Step(policy.mode, f"{policy.text} is {policy.mode}", _mode_place(policy), "namespace")


def _workload_step(step: _Step, own: PeerPolicy | None) -> _Step:
    if own is None or not own.mode:
        return step
    return _Step(own.mode, f"{own.text} is {own.mode}", _mode_place(own), "workload")


def _mode_place(policy: PeerPolicy) -> Place:
    return Place(policy.resource, "/spec/mtls/mode", FACT)


def _port_modes(
    workload: Workload,
    inherited: _Step,
    own: PeerPolicy | None,
    membership: Membership,
    inventory: Inventory,
    selection: Selection,
) -> tuple[PortMode, ...]:
    step = _workload_step(inherited, own)
    ambient = membership.dataplane == "ambient"
    skipped = uncaptured_ports(workload, membership)
    found = []
    for number, (name, transport, services) in sorted(workload_ports(workload, inventory, selection).items()):
        decided = _port_step(step, own, number, ambient)
        captured = transport == "TCP" and number not in skipped
        found.append(
            PortMode(
                number, name, transport, decided.mode, decided.because, decided.place, decided.level,
                captured, services, decided.missing,
            )
        )  # fmt: skip
    return tuple(found)


def _undeclared(
    workload: Workload, inherited: _Step, own: PeerPolicy | None, membership: Membership, known: Sequence[PortMode]
) -> tuple[PortMode, ...]:
    """Return the mode of any port that nobody declares, then of those that have an entry of their own."""
    step = _workload_step(inherited, own)
    skipped = uncaptured_ports(workload, membership)
    declared = {mode.number for mode in known}
    entries = sorted(own.port_modes.keys() - declared) if own is not None else []
    found = []
    for number in (0, *entries):
        decided = _port_step(step, own, number, membership.dataplane == "ambient")
        found.append(
            PortMode(
                number, "", "TCP", decided.mode, decided.because, decided.place, decided.level,
                number not in skipped, (), decided.missing,
            )
        )  # fmt: skip
    return tuple(found)


def _port_step(step: _Step, own: PeerPolicy | None, number: int, ambient: bool) -> _Step:
    """Return what is in force on one port."""
    decided = _entry_step(step, own, number, ambient)
    if ambient and decided.mode == "DISABLE":
        because = f"{decided.because}, which ambient reads as PERMISSIVE"
        return decided._replace(mode="PERMISSIVE", because=because)
    return decided


def _entry_step(step: _Step, own: PeerPolicy | None, number: int, ambient: bool) -> _Step:
    """Apply the entry of one port; it is read only from the winning policy of the workload."""
    mode = own.port_modes.get(number, "") if own is not None else ""
    if own is None or not mode:
        return step
    if ambient and mode == "DISABLE" and not own.mode and step.mode == "STRICT":
        return step  # ztunnel's policy exempts PERMISSIVE ports of an inherited STRICT, but not DISABLE ones
    place = Place(own.resource, f"/spec/portLevelMtls/{own.port_keys[number]}/mode", FACT)
    return _Step(mode, f"{own.text} sets port {number} to {mode}", place, "port")


def workload_ports(
    workload: Workload, inventory: Inventory, selection: Selection
) -> dict[int, tuple[str, str, tuple[tuple[int, int], ...]]]:
    """Return port → name, transport, ids of the service ports that lead there: declared ports and target ports."""
    found: dict[int, tuple[str, str, tuple[tuple[int, int], ...]]] = {}
    for container in workload.containers:
        if container.name != "istio-proxy":
            for number, name, transport in container.ports:
                if number not in found or (transport == "TCP" and found[number][1] != "TCP"):
                    found[number] = (name, transport, ())  # DNS serves both transports on one number
    for service_id in selection.services_of.get(workload.id, ()):
        for port in inventory.services[service_id].ports:
            for endpoint in selection.endpoints[port.id]:
                if endpoint.workload.id == workload.id and endpoint.port is not None:
                    name, transport, services = found.get(endpoint.port, (port.name, port.transport, ()))
                    transport = "TCP" if port.transport == "TCP" else transport
                    found[endpoint.port] = (name, transport, (*services, port.id))
    return found


def _openings(
    workload: Workload, base: _Step, namespace: _Step, own: PeerPolicy | None, modes: Sequence[PortMode]
) -> list[Opening]:
    found = []
    if base.mode == "STRICT" and _opens(namespace.mode) and namespace.place is not None:
        if any(mode.decided_by == namespace.place for mode in modes) or not modes:
            found.append(_opening(namespace, workload, None, "namespace"))
    if own is not None and namespace.mode == "STRICT" and _opens(own.mode):
        found.append(_opening(_workload_step(namespace, own), workload, None, "workload"))
    above = _workload_step(namespace, own).mode
    for mode in modes:
        if mode.level == "port" and above == "STRICT" and _opens(mode.mode) and mode.decided_by is not None:
            step = _Step(mode.mode, "", mode.decided_by, "port")
            found.append(_opening(step, workload, mode.number, "port"))
    return found


def _opens(mode: str | None) -> bool:
    return mode in ("PERMISSIVE", "DISABLE")


def _opening(step: _Step, workload: Workload | None, port: int | None, level: str) -> Opening:
    assert step.place is not None and step.mode is not None  # only stated modes open anything
    return Opening(step.place.resource, workload, port, step.mode, level, step.place.pointer)


def _namespace_openings(
    base: _Step, policies: PeerPolicies, inventory: Inventory, known: Sequence[Opening]
) -> list[Opening]:
    """Report a namespace policy that lowers STRICT where none of the namespace's workloads is in the set."""
    if base.mode != "STRICT":
        return []
    seen = {opening.policy.index for opening in known}
    found = []
    for namespace, policy in sorted(policies.of_namespace.items()):
        if policy.scope == "namespace" and _opens(policy.mode) and policy.resource.index not in seen:
            if not inventory.workloads_in.get(namespace):
                step = _Step(policy.mode, "", _mode_place(policy), "namespace")
                found.append(_opening(step, None, None, "namespace"))
    return found
