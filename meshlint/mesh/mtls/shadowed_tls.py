"""Rules without TLS that stand before a wider one with ISTIO_MUTUAL, where auto-mTLS does not make up for it.

In: a rule, its services, auto-mTLS. Out: `ShadowedTls`. Source: istiod takes one rule for a client and host and merges
nothing (`destinationRule`, `MostSpecificHostMatch`), so what the wider rule says of TLS is not in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from meshlint.mesh.destinations.destination_rules import KIND, DestinationRule, DestinationRules, port_entry
from meshlint.mesh.destinations.levels import levels_of
from meshlint.mesh.model import Decided, Inventory, Service
from meshlint.mesh.mtls.auto_mtls import OWN_TLS, AutoMtls
from meshlint.mesh.mtls.client_tls import mode_for
from meshlint.mesh.mtls.modes import MtlsFacts
from meshlint.mesh.routing.references import HostReferences
from meshlint.mesh.selection import PortId
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, text

_MESH = "ISTIO_MUTUAL"
_NOT_BARE = (*OWN_TLS, "udp", "sctp")


class ShadowedTls(NamedTuple):
    """Name the wider rule and the service that loses its protection; `missing` says what keeps the answer open."""

    wider: DestinationRule
    service: Service
    because: str
    missing: str = ""


class ShadowedSettings:
    """Answer which rules stand before a wider one that encrypts."""

    def __init__(
        self,
        inventory: Inventory,
        auto: AutoMtls,
        rules: DestinationRules,
        references: HostReferences,
        mtls: MtlsFacts,
        protocols: Mapping[PortId, Decided],
    ) -> None:
        self._auto = auto
        self._mtls = mtls
        self._protocols = protocols
        self._rules = rules
        self._references = references
        encrypting = [rule for rule in rules.all if _encrypts(rule)]
        # A rule for one host hides those for many, so each kind is asked by itself.
        halves = ([rule.resource for rule in encrypting if rule.host.startswith("*") is wild] for wild in (True, False))
        self._wider = [
            DestinationRules(inventory._replace(kinds={**inventory.kinds, KIND: tuple(half)}))
            for half in halves
            if half
        ]

    def of(self, rule: DestinationRule, services: Sequence[Service], routed: Collection[str]) -> Iterator[ShadowedTls]:
        """Yield the first service that a rule leaves without the protection of a wider one."""
        if not self._wider or rule.selector or _top_mode(rule):
            return
        found = [
            shadow
            for service in services or self._stand_in(rule)
            if (shadow := self._of_service(rule, service, routed)) is not None
        ]
        yield from [shadow for shadow in found if not shadow.missing][:1] or found[:1]

    def _stand_in(self, rule: DestinationRule) -> tuple[Service, ...]:
        """Return a Service for a host of the cluster, or for all hosts of a namespace, that the set does not show."""
        address = self._references.address(rule.host.replace("*", "any", 1))
        if address is None:
            return ()
        namespace, name = address
        return (Service(-1, rule.resource, namespace, name, rule.host, {}, (), "ClusterIP", False, "", {}, {}),)

    def _of_service(self, rule: DestinationRule, service: Service, routed: Collection[str]) -> ShadowedTls | None:
        members = [member for _, member in self._auto.members(service)]
        if not self._would_take(service):
            return None
        obstacle = self._auto.obstacle(service, by_address=_passes_through(rule))
        if obstacle is None or service.mesh_external:
            return None
        wider = self._shadowed(rule, service, routed)
        if wider is None:
            return None
        missing = obstacle.missing
        if not any(member.meshed for member in members):
            missing = missing or next((member.missing for member in members if member.meshed is None), "")
        return ShadowedTls(wider, service, obstacle.because, missing)

    def _would_take(self, service: Service) -> bool:
        """Tell whether some server may take the mTLS of the wider rule; a tunnel of ambient needs no rule."""
        members = list(self._auto.members(service))
        if not members:
            return self._auto.policies.disabling(service.namespace) is None
        open_ones = [workload for workload, member in members if member.dataplane not in ("none", "ambient")]
        modes = [mode.mode for workload in open_ones for mode in self._mtls.modes_at(workload)]
        return bool(open_ones) and (not modes or any(mode != "DISABLE" for mode in modes))

    def _shadowed(self, rule: DestinationRule, service: Service, routed: Collection[str]) -> DestinationRule | None:
        """Return the rule with ISTIO_MUTUAL that some client would have, were this one not there."""
        bare = [port.number for port in service.ports if self._protocols[port.id].value not in _NOT_BARE]
        numbers = bare if service.ports else [0]
        left = [number for number in numbers if not _sets_tls(rule, number, routed)]
        for client in self._auto.clients_of(rule, service, self._rules) if left else ():
            for wider in self._wider:
                governing = wider.governing(service, client)
                if governing is None or _is_beside(governing.policy_rule, rule):
                    continue
                if any(mode_for(governing, number) == _MESH for number in left):
                    return governing.policy_rule
        return None


def _encrypts(rule: DestinationRule) -> bool:
    return any(
        level.subset is None and text(mapping(level.own.get("tls")).get("mode")) == _MESH for level in levels_of(rule)
    )


def _top_mode(rule: DestinationRule) -> str:
    return text(mapping(mapping(rule.policy).get("tls")).get("mode"))


def _passes_through(rule: DestinationRule) -> bool:
    return mapping(mapping(rule.policy).get("loadBalancer")).get("simple") == "PASSTHROUGH"


def _is_beside(wider: DestinationRule, rule: DestinationRule) -> bool:
    """Tell whether two rules are of one host and namespace: those are merged, and neither is the wider one."""
    return wider.host == rule.host and wider.resource.namespace == rule.resource.namespace


def _sets_tls(rule: DestinationRule, number: int, routed: Collection[str]) -> bool:
    """Tell whether the rule says something about TLS for a port (0: any at all), at the port or the subsets in use."""
    if number == 0:
        return any(level.own.get("tls") is not None for level in levels_of(rule))
    entry = port_entry(rule.policy, number)
    if entry is not None and entry[1].get("tls") is not None:
        return True
    telling = {
        level.subset.name
        for level in levels_of(rule)
        if level.subset is not None and level.port in (None, number) and level.own.get("tls") is not None
    }
    return bool(routed) and telling.issuperset(routed)
