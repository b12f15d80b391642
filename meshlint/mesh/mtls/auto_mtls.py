"""Whether clients that no rule tells what to do encrypt calls to a service.

In: the MeshConfig, PeerAuthentications, who stands behind a service. Out: `Obstacle`, or nothing where auto-mTLS works.
Sources: `buildUpstreamTLSSettings`, `BestEffortInferServiceMTLSMode` and `GetNamespaceMutualTLSMode` of istiod: the
mode of the namespace counts, those of workloads do not, and a service that is reached by address is judged as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.destinations.destination_rules import DestinationRule, DestinationRules
from meshlint.mesh.model import Inventory, Membership, Service, Workload
from meshlint.mesh.mtls.peer_authentication import PeerPolicies
from meshlint.mesh.selection import Selection
from meshlint.mesh.visibility import EVERYWHERE
from meshlint.records import NamedTuple

OWN_TLS = ("https", "tls")
"""Protocols of ports on which the applications encrypt by themselves."""
_SPECIAL = (".", "*", "~")


class Obstacle(NamedTuple):
    """Say why clients send plain text; `missing` where that hangs on something that the manifests do not tell."""

    because: str
    missing: str = ""


class AutoMtls:
    """Answer what becomes of calls that are left to auto-mTLS."""

    def __init__(
        self, inventory: Inventory, selection: Selection, memberships: Sequence[Membership], policies: PeerPolicies
    ) -> None:
        self._config = inventory.mesh_config
        self._selection = selection
        self._memberships = memberships
        self.policies = policies
        self._homes = [
            name
            for name, workloads in inventory.workloads_in.items()
            if any(memberships[workload.id].meshed is not False for workload in workloads)
        ]

    @property
    def enabled(self) -> bool:
        """Tell whether the MeshConfig leaves it on."""
        return self._config.enable_auto_mtls

    def members(self, service: Service) -> Iterator[tuple[Workload, Membership]]:
        """Yield the workloads behind a service with their memberships."""
        for workload in self._selection.workloads_of.get(service.id, ()):
            yield workload, self._memberships[workload.id]

    def obstacle(self, service: Service, *, by_address: bool = False) -> Obstacle | None:
        """Return what keeps clients from encrypting calls to a service; `by_address` says that a rule passes through.

        What single endpoints lack is another question.
        """
        if not self.enabled:
            assumed = " (assumed in the configuration)" if self._config.assumed else ""
            return Obstacle(f"meshConfig.enableAutoMtls{assumed} is false")
        if service.mesh_external:
            return Obstacle(f"{service.host} stands outside the mesh")
        if (policy := self.policies.disabling(service.namespace)) is not None:
            return Obstacle(f"{policy.text} is DISABLE for the whole {policy.scope}")
        if by_address or service.headless or (service.entry and service.resolution == "NONE"):
            return self._by_address(service)
        return None

    def _by_address(self, service: Service) -> Obstacle | None:
        members = list(self.members(service))
        for workload, member in members:
            if member.meshed is False:
                return Obstacle(f"{service.text} is reached by address and {workload.text} has no proxy")
        missing = next((member.missing for _, member in members if member.meshed is None), "")
        if not members:
            missing = f"workloads behind {service.text}"
        return Obstacle("", missing) if missing else None

    def clients_of(self, rule: DestinationRule, service: Service, rules: DestinationRules) -> list[str]:
        """Return namespaces for whose clients istiod takes the policy of a rule, among those that stand for all."""
        named = (name for name in rule.export_to if name not in _SPECIAL)
        asked = (rule.resource.namespace, service.namespace, *self._homes[:2], *named, EVERYWHERE)
        found = []
        for client in dict.fromkeys(asked):
            governing = rules.governing(service, client)
            if governing is not None and any(one is rule for one in governing.rules):
                # Of two documents of one object either may be the one that was applied last.
                if governing.policy_rule is rule or governing.policy_rule.resource.identity == rule.resource.identity:
                    found.append(client)
        return found
