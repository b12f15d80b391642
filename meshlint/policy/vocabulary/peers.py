"""Facts about what keeps a PeerAuthentication, or a part of it, from acting.

In: the types of the tables. Out: a part of the vocabulary, and fields of the group PeerAuthentication.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "PortEntry",
        "An entry of portLevelMtls, or the whole map where no entry can act.",
        (
            Field("text", "string", "how messages name it"),
            Field(
                "acts",
                "bool",
                "it reaches a port of a workload",
                "no workload is in the set, or no container and no Service mentions the port",
            ),
            Field("because", "string", "why it does not"),
            Field("target", "int", "where it names the port of a Service: the port of the workload behind it, else 0"),
            Field("place", "Place", "its key"),
        ),
    ),
)

PEER_AUTHENTICATION: tuple[Field, ...] = (
    Field("rivals", "list Place", "others that govern the same namespace or workload"),
    Field("rivals_text", "string", "the same, joined"),
    Field("rivals_share", "string", "the namespace, the mesh or the workload that they share"),
    Field("rivals_agree", "bool", "all of them set the same modes"),
    Field("port_entries", "list PortEntry", "its entries of portLevelMtls"),
    Field("selector_at", "Place", "its selector"),
    Field("selects_in_root", "string", "for an ignored one: the workloads of the root namespace that it selects"),
)
