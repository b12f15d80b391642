"""What objects have to do with ambient, as rules see it.

In: the resolved mesh. Out: a part of the view of an object. What only an ambient mesh has is looked for only where the
set shows something of ambient.
"""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh.authorization.ambient_policies import (
    AUTHENTICATION,
    AUTHORIZATION,
    AmbientPolicies,
    Unserved,
    http_field,
    shows_ambient,
)
from meshlint.mesh.authorization.reach import Reach
from meshlint.mesh.authorization.selector_policies import KINDS, SelectorPolicies, Unheeded
from meshlint.mesh.gateways.unserved_hosts import UnservedHost, UnservedHosts
from meshlint.mesh.gateways.waypoint_labels import Enrolment, WaypointLabels
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.mesh.membership.ambient_ignored import AmbientIgnored, Ignored
from meshlint.mesh.membership.data_planes import DataPlanes
from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

_RULE = "networking.istio.io/DestinationRule"
_VIRTUAL_SERVICE = "networking.istio.io/VirtualService"
_ROUTES = ("gateway.networking.k8s.io/HTTPRoute", "gateway.networking.k8s.io/GRPCRoute")
_LISTS = ("http_policy_for", "selector_policy_for", "enrolments", "ignored_in_ambient")
_HOSTS = ("unserved_breakers", "unserved_routes")


class AmbientViews:
    """View the facts of objects; made once for all of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._planes = DataPlanes(mesh.inventory)
        self._waypoints = Waypoints(mesh.inventory, mesh.selection, mesh.existence)
        self._labels = WaypointLabels(mesh.inventory, mesh.memberships, mesh.selection, self._waypoints)
        self._shows_ambient = shows_ambient(mesh.inventory, mesh.memberships)
        self._reach = Reach(mesh.inventory)

    @cached_property
    def _policies(self) -> AmbientPolicies:
        mesh = self._mesh
        return AmbientPolicies(mesh.inventory, mesh.memberships, mesh.selection, self._waypoints, self._reach)

    @cached_property
    def _selectors(self) -> SelectorPolicies:
        mesh = self._mesh
        points = mesh.authorization.points
        return SelectorPolicies(mesh.inventory, mesh.memberships, self._waypoints, points, self._reach)

    @cached_property
    def _hosts(self) -> UnservedHosts:
        mesh = self._mesh
        return UnservedHosts(
            mesh.inventory,
            mesh.memberships,
            mesh.selection,
            mesh.existence,
            self._waypoints,
            mesh.graph,
            mesh.routing.virtual_services,
        )

    @cached_property
    def _ignored(self) -> AmbientIgnored:
        mesh, reach = self._mesh, self._reach
        return AmbientIgnored(mesh.inventory, mesh.memberships, reach.of, reach.at_home, _is_about_http)

    def view(self, resource: Resource) -> View:
        """Return the facts of one object."""
        view: View = {name: [] for name in (*_LISTS, *_HOSTS)}
        view["two_data_planes"] = [
            {
                "ambient": claim.ambient,
                "sidecar": claim.sidecar,
                "revision": claim.revision,
                "there": place_view(claim.there),
                "place": place_view(claim.place),
            }
            for claim in self._planes.of(resource)
        ]
        view["enrolments"] = [_enrolment(row) for row in self._labels.of(resource)]
        if self._shows_ambient:
            view |= self._in_ambient(resource, qualified(resource.group, resource.kind))
        return view

    def _in_ambient(self, resource: Resource, kind: str) -> View:
        view: View = {"ignored_in_ambient": [_heeded(row) for row in self._ignored.of(resource)]}
        if kind in (AUTHORIZATION, AUTHENTICATION):
            view["http_policy_for"] = [_unserved(row) for row in self._policies.of(resource)]
        if kind in KINDS:
            view["selector_policy_for"] = [_heeded(row) for row in self._selectors.of(resource)]
        if kind == _RULE:
            view["unserved_breakers"] = [_unserved_host(row) for row in self._hosts.of_rule(resource)]
        elif kind == _VIRTUAL_SERVICE:
            view["unserved_routes"] = [_unserved_host(row) for row in self._hosts.of_virtual_service(resource)]
        elif kind in _ROUTES:
            view["unserved_routes"] = [_unserved_host(row) for row in self._hosts.of_route(resource)]
        return view


def _is_about_http(resource: Resource) -> bool:
    return http_field(resource) is not None


def _unserved(row: Unserved) -> View:
    view: View = {
        "text": row.text,
        "because": row.because,
        "effect": row.effect,
        "there": place_view(row.there),
        "place": place_view(row.place),
    }
    return with_unknown(view, {"served": row.missing}) if row.served is None else view | {"served": row.served}


def _heeded(row: Unheeded | Ignored) -> View:
    view: View = {
        "text": row.text,
        "because": row.because,
        "there": place_view(row.there),
        "place": place_view(row.place),
    }
    return with_unknown(view, {"heeded": row.missing}) if row.heeded is None else view | {"heeded": row.heeded}


def _unserved_host(row: UnservedHost) -> View:
    view: View = {
        "text": row.text,
        "what": row.what,
        "because": row.because,
        "is_tcp": row.is_tcp,
        "there": place_view(row.there),
        "place": place_view(row.place),
    }
    return with_unknown(view, {"served": row.missing}) if row.served is None else view | {"served": row.served}


def _enrolment(row: Enrolment) -> View:
    view: View = {
        "text": row.text,
        "waypoint": row.served.waypoint,
        "because": row.served.because,
        "uncaptured_because": row.capture.because,
        "expected": row.expected,
        "place": place_view(row.place),
    }
    unknown: dict[str, str] = {}
    if row.served.served is None:
        unknown["served"] = row.served.missing
    else:
        view["served"] = row.served.served
    if row.capture.captured is None:
        unknown["captured"] = row.capture.missing
    else:
        view["captured"] = row.capture.captured
    return with_unknown(view, unknown)
