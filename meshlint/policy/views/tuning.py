"""How the limits of DestinationRules were chosen, as rules see it.

In: the resolved mesh. Out: a part of the view of a DestinationRule.
"""

from __future__ import annotations

from meshlint.mesh.destinations.breaker_tuning import tuning_of
from meshlint.mesh.destinations.destination_rules import KIND, read_rule
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.resource import Resource


def tuning_views(resource: Resource, mesh: Mesh) -> list[View]:
    """Return what there is to say about the limits of a DestinationRule."""
    if f"{resource.group}/{resource.kind}" != KIND:
        return []
    rule = read_rule(resource, mesh.inventory)
    service = next(iter(mesh.inventory.service_at.get(rule.host, ())), None)
    replicas = _client_replicas(service, mesh) if service is not None else None
    found: list[View] = []
    for tuning in tuning_of(rule, service, replicas, mesh.breakers.defaults):
        view: View = {
            "kind": tuning.kind,
            "text": tuning.text,
            "host": rule.host,
            "number": tuning.number,
            "peak": tuning.peak,
            "place": place_view(Place(resource, tuning.pointer)),
        }
        if tuning.total is None:
            found.append(with_unknown(view, {"total": f"the replicas of the clients of {rule.host}"}))
        else:
            found.append(view | {"total": float(tuning.total)})
    return found


def _client_replicas(service: Service, mesh: Mesh) -> int | None:
    """Return how many replicas the known clients have together, None when one of them is not known."""
    clients = {w.id: w for port in service.ports for w, _ in mesh.graph.callers.get(port.id, ())}
    if not clients or any(workload.replicas is None for workload in clients.values()):
        return None
    return sum(workload.replicas or 0 for workload in clients.values())
