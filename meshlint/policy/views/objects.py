"""Any object as rules see it, whatever its kind.

In: the resolved mesh. Out: targets of all objects, or of the kinds that a rule names and that have no facts of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.authorization.selector_matches import SelectorMatches
from meshlint.mesh.calls.addresses import Addresses
from meshlint.mesh.files import is_policy
from meshlint.mesh.membership.annotation_places import misplaced_annotations
from meshlint.mesh.membership.injection_keys import wrong_keys_of
from meshlint.mesh.membership.membership import TLS_MODE
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.views.schemas import schema_facts
from meshlint.policy.views.selections import selection_views
from meshlint.policy.views.values import Target, View, identity_view, place_view, subject_of
from meshlint.resources.kinds import is_cluster_scoped, is_mesh_policy_kind
from meshlint.resources.resource import Resource

if TYPE_CHECKING:
    from meshlint.mesh.gateways.plain_entries import PlainEntries
    from meshlint.mesh.gateways.reference_grants import ReferenceGrants
    from meshlint.mesh.mtls.external_entries import ExternalEntries
    from meshlint.mesh.mtls.plain_labels import PlainLabels
    from meshlint.policy.views.ambient import AmbientViews

_ENTRIES = frozenset(("networking.istio.io", "networking.k8s.io", "gateway.networking.k8s.io"))
_AMBIENT = ("istio.io/dataplane-mode", "istio.io/use-waypoint")
_NONE: View = {
    name: []
    for name in (
        "plain_entries", "crossings", "inside_endpoints", "plain_labels", "http_policy_for", "selector_policy_for",
        "enrolments", "ignored_in_ambient", "unserved_breakers", "unserved_routes", "two_data_planes",
    )
}  # fmt: skip


def object_targets(mesh: Mesh, kinds: Sequence[str] | None = None) -> Iterator[Target]:
    """View every object, or those of the kinds named."""
    if kinds is None:
        resources: Sequence[Resource] = mesh.inventory.resources
    else:
        resources = [resource for kind in kinds for resource in mesh.inventory.of_kind(kind)]
    addresses, rare = Addresses(mesh.inventory), _RareFacts(mesh)
    matches = SelectorMatches(mesh.inventory, mesh.authorization.points, mesh.existence)
    for resource in resources:
        view = _object(resource)
        view["selections"] = selection_views(resource, matches)
        view["addresses"] = [
            {"ip": a.ip, "where": a.where, "is_adapter": a.is_adapter, "place": place_view(a.place)}
            for a in addresses.of(resource)
        ]
        view |= rare.view(resource)
        yield Target(view, subject_of(resource))


class _RareFacts:
    """View what few objects have; rooms are imported and indexes made when the first such object comes."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._may_be_ambient = _mentions_ambient(mesh)

    def view(self, resource: Resource) -> View:
        """Return the facts of one object."""
        view = dict(_NONE)
        if resource.group in _ENTRIES:
            view |= self._entry_facts(resource)
        if b"tlsMode" in resource.body or TLS_MODE in resource.labels:
            view["plain_labels"] = self._plain_labels(resource)
        return view | self._ambient.view(resource) if self._may_be_ambient else view

    def _entry_facts(self, resource: Resource) -> View:
        from meshlint.policy.views.entries import plain_entry_views
        from meshlint.policy.views.external_entries import inside_endpoint_views
        from meshlint.policy.views.grants import crossing_views

        entries, grants, external = self._entries
        return {
            "plain_entries": plain_entry_views(resource, self._mesh, entries),
            "crossings": crossing_views(resource, grants),
            "inside_endpoints": inside_endpoint_views(resource, external),
        }

    @cached_property
    def _entries(self) -> tuple[PlainEntries, ReferenceGrants, ExternalEntries]:
        from meshlint.mesh.gateways.reference_grants import ReferenceGrants
        from meshlint.policy.views.entries import plain_entries_of
        from meshlint.policy.views.external_entries import external_entries_of

        mesh = self._mesh
        return plain_entries_of(mesh), ReferenceGrants(mesh.inventory, mesh.existence), external_entries_of(mesh)

    def _plain_labels(self, resource: Resource) -> list[View]:
        from meshlint.policy.views.plain_labels import plain_label_views

        return plain_label_views(resource, self._labels)

    @cached_property
    def _labels(self) -> PlainLabels:
        from meshlint.mesh.mtls.plain_labels import PlainLabels

        return PlainLabels(self._mesh.inventory, self._mesh.memberships)

    @cached_property
    def _ambient(self) -> AmbientViews:
        from meshlint.policy.views.ambient import AmbientViews

        return AmbientViews(self._mesh)


def _mentions_ambient(mesh: Mesh) -> bool:
    """Tell whether anything names a data plane or a waypoint; without that no fact of ambient can be."""
    if mesh.inventory.of_kind("gateway.networking.k8s.io/Gateway"):
        return True
    if any(key.startswith(_AMBIENT) for space in mesh.inventory.namespaces.values() for key in space.labels):
        return True
    return any(
        b"istio.io/dataplane-mode" in resource.body
        or b"istio.io/use-waypoint" in resource.body
        or any(key.startswith(_AMBIENT) for key in (*resource.labels, *resource.annotations))
        for resource in mesh.inventory.resources
    )


def _object(resource: Resource) -> View:
    view = identity_view(resource)
    view["api_version"] = resource.api_version
    view["is_policy"] = is_mesh_policy_kind(resource.group, resource.kind) or is_policy(resource)
    view["is_placed_later"] = resource.placed_later
    view["is_namespaced"] = not is_cluster_scoped(resource.group, resource.kind)
    view["misplaced_annotations"] = [
        {"key": m.key, "belongs_to": m.belongs_to, "place": place_view(Place(resource, m.pointer, m.key))}
        for m in misplaced_annotations(resource)
    ]
    view["wrong_keys"] = [
        {
            "key": found.key,
            "where": found.where,
            "suggestion": found.suggestion,
            "value": found.value,
            "scope": found.scope,
            "place": place_view(Place(resource, found.field, found.key)),
        }
        for found in wrong_keys_of(resource)
    ]
    view |= schema_facts(resource)
    return view
