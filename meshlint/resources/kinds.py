"""Which kinds meshlint knows, where their pods stand, and which of them are mesh policy.

In: an apiVersion group and a kind. Out: claims about them. Kinds are written `group/Kind`; the core group is empty.
"""

from __future__ import annotations

ISTIO_GROUPS = frozenset(
    ("networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io", "install.istio.io")
)
GATEWAY_API_GROUPS = frozenset(("gateway.networking.k8s.io", "gateway.networking.x-k8s.io"))
RBAC_GROUP = "rbac.authorization.k8s.io"
ENVOY_BOOTSTRAP = "envoy.config.bootstrap.v3"
KUSTOMIZE_GROUP = "kustomize.config.k8s.io"

POD_TEMPLATES = {
    "/Pod": "",
    "/PodTemplate": "/template",
    "/ReplicationController": "/spec/template",
    "apps/Deployment": "/spec/template",
    "apps/StatefulSet": "/spec/template",
    "apps/DaemonSet": "/spec/template",
    "apps/ReplicaSet": "/spec/template",
    "extensions/Deployment": "/spec/template",
    "extensions/DaemonSet": "/spec/template",
    "extensions/ReplicaSet": "/spec/template",
    "batch/Job": "/spec/template",
    "batch/CronJob": "/spec/jobTemplate/spec/template",
    "argoproj.io/Rollout": "/spec/template",
    "apps.openshift.io/DeploymentConfig": "/spec/template",
}
"""The kinds that make pods and the pointer of their pod template; others are recognised by `spec.template`."""

CLUSTER_SCOPED = frozenset(
    (
        "/Namespace",
        "/Node",
        "/PersistentVolume",
        "rbac.authorization.k8s.io/ClusterRole",
        "rbac.authorization.k8s.io/ClusterRoleBinding",
        "admissionregistration.k8s.io/MutatingWebhookConfiguration",
        "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
        "apiextensions.k8s.io/CustomResourceDefinition",
        "apiregistration.k8s.io/APIService",
        "storage.k8s.io/StorageClass",
        "storage.k8s.io/CSIDriver",
        "scheduling.k8s.io/PriorityClass",
        "networking.k8s.io/IngressClass",
        "gateway.networking.k8s.io/GatewayClass",
        "cert-manager.io/ClusterIssuer",
        "policy/PodSecurityPolicy",
        "kyverno.io/ClusterPolicy",
    )
)

MESH_RBAC_GROUPS = ISTIO_GROUPS | GATEWAY_API_GROUPS
WRITE_VERBS = frozenset(("create", "update", "patch", "delete", "deletecollection", "*"))


def qualified(group: str, kind: str) -> str:
    """Return `group/Kind`, with an empty group for the core API."""
    return f"{group}/{kind}"


def is_cluster_scoped(group: str, kind: str) -> bool:
    """Tell whether objects of the kind have no namespace; raw Envoy configuration has none either."""
    return group == ENVOY_BOOTSTRAP or qualified(group, kind) in CLUSTER_SCOPED


def is_mesh_policy_kind(group: str, kind: str) -> bool:
    """Tell whether an object of the kind is mesh policy by its kind alone (RBAC needs its rules looked at)."""
    if group in ISTIO_GROUPS or group in GATEWAY_API_GROUPS:
        return kind not in ("GatewayClass",)
    return (group == "networking.k8s.io" and kind == "NetworkPolicy") or group == ENVOY_BOOTSTRAP


def grants_mesh_writes(content: dict[str, object]) -> bool:
    """Tell whether a Role or ClusterRole lets somebody change mesh objects (ownership reference, part 4)."""
    rules = content.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, dict):
            continue
        groups, verbs = rule.get("apiGroups"), rule.get("verbs")
        if not isinstance(groups, list) or not isinstance(verbs, list):
            continue
        if any(group in MESH_RBAC_GROUPS for group in groups if isinstance(group, str)) and any(
            verb in WRITE_VERBS for verb in verbs if isinstance(verb, str)
        ):
            return True
    return False
