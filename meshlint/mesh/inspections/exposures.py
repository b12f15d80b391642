"""What governs the port of a service: protocol, breaker, DestinationRule, legacy exception, routes.

In: the mesh. Out: facts about one port, which workloads and services share.
"""

from __future__ import annotations

from typing import NamedTuple

from meshlint.mesh.inspections.answers import Exposure, RouteFacts
from meshlint.mesh.inspections.routes import RoutesTo
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service, ServicePort
from meshlint.mesh.selection import PortId


class PortFacts(NamedTuple):
    """Hold what is in force at one port of a service."""

    protocol: Decided
    breaker: Decided
    governed_by: Decided
    legacy: Decided | None
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
            self.governing(service),
            self._legacy(port),
            self._routes.to(service, port.number, protocol.value),
        )

    def of(self, port: PortId) -> Exposure:
        """Return the port of a service as a workload behind it sees it."""
        service = self._mesh.inventory.services[port[0]]
        found = service.ports[port[1]]
        facts = self.facts(service, found)
        return Exposure(service.resource, service.host, found.number, found.name, *facts)

    def governing(self, service: Service) -> Decided:
        """Return the DestinationRule that governs a host for clients of the service's own namespace."""
        governing = self._mesh.breakers.rules.governing(service, service.namespace)
        if governing is None:
            missing = self._elsewhere(service)
            if missing:
                return Decided(None, f"the {missing} live elsewhere", None, missing)
            return Decided(
                "", f"no DestinationRule governs {service.host} for clients of namespace {service.namespace}"
            )
        rule = governing.policy_rule
        others = [other for other in governing.rules if other is not rule]
        joined = f", joined with {', '.join(other.text for other in others)}" if others else ""
        because = f"its host {rule.host} covers the service{joined}"
        return Decided(rule.text, because, Place(rule.resource, "/spec/host", "governing"))

    def _elsewhere(self, service: Service) -> str:
        existence = self._mesh.existence
        if existence.may_be_elsewhere("DestinationRule", service.namespace):
            return f"DestinationRules of namespace {service.namespace}"
        return ""

    def _breaker(self, port: ServicePort) -> Decided:
        breaker = self._mesh.breakers.of_port(port.id)
        return Decided(breaker.exists, f"{breaker.because}{breaker.where}", breaker.decided_by, breaker.missing)

    def _legacy(self, port: ServicePort) -> Decided | None:
        legacy = self._mesh.legacy.get(port.id)
        if legacy is None:
            return None
        because = f"{legacy.because}; {legacy.exemption.because}"
        return Decided(legacy.exemption.state, because, legacy.marked_by)
