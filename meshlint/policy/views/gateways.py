"""Gateways of Istio as rules see them.

In: the resolved mesh. Out: targets. What is not settled is absent and named in `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.gateways.gateway_conflicts import Conflict, find_conflicts
from meshlint.mesh.gateways.gateway_selection import GatewaySelection
from meshlint.mesh.gateways.gateways import KIND, read_gateways
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.views.values import Target, View, identity_view, place_view, subject_of, with_unknown


def gateway_targets(mesh: Mesh, _kinds: Sequence[str]) -> Iterator[Target]:
    """View every Gateway of Istio."""
    gateways = read_gateways(mesh.inventory, mesh.memberships)
    conflicts = find_conflicts(gateways)
    selection = GatewaySelection(mesh.inventory, gateways, mesh.existence)
    for resource in mesh.inventory.of_kind(KIND):
        selected = selection.of(gateways.at[resource.index])
        view = identity_view(resource)
        view |= {
            "selected_because": selected.because,
            "selector_place": place_view(Place(resource, "/spec/selector", "selector")),
            "conflicts": [_conflict(row) for row in conflicts.get(resource.index, ())],
        }
        if selected.found is None:
            with_unknown(view, {"selected": selected.missing})
        else:
            view["selected"] = selected.found
        yield Target(view, subject_of(resource))


def _conflict(row: Conflict) -> View:
    names = dict.fromkeys(
        "another server of the same Gateway" if rival.resource is row.server.resource else rival.resource.text
        for rival, _ in row.rivals
    )
    return {
        "text": row.host.host,
        "port": row.server.number,
        "rivals_text": " and ".join(names),
        "outcome": row.outcome,
        "covers": row.covers,
        "rivals": [place_view(Place(rival.resource, host.pointer)) for rival, host in row.rivals],
        "place": place_view(Place(row.server.resource, row.host.pointer, f"port {row.server.number}")),
    }
