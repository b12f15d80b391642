"""Entries of `portLevelSettings` that lose the TLS of the level above them.

In: a rule, its services, auto-mTLS. Out: `DroppedTls`. Sources: `GetPortLevelTrafficPolicy` (an entry inherits nothing,
so the port is left to auto-mTLS) and `trafficPolicyTLSModeForPort` of the endpoint builder (endpoints do inherit the
mode, and any but ISTIO_MUTUAL leaves them unmarked: what follows is plain text, except where a tunnel carries it).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from meshlint.mesh.destinations.destination_rules import DestinationRule, DestinationRules
from meshlint.mesh.destinations.levels import Level, is_used, levels_of
from meshlint.mesh.model import Decided, Service
from meshlint.mesh.mtls.auto_mtls import OWN_TLS, AutoMtls
from meshlint.mesh.routing.references import HostReferences
from meshlint.mesh.selection import PortId
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, text

_TLS = ("SIMPLE", "MUTUAL", "ISTIO_MUTUAL")
_MESH = "ISTIO_MUTUAL"
_HTTPS = 443  # where applications are expected to encrypt when nothing says what they speak


class DroppedTls(NamedTuple):
    """Name an entry, the mode that it loses, and why plain text follows; `missing` where nobody can tell."""

    level: Level
    mode: str
    because: str
    missing: str = ""


class DroppedSettings:
    """Answer which entries lose TLS."""

    def __init__(
        self,
        auto: AutoMtls,
        rules: DestinationRules,
        references: HostReferences,
        protocols: Mapping[PortId, Decided],
    ) -> None:
        self._auto = auto
        self._protocols = protocols
        self._rules = rules
        self._references = references

    def of(self, rule: DestinationRule, services: Sequence[Service], routed: Collection[str]) -> Iterator[DroppedTls]:
        """Yield the entries of a rule after which a port gets plain text, or may get it."""
        for level in levels_of(rule):
            if level.port is None or level.own.get("tls") is not None or not is_used(level, services, routed):
                continue
            mode = _mode_above(rule, level)
            if mode not in _TLS:
                continue
            outcomes = [
                self._outcome(rule, level, mode, service) for service in services if self._is_bare(service, level)
            ]
            found = [self._unseen(rule, level, mode)] if not services else outcomes
            known = [drop for drop in found if drop is not None and not drop.missing]
            yield from known[:1] or [drop for drop in found if drop is not None][:1]

    def _is_bare(self, service: Service, level: Level) -> bool:
        """Tell whether a service exposes the port of a level and its applications do not encrypt there themselves."""
        return any(
            port.number == level.port and self._protocols[port.id].value not in OWN_TLS for port in service.ports
        )

    def _outcome(self, rule: DestinationRule, level: Level, mode: str, service: Service) -> DroppedTls | None:
        """Return what a service's port gets; None where it is encrypted all the same, or another rule governs."""
        if not rule.selector and not self._auto.clients_of(rule, service, self._rules):
            return None
        by_address = mapping(level.own.get("loadBalancer")).get("simple") == "PASSTHROUGH"
        obstacle = self._auto.obstacle(service, by_address=by_address)
        if obstacle is not None and not obstacle.missing:
            return DroppedTls(level, mode, obstacle.because)
        members = list(self._auto.members(service))
        if mode != _MESH:
            if service.entry and not members:
                return DroppedTls(level, mode, f"{service.text} names endpoints without a proxy of their own")
            if any(member.dataplane in ("sidecar", "gateway", "none") for _, member in members):
                return DroppedTls(level, mode, "its endpoints still go by the mode above the entry")
        for workload, member in members if mode == _MESH else ():
            if member.meshed is False:
                return DroppedTls(level, mode, f"{workload.text} has no proxy")
        missing = next((member.missing for _, member in members if member.meshed is None), "")
        missing = missing or (obstacle.missing if obstacle is not None else "")
        missing = missing or ("" if members else f"workloads behind {service.text}")
        return DroppedTls(level, mode, "", missing) if missing else None

    def _unseen(self, rule: DestinationRule, level: Level, mode: str) -> DroppedTls | None:
        """Judge a host of which the set shows no service: a name outside the cluster is taken for an outside host."""
        if rule.host.startswith("*"):
            answer_found, inside = None, rule.host.endswith((".local", "*"))
        else:
            answer_found = self._references.find(rule.host, rule.resource.namespace).found
            inside = self._references.address(rule.host) is not None
        if answer_found is False or not rule.host:
            return None  # the host leads nowhere, and that is the fault
        if not inside and mode != _MESH and "." in rule.host and level.port != _HTTPS:
            return DroppedTls(level, mode, f"{rule.host} stands outside the mesh")
        return None if rule.host.startswith("*") else DroppedTls(level, mode, "", f"ports of {rule.host}")


def _mode_above(rule: DestinationRule, level: Level) -> str:
    """Return the mode that traffic of the port would have without the entry."""
    if level.subset is not None:
        own = mapping(level.subset.policy).get("tls")
        if isinstance(own, dict):
            return text(own.get("mode"))
        top = next((one for one in levels_of(rule) if one.subset is None and one.port == level.port), None)
        if top is not None:
            return text(mapping(top.own.get("tls")).get("mode"))
    return text(mapping(mapping(rule.policy).get("tls")).get("mode"))
