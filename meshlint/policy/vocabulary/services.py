"""Facts about services and their ports.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary import chains
from meshlint.policy.vocabulary.types import DECISION, IDENTITY, LABELS, NO_LABELS, Field, Message

_SERVICE: tuple[Field, ...] = (
    *IDENTITY,
    *LABELS,
    Field("host", "string", "its full host name"),
    Field("type", "string", "ClusterIP, NodePort, LoadBalancer, ExternalName or ServiceEntry"),
    Field(
        "meshed",
        "bool",
        "at least one of its workloads is in the mesh",
        "membership of its workloads is unknown",
    ),
    Field("is_gateway", "bool", "its workloads are gateways or waypoints"),
    Field("is_infrastructure", "bool", "it belongs to the control plane or to a managed platform"),
    Field("is_external", "bool", "ExternalName, or a ServiceEntry"),
    Field("headless", "bool", "it has clusterIP None"),
)

MESSAGES: tuple[Message, ...] = (
    Message(
        "Breaker",
        "The circuit breaker that governs a service port.",
        (
            Field(
                "exists",
                "bool",
                "some limit of connections or requests, or an outlier detection that can eject, is in force",
                "the manifests do not settle which rule governs the port",
                "Istio: DestinationRule lookup; Envoy: circuit breaking, outlier detection",
            ),
            Field("where", "string", "for which clients it is missing, empty for all"),
            *DECISION,
        ),
    ),
    Message(
        "Protocol",
        "The protocol that a service port declares.",
        (
            Field("value", "string", "http, http2, grpc, https, tls, tcp, mongo, mysql, redis, udp, … or undeclared"),
            *DECISION,
        ),
    ),
    Message(
        "Legacy",
        "A raw TCP port that old callers or servers speak on.",
        (
            Field("is_legacy", "bool", "it is marked, configured, or crosses the border of the mesh"),
            Field("because", "string", "why it counts as legacy"),
            Field("server", "string", "meshed or outside: where its server stands", NO_LABELS),
            Field(
                "mode",
                "string",
                "the strictest effective mode of its target ports",
                "the mesh-wide policy is declared to live elsewhere",
            ),
            Field(
                "adapter",
                "string",
                "none, found, missing or outside: the service named by meshlint.dev/adapter",
                "the adapter's namespace is not described, or its membership is unknown",
            ),
            Field("adapter_name", "string", "the adapter as the annotation names it"),
            Field("excepted", "bool", "a complete, unexpired exception names exactly this port"),
            Field("fault", "string", "what goes wrong, in one clause"),
            Field("marked_by", "Place", "the annotation, configuration or call that makes it legacy"),
        ),
    ),
    Message("Service", "A Kubernetes Service, or a host of a ServiceEntry.", _SERVICE),
    Message("CalledService", "A service, and the calls that lead to it.", (*_SERVICE, *chains.SERVICE)),
    Message(
        "ServicePort",
        "One port of a service.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "where it stands"),
            Field("service", "Service", "the service it belongs to"),
            Field("number", "int", "the service port"),
            Field("name", "string", "its name, empty when it has none"),
            Field("transport", "string", "TCP, UDP or SCTP"),
            Field("protocol", "Protocol", "the protocol it declares"),
            Field("breaker", "Breaker", "the circuit breaker that governs it"),
            Field("legacy", "Legacy", "whether it is a legacy raw TCP port, and what settles it"),
        ),
    ),
)
