"""Any object as rules see it, whatever its kind.

In: the resolved mesh. Out: targets of all objects, or of the kinds that a rule names and that have no facts of their
own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from meshlint.mesh.authorization.selector_matches import SelectorMatches
from meshlint.mesh.calls.addresses import Addresses
from meshlint.mesh.files import is_policy
from meshlint.mesh.membership.annotation_places import misplaced_annotations
from meshlint.mesh.membership.injection_keys import wrong_keys_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.mtls.plain_labels import PlainLabels
from meshlint.policy.views.ambient import AmbientViews
from meshlint.policy.views.external_entries import external_entries_of, inside_endpoint_views
from meshlint.policy.views.plain_labels import plain_label_views
from meshlint.policy.views.schemas import schema_facts
from meshlint.policy.views.selections import selection_views
from meshlint.policy.views.values import Target, View, identity_view, place_view, subject_of
from meshlint.resources.kinds import is_cluster_scoped, is_mesh_policy_kind
from meshlint.resources.resource import Resource

if TYPE_CHECKING:
    from meshlint.mesh.gateways.plain_entries import PlainEntries
    from meshlint.mesh.gateways.reference_grants import ReferenceGrants

_ENTRIES = frozenset(("networking.istio.io", "networking.k8s.io", "gateway.networking.k8s.io"))
_NO_ENTRIES: View = {"plain_entries": [], "crossings": []}


def object_targets(mesh: Mesh, kinds: Sequence[str] | None = None) -> Iterator[Target]:
    """View every object, or those of the kinds named."""
    if kinds is None:
        resources: Sequence[Resource] = mesh.inventory.resources
    else:
        resources = [resource for kind in kinds for resource in mesh.inventory.of_kind(kind)]
    addresses = Addresses(mesh.inventory)
    entry_facts, ambient = _entry_facts_of(mesh), AmbientViews(mesh)
    external = external_entries_of(mesh)
    labels = PlainLabels(mesh.inventory, mesh.memberships)
    matches = SelectorMatches(mesh.inventory, mesh.authorization.points, mesh.existence)
    for resource in resources:
        view = _object(resource) | _NO_ENTRIES
        view["selections"] = selection_views(resource, matches)
        view["addresses"] = [
            {"ip": a.ip, "where": a.where, "is_adapter": a.is_adapter, "place": place_view(a.place)}
            for a in addresses.of(resource)
        ]
        if resource.group in _ENTRIES:
            view |= entry_facts(resource)
        view["inside_endpoints"] = inside_endpoint_views(resource, external)
        view["plain_labels"] = plain_label_views(resource, labels)
        view |= ambient.view(resource)
        yield Target(view, subject_of(resource))


def _entry_facts_of(mesh: Mesh) -> Callable[[Resource], View]:
    """Return what answers for gateways and routes; its rooms are imported and its indexes made when one comes."""
    made: list[tuple[PlainEntries, ReferenceGrants]] = []

    def facts(resource: Resource) -> View:
        from meshlint.mesh.gateways.reference_grants import ReferenceGrants
        from meshlint.policy.views.entries import plain_entries_of, plain_entry_views
        from meshlint.policy.views.grants import crossing_views

        if not made:
            made.append((plain_entries_of(mesh), ReferenceGrants(mesh.inventory, mesh.existence)))
        entries, grants = made[0]
        return {
            "plain_entries": plain_entry_views(resource, mesh, entries),
            "crossings": crossing_views(resource, grants),
        }

    return facts


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
            "place": place_view(Place(resource, found.field, found.key)),
        }
        for found in wrong_keys_of(resource)
    ]
    view |= schema_facts(resource)
    return view
