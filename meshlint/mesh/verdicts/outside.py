"""Calls that leave the mesh: to a host that a registry knows as external, or that none knows.

In: a client, a host. Out: `Verdict`. What an application encrypts by itself no manifest says; the declared protocol
of a port is taken at its word.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service, ServicePort
from meshlint.mesh.verdicts.clients import PROXIED, Client
from meshlint.mesh.verdicts.sending import NOTHING, PLAIN, ClientSide, Sending
from meshlint.mesh.verdicts.verdict import BROKEN, PLAINTEXT, TLS, Verdict, unknown

_SPEAKING = ("http", "http2", "grpc", "grpc-web", "http_proxy")


def external(service: Service, port: ServicePort, protocol: str | None, sendings: Sequence[Sending]) -> Verdict:
    """Judge a call to a server outside the mesh."""
    host = service.external_name or service.host
    sending = sendings[0] if sendings else Sending(PLAIN, f"{host} stands outside the mesh", None, "external")
    place = Place(service.resource, port.pointer, "external")
    missing = sending.missing or ("MeshConfig" if len({one.kind for one in sendings}) > 1 else "")
    if missing:
        return unknown(missing)._replace(step="external", server_meshed=False)
    if sending.kind == NOTHING:
        return Verdict(BROKEN, sending.because, NOTHING, "", sending.step, sending.place, place, sending.place)
    if sending.kind == "tls":
        return Verdict(TLS, sending.because, "tls", "", sending.step, sending.place, place, None, server_meshed=False)
    if sending.kind == "mtls":
        return unknown(f"server that answers at {host}")._replace(step="external", server_meshed=False)
    if protocol in ("https", "tls") or port.number == 443:
        because = f"the application encrypts its calls to {host} by itself"
        return Verdict(TLS, because, PLAIN, "", "own-tls", sending.place, place, None, server_meshed=False)
    if protocol in _SPEAKING:
        because = f"{sending.because}, and port {port.number} is declared {protocol}"
        return Verdict(PLAINTEXT, because, PLAIN, "", "external", sending.place, place, place, server_meshed=False)
    missing = f"encryption of port {port.number} of {host}"
    return unknown(missing, "the application decides what it sends there")._replace(
        step="external", server_meshed=False
    )


def unknown_host(host: str, client: Client, edge: Edge, mesh: Mesh, side: ClientSide) -> Verdict:
    """Judge a call to a host that is no service of the set."""
    if host.startswith("*"):
        return unknown(f"hosts that {host} covers")
    answer = mesh.routing.references.find(host, client.namespace)
    outbound = side.outbound(client) if client.dataplane in PROXIED and edge.kind == "calls" else None
    passed = outbound is not None and outbound.value not in (None, "REGISTRY_ONLY")
    if answer.found is not False or edge.kind == "ingress":
        is_known = passed or answer.found  # the configuration says that the host is declared elsewhere
        return unknown(answer.missing or f"server behind {host}")._replace(step="external" if is_known else "")
    if edge.kind != "calls":
        because = f"no registry of the mesh knows {host}"
        return Verdict(BROKEN, because, NOTHING, "", "unknown-host", edge.evidence, None, edge.evidence)
    if outbound is not None and outbound.value == "REGISTRY_ONLY":
        because = f"no registry of the mesh knows {host}, and {outbound.because}"
        return Verdict(BROKEN, because, NOTHING, "", "unknown-host", outbound.decided_by, None, outbound.decided_by)
    missing, because = f"encryption of calls to {host}", "the call is passed through as the application makes it"
    return unknown(missing, because)._replace(step="external" if passed else "")
