"""What one endpoint makes of what is sent to it.

In: a `Sending` and a `Server`. Out: `Part`. The table of the whole room: what was sent against what is accepted
(`getFilterChainMatchOptions` for the modes, ztunnel's converted policies for ambient).
"""

from __future__ import annotations

from meshlint.mesh.model import Place
from meshlint.mesh.verdicts.sending import AUTO, HBONE, MTLS, NOTHING, PLAIN, TLS, Sending, takes_mtls
from meshlint.mesh.verdicts.servers import Server
from meshlint.mesh.verdicts.verdict import BROKEN, PLAINTEXT, UNKNOWN, Part
from meshlint.mesh.verdicts.verdict import MTLS as ENCRYPTED
from meshlint.mesh.verdicts.verdict import TLS as FOREIGN
from meshlint.records import NamedTuple

_HTTP = frozenset(("http", "http2", "grpc", "grpc-web", "http_proxy"))
_OWN_TLS = frozenset(("https", "tls"))


class Acceptance(NamedTuple):
    """Say what a server accepts, why, and which field says so."""

    kind: str  # strict, both, plain, tls, unknown
    because: str
    place: Place | None
    step: str = ""  # of a server that takes no mTLS
    missing: str = ""


def acceptance(server: Server) -> Acceptance:
    """Return what an endpoint accepts; its data plane has to be known or assumed."""
    if server.dataplane == "none":
        why = "stands outside the mesh" if server.outside else f"has no proxy, because {server.because}"
        return Acceptance("plain", f"{server.text} {why}", server.place, "no-proxy-server")
    if server.dataplane == "gateway":
        because = f"a listener of {server.text} decides"
        if server.listener == "unknown":
            return Acceptance("unknown", because, None, missing=f"listener of {server.text} for port {server.port}")
        return Acceptance(server.listener, because, server.listener_place, "gateway-server")
    if not server.captured:
        because = f"port {server.port} of {server.text} goes past its proxy"
        return Acceptance("plain", because, server.place, "inbound-exclusion")
    if server.mode is None:
        missing = server.mode_missing or server.missing
        return Acceptance("unknown", f"the {missing} is not in the manifests", None, missing=missing)
    if server.listener == "tls" and server.dataplane == "sidecar":
        because = (
            f"{server.listener_place.text if server.listener_place else ''} gives port {server.port} TLS of its own"
        )
        return Acceptance("tls", because, server.listener_place, "own-tls")
    if server.dataplane == "ambient":
        return Acceptance("strict" if server.mode == "STRICT" else "both", server.mode_because, server.mode_place)
    kind = {"STRICT": "strict", "DISABLE": "plain"}.get(server.mode, "both")
    return Acceptance(kind, server.mode_because, server.mode_place, "server-disable")


def judged(sending: Sending, server: Server, protocol: str | None) -> Part:
    """Return the verdict on one endpoint."""
    accepted = acceptance(server)
    if sending.missing:
        return _part(
            server, UNKNOWN, f"the {sending.missing} is not in the manifests", sending, accepted, sending.missing
        )
    if sending.kind == NOTHING:
        return _part(server, BROKEN, sending.because, sending, accepted, at_fault=sending.place)
    if sending.kind == HBONE:
        return _part(server, ENCRYPTED, f"{sending.because}, and the call is tunnelled by HBONE", sending, accepted)
    if _takes_hbone(sending, server):
        return _to_ambient(sending, server, accepted)
    if accepted.kind == "unknown":
        return _part(server, UNKNOWN, accepted.because, sending, accepted, accepted.missing)
    if sending.kind == AUTO:
        sending = _settled(sending, server, accepted)
    if sending.kind == MTLS:
        return _mutual(sending, server, accepted)
    if sending.kind == TLS:
        return _foreign(sending, server, accepted, protocol)
    return _plain(sending, server, accepted, protocol)


def _takes_hbone(sending: Sending, server: Server) -> bool:
    """Tell whether the proxy knows the endpoint and tunnels to it, whatever the DestinationRule says."""
    past_proxy = sending.step in ("no-proxy-client", "outbound-exclusion", "not-imported", "not-exported")
    return server.dataplane == "ambient" and not past_proxy and sending.step != "ambient-no-hbone"


def _to_ambient(sending: Sending, server: Server, accepted: Acceptance) -> Part:
    if sending.all_alike:
        missing = f"way of sidecars to {server.text}, an ambient pod at an address that they were given"
        return _part(server, UNKNOWN, sending.because, sending, accepted, missing)
    if not server.captured:
        missing = f"callers for which {server.text} is kept from ztunnel"
        return _part(server, UNKNOWN, accepted.because, sending, accepted, missing)
    part = _part(server, ENCRYPTED, f"{server.text} is in ambient and is reached by HBONE", sending, accepted)
    return part._replace(sends=HBONE, step="")


def _settled(sending: Sending, server: Server, accepted: Acceptance) -> Sending:
    """Return what auto-mTLS comes to at one endpoint."""
    if sending.all_alike:
        return sending._replace(kind=MTLS, because="auto-mTLS treats all endpoints of a headless service alike")
    if server.dataplane == "sidecar" and not server.marked:
        because = f"a label marks {server.text} as plain"
        return Sending(PLAIN, because, server.marked_place, "endpoint-label")
    disabled = accepted.step == "server-disable" and accepted.kind == "plain"
    if takes_mtls(server) and not (disabled and sending.honours_disable) and accepted.step != "own-tls":
        return sending._replace(kind=MTLS)
    return Sending(PLAIN, accepted.because, accepted.place, accepted.step)


def _mutual(sending: Sending, server: Server, accepted: Acceptance) -> Part:
    if accepted.kind in ("strict", "both"):
        because = sending.because if sending.place is not None else "auto-mTLS applies and the server takes it"
        return _part(server, ENCRYPTED, because, sending, accepted)._replace(step="")
    if accepted.kind == "tls":
        missing = f"certificate authority of {server.text}"
        return _part(server, UNKNOWN, accepted.because, sending, accepted, missing)
    if server.is_foreign and accepted.step == "no-proxy-server":
        missing = f"server that answers at {server.text}"
        return _part(server, UNKNOWN, f"the {missing} is not in the manifests", sending, accepted, missing)
    because = f"clients send mTLS ({sending.because}), and {_refusal(accepted, server)}"
    at_fault = sending.place if accepted.step == "no-proxy-server" and sending.place is not None else accepted.place
    return _part(server, BROKEN, because, sending, accepted, at_fault=at_fault)._replace(step=accepted.step)


def _refusal(accepted: Acceptance, server: Server) -> str:
    if accepted.step == "server-disable":
        return f"port {server.port} of {server.text} takes plain text only ({accepted.because})"
    return accepted.because


def _foreign(sending: Sending, server: Server, accepted: Acceptance, protocol: str | None) -> Part:
    assert sending.tls is not None
    has_proxy = accepted.step != "no-proxy-server"
    if accepted.kind == "strict":
        if sending.tls.mode == "MUTUAL":
            if sending.tls.uses_mesh_certificate:
                because = f"{sending.because} with the certificates that the mesh issues"
                return _part(server, ENCRYPTED, because, sending, accepted)._replace(step="")
            missing = f"issuer of the client certificate in {sending.tls.place.text}"
            return _part(server, UNKNOWN, f"the {missing} is not in the manifests", sending, accepted, missing)
        because = (
            f"{sending.because}, and STRICT takes only clients with a certificate of the mesh ({accepted.because})"
        )
        return _part(server, BROKEN, because, sending, accepted, at_fault=sending.place)
    if accepted.kind in ("both", "plain") and has_proxy and protocol in _HTTP:
        because = f"{sending.because}, and the port of {server.text} is declared {protocol}"
        return _part(server, BROKEN, because, sending, accepted, at_fault=sending.place)
    because = f"{sending.because}, which is not the mesh's mTLS"
    return _part(server, FOREIGN, because, sending, accepted, at_fault=sending.place)


def _plain(sending: Sending, server: Server, accepted: Acceptance, protocol: str | None) -> Part:
    if accepted.kind == "tls" and accepted.step == "gateway-server":
        if protocol in _OWN_TLS:
            return _part(server, FOREIGN, "the application speaks TLS to the gateway by itself", sending, accepted)
        missing = f"what clients send to {server.text}, whose listener demands TLS"
        return _part(server, UNKNOWN, accepted.because, sending, accepted, missing)
    if accepted.kind in ("strict", "tls"):
        demand = "STRICT refuses plain text" if accepted.kind == "strict" else "TLS is demanded"
        because = f"{sending.because}, and {demand} ({accepted.because})"
        at_fault = accepted.place if sending.step == "auto-mtls-off" or sending.place is None else sending.place
        return _part(server, BROKEN, because, sending, accepted, at_fault=at_fault)
    if protocol in _OWN_TLS:
        because = f"the application encrypts by itself on a port that is declared {protocol}, and {sending.because}"
        return _part(server, FOREIGN, because, sending, accepted, at_fault=sending.place)
    return _part(server, PLAINTEXT, sending.because, sending, accepted, at_fault=sending.place)


def _part(
    server: Server,
    mtls: str,
    because: str,
    sending: Sending,
    accepted: Acceptance,
    missing: str = "",
    at_fault: Place | None = None,
) -> Part:
    accepts = "" if accepted.kind == "unknown" else accepted.kind
    return Part(
        server.text, server.port, mtls, because, sending.kind, accepts, sending.step, sending.place, accepted.place,
        at_fault, missing, None if server.assumed else server.meshed,
    )  # fmt: skip
