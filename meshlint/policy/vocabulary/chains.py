"""Facts about chains of calls: timeouts, retries, circles, and what everything has to pass.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import NO_LABELS, Field, Message

SERVICE: tuple[Field, ...] = (
    Field("timed_ports", "list TimedPort", "its ports of HTTP or gRPC that somebody is known to call"),
    Field(
        "circles", "list Circle", "a circle of calls without timeouts for which it stands, the first of its services"
    ),
    Field("bottlenecks", "list Bottleneck", "what is reached from outside through it only"),
)
"""What a service has beside the facts that its ports share."""

ROUTES: tuple[Field, ...] = (
    Field("retries", "list RouteRetries", "the routes that state retries, with attempts above zero"),
    Field("outlived", "list OutlivedCall", "waits that it states and that nobody waits for"),
)
"""What a VirtualService has."""

MESSAGES: tuple[Message, ...] = (
    Message(
        "TimedPort",
        "A port of HTTP or gRPC that somebody is known to call, and how long a request to it may take.",
        (
            Field("text", "string", "the service and its port"),
            Field("service", "string", "the service, namespace/name"),
            Field("protocol", "string", "http, http2, grpc or grpc-web"),
            Field("caller", "string", "a caller"),
            Field("called", "bool", "a caller has a proxy of its own that would keep a timeout", NO_LABELS, only=True),
            Field("streams", "bool", "its name or appProtocol says that it carries streams"),
            Field(
                "limited",
                "bool",
                "some route that leads to the service sets a timeout above zero",
                "a route hands over to a delegate that is not in the set, or VirtualServices live elsewhere",
                "Istio: HTTPRoute.timeout, no timeout by default",
            ),
            Field("because", "string", "why there is none"),
            Field("routes", "list Place", "the routes of VirtualServices that lead to it and set none"),
            Field("only_port", "bool", "the service has no other port"),
            Field("place", "Place", "the port"),
        ),
    ),
    Message(
        "RouteRetries",
        "The retries of a route.",
        (
            Field("text", "string", "the route"),
            Field("attempts", "int", "tries after the first one"),
            Field("multiplies", "bool", "a try that a server has worked on may be repeated", "", "Envoy: retry_on"),
            Field("budgeted", "bool", "a retryBudget stands in a DestinationRule of every destination"),
            Field("overruns", "bool", "attempts times perTryTimeout exceed the timeout"),
            Field("per_try", "string", "the timeout of one try, empty where none is stated"),
            Field("timeout", "string", "the timeout of all tries, empty where none is stated"),
            Field(
                "before",
                "int",
                "how many requests arrive at the route for one at the start of the chain; 0: none known",
            ),
            Field("requests", "int", "how many arrive at the end of the chain; 0 where no chain is known"),
            Field("chain", "string", "the chain, from its start to where it peaks"),
            Field("peak", "string", "the last service of the chain"),
            Field("circular", "bool", "the chain passes a circle, which is counted once"),
            Field("place", "Place", "the retries"),
        ),
    ),
    Message(
        "OutlivedCall",
        "A call that a service waits for longer than its callers wait for the service.",
        (
            Field("text", "string", "the service that is called"),
            Field("service", "string", "the service that waits"),
            Field("wait", "string", "how long it waits"),
            Field("callers_wait", "string", "how long its own callers wait, at most"),
            Field("place", "Place", "the timeout or retries of the call"),
            Field("there", "Place", "what limits the callers"),
        ),
    ),
    Message(
        "Circle",
        "Services that call one another in a circle in which no call has a timeout.",
        (
            Field("text", "string", "one way round"),
            Field("size", "int", "how many services reach one another"),
            Field("place", "Place", "what tells of the first call"),
        ),
    ),
    Message(
        "Bottleneck",
        "Services that every way from a gateway or an Ingress reaches through one other.",
        (
            Field("text", "string", "some of the services behind"),
            Field("behind", "int", "how many they are"),
            Field("weakness", "string", "has one replica, has no circuit breaker, or empty where neither is certain"),
        ),
    ),
)
