"""Listeners that PeerAuthentication does not govern: those of gateways, and the ingress of a Sidecar.

In: gateways, a Sidecar, a port. Out: what the listener accepts, and where that stands. A Sidecar's `ingress[].tls`
counts only on ports in mode DISABLE (`buildInboundListeners`).
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.gateways.gateways import Gateways, Server
from meshlint.mesh.model import Place
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource


def listeners_of(gateways: Gateways) -> dict[int, list[Server]]:
    """Return workload id → the servers of all Gateways that its pods obey."""
    found: dict[int, list[Server]] = {}
    for gateway in gateways.all:
        for workload in gateway.workloads:
            found.setdefault(workload.id, []).extend(gateway.servers)
    return found


def gateway_acceptance(servers: Sequence[Server], numbers: Sequence[int]) -> tuple[str, Place | None]:
    """Return plain, strict, tls or unknown for a port of a gateway's pods; servers that differ leave it open.

    A server names the port of the Service where one leads to it, else that of the pod: the first that fits counts.
    """
    rows = ([server for server in servers if server.number == number] for number in numbers)
    here = next(filter(None, rows), [])
    kinds = {_acceptance(server) for server in here}
    if len(kinds) != 1:
        return "unknown", None
    return kinds.pop(), Place(here[0].resource, here[0].pointer, "listener")


def _acceptance(server: Server) -> str:
    if server.layer in ("http", "tcp"):
        return "plain"
    mode = text(server.tls.get("mode"))
    if mode == "ISTIO_MUTUAL":
        return "strict"
    return "tls" if mode in ("SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL", "PASSTHROUGH") else "unknown"


def own_tls_place(sidecar: Resource | None, number: int) -> Place | None:
    """Return where a Sidecar gives a port TLS of its own."""
    if sidecar is None:
        return None
    spec = mapping(sidecar.content().get("spec"))
    for position, item in enumerate(sequence(spec.get("ingress"))):
        entry = mapping(item)
        if mapping(entry.get("port")).get("number") == number and mapping(entry.get("tls")):
            return Place(sidecar, f"/spec/ingress/{position}/tls", "tls")
    return None
