"""Facts about calls and what protects them.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import NO_LABELS, Field, Message

_VERDICT = "mtls (HBONE too), plaintext, tls (not the mesh's), broken (blocked too) or mixed"
_OPEN = "the manifests leave the client's or the server's side open"
_STEP = (
    "where encryption was lost or the call breaks: destination-rule, namespace-disable, headless, passthrough, "
    "not-imported, not-exported, unknown-host, auto-mtls-off, external, external-location, no-proxy-client, "
    "no-proxy-server, outbound-exclusion, inbound-exclusion, endpoint-label, server-disable, ambient-no-hbone, "
    "gateway-server, own-tls, udp; empty where nothing was lost"
)

MESSAGES: tuple[Message, ...] = (
    Message(
        "EdgeClient",
        "Who calls.",
        (
            Field("text", "string", "how messages name it"),
            Field("kind", "string", "its kind"),
            Field("namespace", "string", "where its proxy lives"),
            Field("name", "string", "its name, empty where any client with a proxy is meant"),
            Field("dataplane", "string", "sidecar, ambient, gateway, waypoint, none or unknown"),
            Field("meshed", "bool", "a proxy or ztunnel carries its calls", NO_LABELS),
        ),
    ),
    Message(
        "EdgeServer",
        "Who is called: a service, any server of a namespace, or a host that is no service of the set.",
        (
            Field("text", "string", "how messages name it"),
            Field("kind", "string", "its kind; Namespace for any server of one, empty for a host"),
            Field("namespace", "string", "its namespace; of a host the one that it names, if any"),
            Field("name", "string", "its name"),
        ),
    ),
    Message(
        "EdgePart",
        "What becomes of a call at one endpoint, or at all of them where they do not differ.",
        (
            Field("server", "string", "the endpoint, empty where all are meant"),
            Field("mtls", "string", _VERDICT, _OPEN),
            Field("step", "string", _STEP, _OPEN),
            Field("because", "string", "why, in one clause"),
            Field("sends", "string", "plain, mtls, tls, hbone or nothing"),
            Field("accepts", "string", "strict, both, plain or tls"),
            Field("meshed", "bool", "a proxy or ztunnel stands before the endpoint", NO_LABELS),
            Field("client_decided", "Place", "the field that decided what is sent"),
            Field("server_decided", "Place", "the field that decided what is accepted"),
            Field("decided", "list Place", "those of both that are not at fault"),
            Field("at_fault", "Place", "the field of the two that a person would change"),
            Field("broken_at", "Place", "the same, as the cause of an outage"),
        ),
    ),
    Message(
        "Edge",
        "A call from a client to a service port, and what protects it.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "what says that there is such a call"),
            Field("evidence", "Place", "the field that names the call or leads to it"),
            Field("kind", "string", "calls, routes, mirrors or ingress"),
            Field("names_address", "bool", "what names the host says that it is connected to, and not only mentioned"),
            Field("is_known", "bool", "the manifests name the call; else any client with a proxy may make it"),
            Field("client", "EdgeClient", "who calls"),
            Field("server", "EdgeServer", "who is called"),
            Field("target_text", "string", "who is called, with the port"),
            Field("port", "int", "the service port, 0 for all"),
            Field("subset", "string", "the subset, empty for the whole service"),
            Field(
                "protocol",
                "string",
                "the protocol that the port declares; of several ports one that is encrypted, if any is",
            ),
            Field("mtls", "string", _VERDICT, _OPEN),
            Field("step", "string", _STEP, _OPEN),
            Field("because", "string", "why, in one clause"),
            Field("parts", "list EdgePart", "the endpoints, when they differ; else one part for all"),
            Field("is_legacy", "bool", "the port, or one of several, is legacy raw TCP and nobody has excepted it"),
            Field("is_excepted", "bool", "a complete, unexpired exception covers the port, or one of several"),
        ),
    ),
)
