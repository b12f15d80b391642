"""What stands behind a service port, and what it accepts.

In: the mesh, a service and one of its ports. Out: `Server` for each endpoint, or what keeps the list from being whole.
Endpoints are pods that the selector takes, WorkloadEntries, and inline endpoints of a ServiceEntry; an address that
names a Service of the mesh leads to that one's pods. Sources: `getTLSModeFromWorkloadEntry`, `buildInboundListeners`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from meshlint.mesh.gateways.gateways import Gateways
from meshlint.mesh.membership.membership import TLS_MODE, escaped
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Membership, Place, PortMode, Service, ServicePort, Workload
from meshlint.mesh.mtls.modes import UnseenModes
from meshlint.mesh.selection import Endpoint
from meshlint.mesh.sidecar_scopes import SidecarScopes
from meshlint.mesh.verdicts.listeners import gateway_acceptance, listeners_of, own_tls_place
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text

TUNNEL = "networking.istio.io/tunnel"


class Server(NamedTuple):
    """Describe one endpoint of a port; `mode` is that of PeerAuthentication, None where unknown for `missing`."""

    text: str
    namespace: str
    port: int | None  # of the container
    dataplane: str  # sidecar, ambient, gateway, none, unknown
    because: str  # why the data plane
    place: Place | None  # what decided the data plane
    missing: str = ""  # of the data plane or the mode
    mode: str | None = "PERMISSIVE"
    mode_because: str = ""
    mode_place: Place | None = None
    mode_level: str = "default"
    mode_missing: str = ""
    marked: bool = True  # clients may send it mTLS without being told
    marked_place: Place | None = None
    captured: bool = True
    tunnel: bool = False  # a sidecar that takes HBONE
    listener: str = ""  # of a gateway, or of a Sidecar's ingress: plain, strict, tls, unknown
    listener_place: Place | None = None
    outside: bool = False  # known to be no part of the mesh
    is_foreign: bool = False  # an address: what answers there, perhaps a gateway of another mesh, nobody says
    labels: Mapping[str, str] = MappingProxyType({})
    assumed: bool = False  # the data plane is one that it may have

    @property
    def meshed(self) -> bool | None:
        """Tell whether a proxy or ztunnel stands before it."""
        return None if self.dataplane == "unknown" else self.dataplane != "none"


class Servers(NamedTuple):
    """Hold the endpoints of a port; `missing` says why they are not known."""

    all: tuple[Server, ...]
    missing: str = ""


class ServerSide:
    """Find the endpoints of service ports."""

    def __init__(self, mesh: Mesh, scopes: SidecarScopes, gateways: Gateways) -> None:
        self._mesh = mesh
        self._scopes = scopes
        self._listeners = listeners_of(gateways)
        self._unseen: UnseenModes | None = None
        self._known: dict[tuple[int, int], Servers] = {}

    def of(self, service: Service, port: ServicePort) -> Servers:
        """Return the endpoints behind a port."""
        if port.id not in self._known:
            self._known[port.id] = self._found(service, port)
        return self._known[port.id]

    def _found(self, service: Service, port: ServicePort) -> Servers:
        pods = tuple(self._pod(endpoint, port) for endpoint in self._mesh.selection.endpoints.get(port.id, ()))
        if service.entry:
            return self._of_entry(service, port, pods)
        if pods:
            return Servers(pods)
        return Servers((), f"workloads behind {service.text}" if service.selector else f"endpoints of {service.text}")

    def _of_entry(self, service: Service, port: ServicePort, pods: tuple[Server, ...]) -> Servers:
        inline = tuple(self._inline(service, port))
        if pods or inline:
            return Servers((*pods, *inline))
        if service.selector:
            return Servers((), f"workloads behind {service.text}")
        if twins := [s for s in self._mesh.inventory.service_at.get(service.host.lower(), ()) if not s.entry]:
            return self._through(twins[0], port.number)
        if service.mesh_external:
            return Servers((_outside(service, service.host, port.number),))
        return Servers((), f"endpoints of {service.text}")

    def _through(self, service: Service, number: int) -> Servers:
        """Return the endpoints of another service at one of its ports."""
        port = next((port for port in service.ports if port.number == number), None)
        if port is None or service.entry:
            return Servers((), f"port {number} of {service.text}")
        return self.of(service, port)

    def _pod(self, endpoint: Endpoint, port: ServicePort) -> Server:
        workload, number = endpoint
        member = self._mesh.memberships[workload.id]
        if number is None:
            missing = f"container ports of {workload.text}"
            return Server(workload.text, workload.namespace, None, "unknown", missing, None, missing, None)
        mode = next(iter(self._mesh.mtls.modes_at(workload, (number,))), None)
        server = with_mode(_server(workload, member, number), mode)
        if member.dataplane in ("gateway", "waypoint"):
            listener, place = gateway_acceptance(self._listeners.get(workload.id, ()), (port.number, number))
            return server._replace(dataplane="gateway", marked=False, listener=listener, listener_place=place)
        if server.mode == "DISABLE" and (place := own_tls_place(self._scopes.governing(workload), number)):
            return server._replace(listener="tls", listener_place=place)
        return server

    def _inline(self, service: Service, port: ServicePort) -> Iterator[Server]:
        spec = mapping(service.resource.content().get("spec"))
        for position, item in enumerate(sequence(spec.get("endpoints"))):
            entry = mapping(item)
            address = text(entry.get("address")).lower().rstrip(".")
            stated = mapping(entry.get("ports")).get(port.name)
            number = stated if isinstance(stated, int) and not isinstance(stated, bool) else int(port.target)
            targets = [s for s in self._mesh.inventory.service_at.get(address, ()) if not s.entry]
            if targets:
                through = self._through(targets[0], number)
                yield from through.all or (_open(address, number, through.missing),)
            else:
                yield self._machine(service, entry, number, address, f"/spec/endpoints/{position}")

    def _machine(self, service: Service, entry: Mapping[str, Any], number: int, address: str, pointer: str) -> Server:
        labels = strings(entry.get("labels"))
        stated = labels.get(TLS_MODE)
        has_proxy = stated == "istio" if stated is not None else bool(text(entry.get("serviceAccount")))
        place = Place(service.resource, pointer, "membership")
        if not has_proxy:
            why = f"its label {TLS_MODE} is {stated}" if stated is not None else "it names no service account"
            return _outside(service, address, number)._replace(because=why, place=place, labels=labels)
        if self._unseen is None:
            mesh = self._mesh
            self._unseen = UnseenModes(mesh.inventory, mesh.policies, mesh_policy_elsewhere=mesh.mesh_policy_elsewhere)
        modes = self._unseen.of(service.namespace, labels, (number,), service.text)
        server = Server(
            f"endpoint {address} of {service.text}", service.namespace, number, "sidecar", "", place, labels=labels
        )
        return with_mode(server, modes[0])


def _server(workload: Workload, member: Membership, number: int) -> Server:
    label = workload.labels.get(TLS_MODE)
    place = Place(workload.resource, f"{workload.template}/metadata/labels/{escaped(TLS_MODE)}", "tls-mode")
    return Server(
        workload.text,
        workload.namespace,
        number,
        member.dataplane,
        member.because,
        member.decided_by,
        member.missing,
        marked=label in (None, "istio"),
        marked_place=place if label is not None else None,
        is_foreign=workload.external,
        labels=workload.labels,
        tunnel="http" in [word.strip() for word in workload.labels.get(TUNNEL, "").split(",")],
    )


def with_mode(server: Server, mode: PortMode | None) -> Server:
    """Return the server under a mode of PeerAuthentication."""
    if mode is None:
        return server
    return server._replace(
        mode=mode.mode,
        mode_because=mode.because,
        mode_place=mode.decided_by,
        mode_level=mode.level,
        mode_missing=mode.missing,
        captured=mode.captured or mode.transport != "TCP",
    )


def _outside(service: Service, address: str, number: int | None) -> Server:
    place = Place(service.resource, "/spec", "membership")
    return Server(
        address,
        "",
        number,
        "none",
        "it stands outside the mesh",
        place,
        outside=service.mesh_external,
        marked=False,
        is_foreign=True,
    )


def _open(address: str, number: int, missing: str) -> Server:
    return Server(address, "", number, "unknown", f"the {missing} are not in the manifests", None, missing, None)
