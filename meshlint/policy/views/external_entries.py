"""ServiceEntries that call endpoints of the mesh external, as rules see them.

In: an object and the answers of the resolver. Out: a part of its view.
"""

from __future__ import annotations

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.mtls.external_entries import ExternalEntries, InsideEndpoint
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.resource import Resource


def external_entries_of(mesh: Mesh) -> ExternalEntries:
    """Return the resolver of an environment."""
    return ExternalEntries(mesh.inventory, mesh.memberships, mesh.selection, mesh.breakers.rules)


def inside_endpoint_views(resource: Resource, entries: ExternalEntries) -> list[View]:
    """Return the endpoints of the mesh in an external entry."""
    return [_view(row) for row in entries.of(resource)]


def _view(row: InsideEndpoint) -> View:
    view: View = {
        "text": row.text,
        "because": row.because,
        "there": place_view(row.there),
        "place": place_view(row.place),
    }
    return with_unknown(view, {"outside": row.missing}) if row.outside is None else view | {"outside": row.outside}
