"""Whom a mode STRICT would cut off, as rules see it.

In: the resolved mesh, and a workload that takes plain text. Out: parts of the views of workloads and the mesh.
"""

from __future__ import annotations

from meshlint.mesh.calls.outsiders import Outsiders
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Workload
from meshlint.policy.views.values import View, shown
from meshlint.resources.digest import mapping, strings


def cut_off_view(workload: Workload, decided_by: Place | None, mesh: Mesh, outsiders: Outsiders) -> View:
    """Return who would be refused: under the policy that decides, in the namespace, at the workload alone."""
    in_namespace = outsiders.of_namespace(workload.namespace)
    decided = in_namespace if decided_by is None else outsiders.below(decided_by)
    is_free = mesh.policies.of_workload(workload) is None
    selector = _selector(workload) if is_free and (decided or in_namespace) else {}
    alone = outsiders.of_selected(workload.namespace, selector) if selector else []
    return {
        "by_policy": shown(decided),
        "in_namespace": shown(in_namespace),
        "alone": shown(alone),
        "selector": selector,
        "text": shown(alone or decided or in_namespace),
    }


def cut_off_by_mesh(mesh: Mesh) -> str:
    """Return who would be refused if STRICT governed the mesh."""
    return shown(Outsiders(mesh).of_mesh())


def _selector(workload: Workload) -> dict[str, str]:
    """Return labels that select the pods: those of the workload's own selector, else all that the pods have."""
    own = strings(mapping(workload.resource.content().get("selector")).get("matchLabels"))
    return own if own and own.items() <= workload.labels.items() else workload.labels
