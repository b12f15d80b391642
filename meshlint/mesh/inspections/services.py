"""Everything that is resolved about one service.

In: the mesh and the service. Out: `ServiceAnswer`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.inspections.access import Accesses
from meshlint.mesh.inspections.answers import Endpoint, ServedPort, ServiceAnswer
from meshlint.mesh.inspections.connections import Connections
from meshlint.mesh.inspections.exposures import Exposures
from meshlint.mesh.inspections.modes import mode_of_port
from meshlint.mesh.inspections.served import waypoint_of_service
from meshlint.mesh.inspections.workloads import membership_of
from meshlint.mesh.inventory.services import EXPORT_TO
from meshlint.mesh.membership.membership import escaped
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service, ServicePort


class Services:
    """Gather what is resolved about services; what all of them share is made once."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._connections = Connections(mesh)
        self._exposures = Exposures(mesh)
        self._accesses = Accesses(mesh)

    def inspect(self, service: Service) -> ServiceAnswer:
        """Answer for a service, or for one host of a ServiceEntry."""
        return ServiceAnswer(
            service.host,
            "headless" if service.headless else service.type,
            visibility_of(self._mesh, service),
            waypoint_of_service(self._mesh, service),
            tuple(self._port(service, port) for port in service.ports),
            self._connections.into((f"service:{service.id}",)),
        )

    def _port(self, service: Service, port: ServicePort) -> ServedPort:
        facts = self._exposures.facts(service, port)
        endpoints = tuple(_endpoints(self._mesh, port, self._accesses, facts.protocol.value))
        return ServedPort(
            port.number, port.name, port.target, facts.protocol, facts.breaker, facts.governed_by, facts.legacy,
            endpoints, facts.routes,
        )  # fmt: skip


def visibility_of(mesh: Mesh, service: Service) -> Decided:
    """Return which namespaces see a service."""
    export = mesh.routing.visibility.of_service(service)
    if not service.export_to:
        return Decided(export.text, "it states no exportTo")
    written = ", ".join(service.export_to)
    pointer = "/spec/exportTo" if service.entry else f"/metadata/annotations/{escaped(EXPORT_TO)}"
    return Decided(export.text, f"its exportTo is {written}", Place(service.resource, pointer, "export"))


def _endpoints(mesh: Mesh, port: ServicePort, accesses: Accesses, protocol: str) -> Iterator[Endpoint]:
    for endpoint in mesh.selection.endpoints[port.id]:
        workload, number = endpoint.workload, endpoint.port
        membership = membership_of(mesh, workload)
        if number is None:
            yield Endpoint(workload.resource, None, membership, None, None, None)
            continue
        modes = mesh.mtls.modes.get(workload.id, ())
        mode = next((mode for mode in modes if mode.number == number), None)
        mtls = mode_of_port(mesh, workload, mode, number)
        who, below = accesses.of_port(workload, number, protocol), accesses.at_ztunnel(workload, number)
        yield Endpoint(workload.resource, number, membership, mtls, who, below)
