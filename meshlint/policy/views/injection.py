"""What workloads ask of the injector, as rules see it.

In: a workload and the resolved mesh. Out: a part of its view.
"""

from __future__ import annotations

from meshlint.mesh.exceptions import exemption_of
from meshlint.mesh.membership.injection import (
    identities_of,
    is_operator,
    misplaced_settings,
    refusal_of,
    would_be_injected,
)
from meshlint.mesh.membership.membership import is_control_plane
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Membership, Workload
from meshlint.policy.views.values import View, exemption_view, place_view, with_unknown


def injection_view(workload: Workload, membership: Membership, mesh: Mesh) -> View:
    """Return what a workload asks of the injector."""
    refused = refusal_of(workload, membership)
    alone = would_be_injected(workload, mesh.inventory)
    view: View = {
        "refused": refused is not None,
        "refused_by": place_view(refused),
        "is_operator": is_operator(workload) or is_control_plane(workload),
        "because": membership.because,
        "misplaced": [
            {"text": found.text, "key": found.place.fact, "where": found.where, "place": place_view(found.place)}
            for found in misplaced_settings(workload)
        ],
        "run_as": [
            {"who": found.who, "field": found.field, "id": found.id, "place": place_view(found.place)}
            for found in identities_of(workload)
        ],
        "exemption": exemption_view(
            exemption_of({**workload.resource.annotations, **workload.annotations}, mesh.today)
        ),
    }
    unknown = {}
    if alone.meshed is None:
        unknown["namespace_injects"] = alone.missing
    else:
        view["namespace_injects"] = alone.dataplane == "sidecar"
    if membership.meshed is None:
        unknown |= dict.fromkeys(("left_out", "has_sidecar"), membership.missing)
    else:
        view["left_out"] = membership.dataplane == "none" and membership.namespace_wide
        view["has_sidecar"] = membership.dataplane == "sidecar"
    return with_unknown(view, unknown)
