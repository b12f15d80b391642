"""ServiceEntries that call endpoints external although they are in the mesh, so that auto-mTLS is off for them.

In: the inventory, who stands behind whom, memberships, the DestinationRules. Out: `InsideEndpoint`. Sources: auto-mTLS
asks `MeshExternal` of a service before anything else; `getTLSModeFromWorkloadEntry` takes an endpoint with a service
account for one with a proxy. Gateways are no servers of the mesh: what they accept their listeners say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from meshlint.mesh.destinations.destination_rules import DestinationRules
from meshlint.mesh.membership.membership import TLS_MODE
from meshlint.mesh.model import Inventory, Membership, Place, Service, Workload
from meshlint.mesh.mtls.client_tls import mode_for
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource


class InsideEndpoint(NamedTuple):
    """Describe an endpoint of an external entry; `outside` is None where nobody can tell, for `missing`."""

    text: str
    outside: bool | None
    because: str
    missing: str
    place: Place
    there: Place | None


class ExternalEntries:
    """Answer for the ServiceEntries of an environment."""

    def __init__(
        self,
        inventory: Inventory,
        memberships: Sequence[Membership],
        selection: Selection,
        rules: DestinationRules,
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._selection = selection
        self._rules = rules
        self._entries: dict[int, list[Service]] = {}
        for service in inventory.services:
            if service.entry:
                self._entries.setdefault(service.resource.index, []).append(service)

    @cached_property
    def _by_address(self) -> dict[str, Service]:
        services = (service for service in self._inventory.services if not service.entry)
        return {address: service for service in services for address in _addresses(service.resource)}

    def of(self, resource: Resource) -> Iterator[InsideEndpoint]:
        """Yield the first endpoint of an entry that is in the mesh, else the first that may be."""
        services = [service for service in self._entries.get(resource.index, ()) if service.mesh_external]
        if not services or self._has_mutual_tls(services):
            return
        rows = list(self._rows(resource, services))
        found = next((row for row in rows if row.outside is False), rows[0] if rows else None)
        if found is not None:
            stated = "location" in mapping(resource.content().get("spec"))
            yield found._replace(place=Place(resource, "/spec/location" if stated else "/metadata/name", "location"))

    def _has_mutual_tls(self, services: Sequence[Service]) -> bool:
        """Tell whether rules that are in force somewhere set ISTIO_MUTUAL on every port."""
        return all(self._is_mutual(service, port) for service in services for port in self._numbers(service))

    @staticmethod
    def _numbers(service: Service) -> Sequence[int]:
        return [port.number for port in service.ports] or [0]

    def _is_mutual(self, service: Service, port: int) -> bool:
        clients = {service.namespace, *self._rules.namespaces_of(service)}
        return any(mode_for(self._rules.governing(service, client), port) == "ISTIO_MUTUAL" for client in clients)

    def _rows(self, resource: Resource, services: Sequence[Service]) -> Iterator[InsideEndpoint]:
        for workload in self._selection.workloads_of.get(services[0].id, ()):
            yield from self._of_workload(workload, resource, "its workloadSelector takes it")
        spec = mapping(resource.content().get("spec"))
        endpoints = sequence(spec.get("endpoints"))
        for item in endpoints:
            endpoint = mapping(item)
            address = text(endpoint.get("address"))
            if _has_proxy(strings(endpoint.get("labels")), text(endpoint.get("serviceAccount"))):
                name = f"endpoint {address}" if address else "an endpoint"
                account = text(endpoint.get("serviceAccount"))
                because = f"it runs as service account {account}" if account else f"its label {TLS_MODE} is istio"
                yield InsideEndpoint(name, False, because, "", Place(resource), None)
            yield from self._of_address(address, resource)
        if not endpoints and services[0].resolution.startswith("DNS") and not services[0].selector:
            for service in services:
                yield from self._of_address(service.host, resource)

    def _of_address(self, address: str, resource: Resource) -> Iterator[InsideEndpoint]:
        host = address.rstrip(".").lower()
        known = [service for service in self._inventory.service_at.get(host, ()) if not service.entry]
        if _is_address(host) and (by_address := self._by_address.get(host)) is not None:
            known.append(by_address)
        for service in known:
            for workload in self._selection.workloads_of.get(service.id, ()):
                yield from self._of_workload(workload, resource, f"{address} is {service.text}")

    def _of_workload(self, workload: Workload, resource: Resource, because: str) -> Iterator[InsideEndpoint]:
        membership = self._memberships[workload.id]
        there = Place(workload.resource, "/metadata/name")
        if membership.dataplane == "sidecar":
            yield InsideEndpoint(workload.text, False, because, "", Place(resource), there)
        elif membership.dataplane == "unknown":
            yield InsideEndpoint(workload.text, None, because, membership.missing, Place(resource), there)


def _has_proxy(labels: dict[str, str], account: str) -> bool:
    """Follow `getTLSModeFromWorkloadEntry`: the label decides, else a service account means a proxy."""
    return labels[TLS_MODE] == "istio" if TLS_MODE in labels else bool(account)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()


def _addresses(resource: Resource) -> Iterator[str]:
    spec = mapping(resource.content().get("spec"))
    for address in (spec.get("clusterIP"), *sequence(spec.get("clusterIPs"))):
        if isinstance(address, str) and address not in ("", "None"):
            yield address.lower()
