"""Everything that is in force in one namespace.

In: the mesh and the namespace. Out: `NamespaceAnswer`.
"""

from __future__ import annotations

from meshlint.mesh.files import is_policy
from meshlint.mesh.gateways.waypoints import USE, USE_NAMESPACE
from meshlint.mesh.inspections.answers import Member, NamespaceAnswer
from meshlint.mesh.inspections.modes import mode_of_port
from meshlint.mesh.inspections.workloads import membership_of
from meshlint.mesh.membership.membership import DATAPLANE, INJECTION, REVISION, escaped
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Namespace, Place, Workload
from meshlint.mesh.mtls.modes import UnseenModes
from meshlint.mesh.sidecar_scopes import KIND as SIDECAR
from meshlint.resources.digest import mapping

_STRENGTH = ("DISABLE", "PERMISSIVE", None, "STRICT")


def inspect_namespace(mesh: Mesh, namespace: Namespace) -> NamespaceAnswer:
    """Gather what is in force in a namespace."""
    workloads = mesh.inventory.workloads_in.get(namespace.name, ())
    policies = [r for r in mesh.inventory.resources if r.namespace == namespace.name and is_policy(r)]
    return NamespaceAnswer(
        _labels(namespace),
        _injection(mesh, namespace),
        _mtls(mesh, namespace),
        _default_deny(mesh, namespace),
        _sidecar(mesh, namespace),
        _waypoint(namespace),
        tuple(_member(mesh, workload) for workload in workloads),
        tuple(Place(r, "/metadata/name") for r in sorted(policies, key=lambda r: (r.kind, r.name))),
    )


def _unknown(namespace: Namespace) -> Decided | None:
    if namespace.is_described:
        return None
    missing = f"labels of namespace {namespace.name}"
    because = "a kustomization changes its manifest" if namespace.patched else "no manifest of it is among the paths"
    return Decided(None, because, None, missing)


def _labels(namespace: Namespace) -> Decided:
    unknown = _unknown(namespace)
    if unknown is not None:
        return unknown
    because = "its manifest and the configuration say so" if namespace.assumed else "its manifest says so"
    place = Place(namespace.resource, "/metadata/labels", "labels") if namespace.resource is not None else None
    return Decided(namespace.labels, because, place)


def _label_place(namespace: Namespace, label: str) -> Place | None:
    resource = namespace.resource
    if resource is None:
        return None
    pointer = f"/metadata/labels/{escaped(label)}" if label in resource.labels else "/metadata/name"
    return Place(resource, pointer, "namespace")


def _injection(mesh: Mesh, namespace: Namespace) -> Decided:
    """Say what the namespace's own labels ask for; a pod may still say otherwise."""
    unknown = _unknown(namespace)
    if unknown is not None:
        return unknown
    labels = namespace.labels
    for label, value, plane in (
        (INJECTION, labels.get(INJECTION) == "enabled", "sidecar"),
        (DATAPLANE, labels.get(DATAPLANE) == "ambient", "ambient"),
        (INJECTION, INJECTION in labels, "none"),
        (REVISION, bool(labels.get(REVISION)), "sidecar"),
    ):
        if value:
            return Decided(plane, f"its label {label} is {labels[label]}", _label_place(namespace, label))
    place = _label_place(namespace, "")
    if mesh.inventory.mesh_config.enable_namespaces_by_default:
        return Decided("sidecar", "the injector enables namespaces by default", place)
    return Decided("none", "it has no data-plane label", place)


def _mtls(mesh: Mesh, namespace: Namespace) -> Decided:
    """Return the mode that a workload without PeerAuthentication of its own inherits."""
    policies = mesh.policies._replace(by_label={}, all=())
    unseen = UnseenModes(mesh.inventory, policies, mesh_policy_elsewhere=mesh.mesh_policy_elsewhere)
    mode = unseen.of(namespace.name, {}, (), f"namespace {namespace.name}")[0]
    return Decided(mode.mode, mode.because, mode.decided_by, mode.missing)


def _default_deny(mesh: Mesh, namespace: Namespace) -> Decided:
    whole = mesh.authorization.of_whole(namespace.name)
    for policy in whole:
        if policy.denies_by_default:
            because = f"{policy.resource.text} governs every workload of it"
            return Decided(True, because, Place(policy.resource, "/spec", "default-deny"))
    for home in dict.fromkeys((namespace.name, mesh.authorization.root)):
        if mesh.existence.may_be_elsewhere("AuthorizationPolicy", home):
            missing = f"AuthorizationPolicies of namespace {home}"
            return Decided(None, f"the {missing} live elsewhere", None, missing)
    homes = " nor ".join(dict.fromkeys((namespace.name, mesh.authorization.root)))
    return Decided(False, f"no enforced AuthorizationPolicy for all workloads that denies stands in {homes}")


def _sidecar(mesh: Mesh, namespace: Namespace) -> Decided:
    """Return the Sidecar without selector that its workloads follow."""
    root = mesh.inventory.mesh_config.root_namespace
    for home in dict.fromkeys((namespace.name, root)):
        for resource in mesh.inventory.of_kind(SIDECAR):
            selector = mapping(mapping(resource.content().get("spec")).get("workloadSelector"))
            if resource.namespace == home and not mapping(selector.get("labels")):
                because = "it selects no workloads" + (" and stands in the root namespace" if home == root else "")
                return Decided(resource.text, because, Place(resource, "/spec", "sidecar"))
    return Decided("", f"neither it nor {root} holds a Sidecar without a selector")


def _waypoint(namespace: Namespace) -> Decided:
    unknown = _unknown(namespace)
    if unknown is not None and USE not in namespace.labels:
        return unknown
    name = namespace.labels.get(USE, "")
    if name in ("", "none"):
        because = f"its label {USE} is none" if name else f"it has no label {USE}"
        return Decided("", because, _label_place(namespace, USE) if name else None)
    home = namespace.labels.get(USE_NAMESPACE) or namespace.name
    return Decided(f"{home}/{name}", f"its label {USE} is {name}", _label_place(namespace, USE))


def _member(mesh: Mesh, workload: Workload) -> Member:
    captured = [mode for mode in mesh.mtls.modes.get(workload.id, ()) if mode.captured]
    weakest = min(captured, key=lambda mode: _STRENGTH.index(mode.mode), default=None)
    mtls = mode_of_port(mesh, workload, weakest, weakest.number) if weakest is not None else None
    return Member(workload.resource, membership_of(mesh, workload), mtls)
