"""What a client with an Envoy proxy sends to a service port.

In: the mesh, a client, a service port with its endpoints. Out: `Sending`: one for all endpoints, or a choice that is
made at each (auto-mTLS). Sources: `buildUpstreamTLSSettings`, `BestEffortInferServiceMTLSMode`, `SidecarScope`. Where
the manifests leave something open, more than one answer comes back and all of them have to lead to one verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.destinations.destination_rules import DestinationRules
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service, ServicePort
from meshlint.mesh.sidecar_scopes import SidecarScopes
from meshlint.mesh.verdicts.clients import EXCLUDED_OUT, Client, exclusion_place
from meshlint.mesh.verdicts.policies import Policy, Tls, policy_of
from meshlint.mesh.verdicts.servers import Server
from meshlint.mesh.visibility import Export
from meshlint.records import NamedTuple

PLAIN, MTLS, TLS, AUTO, HBONE, NOTHING = "plain", "mtls", "tls", "auto", "hbone", "nothing"


class Sending(NamedTuple):
    """Say what a client sends, and why."""

    kind: str  # plain, mtls, tls, hbone, auto (each endpoint decides), nothing (blocked)
    because: str
    place: Place | None = None
    step: str = ""
    all_alike: bool = False  # no choice by endpoint: a sidecar connects to the address that it was given
    honours_disable: bool = True  # auto-mTLS spares endpoints whose mode is DISABLE
    tls: Tls | None = None
    missing: str = ""  # unknown, and why


class ClientSide:
    """Answer what clients with a proxy send."""

    def __init__(self, mesh: Mesh, rules: DestinationRules, scopes: SidecarScopes) -> None:
        self._mesh = mesh
        self._rules = rules
        self._scopes = scopes
        self._config = mesh.inventory.mesh_config
        self._exports: dict[tuple[str, tuple[str, ...]], Export] = {}
        self._routed: dict[str, list[tuple[str, tuple[str, ...]]]] | None = None

    def of(
        self, client: Client, service: Service, port: ServicePort, subset: str, servers: Sequence[Server]
    ) -> list[Sending]:
        """Return what a sidecar, gateway or waypoint sends; several answers where the manifests leave it open."""
        if port.number in client.scope.excluded:
            place = exclusion_place(client)
            because = f"its annotation {EXCLUDED_OUT} keeps port {port.number} from its proxy"
            return [Sending(PLAIN, because, place, "outbound-exclusion")]
        if hidden := self._hidden(client, service):
            return hidden
        policy = policy_of(self._rules.governing(service, client.namespace, client.labels), port.number, subset)
        if policy.missing:
            return [Sending(NOTHING, "", missing=policy.missing)]
        alike = client.dataplane == "sidecar" and _passes_through(service, policy) is not None
        if policy.tls is not None:
            return [self._told(policy.tls, policy, client)._replace(all_alike=alike)]
        return [self._automatic(service, policy, servers)._replace(all_alike=alike)]

    def distinguishes(self, client: Client, service: Service) -> bool:
        """Tell whether the client's namespace has a part in what is sent to a service."""
        if self._rules.distinguishes(service, client.namespace):
            return True
        return not self._export(service).everywhere or self._scopes.of_client(client.namespace, {}) is not None

    def _export(self, service: Service) -> Export:
        key = service.namespace, service.export_to
        if key not in self._exports:
            self._exports[key] = self._mesh.routing.visibility.of_service(service)
        return self._exports[key]

    def _hidden(self, client: Client, service: Service) -> list[Sending]:
        """Answer for a service that the client's proxy does not know; nothing when it knows it."""
        if client.dataplane == "waypoint":
            return []
        export = self._export(service)
        if not export.reaches(client.namespace):
            place = Place(service.resource, "/metadata/name", "export")
            because = f"{service.text} is exported to {export.text} only"
            return self._past_registry(client, because, place, "not-exported")
        if client.dataplane == "gateway":
            return []
        sidecar = self._scopes.of_client(client.namespace, client.labels)
        if sidecar is None or self._imports(client, service):
            return []
        place = Place(sidecar, "/spec/egress", "imports")
        return self._past_registry(client, f"{sidecar.text} does not import {service.host}", place, "not-imported")

    def _imports(self, client: Client, service: Service) -> bool:
        """Tell whether the client's Sidecar imports a service, or a VirtualService that routes to it."""
        host = service.host.lower()
        asked = [(service.namespace, (host,)), *self._routes_to(host)]
        visibility = self._mesh.routing.visibility
        governing = self._scopes.of_client(client.namespace, client.labels)
        if governing is not None and client.labels and self._scopes.of_client(client.namespace, {}) is not governing:
            return any(visibility.imports_through(governing, client.namespace, *question) for question in asked)
        return any(visibility.imports(client.namespace, *question) for question in asked)

    def _routes_to(self, host: str) -> Sequence[tuple[str, tuple[str, ...]]]:
        if self._routed is None:
            self._routed = {}
            for item in self._mesh.routing.virtual_services.all:
                if item.binds_mesh:
                    hosts = tuple(name.full for name in item.hosts)
                    for target in {target.host.full for target in item.targets}:
                        self._routed.setdefault(target, []).append((item.namespace, hosts))
        return self._routed.get(host, ())

    def _past_registry(self, client: Client, because: str, place: Place, step: str) -> list[Sending]:
        """Return what becomes of a call to a host that the proxy does not know."""
        if client.dataplane == "gateway":
            return [Sending(NOTHING, because, place, step)]
        outbound = self.outbound(client)
        passed = Sending(PLAIN, f"{because}, and the proxy passes the call through as it is", place, step)
        blocked = Sending(NOTHING, f"{because}, and {outbound.because}", outbound.decided_by or place, step)
        if outbound.value is None:
            return [passed, blocked._replace(because=because, missing="")]
        return [blocked if outbound.value == "REGISTRY_ONLY" else passed]

    def outbound(self, client: Client) -> Decided:
        """Return the outbound traffic policy of a client."""
        return self._scopes.outbound_of(self._scopes.of_client(client.namespace, client.labels))

    def _told(self, tls: Tls, policy: Policy, client: Client) -> Sending:
        """Answer for a client that a DestinationRule tells what to do, for all endpoints alike."""
        name = tls.place.text
        if tls.mode == "ISTIO_MUTUAL":
            return Sending(MTLS, f"{name} sets tls mode ISTIO_MUTUAL", tls.place, tls=tls)
        if tls.mode == "DISABLE":
            return Sending(PLAIN, f"{name} sets tls mode DISABLE", tls.place, "destination-rule")
        if tls.names_secret and client.dataplane == "sidecar" and not (policy.rule and policy.rule.selector):
            because = f"{name} names a Secret for tls mode {tls.mode}, which sidecars ignore in a rule without selector"
            return Sending(PLAIN, because, tls.place, "destination-rule")
        return Sending(TLS, f"{name} sets tls mode {tls.mode}", tls.place, "destination-rule", tls=tls)

    def _automatic(self, service: Service, policy: Policy, servers: Sequence[Server]) -> Sending:
        """Answer for a client that is left to auto-mTLS, with the conditions that switch it off."""
        config = self._config
        if not config.enable_auto_mtls:
            place = config.place
            if place is not None and place.pointer == "/spec/meshConfig":
                place = place._replace(pointer=f"{place.pointer}/enableAutoMtls")
            assumed = " (assumed in the configuration)" if config.assumed else ""
            because = f"meshConfig.enableAutoMtls{assumed} is false and no DestinationRule sets tls"
            return Sending(PLAIN, because, place._replace(fact="auto-mtls") if place else None, "auto-mtls-off")
        if service.mesh_external:
            return _external(service, servers)
        marks = policy.endpoint_tls
        if marks is not None and marks.mode != "ISTIO_MUTUAL":
            because = f"{marks.place.text} sets tls mode {marks.mode} above an entry that sets none"
            return Sending(PLAIN, because, marks.place, "destination-rule")
        passed = _passes_through(service, policy)
        if passed and (plain := _plain_one(servers)) is not None:
            because = f"{passed[1]}, and {plain.text} takes no mTLS ({_why_plain(plain)})"
            return Sending(PLAIN, because, passed[2], passed[0])
        if (disabled := self._mesh.policies.disabling(service.namespace)) is not None:
            because = f"{disabled.text} is DISABLE for the whole {disabled.scope}, so clients do not try mTLS"
            return Sending(PLAIN, because, Place(disabled.resource, "/spec/mtls/mode", "mtls"), "namespace-disable")
        return Sending(AUTO, "auto-mTLS", honours_disable=marks is None)


def _external(service: Service, servers: Sequence[Server]) -> Sending:
    place = Place(service.resource, "/spec/location", "location")
    if service.entry and any(server.meshed for server in servers):
        because = f"{service.text} says that {service.host} is outside the mesh, so clients do not try mTLS"
        return Sending(PLAIN, because, place, "external-location")
    return Sending(PLAIN, f"{service.host} stands outside the mesh", place, "external")


def _passes_through(service: Service, policy: Policy) -> tuple[str, str, Place] | None:
    """Return step, reason and place when the client connects to the address that it was given."""
    if service.headless:
        return "headless", f"{service.text} is headless", Place(service.resource, "/spec/clusterIP", "headless")
    if service.entry and service.resolution == "NONE":
        place = Place(service.resource, "/spec/resolution", "resolution")
        return "passthrough", f"{service.text} has resolution NONE", place
    if policy.passthrough is not None:
        because = f"{policy.passthrough.text} sets the load balancer PASSTHROUGH"
        return "passthrough", because, policy.passthrough
    return None


def _plain_one(servers: Sequence[Server]) -> Server | None:
    return next((server for server in servers if not takes_mtls(server)), None)


def takes_mtls(server: Server) -> bool:
    """Tell whether istiod marks an endpoint as one that takes mTLS: the injector labels pods with a sidecar."""
    return server.dataplane == "sidecar" and server.marked


def _why_plain(server: Server) -> str:
    if server.dataplane == "sidecar" and server.marked_place is not None:
        return "a label says so"
    return server.because or f"it is {server.dataplane}"
