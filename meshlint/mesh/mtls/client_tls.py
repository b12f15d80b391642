"""What DestinationRules say about TLS to a service: for which clients, on which port, in which subset.

In: the rules and who stands behind the services. Out: `TlsSetting`, `PlainText`. Sources: ClientTLSSettings; an entry
of `portLevelSettings` replaces the whole policy, a subset's own `tls` replaces that of the rule, and a setting counts
only where the rule is the one that istiod selects for a client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from meshlint.mesh.destinations.destination_rules import DestinationRule, DestinationRules, Governing, port_entry
from meshlint.mesh.hosts import matches
from meshlint.mesh.model import Inventory, Membership, Service, ServicePort, Workload
from meshlint.mesh.mtls.modes import MtlsFacts
from meshlint.mesh.routing.routes import Routes
from meshlint.mesh.selection import PortId, Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text

_WITH_PROXY = ("sidecar", "gateway", "waypoint")


class TlsSetting(NamedTuple):
    """Hold one `tls` block: its mode, where it stands, which port and subset it is for (None, "": all)."""

    mode: str
    pointer: str
    port: int | None
    subset: str


class PlainText(NamedTuple):
    """Say that a rule switches TLS off for a service whose endpoints have a proxy; `missing` where that is unknown."""

    setting: TlsSetting
    service: Service
    missing: str = ""


def settings_of(rule: DestinationRule) -> Iterator[TlsSetting]:
    """Yield the `tls` blocks of a rule."""
    yield from _settings(rule.policy, "/spec/trafficPolicy", "")
    for subset in rule.subsets:
        yield from _settings(subset.policy, f"{subset.pointer}/trafficPolicy", subset.name)


def _settings(policy: Any, pointer: str, subset: str) -> Iterator[TlsSetting]:
    mode = text(mapping(mapping(policy).get("tls")).get("mode"))
    if mode:
        yield TlsSetting(mode, f"{pointer}/tls/mode", None, subset)
    for position, item in enumerate(sequence(mapping(policy).get("portLevelSettings"))):
        mode = text(mapping(mapping(item).get("tls")).get("mode"))
        number = mapping(mapping(item).get("port")).get("number")
        if mode and isinstance(number, int):
            yield TlsSetting(mode, f"{pointer}/portLevelSettings/{position}/tls/mode", number, subset)


def mode_for(governing: Governing | None, port: int) -> str:
    """Return the TLS mode of the rules in force for a port, empty where they leave it to auto-mTLS."""
    if governing is None:
        return ""
    policy = governing.policy_rule.policy
    entry = port_entry(policy, port)
    return text(mapping(mapping(entry[1] if entry is not None else policy).get("tls")).get("mode"))


class ClientTls:
    """Answer what DestinationRules do to the encryption of the mesh."""

    def __init__(
        self,
        inventory: Inventory,
        selection: Selection,
        memberships: Sequence[Membership],
        rules: DestinationRules,
        routes: Routes,
        is_excepted: Callable[[PortId], bool],
        modes: MtlsFacts,
    ) -> None:
        self._inventory = inventory
        self._selection = selection
        self._memberships = memberships
        self._rules = rules
        self._routes = routes
        self._is_excepted = is_excepted
        self._modes = modes
        self._homes = [
            name
            for name, workloads in inventory.workloads_in.items()
            if any(memberships[w.id].dataplane in (*_WITH_PROXY, "unknown") for w in workloads)
        ]

    def plain_text_of(self, rule: DestinationRule) -> Iterator[PlainText]:
        """Yield what a rule sends in plain text although the servers have a proxy."""
        off = [setting for setting in settings_of(rule) if setting.mode == "DISABLE"]
        if not off:
            return
        for service in self._services_of(rule.host):
            missing = self._missing(service)
            if missing is None or not self._is_selected(rule, service):
                continue
            for setting in off:
                ports = self._ports(rule, setting, service)
                if ports and not self._refuse(ports):
                    yield PlainText(setting, service, missing)

    def all_ports_covered(self) -> bool:
        """Tell whether every port with a proxy behind it has a rule with ISTIO_MUTUAL for the clients of every home."""
        ports = [(s, port) for s in self._inventory.services if self._missing(s) is not None for port in s.ports]
        return bool(ports) and all(self._covered(service, port) for service, port in ports)

    def _covered(self, service: Service, port: ServicePort) -> bool:
        clients = {service.namespace, *self._homes[:1], *(self._rules.namespaces_of(service) & set(self._homes))}
        modes = {mode_for(self._rules.governing(service, client), port.number) for client in clients}
        return modes == {"ISTIO_MUTUAL"}

    def _services_of(self, host: str) -> Sequence[Service]:
        if not host.startswith("*"):
            return self._inventory.service_at.get(host, ())
        return [service for service in self._inventory.services if matches(host, service.host.lower())]

    def _missing(self, service: Service) -> str | None:
        """Return "" when a proxy terminates TLS behind a service, what is not known about it, None when none does."""
        members = [self._memberships[workload.id] for workload in self._workloads(service)]
        if any(member.dataplane in _WITH_PROXY for member in members):
            return ""
        return next((member.missing for member in members if member.dataplane == "unknown"), None)

    def _workloads(self, service: Service) -> tuple[Workload, ...]:
        return self._selection.workloads_of[service.id]

    def _is_selected(self, rule: DestinationRule, service: Service) -> bool:
        """Tell whether istiod selects the rule for some client: at home, at the service's, or anywhere else."""
        if rule.selector:
            return True  # private to the clients it selects, and for those it comes first
        clients = dict.fromkeys((rule.resource.namespace, service.namespace, *self._homes[:2], *rule.export_to))
        for client in clients:
            governing = self._rules.governing(service, client) if client in self._homes else None
            if governing is not None and rule in governing.rules:
                return True
        return False

    def _ports(self, rule: DestinationRule, setting: TlsSetting, service: Service) -> list[ServicePort]:
        """Return the ports of traffic that a setting speaks of, that exists and that nobody has excepted."""
        if setting.subset and setting.subset not in self._routes.subsets_of.get(service.host.lower(), ()):
            return []
        ports = [port for port in service.ports if setting.port in (None, port.number)]
        if setting.port is None and not setting.subset:
            ports = [port for port in ports if port_entry(rule.policy, port.number) is None]
        return [port for port in ports if not self._is_excepted(port.id)]

    def _refuse(self, ports: Sequence[ServicePort]) -> bool:
        """Tell whether every endpoint with a proxy refuses plain text: then calls are broken, and no text is plain."""
        modes: list[str | None] = []
        for port in ports:
            for workload, number in self._selection.endpoints[port.id]:
                if self._memberships[workload.id].dataplane in (*_WITH_PROXY, "unknown") and number is not None:
                    found = self._modes.modes_at(workload, (number,))
                    modes.extend((m.mode if m.captured else "") for m in found)
                    if not found:
                        return False
        return bool(modes) and all(mode == "STRICT" for mode in modes)
