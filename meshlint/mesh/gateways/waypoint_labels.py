"""Labels that enrol an object with a waypoint: whether that waypoint can serve, and whether ambient captures the pods.

In: the inventory, memberships, who stands behind whom, waypoints. Out: `Enrolment` of a workload, a Service, a
ServiceEntry or a Namespace. A workload speaks for the label of its namespace too; a Namespace speaks itself only where
the set shows no workload of it. Gateways and waypoints are never enrolled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.mesh.gateways.waypoints import (
    FOR_ANY,
    FOR_SERVICES,
    FOR_WORKLOADS,
    USE,
    USE_NAMESPACE,
    Served,
    Waypoints,
)
from meshlint.mesh.membership.membership import DATAPLANE, escaped
from meshlint.mesh.model import Inventory, Membership, Namespace, Place, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

ENTRY = "networking.istio.io/ServiceEntry"
_OF_INGRESS = "istio.io/ingress-use-waypoint"
_GATEWAY_LABELS = ("gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name", "gateway.istio.io/managed")


class Capture(NamedTuple):
    """Say whether ambient captures the pods that an enrolment is about; None where nobody can tell, for `missing`."""

    captured: bool | None
    because: str = ""
    missing: str = ""


class Enrolment(NamedTuple):
    """Describe a label that enrols an object."""

    text: str
    served: Served
    capture: Capture
    expected: bool  # that ambient captures the pods
    place: Place


class _Label(NamedTuple):
    """Hold a label that may enrol somebody: how messages name it, with the labels beside it."""

    text: str
    labels: Mapping[str, str]
    user: str  # the namespace of who is enrolled
    purposes: frozenset[str]  # kinds of traffic, one of which the waypoint has to take
    place: Place


class WaypointLabels:
    """Find the enrolments of an environment."""

    def __init__(
        self, inventory: Inventory, memberships: Sequence[Membership], selection: Selection, waypoints: Waypoints
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._selection = selection
        self._waypoints = waypoints
        self._workloads = {workload.resource.index: workload for workload in inventory.workloads}
        self._services = {service.resource.index: service for service in inventory.services if not service.entry}
        self._entries_in = {resource.namespace for resource in inventory.of_kind(ENTRY)}

    def of(self, resource: Resource) -> Iterator[Enrolment]:
        """Yield the enrolment of one object, if it has one."""
        if workload := self._workloads.get(resource.index):
            yield from self._of_workload(workload)
        elif service := self._services.get(resource.index):
            if USE in resource.labels:
                yield from self._own(resource, self._capture_of_service(service), expected=True)
        elif qualified(resource.group, resource.kind) == ENTRY:
            if USE in resource.labels:
                yield from self._own(resource, Capture(True), expected=False)
        elif resource.kind == "Namespace" and not resource.group:
            yield from self._of_namespace(resource)

    def _of_workload(self, workload: Workload) -> Iterator[Enrolment]:
        membership = self._memberships[workload.id]
        if workload.external or membership.dataplane in ("gateway", "waypoint") or is_gateway(workload):
            return
        capture = _capture((workload,), (membership,))
        if USE in workload.labels:
            place = Place(workload.resource, f"{workload.template}/metadata/labels/{escaped(USE)}")
            label = _Label("its label", workload.labels, workload.namespace, FOR_WORKLOADS, place)
            yield from self._judged(label, capture, expected=True)
            return
        namespace = self._inventory.namespaces.get(workload.namespace)
        if namespace is None or not namespace.is_described or USE not in namespace.labels:
            return
        torn = membership.dataplane == "sidecar" and namespace.labels.get(DATAPLANE) == "ambient"
        called = not torn and self._is_called(workload, namespace)
        place = _label_of(namespace) or Place(workload.resource, "/metadata/name")
        text = f"the label of namespace {namespace.name}"
        label = _Label(text, namespace.labels, namespace.name, FOR_ANY, place)
        yield from self._judged(label, capture, expected=called)

    def _is_called(self, workload: Workload, namespace: Namespace) -> bool:
        """Tell whether a Service leads to a workload and takes the waypoint of the namespace."""
        if namespace.labels.get(_OF_INGRESS) == "true":
            return False
        ids = self._selection.services_of.get(workload.id, ())
        services = [self._inventory.services[id_] for id_ in ids]
        return any(USE not in s.labels and s.labels.get(_OF_INGRESS) != "true" for s in services)

    def _own(self, resource: Resource, capture: Capture, *, expected: bool) -> Iterator[Enrolment]:
        label = _Label("its label", resource.labels, resource.namespace, FOR_SERVICES, _own_label(resource))
        yield from self._judged(label, capture, expected=expected and resource.labels.get(_OF_INGRESS) != "true")

    def _of_namespace(self, resource: Resource) -> Iterator[Enrolment]:
        namespace = self._inventory.namespaces.get(resource.name)
        if namespace is None or namespace.resource is not resource or not namespace.is_described:
            return
        if self._inventory.workloads_in.get(resource.name) or USE not in resource.labels:
            return
        captured = namespace.labels.get(DATAPLANE) == "ambient" or resource.name in self._entries_in
        label = _Label("its label", namespace.labels, resource.name, FOR_ANY, _own_label(resource))
        yield from self._judged(label, Capture(captured), expected=False)

    def _judged(self, label: _Label, capture: Capture, *, expected: bool) -> Iterator[Enrolment]:
        name = label.labels[USE]
        if name not in ("", "none"):
            home = label.labels.get(USE_NAMESPACE) or label.user
            served = self._waypoints.named(label.user, home, name, label.purposes, made_by_hand=False)
            yield Enrolment(label.text, served, capture, expected, label.place._replace(fact="waypoint"))

    def _capture_of_service(self, service: Service) -> Capture:
        workloads = self._selection.workloads_of.get(service.id, ())
        if workloads:
            return _capture(workloads, [self._memberships[workload.id] for workload in workloads])
        namespace = self._inventory.namespaces.get(service.namespace)
        if namespace is not None and namespace.is_described and namespace.labels.get(DATAPLANE) == "ambient":
            return Capture(True)
        return Capture(None, missing=f"workloads of {service.text}")


def is_gateway(workload: Workload) -> bool:
    """Tell the pods that Istio makes for a Gateway of the Gateway API."""
    return any(label in workload.labels for label in _GATEWAY_LABELS)


def _capture(workloads: Sequence[Workload], members: Sequence[Membership]) -> Capture:
    if any(member.dataplane == "ambient" for member in members):
        return Capture(True)
    unknown = next((member for member in members if member.dataplane == "unknown"), None)
    if unknown is not None:
        return Capture(None, missing=unknown.missing)
    first = workloads[0]
    because = members[0].because
    return Capture(False, because if len(workloads) == 1 else f"of {first.text}, {because}")


def _own_label(resource: Resource) -> Place:
    return Place(resource, f"/metadata/labels/{escaped(USE)}")


def _label_of(namespace: Namespace) -> Place | None:
    if namespace.resource is None:
        return None
    return _own_label(namespace.resource) if USE in namespace.resource.labels else Place(namespace.resource)
