"""Facts about Gateways of Istio: who shares a port with them and which pods they configure.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import IDENTITY, LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "PlainEntry",
        "A server of a Gateway, a listener or an Ingress that takes plain text from outside.",
        (
            Field("text", "string", "protocol and port"),
            Field("protocol", "string", "the protocol, in capitals"),
            Field("port_name", "string", "the name of the port or listener"),
            Field(
                "plain", "bool", "it serves more than a way to HTTPS", "the routes of a listener come from elsewhere"
            ),
            Field("has_https", "bool", "HTTPS servers of the same Gateway have the same hosts"),
            Field("exemption", "Exemption", "the exception that the annotations of the object declare"),
            Field("place", "Place", "the protocol"),
        ),
    ),
    Message(
        "ServerConflict",
        "A host that other servers claim on the same port of the same proxies.",
        (
            Field("text", "string", "the host"),
            Field("port", "int", "the port"),
            Field("rivals_text", "string", "the Gateways of the first few other servers"),
            Field("outcome", "string", "what becomes of the servers, in one clause"),
            Field("covers", "bool", "one host only covers the other, and both are served"),
            Field("rivals", "list Place", "their hosts"),
            Field("place", "Place", "the host"),
        ),
    ),
    Message(
        "Gateway",
        "A Gateway of Istio.",
        (
            *IDENTITY,
            *LABELS,
            Field("selected", "bool", "pods stand behind its selector", "gateway pods come from elsewhere"),
            Field("selected_because", "string", "why none do, in one clause"),
            Field("selector_place", "Place", "the selector"),
            Field("conflicts", "list ServerConflict", "its servers that others get in the way of"),
        ),
    ),
)
