"""Whether calls of a service have a timeout, port by port.

In: the mesh. Out: `TimedPort` for each port of HTTP or gRPC that somebody with a proxy is known to call. Timeouts are
kept by the caller's proxy, so callers without one are not asked about. A port that carries streams has no use for a
timeout of requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service, ServicePort
from meshlint.mesh.routing.request_timeouts import RequestTimeouts, Timing
from meshlint.mesh.routing.virtual_services import MESH
from meshlint.records import NamedTuple

HTTP = frozenset(("http", "http2", "grpc", "grpc-web"))
"""The protocols whose requests Istio routes, tries again and limits."""
_STREAMS = re.compile(r"(?:^|[-_./])(?:wss?|websockets?|sse|streams?|streaming)(?:$|[-_./])", re.IGNORECASE)


class TimedPort(NamedTuple):
    """Describe a port and who calls it; `called` is None where nobody knows whether a caller has a proxy."""

    port: ServicePort
    protocol: str
    called: bool | None
    caller: str
    missing: str
    streams: bool
    timing: Timing
    place: Place


class TimedCalls:
    """Answer for the services of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._timeouts = RequestTimeouts(mesh.inventory, mesh.routing, mesh.existence)
        self._gateways: dict[str, str] = {}
        for bound in mesh.routing.bound:
            gateway = min((name for name in bound.gateways if name != MESH), default="")
            for target in bound.live_targets if gateway and bound.route.protocol == "http" else ():
                told = f"gateway {gateway.removeprefix('/')}"  # without a namespace where none is stated
                self._gateways[target.host.full] = min(told, self._gateways.get(target.host.full, told))

    def of(self, service: Service) -> Iterator[TimedPort]:
        """Yield the ports of HTTP or gRPC that have a known caller."""
        if service.entry or service.external_name:
            return
        for port in service.ports:
            protocol = self._mesh.protocols[port.id].value
            if protocol not in HTTP:
                continue
            called, caller, missing = self._caller(service, port)
            if caller:
                streams = any(map(_STREAMS.search, (port.name, port.app_protocol or ""))) or port.app_protocol == "ws"
                place = Place(service.resource, port.pointer, f"timeout {port.number}")
                timing = self._timeouts.of(service)
                yield TimedPort(port, protocol, called, caller, missing, streams, timing, place)

    def _caller(self, service: Service, port: ServicePort) -> tuple[bool | None, str, str]:
        """Return whether a caller has a proxy that would keep a timeout, who it is, and what is not known of it."""
        if gateway := self._gateways.get(service.host.lower()):
            return True, gateway, ""
        callers = [(w.text, self._mesh.memberships[w.id]) for w, _ in self._mesh.graph.callers.get(port.id, ())]
        timed = [text for text, member in callers if member.meshed and member.dataplane != "ambient"]
        if timed:
            return True, min(timed), ""  # the first by name, whatever the order of files
        unknown = [(text, member.missing) for text, member in callers if member.meshed is None]
        return (None, *min(unknown)) if unknown else (False, "", "")
