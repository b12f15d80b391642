"""AuthorizationPolicies as written, and which of them govern a proxy.

In: the inventory and where policies act. Out: `Authorization`. Sources: the reference of AuthorizationPolicy (rules
are joined by OR, the parts of a rule by AND; no rules allow nothing; `istio.io/dry-run` switches a policy off).
Nothing is judged here. What has the wrong type counts as absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from meshlint.mesh.authorization.attachment import Attachment, Attachments, Point, Points, read_attachment
from meshlint.mesh.model import Inventory, Membership, Workload
from meshlint.mesh.selection import LabelIndex, Selection, label_indexes
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

KIND = "security.istio.io/AuthorizationPolicy"
_DRY_RUN = "istio.io/dry-run"
_ENFORCING = ("ALLOW", "DENY", "CUSTOM")

Values = dict[str, tuple[str, ...]]
"""Field → its values; fields without values are left out."""


class Part(NamedTuple):
    """Hold one `source`, one `operation`, or one condition (`key` is set, `values` and `notValues` are its fields)."""

    values: Values
    pointer: str
    key: str = ""


class AuthRule(NamedTuple):
    """Hold one rule: it matches when a source, an operation and every condition do."""

    pointer: str
    sources: tuple[Part, ...]
    operations: tuple[Part, ...]
    conditions: tuple[Part, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether it matches every request."""
        return not (self.sources or self.operations or self.conditions)


class AuthPolicy(NamedTuple):
    """Hold one AuthorizationPolicy."""

    resource: Resource
    attachment: Attachment
    action: str  # ALLOW where it states none
    dry_run: bool
    rules: tuple[AuthRule, ...]

    @property
    def enforced(self) -> bool:
        """Tell whether it lets requests through or turns them away; AUDIT and dry runs do neither."""
        return self.action in _ENFORCING and not self.dry_run

    @property
    def denies_by_default(self) -> bool:
        """Tell whether a workload that it governs accepts only what some rule admits."""
        if not self.enforced:
            return False
        if self.action == "ALLOW":
            return not any(rule.is_empty for rule in self.rules)
        return self.action == "DENY" and any(rule.is_empty for rule in self.rules)


class Authorization:
    """Answer which AuthorizationPolicies govern a point, and what each of them governs."""

    def __init__(self, inventory: Inventory, memberships: Sequence[Membership], selection: Selection) -> None:
        root = inventory.mesh_config.root_namespace
        self.root = root
        self.points = Points(inventory, memberships, selection)
        self.policies = tuple(_policy(resource, root) for resource in inventory.of_kind(KIND))
        self._at = {policy.resource.index: policy for policy in self.policies}
        self._index = Attachments((policy.attachment for policy in self.policies), root)
        self._scopes = Scopes(inventory, self.points)

    def on(self, point: Point) -> list[AuthPolicy]:
        """Return the policies that govern a point, enforced or not."""
        return [self._at[attachment.resource.index] for attachment in self._index.on(point)]

    def on_workload(self, workload: Workload) -> list[AuthPolicy]:
        """Return the policies that govern a workload, enforced or not."""
        return self.on(self.points.of_workload(workload))

    def of_whole(self, namespace: str) -> list[AuthPolicy]:
        """Return the policies without selector and targetRefs that govern every workload of a namespace."""
        homes = dict.fromkeys((namespace, self.root))
        return [self._at[a.resource.index] for home in homes for a in self._index.open_in(home)]

    def governed(self, attachment: Attachment) -> tuple[Workload, ...]:
        """Return the workloads of the set that a policy governs."""
        return self._scopes.governed(attachment)

    def policy_at(self, resource: Resource) -> AuthPolicy:
        """Return what was read from an AuthorizationPolicy of the set."""
        return self._at[resource.index]


class Scopes:
    """Find the workloads that an attachment governs."""

    def __init__(self, inventory: Inventory, points: Points) -> None:
        self._inventory = inventory
        self._points = points
        self._indexes = label_indexes(inventory)
        self._everywhere: LabelIndex | None = None
        self._by_reference: dict[tuple[str, str, str], list[Workload]] | None = None

    def governed(self, attachment: Attachment) -> tuple[Workload, ...]:
        """Return the workloads of its scope that an attachment reaches, waypoints' rules observed."""
        if attachment.targets:
            found = {w.id: w for ref in attachment.references() for w in self._reached().get(ref, ())}
            return tuple(found.values())
        return tuple(w for w in self.selected(attachment) if not self._points.of_workload(w).is_waypoint)

    def selected(self, attachment: Attachment) -> tuple[Workload, ...]:
        """Return the workloads of its scope that a selector takes."""
        index = self._index(attachment)
        found = index.matching(attachment.selector) if index is not None else []
        return tuple(workload for workload in found if attachment.selects(workload.labels))

    def _index(self, attachment: Attachment) -> LabelIndex | None:
        if not attachment.mesh_wide:
            return self._indexes.get(attachment.resource.namespace)
        if self._everywhere is None:
            self._everywhere = LabelIndex(self._inventory.workloads)
        return self._everywhere

    def _reached(self) -> Mapping[tuple[str, str, str], list[Workload]]:
        if self._by_reference is None:
            self._by_reference = {}
            for workload in self._inventory.workloads:
                for reference in self._points.of_workload(workload).references:
                    self._by_reference.setdefault(reference, []).append(workload)
        return self._by_reference


def _policy(resource: Resource, root: str) -> AuthPolicy:
    attachment = read_attachment(resource, root)
    assert attachment is not None  # the kind has a selector
    spec = mapping(resource.content().get("spec"))
    dry_run = resource.annotations.get(_DRY_RUN, "").lower() == "true"
    return AuthPolicy(resource, attachment, text(spec.get("action")) or "ALLOW", dry_run, tuple(_rules(spec)))


def _rules(spec: Mapping[str, Any]) -> Iterable[AuthRule]:
    for position, item in enumerate(sequence(spec.get("rules"))):
        pointer = f"/spec/rules/{position}"
        rule = mapping(item)
        yield AuthRule(
            pointer,
            tuple(_parts(rule.get("from"), "source", f"{pointer}/from")),
            tuple(_parts(rule.get("to"), "operation", f"{pointer}/to")),
            tuple(_conditions(rule.get("when"), f"{pointer}/when")),
        )


def _parts(value: Any, field: str, pointer: str) -> Iterable[Part]:
    for position, item in enumerate(sequence(value)):
        yield Part(_values(mapping(item).get(field)), f"{pointer}/{position}/{field}")


def _conditions(value: Any, pointer: str) -> Iterable[Part]:
    for position, item in enumerate(sequence(value)):
        yield Part(_values(item), f"{pointer}/{position}", text(mapping(item).get("key")))


def _values(value: Any) -> Values:
    found = {}
    for field, listed in mapping(value).items():
        if items := tuple(item for item in sequence(listed) if isinstance(item, str)):
            found[field] = items
    return found
