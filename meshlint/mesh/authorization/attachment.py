"""What a policy is attached to: the labels it selects, the objects it targets, the namespaces it reaches.

In: the inventory. Out: `Attachment` of an object, and `Attachments`, the index that answers which policies govern a
proxy. Sources: `WorkloadPolicyMatcher.ShouldAttachPolicy` of istiod (a policy with targetRefs reaches proxies of the
Gateway API only, a waypoint obeys no other), the reference of each kind for what the root namespace means. It knows
no action and no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from meshlint.mesh.model import Inventory, Membership, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
_GATEWAY_NAMES = (GATEWAY_NAME, "istio.io/gateway-name")
_MANAGED = "gateway.istio.io/managed"
_MANAGED_WAYPOINT = "istio.io-mesh-controller"
_USE_WAYPOINT = "istio.io/use-waypoint"
_WAYPOINT_CLASS = "istio-waypoint"
_GATEWAY = "gateway.networking.k8s.io/Gateway"

_SELECTORS = {
    "security.istio.io/AuthorizationPolicy": ("selector", "matchLabels"),
    "security.istio.io/RequestAuthentication": ("selector", "matchLabels"),
    "security.istio.io/PeerAuthentication": ("selector", "matchLabels"),
    "telemetry.istio.io/Telemetry": ("selector", "matchLabels"),
    "extensions.istio.io/WasmPlugin": ("selector", "matchLabels"),
    "extensions.istio.io/TrafficExtension": ("selector", "matchLabels"),
    "networking.istio.io/ProxyConfig": ("selector", "matchLabels"),
    "networking.istio.io/EnvoyFilter": ("workloadSelector", "labels"),
    "networking.istio.io/Sidecar": ("workloadSelector", "labels"),
    "networking.istio.io/DestinationRule": ("workloadSelector", "matchLabels"),
    "networking.k8s.io/NetworkPolicy": ("podSelector", "matchLabels"),
    "/Service": ("selector",),
}
"""Where the kinds that choose pods keep their labels, below `spec`."""

_MESH_WIDE = frozenset(
    (
        "security.istio.io/AuthorizationPolicy",
        "security.istio.io/RequestAuthentication",
        "telemetry.istio.io/Telemetry",
        "extensions.istio.io/WasmPlugin",
        "extensions.istio.io/TrafficExtension",
        "networking.istio.io/EnvoyFilter",
    )
)
"""Kinds whose selector means every namespace when the object stands in the root namespace."""

_TARGETING = _MESH_WIDE

Reference = tuple[str, str, str]
"""Kind, namespace and name of what a targetRef names; a GatewayClass has no namespace."""


class Expression(NamedTuple):
    """Hold one requirement of `matchExpressions`."""

    key: str
    operator: str
    values: tuple[str, ...]

    def accepts(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels meet it; an unknown operator accepts everything."""
        if self.operator == "In":
            return labels.get(self.key) in self.values
        if self.operator == "NotIn":
            return labels.get(self.key) not in self.values
        if self.operator == "Exists":
            return self.key in labels
        return self.operator != "DoesNotExist" or self.key not in labels


class TargetRef(NamedTuple):
    """Name an object that a policy is attached to."""

    group: str
    kind: str
    name: str
    pointer: str


class Attachment(NamedTuple):
    """Say what an object is attached to; without selector and targets it is its whole scope."""

    resource: Resource
    selector: dict[str, str]
    expressions: tuple[Expression, ...]
    targets: tuple[TargetRef, ...]
    mesh_wide: bool
    pointer: str  # of the selector

    @property
    def is_open(self) -> bool:
        """Tell whether it names neither labels nor objects."""
        return not (self.selector or self.expressions or self.targets)

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Tell whether pods with these labels are chosen, as far as labels go."""
        return self.selector.items() <= labels.items() and all(e.accepts(labels) for e in self.expressions)

    def references(self) -> tuple[Reference, ...]:
        """Return what it targets, as the index knows it; a GatewayClass is heard in the root namespace only."""
        home = self.resource.namespace
        return tuple(
            (target.kind, "" if target.kind == "GatewayClass" else home, target.name)
            for target in self.targets
            if target.kind != "GatewayClass" or self.mesh_wide
        )


def read_attachment(resource: Resource, root: str) -> Attachment | None:
    """Return the attachment of an object, None for kinds that choose no pods."""
    kind = qualified(resource.group, resource.kind)
    path = _SELECTORS.get(kind)
    if path is None:
        return None
    spec = mapping(resource.content().get("spec"))
    block = mapping(spec.get(path[0]))
    labels = strings(block.get(path[1]) if len(path) > 1 else block)
    expressions = tuple(_expressions(block)) if kind == "networking.k8s.io/NetworkPolicy" else ()
    targets = tuple(_targets(spec)) if kind in _TARGETING else ()
    mesh_wide = kind in _MESH_WIDE and resource.namespace == root
    return Attachment(resource, labels, expressions, targets, mesh_wide, f"/spec/{'/'.join(path)}")


def _expressions(block: Mapping[str, Any]) -> Iterable[Expression]:
    for item in sequence(block.get("matchExpressions")):
        entry = mapping(item)
        values = tuple(value for value in sequence(entry.get("values")) if isinstance(value, str))
        yield Expression(text(entry.get("key")), text(entry.get("operator")), values)


def _targets(spec: Mapping[str, Any]) -> Iterable[TargetRef]:
    listed = [(item, f"/spec/targetRefs/{number}") for number, item in enumerate(sequence(spec.get("targetRefs")))]
    for item, pointer in listed or [(spec.get("targetRef"), "/spec/targetRef")]:
        entry = mapping(item)
        if name := text(entry.get("name")):
            yield TargetRef(text(entry.get("group")), text(entry.get("kind")), name, pointer)


class Point(NamedTuple):
    """Describe where policies act: a workload, or the proxies that a Gateway of the Gateway API makes."""

    text: str
    namespace: str
    labels: Mapping[str, str]
    references: frozenset[Reference]  # what a targetRef may name to reach it
    is_waypoint: bool = False


class Points:
    """Make the points of an environment."""

    def __init__(self, inventory: Inventory, memberships: Sequence[Membership], selection: Selection) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._selection = selection
        self._waypoints: dict[str, list[Point]] | None = None
        self._classes = {(r.namespace, r.name): _class_of(r) for r in inventory.of_kind(_GATEWAY)}

    def of_workload(self, workload: Workload) -> Point:
        """Return the point of a workload; ztunnel and the waypoint before it count as one."""
        labels, home = workload.labels, workload.namespace
        gateway = next((labels[key] for key in _GATEWAY_NAMES if key in labels), "")
        if gateway:
            name = self._classes.get((home, gateway), "")
            is_waypoint = name == _WAYPOINT_CLASS or labels.get(_MANAGED) == _MANAGED_WAYPOINT
            return Point(workload.text, home, labels, _gateway_references(home, gateway, name), is_waypoint)
        if self._memberships[workload.id].dataplane not in ("ambient", "unknown"):
            return Point(workload.text, home, labels, frozenset())
        return Point(workload.text, home, labels, self._behind_waypoint(workload))

    def gateways(self) -> Iterable[Point]:
        """Yield the proxies of every Gateway that Istio runs itself."""
        for resource in self._inventory.of_kind(_GATEWAY):
            name = _class_of(resource)
            references = _gateway_references(resource.namespace, resource.name, name)
            labels = dict.fromkeys(_GATEWAY_NAMES, resource.name)
            yield Point(resource.text, resource.namespace, labels, references, name == _WAYPOINT_CLASS)

    def waypoints_in(self, namespace: str) -> list[Point]:
        """Return the waypoints of a namespace."""
        if self._waypoints is None:
            self._waypoints = {}
            for point in self.gateways():
                if point.is_waypoint:
                    self._waypoints.setdefault(point.namespace, []).append(point)
        return self._waypoints.get(namespace, [])

    def before_service(self, service: Service) -> frozenset[Reference]:
        """Return what a policy may name to act on requests to a Service: the Service, its waypoint, the class."""
        namespace = self._inventory.namespaces.get(service.namespace)
        found = _waypoints((service.labels, namespace.labels if namespace is not None else {}), service.namespace)
        return frozenset({*found, ("Service", service.namespace, service.name), ("GatewayClass", "", _WAYPOINT_CLASS)})

    def _behind_waypoint(self, workload: Workload) -> frozenset[Reference]:
        services = [self._inventory.services[number] for number in self._selection.services_of.get(workload.id, ())]
        namespace = self._inventory.namespaces.get(workload.namespace)
        of_namespace = namespace.labels if namespace is not None else {}
        homes = (workload.labels, *(service.labels for service in services), of_namespace)
        found = _waypoints(homes, workload.namespace)
        if found or namespace is None or not namespace.is_described:
            found |= {("Service", service.namespace, service.name) for service in services}
            found.add(("GatewayClass", "", _WAYPOINT_CLASS))
        return frozenset(found)


def _waypoints(homes: Iterable[Mapping[str, str]], namespace: str) -> set[Reference]:
    found: set[Reference] = set()
    for labels in homes:
        if (name := labels.get(_USE_WAYPOINT, "none")) != "none":
            found.add(("Gateway", labels.get(f"{_USE_WAYPOINT}-namespace", namespace), name))
    return found


def _gateway_references(namespace: str, name: str, class_name: str) -> frozenset[Reference]:
    return frozenset((("Gateway", namespace, name), ("GatewayClass", "", class_name)))


def _class_of(resource: Resource) -> str:
    return text(mapping(resource.content().get("spec")).get("gatewayClassName"))


class Attachments:
    """Find the policies of one kind that govern a point."""

    def __init__(self, attachments: Iterable[Attachment], root: str) -> None:
        self._root = root
        self._open: dict[str, list[Attachment]] = {}
        self._by_label: dict[tuple[str, str, str], list[Attachment]] = {}
        self._by_reference: dict[Reference, list[Attachment]] = {}
        for attachment in attachments:
            home = attachment.resource.namespace
            if attachment.targets:
                for reference in dict.fromkeys(attachment.references()):
                    self._by_reference.setdefault(reference, []).append(attachment)
            elif attachment.selector:
                # One label of the selector is enough to find it; `selects` compares the others.
                key, value = min(attachment.selector.items())
                self._by_label.setdefault((home, key, value), []).append(attachment)
            else:
                self._open.setdefault(home, []).append(attachment)

    def on(self, point: Point) -> list[Attachment]:
        """Return what governs a point, each once, in the order of files."""
        found: dict[int, Attachment] = {}
        for reference in point.references:
            found.update((a.resource.index, a) for a in self._by_reference.get(reference, ()))
        if not point.is_waypoint:
            for home in dict.fromkeys((point.namespace, self._root)):
                found.update((a.resource.index, a) for a in self._selecting(home, point))
        return [found[index] for index in sorted(found)]

    def _selecting(self, home: str, point: Point) -> Iterable[Attachment]:
        yield from self.open_in(home)
        for label in point.labels.items():
            for attachment in self._by_label.get((home, *label), ()):
                if attachment.selects(point.labels):
                    yield attachment

    def open_in(self, namespace: str) -> Sequence[Attachment]:
        """Return what governs a whole namespace, or from the root namespace the mesh."""
        return self._open.get(namespace, ())
