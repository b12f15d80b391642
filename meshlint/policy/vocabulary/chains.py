"""Facts about chains of calls: timeouts, retries, circles, and what everything has to pass.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import NO_LABELS, Field, Message

SERVICE: tuple[Field, ...] = (
    Field("timed_ports", "list TimedPort", "its ports of HTTP or gRPC that somebody is known to call"),
)
"""What a service has beside the facts that its ports share."""

MESSAGES: tuple[Message, ...] = (
    Message(
        "TimedPort",
        "A port of HTTP or gRPC that somebody is known to call, and how long a request to it may take.",
        (
            Field("text", "string", "the service and its port"),
            Field("service", "string", "the service, namespace/name"),
            Field("protocol", "string", "http, http2, grpc or grpc-web"),
            Field("caller", "string", "a caller"),
            Field("called", "bool", "a caller has a proxy of its own that would keep a timeout", NO_LABELS),
            Field("streams", "bool", "its name or appProtocol says that it carries streams"),
            Field(
                "limited",
                "bool",
                "some route that leads to the service sets a timeout above zero",
                "a route hands over to a delegate that is not in the set, or VirtualServices live elsewhere",
                "Istio: HTTPRoute.timeout, no timeout by default",
            ),
            Field("because", "string", "why there is none"),
            Field("place", "Place", "the port"),
        ),
    ),
)
