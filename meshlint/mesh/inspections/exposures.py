"""What governs the port of a service: protocol, breaker, DestinationRule, legacy exception, routes.

In: the mesh. Out: facts about one port, which workloads and services share.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.inspections.answers import Exposure, Legacy, RouteFacts, Rule
from meshlint.mesh.inspections.routes import RoutesTo
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service, ServicePort
from meshlint.mesh.selection import PortId
from meshlint.records import NamedTuple


class PortFacts(NamedTuple):
    """Hold what is in force at one port of a service."""

    protocol: Decided
    breaker: Decided
    governed_by: tuple[Rule, ...]
    legacy: Legacy | None
    routes: tuple[RouteFacts, ...]


class Exposures:
    """Answer for ports of services."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._routes = RoutesTo(mesh)

    def facts(self, service: Service, port: ServicePort) -> PortFacts:
        """Return what is in force at a port."""
        protocol = self._mesh.protocols[port.id]
        return PortFacts(
            protocol,
            self._breaker(port),
            tuple(self._governing(service)),
            self._legacy(port),
            self._routes.to(service, port.number, protocol.value),
        )

    def of(self, port: PortId) -> Exposure:
        """Return the port of a service as a workload behind it sees it."""
        service = self._mesh.inventory.services[port[0]]
        found = service.ports[port[1]]
        facts = self.facts(service, found)
        return Exposure(service.resource, service.host, found.number, found.name, *facts)

    def _governing(self, service: Service) -> Iterator[Rule]:
        """Yield the rule that clients of the service's own namespace see, then those that others see differently."""
        rules = self._mesh.breakers.rules
        for client in (service.namespace, *sorted(rules.namespaces_of(service))):
            governing = rules.governing(service, client)
            if governing is None:
                missing = self._elsewhere(service)
                because = (
                    f"the {missing} live elsewhere" if missing else "no DestinationRule that they see has its host"
                )
                yield Rule(client, None if missing else "", because, None, missing)
                continue
            rule = governing.policy_rule
            others = [other.text for other in governing.rules if other is not rule]
            joined = f", and {' and '.join(others)} is joined with it" if others else ""
            place = Place(rule.resource, "/spec/host", "governing")
            yield Rule(client, rule.text, f"its host is {rule.host}{joined}", place, "")

    def _elsewhere(self, service: Service) -> str:
        existence = self._mesh.existence
        if existence.may_be_elsewhere("DestinationRule", service.namespace):
            return f"DestinationRules of namespace {service.namespace}"
        return ""

    def _breaker(self, port: ServicePort) -> Decided:
        breaker = self._mesh.breakers.of_port(port.id)
        return Decided(breaker.exists, f"{breaker.because}{breaker.where}", breaker.decided_by, breaker.missing)

    def _legacy(self, port: ServicePort) -> Legacy | None:
        legacy = self._mesh.legacy.get(port.id)
        if legacy is None:
            return None
        because = f"{legacy.because}; {legacy.exemption.because}"
        adapter = legacy.adapter
        return Legacy(legacy.exemption.state, because, legacy.marked_by, legacy.server, adapter.name, adapter.state)
