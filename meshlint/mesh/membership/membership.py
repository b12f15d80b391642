"""Whether a workload is in the mesh: the one answer that every family of rules uses.

In: the inventory. Out: `Membership` for each workload, with the object that decided. Sources: the selectors of the
injection webhook and `injectRequired` of Istio's injector, the enablement selectors of the CNI plugin for ambient; the
webhook of OpenShift Service Mesh 2, which looks at the pods of every member and reads the annotation.
Namespaces are often labelled by a script, so a namespace whose manifest is absent leaves the answer open. Where both
data planes are asked for, the sidecar is injected and the CNI plugin passes over the pod (`sidecar.istio.io/status`).
"""

from __future__ import annotations

from meshlint.mesh.inventory.inventory import SYSTEM_NAMESPACES
from meshlint.mesh.model import Inventory, Membership, MeshConfig, Namespace, Place, Workload

INJECT = "sidecar.istio.io/inject"
INJECTION = "istio-injection"
REVISION = "istio.io/rev"
DATAPLANE = "istio.io/dataplane-mode"
TEMPLATES = "inject.istio.io/templates"
TLS_MODE = "security.istio.io/tlsMode"
_OPENSHIFT = ("ServiceMeshControlPlane", "ServiceMeshMemberRoll", "ServiceMeshMember")


def resolve_membership(inventory: Inventory) -> tuple[Membership, ...]:
    """Return the membership of every workload, in the order of `Inventory.workloads`."""
    by_annotation = any(inventory.of_kind(f"maistra.io/{kind}") for kind in _OPENSHIFT)
    found = []
    for workload in inventory.workloads:
        asked = _asked_by_annotation(workload) if by_annotation else None
        namespace = inventory.namespaces.get(workload.namespace)
        found.append(asked or _membership(workload, namespace, inventory.mesh_config))
    return tuple(found)


def _asked_by_annotation(workload: Workload) -> Membership | None:
    if workload.annotations.get(INJECT) != "true" or workload.labels.get(INJECT) == "false":
        return None
    place = _template_place(workload, "annotations", INJECT)
    return _as_gateway(workload, Membership("sidecar", f'its annotation {INJECT} is "true"', place))


def _membership(workload: Workload, namespace: Namespace | None, config: MeshConfig) -> Membership:
    if workload.external:
        return _of_virtual_machine(workload)
    if settled := _settled_by_itself(workload):
        return settled
    if settled := _settled_by_pod_labels(workload, namespace):
        return _as_gateway(workload, settled)
    return _as_gateway(workload, namespace_membership(workload, namespace, config))


def namespace_membership(workload: Workload, namespace: Namespace | None, config: MeshConfig) -> Membership:
    """Return what the labels of its namespace make of a workload that says nothing itself."""
    if namespace is None or not namespace.is_described:
        missing = f"labels of namespace {workload.namespace}" if workload.namespace else "namespace of the workload"
        return Membership("unknown", f"the {missing} are not in the manifests", None, missing)
    return _settled_by_namespace(workload, namespace, config)


def _settled_by_itself(workload: Workload) -> Membership | None:
    """Answer what no namespace label can change: the host network, system namespaces, a proxy in the template."""
    if workload.host_network:
        place = Place(workload.resource, f"{workload.template}/spec/hostNetwork", "membership")
        return Membership("none", "hostNetwork is true, and such pods are never captured", place)
    if workload.namespace in SYSTEM_NAMESPACES:
        place = Place(workload.resource, "/metadata/namespace", "membership")
        return Membership("none", f"Istio never injects into namespace {workload.namespace}", place)
    if is_control_plane(workload):
        return Membership("none", "it is the control plane", Place(workload.resource, "", "membership"))
    for container in workload.containers:
        if container.name == "istio-proxy" and container.image not in ("", "auto"):
            place = Place(workload.resource, container.pointer, "membership")
            kind = "gateway" if any(word == "router" for word, _ in container.arguments) else "sidecar"
            return Membership(kind, "its pod template holds the proxy container", place)
    return None


def is_control_plane(workload: Workload) -> bool:
    """Tell istiod, the CNI agent and ztunnel from workloads."""
    name = workload.labels.get("app") or workload.labels.get("k8s-app") or workload.labels.get("app.kubernetes.io/name")
    return name in ("istiod", "istio-cni-node", "ztunnel")


def _settled_by_pod_labels(workload: Workload, namespace: Namespace | None) -> Membership | None:
    label = workload.labels.get(INJECT)
    if label == "false" or (label is None and workload.annotations.get(INJECT) == "false"):
        where = "label" if label is not None else "annotation"
        place = _template_place(workload, f"{where}s", INJECT)
        return _unless_ambient(workload, namespace, Membership("none", f'its {where} {INJECT} is "false"', place))
    opted_in = INJECT if label == "true" else REVISION if workload.labels.get(REVISION) else ""
    # The webhooks that look at pod labels pass over namespaces with the legacy label.
    if opted_in and not (namespace is not None and namespace.is_described and INJECTION in namespace.labels):
        place = _template_place(workload, "labels", opted_in)
        return Membership("sidecar", f"its label {opted_in} is {workload.labels[opted_in]}", place)
    if workload.labels.get(DATAPLANE) == "ambient" and not _is_injected(namespace):
        place = _template_place(workload, "labels", DATAPLANE)
        return Membership("ambient", f"its label {DATAPLANE} is ambient", place)
    return None


def _is_injected(namespace: Namespace | None) -> bool:
    """Tell whether pods of the namespace are known to get a sidecar, which keeps ztunnel away from them."""
    if namespace is None or not namespace.is_described:
        return False
    labels = namespace.labels
    return labels[INJECTION] == "enabled" if INJECTION in labels else bool(labels.get(REVISION))


def _unless_ambient(workload: Workload, namespace: Namespace | None, refused: Membership) -> Membership:
    """Give a pod that refuses the sidecar to ambient when it, or its namespace, is enrolled there."""
    if workload.labels.get(DATAPLANE) == "ambient":
        place = _template_place(workload, "labels", DATAPLANE)
        return Membership("ambient", f"its label {DATAPLANE} is ambient", place)
    if namespace is None or not namespace.is_described:
        return refused
    return _ambient(workload, namespace) or refused


def _settled_by_namespace(workload: Workload, namespace: Namespace, config: MeshConfig) -> Membership:
    labels = namespace.labels
    stated = _stated(namespace)
    if _is_injected(namespace):
        return _injected(namespace, INJECTION if INJECTION in labels else REVISION)
    ambient = _ambient(workload, namespace)
    if ambient is not None:
        return ambient
    if INJECTION in labels:
        place = _namespace_place(namespace, INJECTION)
        because = f"{stated} has {INJECTION}={labels[INJECTION]}, which injects nothing"
        return Membership("none", because, place, namespace_wide=True)
    if config.enable_namespaces_by_default:
        because = "the injector enables namespaces by default"
        return Membership("sidecar", because, _namespace_place(namespace, ""), namespace_wide=True)
    because = f"{stated} has no data-plane label"
    return Membership("none", because, _namespace_place(namespace, ""), namespace_wide=True)


def _injected(namespace: Namespace, label: str) -> Membership:
    """Answer for a selected namespace; values other than true and false fall back to this default (inject.go)."""
    because = f"{_stated(namespace)} has {label}={namespace.labels[label]}"
    return Membership("sidecar", because, _namespace_place(namespace, label), namespace_wide=True)


def _ambient(workload: Workload, namespace: Namespace) -> Membership | None:
    if namespace.labels.get(DATAPLANE) != "ambient":
        return None
    if workload.labels.get(DATAPLANE) == "none":
        place = _template_place(workload, "labels", DATAPLANE)
        return Membership("none", f"its label {DATAPLANE} is none", place)
    because = f"{_stated(namespace)} has {DATAPLANE}=ambient"
    return Membership("ambient", because, _namespace_place(namespace, DATAPLANE), namespace_wide=True)


def _as_gateway(workload: Workload, membership: Membership) -> Membership:
    """Turn an injected pod into a gateway when it asks for that template of the injector."""
    templates = workload.annotations.get(TEMPLATES, "")
    if membership.dataplane == "sidecar" and "gateway" in [name.strip() for name in templates.split(",")]:
        return membership._replace(dataplane="gateway")
    return membership


def _of_virtual_machine(workload: Workload) -> Membership:
    """Follow `getTLSModeFromWorkloadEntry`: the label decides, else a service account means a proxy."""
    mode = workload.labels.get(TLS_MODE)
    place = Place(workload.resource, "/spec", "membership")
    if mode is not None:
        known = "sidecar" if mode == "istio" else "none"
        return Membership(known, f"its label {TLS_MODE} is {mode}", place)
    if workload.service_account:
        return Membership("sidecar", "it is a virtual machine with a service account", place)
    return Membership("none", "it is a virtual machine without a service account", place)


def _stated(namespace: Namespace) -> str:
    assumed = " (assumed in the configuration)" if namespace.assumed else ""
    return f"namespace {namespace.name}{assumed}"


def _namespace_place(namespace: Namespace, label: str) -> Place | None:
    if namespace.resource is None:
        return None
    pointer = f"/metadata/labels/{escaped(label)}" if label in namespace.resource.labels else "/metadata/name"
    return Place(namespace.resource, pointer, "membership")


def _template_place(workload: Workload, field: str, key: str) -> Place:
    return Place(workload.resource, f"{workload.template}/metadata/{field}/{escaped(key)}", "membership")


def escaped(key: str) -> str:
    """Escape a key for a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
