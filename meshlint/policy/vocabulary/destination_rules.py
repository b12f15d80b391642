"""Facts about DestinationRules: load balancing, reach, what becomes of their TLS settings; and what undoes auto-mTLS.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import NO_LABELS, Field, Message

_NO_SERVERS = "the servers, or the labels of their namespace, are not in the set"

DESTINATION_RULE: tuple[Field, ...] = (
    Field("ejections", "list Ejection", "its outlier detections that eject without minHealthPercent as a floor"),
    Field("undetected_failovers", "list BalancingFault", "fail-overs that no outlier detection triggers"),
    Field("unapplied", "list UnappliedPolicy", "its policies of which no client is known that takes them"),
    Field("dropped_tls", "list DroppedTls", "entries of ports that may lose the TLS of the level above"),
    Field("foreign_tls", "list ForeignTls", "where it may send TLS of its own to servers of the mesh"),
    Field("shadowed_tls", "list ShadowedTls", "wider rules with ISTIO_MUTUAL that it may leave without effect"),
    Field("passthroughs", "list BalancingFault", "where it switches balancing off for a service with endpoints"),
)
"""What the facts of a DestinationRule have beside breakers and routing."""

MESSAGES: tuple[Message, ...] = (
    Message(
        "Ejection",
        "An outlier detection that ejects without a floor, and how far it goes.",
        (
            Field("text", "string", "the endpoints that it may eject"),
            Field("level", "string", "the traffic that it is for: all ports, one port, a subset"),
            Field("percent", "double", "its maxEjectionPercent, 10 when unset"),
            Field("stated", "bool", "the rule states the percentage"),
            Field("counted", "bool", "the manifests say how many endpoints there are at the least"),
            Field("leaves_one", "bool", "they are counted, and one is left in every release of Istio"),
            Field("place", "Place", "the percentage, else the outlier detection"),
        ),
    ),
    Message(
        "BalancingFault",
        "A level of a DestinationRule whose load balancing does not do what it says.",
        (
            Field("text", "string", "the traffic that it is for: all ports, one port, a subset"),
            Field("field", "string", "the field, below loadBalancer"),
            Field("place", "Place", "the field"),
        ),
    ),
    Message(
        "UnappliedPolicy",
        "A traffic policy that no known client takes.",
        (
            Field("text", "string", "what is amiss, as a clause"),
            Field(
                "applied",
                "bool",
                "some client takes it",
                "workloads where it reaches, or its routes, are not known",
                only=False,
            ),
            Field("because", "string", "why no client takes it"),
            Field("place", "Place", "the namespace, exportTo, or the policy of the subset"),
        ),
    ),
    Message(
        "DroppedTls",
        "An entry of portLevelSettings without tls below a level that sets it.",
        (
            Field("text", "string", "the traffic that it is for"),
            Field("mode", "string", "the mode of the level above"),
            Field("encrypted", "bool", "the port is encrypted all the same", _NO_SERVERS, only=False),
            Field("because", "string", "why it is not"),
            Field("place", "Place", "the entry"),
        ),
    ),
    Message(
        "ForeignTls",
        "A tls block SIMPLE or MUTUAL for a service of the mesh, on a port that is not declared to be TLS.",
        (
            Field("text", "string", "the traffic that it is for"),
            Field("mode", "string", "SIMPLE or MUTUAL"),
            Field("service", "string", "the service"),
            Field("passed_on", "bool", "a proxy there passes such TLS on to its application", _NO_SERVERS, only=True),
            Field("place", "Place", "the mode"),
        ),
    ),
    Message(
        "ShadowedTls",
        "A wider rule with ISTIO_MUTUAL that clients do not get, because this rule comes first.",
        (
            Field("text", "string", "the wider rule"),
            Field("service", "string", "the host"),
            Field("encrypted", "bool", "the call is encrypted all the same", _NO_SERVERS, only=False),
            Field("because", "string", "why auto-mTLS does not make up for it"),
            Field("place", "Place", "the policy"),
            Field("wider", "Place", "the mode in the wider rule"),
        ),
    ),
    Message(
        "PlainLabel",
        "A label security.istio.io/tlsMode with another value than istio.",
        (
            Field("text", "string", "the endpoints that it is on"),
            Field("value", "string", "its value"),
            Field("has_proxy", "bool", "a sidecar runs there", NO_LABELS, only=True),
            Field("place", "Place", "the label"),
        ),
    ),
)
