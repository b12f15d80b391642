"""Where DestinationRules balance or eject in a way that fails, or reach nobody, as rules see it.

In: the resolved mesh. Out: facts that the view of a DestinationRule takes in.
"""

from __future__ import annotations

from meshlint.mesh.destinations.destination_rules import DestinationRule
from meshlint.mesh.destinations.ejections import Ejection, Ejections
from meshlint.mesh.destinations.load_balancing import BalancingFault, passthroughs, undetected_failovers
from meshlint.mesh.destinations.reach import Reach, Unapplied
from meshlint.mesh.destinations.rule_services import RuleServices
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.routing.progressive import read_progressive
from meshlint.policy.views.values import View, place_view, with_unknown


class RuleBalancing:
    """View load balancing and reach of DestinationRules; made once for all of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._services = RuleServices(mesh.inventory)
        self._ejections = Ejections(mesh.inventory, mesh.selection)
        self._reach = Reach(
            mesh.inventory,
            mesh.memberships,
            mesh.selection,
            mesh.graph,
            mesh.routing,
            mesh.existence,
            read_progressive(mesh.inventory),
        )
        self._rules = {rule.resource.index: rule for rule in mesh.breakers.rules.all}

    def view(self, index: int) -> View:
        """Return the facts of the rule with that resource index; a Sidecar has none of them."""
        rule = self._rules.get(index)
        if rule is None:
            return {"ejections": [], "undetected_failovers": [], "passthroughs": [], "unapplied": []}
        services = self._services.of(rule.host)
        routed = self._mesh.graph.routes.subsets_of.get(rule.host, frozenset())
        failovers = undetected_failovers(rule, services, routed, self._mesh.breakers.defaults)
        return {
            "ejections": [_ejection(rule, found) for found in self._ejections.of(rule, services, routed)],
            "undetected_failovers": [_fault(rule, found) for found in failovers],
            "passthroughs": [_fault(rule, found) for found in passthroughs(rule, services, routed)],
            "unapplied": [_unapplied(rule, found) for found in self._reach.of(rule)],
        }


def _unapplied(rule: DestinationRule, found: Unapplied) -> View:
    place = place_view(Place(rule.resource, found.pointer, f"reach of {found.pointer}"))
    view: View = {"text": found.text, "because": found.because, "place": place}
    return with_unknown(view, {"applied": found.missing}) if found.missing else view | {"applied": False}


def _fault(rule: DestinationRule, fault: BalancingFault) -> View:
    return {
        "text": fault.level.text,
        "field": fault.field,
        "place": place_view(Place(rule.resource, fault.pointer, f"balancing of {fault.level.text}")),
    }


def _ejection(rule: DestinationRule, found: Ejection) -> View:
    counted = found.endpoints is not None
    return {
        "text": _ejected(rule, found),
        "level": found.level.text,
        "percent": found.percent,
        "stated": found.pointer.endswith("/maxEjectionPercent"),
        "counted": counted,
        "leaves_one": found.leaves_one,
        "place": place_view(Place(rule.resource, found.pointer, f"ejection on {found.level.text}")),
    }


def _ejected(rule: DestinationRule, found: Ejection) -> str:
    host = rule.host if found.level.subset is None else f"subset {found.level.subset.name} of {rule.host}"
    if found.endpoints is None:
        return f"{found.percent:g}% of the endpoints of {host}"
    many = "the only endpoint" if found.endpoints == 1 else f"all {found.endpoints} endpoints"
    older = " in releases before Istio 1.20" if found.percent < 100 else ""
    return f"{many} of {host}{older}"
