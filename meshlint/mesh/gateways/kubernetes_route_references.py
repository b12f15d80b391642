"""Where the parents and backends of a Gateway API route lead, or whether they lead nowhere.

In: a route, the Gateways and Services of the set, what exists elsewhere. Out: `Led`. Kinds that belong to others
(ServiceImport, Hostname, ListenerSet, a vendor's) are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.kubernetes_gateways import GROUP, Admission, KubernetesGateway, KubernetesGateways
from meshlint.mesh.gateways.kubernetes_routes import Reference, backends_of, parents_of
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

_CORE = ("", "core")


class Led(NamedTuple):
    """Say where one reference leads; `found` is None where the manifests cannot tell, for `missing`."""

    reference: Reference
    found: bool | None
    because: str = ""
    missing: str = ""


class KubernetesRouteReferences:
    """Answer for each route of an environment."""

    def __init__(self, inventory: Inventory, gateways: KubernetesGateways, existence: Existence) -> None:
        self._gateways = gateways
        self._existence = existence
        self._services = {(s.namespace, s.name): s for s in inventory.services if not s.entry}

    def parents(self, route: Resource) -> Iterator[Led]:
        """Judge the parents of a route."""
        for reference in parents_of(route):
            if reference.name and (reference.group, reference.kind) == (GROUP, "Gateway"):
                yield self._gateway(reference, route)
            elif reference.name and reference.group in _CORE and reference.kind == "Service":
                yield self._service(reference)

    def backends(self, route: Resource) -> Iterator[Led]:
        """Judge the backends and mirrors of a route."""
        for reference in backends_of(route):
            if reference.name and reference.group in _CORE and reference.kind == "Service":
                yield self._service(reference)

    def _gateway(self, reference: Reference, route: Resource) -> Led:
        gateway = self._gateways.named(reference.namespace, reference.name)
        if gateway is None:
            return self._absent(reference)
        answers = list(self._answers(reference, gateway, route))
        if any(answer.admitted for answer in answers):
            return Led(reference, True)
        if not answers:
            wanted = [f"listener {reference.section}"] if reference.section else []
            wanted += [f"port {reference.port}"] if reference.port is not None else []
            because = f"it has no {' with '.join(wanted) or 'listeners'}"
            return Led(reference, False if gateway.listeners else None, because, f"listeners of {reference.text}")
        unsettled = next((answer for answer in answers if answer.admitted is None), None)
        if unsettled is not None:
            return Led(reference, None, missing=unsettled.missing)
        return Led(reference, False, " and ".join(dict.fromkeys(answer.because for answer in answers)))

    def _answers(self, reference: Reference, gateway: KubernetesGateway, route: Resource) -> Iterator[Admission]:
        for listener in gateway.listeners:
            is_section = reference.section in ("", listener.name)
            if is_section and reference.port in (None, listener.number):
                yield self._gateways.admission(gateway, listener, route)

    def _service(self, reference: Reference) -> Led:
        service = self._services.get((reference.namespace, reference.name))
        if service is None:
            return self._absent(reference)
        if reference.port is None or any(port.number == reference.port for port in service.ports):
            return Led(reference, True)
        ports = ", ".join(str(port.number) for port in service.ports)
        because = f"it has no port {reference.port}, only {ports}" if ports else f"it has no port {reference.port}"
        return Led(reference, False, because)

    def _absent(self, reference: Reference) -> Led:
        is_service = reference.kind == "Service"
        absence = self._existence.absence(reference.kind, reference.namespace, reference.name, made=is_service)
        found = None if absence.missing is None else not absence.missing
        return Led(reference, found, "nothing bears that name", absence.reason)
