"""Rules that replace the identity of the mesh by certificates that somebody manages by hand.

In: a rule, its services, who stands behind them and what their proxies accept. Out: `ForeignTls`. Sources: the modes of
ClientTLSSettings, `getFilterChainMatchOptions` (a port in mode PERMISSIVE or DISABLE that is not declared HTTP passes
foreign TLS through to the application; every other one refuses it, and the call is broken rather than foreign).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from meshlint.mesh.destinations.destination_rules import DestinationRule, DestinationRules, port_entry
from meshlint.mesh.destinations.levels import Level, is_used, levels_of
from meshlint.mesh.model import Decided, Membership, PortMode, Service, ServicePort
from meshlint.mesh.mtls.auto_mtls import OWN_TLS, AutoMtls
from meshlint.mesh.mtls.modes import MtlsFacts
from meshlint.mesh.selection import PortId, Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import text

_FOREIGN = ("SIMPLE", "MUTUAL")
_HTTP = ("http", "http2", "grpc", "grpc-web", "http_proxy")
_MESH_CERTIFICATES = ("/cert-chain.pem", "/workload-spiffe-credentials/certificates.pem")
"""How files end that the agent of the proxy writes; others are kept up by hand."""


class ForeignTls(NamedTuple):
    """Name the level and the service; `missing` says what keeps the answer open."""

    level: Level
    mode: str
    service: Service
    missing: str = ""


class ForeignSettings:
    """Answer which rules send TLS of their own to servers of the mesh."""

    def __init__(
        self,
        auto: AutoMtls,
        rules: DestinationRules,
        selection: Selection,
        memberships: Sequence[Membership],
        mtls: MtlsFacts,
        protocols: Mapping[PortId, Decided],
    ) -> None:
        self._auto = auto
        self._rules = rules
        self._selection = selection
        self._memberships = memberships
        self._mtls = mtls
        self._protocols = protocols

    def of(self, rule: DestinationRule, services: Sequence[Service], routed: Collection[str]) -> Iterator[ForeignTls]:
        """Yield each level that does so, with one service that it does it to."""
        for level in levels_of(rule):
            block = level.own.get("tls")
            if not isinstance(block, dict) or block.get("mode") not in _FOREIGN or _is_of_the_mesh(block):
                continue
            if not is_used(level, services, routed):
                continue
            found = [self._judged(rule, level, text(block.get("mode")), service) for service in services]
            known = [one for one in found if one is not None and not one.missing]
            yield from known[:1] or [one for one in found if one is not None][:1]

    def _judged(self, rule: DestinationRule, level: Level, mode: str, service: Service) -> ForeignTls | None:
        if service.mesh_external:
            return None
        if not rule.selector and not self._auto.clients_of(rule, service, self._rules):
            return None
        missing = ""
        for port in service.ports:
            if _governs(rule, level, port) and self._protocols[port.id].value not in OWN_TLS:
                answer = self._passes(port)
                if answer == "":
                    return ForeignTls(level, mode, service)
                missing = missing or answer or ""
        return ForeignTls(level, mode, service, missing) if missing else None

    def _passes(self, port: ServicePort) -> str | None:
        """Return "" when a proxy passes foreign TLS on, None when none does, else what is not known."""
        missing = None
        for endpoint in self._selection.endpoints[port.id]:
            member = self._memberships[endpoint.workload.id]
            if member.dataplane == "unknown":
                missing = missing or member.missing
            if member.dataplane != "sidecar" or self._protocols[port.id].value in _HTTP or endpoint.port is None:
                continue
            for mode in self._mtls.modes_at(endpoint.workload, (endpoint.port,)):
                if _lets_through(mode):
                    return ""
                if mode.mode is None:
                    missing = missing or mode.missing
        return missing


def _lets_through(mode: PortMode) -> bool:
    return mode.captured and mode.mode in ("PERMISSIVE", "DISABLE")


def _governs(rule: DestinationRule, level: Level, port: ServicePort) -> bool:
    """Tell whether a level decides about a port: its own, or every port that has no entry."""
    if level.port is not None:
        return level.port == port.number
    policy = level.subset.policy if level.subset is not None else rule.policy
    return port.transport == "TCP" and port_entry(policy, port.number) is None


def _is_of_the_mesh(block: Mapping[str, Any]) -> bool:
    return text(block.get("clientCertificate")).endswith(_MESH_CERTIFICATES)
