"""What becomes of the TLS settings of DestinationRules, as rules see it.

In: the resolved mesh. Out: facts that the view of a DestinationRule takes in.
"""

from __future__ import annotations

from meshlint.mesh.destinations.destination_rules import DestinationRule
from meshlint.mesh.destinations.rule_services import RuleServices
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.mtls.auto_mtls import AutoMtls
from meshlint.mesh.mtls.dropped_tls import DroppedSettings, DroppedTls
from meshlint.mesh.mtls.foreign_tls import ForeignSettings, ForeignTls
from meshlint.mesh.mtls.shadowed_tls import ShadowedSettings, ShadowedTls
from meshlint.policy.views.values import View, place_view, with_unknown


class RuleTls:
    """View the TLS settings of DestinationRules; made once for all of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        inventory, rules, references = mesh.inventory, mesh.breakers.rules, mesh.routing.references
        auto = AutoMtls(inventory, mesh.selection, mesh.memberships, mesh.policies)
        self._routes = mesh.graph.routes
        self._services = RuleServices(inventory)
        self._dropped = DroppedSettings(auto, rules, references, mesh.protocols)
        self._foreign = ForeignSettings(auto, rules, mesh.selection, mesh.memberships, mesh.mtls, mesh.protocols)
        self._shadowed = ShadowedSettings(inventory, auto, rules, references, mesh.mtls, mesh.protocols)
        self._rules = {rule.resource.index: rule for rule in rules.all}

    def view(self, index: int) -> View:
        """Return the facts of the rule with that resource index; a Sidecar has none of them."""
        rule = self._rules.get(index)
        if rule is None:
            return {"dropped_tls": [], "foreign_tls": [], "shadowed_tls": []}
        services = self._services.of(rule.host)
        routed = self._routes.subsets_of.get(rule.host, frozenset())
        return {
            "dropped_tls": [_dropped(rule, found) for found in self._dropped.of(rule, services, routed)],
            "foreign_tls": [_foreign(rule, found) for found in self._foreign.of(rule, services, routed)],
            "shadowed_tls": [_shadowed(rule, found) for found in self._shadowed.of(rule, services, routed)],
        }


def _dropped(rule: DestinationRule, found: DroppedTls) -> View:
    place = Place(rule.resource, found.level.pointer, f"tls of {found.level.text}")
    view: View = {"text": found.level.text, "mode": found.mode, "because": found.because, "place": place_view(place)}
    return _settled(view, "encrypted", False, found.missing)


def _foreign(rule: DestinationRule, found: ForeignTls) -> View:
    place = Place(rule.resource, f"{found.level.pointer}/tls/mode", f"tls of {found.level.text}")
    view: View = {
        "text": found.level.text,
        "mode": found.mode,
        "service": found.service.text,
        "place": place_view(place),
    }
    return _settled(view, "passed_on", True, found.missing)


def _shadowed(rule: DestinationRule, found: ShadowedTls) -> View:
    wider = Place(found.wider.resource, "/spec/trafficPolicy/tls/mode")
    view: View = {
        "text": found.wider.text,
        "service": found.service.host,
        "because": found.because,
        "place": place_view(Place(rule.resource, "/spec/trafficPolicy#", "shadowed tls")),
        "wider": place_view(wider),
    }
    return _settled(view, "encrypted", False, found.missing)


def _settled(view: View, key: str, value: bool, missing: str) -> View:
    return with_unknown(view, {key: missing}) if missing else view | {key: value}
