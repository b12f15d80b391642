"""Who may change the security policy of the mesh by the Kubernetes API.

In: the inventory. Out: `PolicyWriters` for each Role and ClusterRole that grants it. Sources: RBAC (rules, roleRef,
subjects); the own roles of the control plane and of its operators are told by their names and labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from meshlint.mesh.model import Inventory, Place
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.kinds import RBAC_GROUP
from meshlint.resources.resource import Resource

SECURITY_GROUPS = frozenset(("security.istio.io", "telemetry.istio.io", "extensions.istio.io", "*"))
WRITES = frozenset(("create", "update", "patch", "delete", "deletecollection", "*"))
_OWN_NAMES = re.compile(r"(istiod|istio-(reader|operator|cni|pilot|galley)|ztunnel|sail-operator|servicemesh-operator)")
_OWN_APPS = frozenset(("istiod", "istio-reader", "istio-cni", "ztunnel", "istio-operator", "sail-operator"))


class Bound(NamedTuple):
    """Hold one subject that a binding gives a role to."""

    text: str  # as `Kind name` or `ServiceAccount namespace/name`
    place: Place


class PolicyWriters(NamedTuple):
    """Describe a role that grants writes on security policy, and who has it."""

    resource: Resource
    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    place: Place
    is_own: bool
    bound: tuple[Bound, ...]


def policy_writers(inventory: Inventory) -> Iterator[PolicyWriters]:
    """Yield every role that grants writes on security policy."""
    bound = _bindings(inventory)
    for kind in ("Role", "ClusterRole"):
        for resource in inventory.of_kind(f"{RBAC_GROUP}/{kind}"):
            granted = _granted(resource)
            if granted is not None:
                groups, verbs, pointer = granted
                key = kind, resource.namespace if kind == "Role" else "", resource.name
                place = Place(resource, pointer, "writes")
                yield PolicyWriters(resource, verbs, groups, place, _is_own(resource), tuple(bound.get(key, ())))


def _granted(resource: Resource) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
    for position, item in enumerate(sequence(resource.content().get("rules"))):
        rule = mapping(item)
        groups = tuple(group for group in _texts(rule.get("apiGroups")) if group in SECURITY_GROUPS)
        verbs = tuple(verb for verb in _texts(rule.get("verbs")) if verb in WRITES)
        kinds = _texts(rule.get("resources"))
        if groups and verbs and any(not kind.endswith("/status") for kind in kinds):
            return groups, verbs, f"/rules/{position}/verbs"
    return None


def _texts(value: Any) -> list[str]:
    return [item for item in sequence(value) if isinstance(item, str)]


def _is_own(resource: Resource) -> bool:
    labels = resource.labels
    own = {labels.get("app"), labels.get("app.kubernetes.io/name"), labels.get("k8s-app")} & _OWN_APPS
    return bool(own) or labels.get("release") == "istio" or _OWN_NAMES.match(resource.name) is not None


def _bindings(inventory: Inventory) -> dict[tuple[str, str, str], list[Bound]]:
    """Return who has a role, by its kind, namespace (empty for a ClusterRole) and name."""
    found: dict[tuple[str, str, str], list[Bound]] = {}
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        for resource in inventory.of_kind(f"{RBAC_GROUP}/{kind}"):
            role = mapping(resource.content().get("roleRef"))
            namespace = resource.namespace if text(role.get("kind")) == "Role" else ""
            key = text(role.get("kind")), namespace, text(role.get("name"))
            for position, item in enumerate(sequence(resource.content().get("subjects"))):
                if name := _subject(mapping(item), resource.namespace):
                    found.setdefault(key, []).append(
                        Bound(name, Place(resource, f"/subjects/{position}/name", "bound"))
                    )
    return found


def _subject(subject: dict[str, Any], namespace: str) -> str:
    kind, name = text(subject.get("kind")), text(subject.get("name"))
    if kind == "ServiceAccount":
        return f"{kind} {text(subject.get('namespace')) or namespace}/{name}"
    return f"{kind} {name}" if kind and name else ""
