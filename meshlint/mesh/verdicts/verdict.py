"""The words of a verdict.

In: nothing. Out: immutable types. A verdict is shared by all clients that nothing tells apart, so no text in it names
the client. `step` is a stable word for the place on the way where encryption was lost or the call breaks: rules and
reports compare it, people read `because`.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.model import Place
from meshlint.records import NamedTuple

MTLS, PLAINTEXT, TLS, BROKEN, MIXED, UNKNOWN = "mtls", "plaintext", "tls", "broken", "mixed", "unknown"

STEPS = {
    "": "nothing was lost",
    "no-proxy-client": "the client has no proxy",
    "outbound-exclusion": "an annotation keeps the client's port from its proxy",
    "not-imported": "the client's Sidecar does not import the host",
    "not-exported": "the service is not exported to the client's namespace",
    "unknown-host": "no registry of the mesh knows the host",
    "external": "the server stands outside the mesh",
    "external-location": "a ServiceEntry says that a server of the mesh is outside",
    "destination-rule": "the tls block of a DestinationRule decides",
    "auto-mtls-off": "the MeshConfig switches auto-mTLS off",
    "namespace-disable": "the server's namespace, or the mesh, is in mode DISABLE and keeps clients from mTLS",
    "headless": "the service is headless, and one plain endpoint settles all of them",
    "passthrough": "the client connects to the address it was given, and one plain endpoint settles all of them",
    "endpoint-label": "a label marks the endpoint as plain",
    "server-disable": "the server's port is in mode DISABLE",
    "no-proxy-server": "the server has no proxy",
    "inbound-exclusion": "an annotation keeps the server's port from its proxy",
    "ambient-no-hbone": "the client's ztunnel cannot reach a sidecar by HBONE",
    "udp": "the transport is UDP, which no proxy carries",
    "gateway-server": "the listener of a gateway decides",
    "own-tls": "the application encrypts by itself",
}
"""Every step, and what it means."""


class Part(NamedTuple):
    """Hold the verdict on one endpoint."""

    server: str  # as messages name it
    port: int | None  # of the container
    mtls: str
    because: str
    sends: str
    accepts: str
    step: str = ""
    client_decided: Place | None = None
    server_decided: Place | None = None
    at_fault: Place | None = None
    missing: str = ""
    server_meshed: bool | None = None


class Verdict(NamedTuple):
    """Say what protects a call; `missing` says what the manifests don't tell, for unknown."""

    mtls: str
    because: str  # one clause
    sends: str  # plain, mtls, tls, hbone, nothing; several are joined by "or"
    accepts: str  # strict, both, plain, tls, nothing; several are joined by "or"
    step: str = ""
    client_decided: Place | None = None  # a field of a DestinationRule, a Sidecar, the MeshConfig, a label …
    server_decided: Place | None = None  # a field of a PeerAuthentication, a label …
    at_fault: Place | None = None  # that one of both which a person would change; None where nothing was lost
    missing: str = ""
    parts: tuple[Part, ...] = ()  # one an endpoint, when they differ
    server_meshed: bool | None = None  # whether every endpoint is known to be in the mesh, or none

    @property
    def broken_part(self) -> Part | None:
        """Return the first endpoint that refuses the call, None when none is known to."""
        return next((part for part in self.parts if part.mtls == BROKEN), None)


def unknown(missing: str, because: str = "") -> Verdict:
    """Return the verdict of those who cannot know."""
    return Verdict(UNKNOWN, because or f"the {missing} are not in the manifests", "", "", missing=missing)


def verdict_of(parts: Sequence[Part]) -> Verdict:
    """Join the verdicts on several endpoints: equal ones are one, unknown ones leave it open, others are mixed."""
    first = parts[0]
    kinds = {part.mtls for part in parts}
    open_ = next((part for part in parts if part.mtls == UNKNOWN), None)
    if open_ is not None:
        return unknown(open_.missing, open_.because)._replace(parts=tuple(parts))
    alike = len({part.server_meshed for part in parts}) == 1
    server_meshed = first.server_meshed if alike else None
    sends, accepts = _joined([part.sends for part in parts]), _joined([part.accepts for part in parts])
    if len(kinds) == 1:
        lead = next((part for part in parts if part.at_fault is not None), first)
        return Verdict(
            first.mtls, lead.because, sends, accepts, lead.step, lead.client_decided, lead.server_decided,
            lead.at_fault, "", () if alike else tuple(parts), server_meshed,
        )  # fmt: skip
    lead = min(parts, key=lambda part: _GRAVITY.index(part.mtls))
    because = f"it differs by endpoint: for {lead.server}, {lead.because}"
    return Verdict(
        MIXED, because, sends, accepts, lead.step, lead.client_decided, lead.server_decided, lead.at_fault, "",
        tuple(parts), server_meshed,
    )  # fmt: skip


_GRAVITY = (BROKEN, PLAINTEXT, TLS, MTLS, MIXED)


def _joined(words: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(word for word in words if word))
