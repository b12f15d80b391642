"""RequestAuthentications as rules see them.

In: the resolved mesh. Out: targets of that kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.authorization.claim_routes import ClaimRoutes
from meshlint.mesh.authorization.token_demands import KIND, TokenDemands
from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.values import Target, identity_view, place_view, shown, subject_of, with_unknown


def token_targets(mesh: Mesh, _kinds: Sequence[str]) -> Iterator[Target]:
    """View every RequestAuthentication."""
    claims = ClaimRoutes(mesh.inventory, mesh.routing.virtual_services)
    demands = TokenDemands(mesh.inventory, mesh.memberships, mesh.authorization, mesh.existence, claims)
    for resource in mesh.inventory.of_kind(KIND):
        demand = demands.of(resource)
        view = identity_view(resource)
        view["checks_tokens"] = demand.checks
        view["lacking"] = shown(demand.lacking)
        view["lacking_at"] = [place_view(place) for place in demand.places]
        if demand.missing:
            with_unknown(view, {"demanded": demand.missing})
        else:
            view["demanded"] = not demand.lacking
        yield Target(view, subject_of(resource))
