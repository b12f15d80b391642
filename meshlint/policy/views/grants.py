"""References into other namespaces, as rules see them.

In: an object and the grants of the mesh. Out: a part of its view.
"""

from __future__ import annotations

from meshlint.mesh.gateways.reference_grants import Crossing, ReferenceGrants
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.resource import Resource


def crossing_views(resource: Resource, grants: ReferenceGrants) -> list[View]:
    """View the references of one object into other namespaces."""
    return [_crossing(row) for row in grants.of(resource)]


def _crossing(row: Crossing) -> View:
    view: View = {"text": row.text, "what": row.what, "because": row.because, "place": place_view(row.place)}
    return with_unknown(view, {"granted": row.missing}) if row.granted is None else view | {"granted": row.granted}
