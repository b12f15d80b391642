"""What objects have to do with ambient, as rules see it.

In: the resolved mesh. Out: a part of the view of an object.
"""

from __future__ import annotations

from meshlint.mesh.authorization.ambient_policies import AUTHENTICATION, AUTHORIZATION, AmbientPolicies, Unserved
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.mesh.membership.data_planes import DataPlanes
from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource


class AmbientViews:
    """View the facts of objects; made once for all of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        waypoints = Waypoints(mesh.inventory, mesh.selection, mesh.existence)
        self._policies = AmbientPolicies(mesh.inventory, mesh.memberships, mesh.selection, waypoints)
        self._planes = DataPlanes(mesh.inventory)

    def view(self, resource: Resource) -> View:
        """Return the facts of one object."""
        is_policy = qualified(resource.group, resource.kind) in (AUTHORIZATION, AUTHENTICATION)
        return {
            "http_policy_for": [_unserved(row) for row in self._policies.of(resource)] if is_policy else [],
            "two_data_planes": [
                {
                    "ambient": claim.ambient,
                    "sidecar": claim.sidecar,
                    "revision": claim.revision,
                    "there": place_view(claim.there),
                    "place": place_view(claim.place),
                }
                for claim in self._planes.of(resource)
            ],
        }


def _unserved(row: Unserved) -> View:
    view: View = {
        "text": row.text,
        "because": row.because,
        "effect": row.effect,
        "there": place_view(row.there),
        "place": place_view(row.place),
    }
    return with_unknown(view, {"served": row.missing}) if row.served is None else view | {"served": row.served}
