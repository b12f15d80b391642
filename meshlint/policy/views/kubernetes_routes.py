"""Routes of the Gateway API as rules see them.

In: the resolved mesh. Out: targets. What is not settled is absent and named in `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.gateways.kubernetes_gateways import KubernetesGateways
from meshlint.mesh.gateways.kubernetes_route_references import KubernetesRouteReferences, Led
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.views.values import Target, View, identity_view, place_view, subject_of, with_unknown
from meshlint.resources.resource import Resource


def kubernetes_route_targets(mesh: Mesh, kinds: Sequence[str]) -> Iterator[Target]:
    """View the routes of the kinds that a rule asks for."""
    gateways = KubernetesGateways(mesh.inventory)
    references = KubernetesRouteReferences(mesh.inventory, gateways, mesh.existence)
    for kind in kinds:
        for resource in mesh.inventory.of_kind(kind):
            view = identity_view(resource)
            view["parents"] = [_led(row, resource) for row in references.parents(resource)]
            view["backends"] = [_led(row, resource) for row in references.backends(resource)]
            yield Target(view, subject_of(resource))


def _led(row: Led, resource: Resource) -> View:
    reference = row.reference
    fact = f"{reference.what} {reference.text} {reference.section} {reference.port or ''}".strip()
    view: View = {
        "text": reference.text,
        "what": reference.what,
        "weight": reference.weight,
        "because": row.because,
        "place": place_view(Place(resource, f"{reference.pointer}/name", fact)),
    }
    return with_unknown(view, {"found": row.missing}) if row.found is None else view | {"found": row.found}
