"""Policies on HTTP that aim by selector or namespace at what a waypoint handles, which heeds targetRefs only.

In: the inventory, memberships, waypoints, where policies act. Out: `Unheeded`. Sources:
`WorkloadPolicyMatcher.ShouldAttachPolicy` of istiod (a waypoint never looks at selectors; another gateway of the
Gateway API does unless ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY is false), `applicableTelemetries` (a Telemetry
without selector is inherited by waypoints too).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from meshlint.mesh.authorization.ambient_policies import AUTHENTICATION, AUTHORIZATION, http_field
from meshlint.mesh.authorization.attachment import Attachment, Point, Points, read_attachment
from meshlint.mesh.authorization.reach import Reach
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.mesh.membership.membership import is_control_plane
from meshlint.mesh.model import Inventory, Membership, Place, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

TELEMETRY = "telemetry.istio.io/Telemetry"
WASM = "extensions.istio.io/WasmPlugin"
KINDS = (AUTHORIZATION, AUTHENTICATION, TELEMETRY, WASM)
_FLAG = "ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY"
_NAMES = ("gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name")


class Unheeded(NamedTuple):
    """Describe what a policy aims at in vain; `heeded` is None where nobody can tell, for `missing`."""

    text: str
    heeded: bool | None
    because: str
    missing: str
    place: Place
    there: Place | None


class SelectorPolicies:
    """Answer for the policies of an environment."""

    def __init__(
        self,
        inventory: Inventory,
        memberships: Sequence[Membership],
        waypoints: Waypoints,
        points: Points,
        reach: Reach,
    ) -> None:
        self._root = inventory.mesh_config.root_namespace
        self._memberships = memberships
        self._waypoints = waypoints
        self._points = points
        self._reach = reach
        self._generated: dict[str, list[Point]] = {}
        for point in points.gateways():
            self._generated.setdefault(point.labels[_NAMES[0]], []).append(point)
        self._selectors_off = _selectors_off(inventory)
        self._by_target = _kinds_by_target(inventory, self._root)
        self._wide: dict[tuple[str, str], Unheeded | None] = {}

    def of(self, resource: Resource) -> Iterator[Unheeded]:
        """Yield one row for a policy that a waypoint or gateway passes by, or may."""
        kind = qualified(resource.group, resource.kind)
        attachment = read_attachment(resource, self._root)
        if attachment is None or attachment.targets or not _is_about_http(resource, kind):
            return
        selector = attachment.selector
        if not selector:
            if kind == TELEMETRY:
                return
            if (kind, resource.namespace) not in self._wide:
                self._wide[kind, resource.namespace] = self._worst(attachment, kind)
            found = self._wide[kind, resource.namespace]
        else:
            found = self._worst(attachment, kind)
        if found is not None:
            pointer = "/spec/selector#" if selector else "/metadata/name"
            yield found._replace(place=Place(resource, pointer, "targetRefs"))

    def _worst(self, attachment: Attachment, kind: str) -> Unheeded | None:
        first: Unheeded | None = None
        for row in self._rows(attachment, kind):
            if row.heeded is False:
                return row
            first = first or row
        return first

    def _rows(self, attachment: Attachment, kind: str) -> Iterator[Unheeded]:
        home = attachment.resource.namespace
        for workload in self._reach.of(home, attachment.selector):
            yield from self._of_workload(workload, attachment, kind)
        name = next((attachment.selector[key] for key in _NAMES if key in attachment.selector), "")
        for point in self._generated.get(name, ()):
            if (attachment.mesh_wide or point.namespace == home) and attachment.selects(point.labels):
                yield from self._of_point(point, attachment.resource, None)

    def _of_workload(self, workload: Workload, attachment: Attachment, kind: str) -> Iterator[Unheeded]:
        resource = attachment.resource
        there = Place(workload.resource, "/metadata/name")
        if any(name in workload.labels for name in _NAMES):
            # Pods of a gateway that nothing names are reached like any others; that is no fault of the policy.
            if attachment.selector:
                yield from self._of_point(self._points.of_workload(workload), resource, there)
            return
        membership = self._memberships[workload.id]
        if membership.dataplane not in ("ambient", "unknown"):
            return
        served = self._waypoints.of_workload(workload)
        if not served.is_enrolled:
            return
        if attachment.is_open and attachment.mesh_wide and self._is_targeted(workload, kind):
            return  # the default of the mesh, beside one for the waypoint
        place = Place(resource, "", "targetRefs")
        if membership.dataplane == "unknown":
            yield Unheeded(workload.text, None, "", membership.missing, place, there)
        else:
            because = f"waypoint {served.waypoint} handles its traffic and heeds targetRefs only"
            yield Unheeded(workload.text, False, because, "", place, there)

    def _of_point(self, point: Point, resource: Resource, there: Place | None) -> Iterator[Unheeded]:
        place = Place(resource, "", "targetRefs")
        if point.is_waypoint:
            yield Unheeded(point.text, False, "it is a waypoint and heeds targetRefs only", "", place, there)
        elif self._selectors_off:
            because = f"istiod runs with {_FLAG}=false, so that it heeds targetRefs only"
            yield Unheeded(point.text, False, because, "", place, there)

    def _is_targeted(self, workload: Workload, kind: str) -> bool:
        return any((kind, reference) in self._by_target for reference in self._points.of_workload(workload).references)


def _kinds_by_target(inventory: Inventory, root: str) -> frozenset[tuple[str, tuple[str, str, str]]]:
    """Return each object that a targetRef names, with the kind of policy that names it."""
    found: set[tuple[str, tuple[str, str, str]]] = set()
    for kind in KINDS:
        for resource in inventory.of_kind(kind):
            attachment = read_attachment(resource, root)
            if attachment is not None:
                found.update((kind, reference) for reference in attachment.references())
    return frozenset(found)


def _selectors_off(inventory: Inventory) -> bool:
    """Tell whether an istiod of the set is told not to look at selectors for gateways of the Gateway API."""
    istiods: Iterable[Workload] = inventory.workloads_in.get(inventory.mesh_config.root_namespace, ())
    return any(
        name == _FLAG and value.lower() in ("false", "0", "f")
        for workload in istiods
        if is_control_plane(workload)
        for container in workload.containers
        for name, value, _ in container.env
    )


def _is_about_http(resource: Resource, kind: str) -> bool:
    if kind in (AUTHORIZATION, AUTHENTICATION):
        return http_field(resource) is not None
    return kind == WASM or _telemetry_of_requests(mapping(resource.content().get("spec")))


def _telemetry_of_requests(spec: Mapping[str, Any]) -> bool:
    """Tell whether a Telemetry asks for what ztunnel does not do: spans, logs of requests, other metrics."""
    if sequence(spec.get("tracing")) or sequence(spec.get("accessLogging")):
        return True
    return any(sequence(mapping(item).get("overrides")) for item in sequence(spec.get("metrics")))
