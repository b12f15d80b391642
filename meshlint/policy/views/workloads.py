"""Workloads, namespaces and the mesh as rules see them.

In: the resolved mesh. Out: targets. What is not settled is absent and named in `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from meshlint.mesh.access_logs import AccessLogs
from meshlint.mesh.inventory.inventory import SYSTEM_NAMESPACES
from meshlint.mesh.membership.membership import INJECTION, is_control_plane
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Membership, Namespace, Place, PortMode, Workload
from meshlint.mesh.sidecar_scopes import SidecarScopes
from meshlint.policy.views.authorization import AuthorizationViews
from meshlint.policy.views.client_tls import auto_mtls_view
from meshlint.policy.views.exceptions import excepted
from meshlint.policy.views.injection import injection_view
from meshlint.policy.views.namespaces import access_log_views, outbound_views, usual_label
from meshlint.policy.views.values import (
    Subject,
    Target,
    View,
    identity_view,
    place_view,
    shown,
    subject_of,
    with_unknown,
)
from meshlint.resources.kinds import ISTIO_GROUPS

if TYPE_CHECKING:
    from meshlint.mesh.calls.outsiders import Outsiders

OUTSIDE = "meshlint.dev/outside-mesh"
_NOBODY: View = {"by_policy": "", "in_namespace": "", "alone": "", "selector": {}, "text": ""}


def workload_targets(mesh: Mesh) -> Iterator[Target]:
    """View every workload."""
    authorization, cut_off = AuthorizationViews(mesh), _CutOff(mesh)
    for workload in mesh.inventory.workloads:
        view = _workload(workload, mesh)
        view["mtls"]["cut_off"] = cut_off.of(workload)
        view["authorization"] = authorization.of_workload(workload)
        yield Target(view, subject_of(workload.resource))


def _workload(workload: Workload, mesh: Mesh) -> View:
    membership = mesh.memberships[workload.id]
    modes = mesh.mtls.modes.get(workload.id, ())
    view = identity_view(workload.resource)
    view["labels"], view["annotations"] = workload.labels, workload.annotations
    view["home"] = place_view(_home(workload, mesh))
    view["service_account"] = workload.service_account
    view["membership"] = _membership(membership)
    view["ports"] = [_port(mode, mesh) for mode in modes]
    judged = _judged(workload, mesh)
    view["injection"] = injection_view(workload, membership, mesh)
    view["mtls"] = {"permissive": _summary(judged, "PERMISSIVE"), "disabled": _summary(judged, "DISABLE")}
    if membership.meshed is None:
        return with_unknown(view, {"meshed": membership.missing})
    view["meshed"] = membership.meshed
    return view


class _CutOff:
    """View whom STRICT would refuse; read only where something takes plain text, for few meshes ask."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._outsiders: Outsiders | None = None

    def of(self, workload: Workload) -> View:
        """Return the facts of one workload."""
        modes = _judged(workload, self._mesh)
        found = [mode for mode in modes if mode.mode == "PERMISSIVE"]
        if not found:
            return _NOBODY
        from meshlint.mesh.calls.outsiders import Outsiders
        from meshlint.policy.views.outsiders import cut_off_view

        if self._outsiders is None:
            self._outsiders = Outsiders(self._mesh)
        return cut_off_view(workload, _decider(found), self._mesh, self._outsiders)


def _judged(workload: Workload, mesh: Mesh) -> list[PortMode]:
    modes = mesh.mtls.modes.get(workload.id, ())
    return [mode for mode in modes if mode.captured and not excepted(mode, mesh)]


def _home(workload: Workload, mesh: Mesh) -> Place | None:
    """Return where an absent policy would have to be decided: the namespace, else the mesh."""
    namespace = mesh.inventory.namespaces.get(workload.namespace)
    if namespace is not None and namespace.resource is not None:
        return Place(namespace.resource, "/metadata/name", "mtls")
    return mesh.inventory.mesh_config.place


def _membership(membership: Membership) -> View:
    view: View = {"because": membership.because, "decided_by": place_view(membership.decided_by)}
    if membership.meshed is None:
        return with_unknown(view, {"dataplane": membership.missing})
    view["dataplane"] = membership.dataplane
    return view


def _port(mode: PortMode, mesh: Mesh) -> View:
    mtls: View = {"level": mode.level, "because": mode.because, "decided_by": place_view(mode.decided_by)}
    if mode.mode is None:
        with_unknown(mtls, {"mode": mode.missing})
    else:
        mtls["mode"] = mode.mode
    return {
        "number": mode.number,
        "name": mode.name,
        "transport": mode.transport,
        "captured": mode.captured,
        "excepted": excepted(mode, mesh),
        "mtls": mtls,
    }


def _summary(modes: Sequence[PortMode], wanted: str) -> View:
    found = [mode for mode in modes if mode.mode == wanted]
    if not found:
        return {"ports": "", "because": "", "decided_by": place_view(None)}
    reasons = list(dict.fromkeys(mode.because for mode in found))
    return {
        "ports": ", ".join(str(mode.number) for mode in found),
        "because": "; ".join(reasons),
        "decided_by": place_view(_decider(found)),
    }


def _decider(modes: Sequence[PortMode]) -> Place | None:
    return next((mode.decided_by for mode in modes if mode.decided_by is not None), None)


def namespace_targets(mesh: Mesh) -> Iterator[Target]:
    """View every namespace that a manifest describes or an object mentions."""
    scopes, logs = SidecarScopes(mesh.inventory), AccessLogs(mesh.inventory, mesh.authorization.points)
    authorization, (key, value) = AuthorizationViews(mesh), usual_label(mesh)
    for namespace in mesh.inventory.namespaces.values():
        resource = namespace.resource
        workloads = mesh.inventory.workloads_in.get(namespace.name, ())
        subject = subject_of(resource) if resource else Subject("v1", "Namespace", "", namespace.name)
        view = _namespace(namespace, mesh)
        view["usual_label"], view["usual_value"] = (INJECTION, "enabled") if view["opted_out"] else (key, value)
        view["authorization"] = authorization.of_namespace(namespace.name, workloads)
        view["outbound"] = outbound_views(workloads, mesh, scopes)
        view["access_logs"] = access_log_views(workloads, mesh, logs)
        yield Target(view, subject)


def _namespace(namespace: Namespace, mesh: Mesh) -> View:
    resource = namespace.resource
    workloads = mesh.inventory.workloads_in.get(namespace.name, ())
    members = [(workload, mesh.memberships[workload.id]) for workload in workloads]
    left_out = [pair for pair in members if pair[1].dataplane == "none" and pair[1].namespace_wide]
    first = mesh.inventory.workloads_in.get(namespace.name, (None,))[0]
    place = Place(resource, "/metadata/name") if resource else Place(first.resource, "") if first else None
    return {
        "text": f"Namespace {namespace.name}",
        "kind": "Namespace",
        "namespace": "",
        "name": namespace.name,
        "place": place_view(place),
        "labels": namespace.labels,
        "annotations": namespace.annotations,
        "described": namespace.is_described,
        "is_system": namespace.name in SYSTEM_NAMESPACES,
        "is_control_plane": namespace.name == mesh.inventory.mesh_config.root_namespace
        or any(is_control_plane(workload) for workload in workloads),
        "opted_out": namespace.labels.get(INJECTION) == "disabled",
        "injection_label": place_view(_injection_label(namespace)),
        "legacy": _legacy_ports(namespace, mesh) if left_out else "",
        "outside_reason": namespace.annotations.get(OUTSIDE, "").strip(),
        "workloads": [_member(workload, membership) for workload, membership in members],
        "left_out": ", ".join(workload.text for workload, _ in left_out),
        "because": left_out[0][1].because if left_out else "",
        "decided_by": place_view(left_out[0][1].decided_by if left_out else None),
    }


def _legacy_ports(namespace: Namespace, mesh: Mesh) -> str:
    """Return the ports of raw TCP whose servers may be unable to carry a proxy."""
    services = mesh.inventory.services_in.get(namespace.name, ())
    return shown([f"{s.text} port {port.number}" for s in services for port in s.ports if port.id in mesh.legacy])


def _injection_label(namespace: Namespace) -> Place | None:
    if namespace.resource is None or INJECTION not in namespace.resource.labels:
        return None
    return Place(namespace.resource, f"/metadata/labels/{INJECTION}#", INJECTION)


def _member(workload: Workload, membership: Membership) -> View:
    view: View = {"text": workload.text}
    if membership.meshed is None:
        return with_unknown(view, {"left_out": membership.missing})
    view["left_out"] = membership.dataplane == "none" and membership.namespace_wide
    return view


def mesh_targets(mesh: Mesh) -> Iterator[Target]:
    """View the environment as a whole, once."""
    inventory = mesh.inventory
    root = inventory.mesh_config.root_namespace
    view: View = {
        "text": "the mesh",
        "root_namespace": root,
        "place": place_view(_mesh_place(mesh)),
        "has_objects": _has_objects(mesh),
        "policy": _mesh_policy(mesh) | {"cut_off": _cut_off_by_mesh(mesh)},
        "auto_mtls": auto_mtls_view(mesh),
        "duplicates": [
            {
                "text": found.resource.text,
                "place": place_view(Place(found.resource, "/metadata/name", "identity")),
                "first": place_view(Place(found.first, "/metadata/name", "identity")),
                "first_location": f"{found.first.path}:{found.first.line}",
                "same": found.same,
            }
            for found in mesh.duplicates
        ],
    }
    yield Target(view, None)


def _mesh_place(mesh: Mesh) -> Place | None:
    """Point to the Namespace of the control plane, else the MeshConfig, else the first object that is governed."""
    inventory = mesh.inventory
    namespace = inventory.namespaces.get(inventory.mesh_config.root_namespace)
    if namespace is not None and namespace.resource is not None:
        return Place(namespace.resource, "/metadata/name", "mesh")
    if inventory.mesh_config.place is not None:
        return inventory.mesh_config.place
    governed = (w.resource for w in inventory.workloads if mesh.memberships[w.id].meshed)
    first = next(governed, None) or next((r for r in inventory.resources if r.group in ISTIO_GROUPS), None)
    first = first or next(iter(inventory.resources), None)
    return Place(first, "/metadata/name", "mesh") if first is not None else None


def _has_objects(mesh: Mesh) -> bool:
    return any(m.meshed for m in mesh.memberships) or any(r.group in ISTIO_GROUPS for r in mesh.inventory.resources)


def _cut_off_by_mesh(mesh: Mesh) -> str:
    """Return whom STRICT for the mesh would refuse, where it is not said."""
    if mesh.policies.mesh is not None and mesh.policies.mesh.mode == "STRICT":
        return ""
    from meshlint.policy.views.outsiders import cut_off_by_mesh

    return cut_off_by_mesh(mesh)


def _mesh_policy(mesh: Mesh) -> View:
    policy = mesh.policies.mesh
    root = mesh.inventory.mesh_config.root_namespace
    if policy is None:
        because = f"namespace {root} holds no PeerAuthentication without a selector"
        view: View = {"because": because, "decided_by": place_view(None)}
        if mesh.mesh_policy_elsewhere:
            return with_unknown(view, {"mode": f"mesh-wide PeerAuthentication of namespace {root}"})
        return view | {"mode": "absent"}
    mode = policy.mode or "unset"
    because = f"{policy.text} is {mode}" if policy.mode else f"{policy.text} sets no mode"
    return {
        "mode": mode,
        "because": because,
        "decided_by": place_view(Place(policy.resource, "/spec/mtls/mode", "mtls")),
    }
