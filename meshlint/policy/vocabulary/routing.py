"""Facts about VirtualServices and Ingresses, and what DestinationRules have to do with routing.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary import chains
from meshlint.policy.vocabulary.types import IDENTITY, LABELS, Field, Message

_NO_NAMESPACE = "nothing of the namespace where it belongs is in the set"

DESTINATION_RULE: tuple[Field, ...] = (
    Field("host_found", "bool", "its host leads to a service that its clients see", _NO_NAMESPACE),
    Field("host_because", "string", "why its host leads nowhere"),
    Field("host_is_wildcard", "bool", "its host covers several names"),
    Field("host_place", "Place", "its host"),
    Field("subsets", "list RuleSubset", "its subsets, when the host is found"),
    Field("twins", "list RuleTwin", "what other rules of the namespace set for the same host"),
)
"""What the facts of a DestinationRule have beside breakers."""

MESSAGES: tuple[Message, ...] = (
    Message(
        "RouteReference",
        "A name in a route that has to lead somewhere.",
        (
            Field("text", "string", "the name as written"),
            Field("what", "string", "destination, mirror, delegate, backend or host"),
            Field("found", "bool", "it leads to something that the clients of the route see", _NO_NAMESPACE),
            Field("because", "string", "why it leads nowhere"),
            Field("outside", "bool", "no Service of the cluster can bear the name"),
            Field("place", "Place", "the name"),
        ),
    ),
    Message(
        "SubsetUse",
        "A subset that a route names.",
        (
            Field("text", "string", "the subset"),
            Field("host", "string", "the full host"),
            Field(
                "defined",
                "bool",
                "a DestinationRule that a client of the route takes defines it",
                _NO_NAMESPACE,
                "Istio: DestinationRule lookup",
            ),
            Field("because", "string", "what the rule in force defines"),
            Field("place", "Place", "the subset"),
        ),
    ),
    Message(
        "GatewayUse",
        "A gateway that a VirtualService binds or matches.",
        (
            Field("text", "string", "the gateway, namespace/name"),
            Field("found", "bool", "it is mesh, or a Gateway of either API bears the name", _NO_NAMESPACE),
            Field("bound", "bool", "spec.gateways names it, so that a match on it can apply"),
            Field("generated", "bool", "Istio makes it of a Gateway API Gateway"),
            Field("place", "Place", "the name"),
        ),
    ),
    Message(
        "SharedHost",
        "A host that other VirtualServices claim at the same gateway.",
        (
            Field("text", "string", "the host"),
            Field("gateway", "string", "the mesh, or gateway namespace/name"),
            Field("on_mesh", "bool", "the gateway is the mesh, where one VirtualService wins whole"),
            Field("overlap", "string", "what both take, empty where their routes complement each other"),
            Field("rivals", "list Place", "the others, the first ten"),
            Field("place", "Place", "the host"),
        ),
    ),
    Message(
        "RouteWeights",
        "The weights of one route.",
        (
            Field("text", "string", "the route"),
            Field("destinations", "int", "how many destinations it has"),
            Field("sum", "int", "what the weights add up to"),
            Field("values", "string", "the weights, joined"),
            Field("place", "Place", "the weights"),
        ),
    ),
    Message(
        "VirtualService",
        "A VirtualService, or an Ingress as far as its backends go.",
        (
            *IDENTITY,
            *LABELS,
            Field("references", "list RouteReference", "the names that have to lead somewhere"),
            Field("subset_uses", "list SubsetUse", "the subsets that its routes name"),
            Field("gateway_uses", "list GatewayUse", "the gateways that it binds or matches"),
            Field("shared_hosts", "list SharedHost", "its hosts that others claim too"),
            Field("weights", "list RouteWeights", "the routes that state weights"),
            *chains.ROUTES,
            Field("written_by_controller", "bool", "Flagger or Argo Rollouts moves its weights"),
            Field("outside_allowed", "bool", "meshConfig.outboundTrafficPolicy is ALLOW_ANY"),
        ),
    ),
    Message(
        "RuleSubset",
        "A subset of a DestinationRule.",
        (
            Field("text", "string", "its name"),
            Field("labels", "string", "its labels, joined"),
            Field(
                "matched",
                "bool",
                "an endpoint of the host carries them",
                "the endpoints of the host are not in the set",
            ),
            Field("because", "string", "what the endpoints carry instead"),
            Field("routed", "bool", "a route names the subset"),
            Field("place", "Place", "the subset"),
        ),
    ),
    Message(
        "RuleTwin",
        "Another DestinationRule of the namespace that sets the same thing for the host.",
        (
            Field("text", "string", "the other rule"),
            Field("what", "string", "a trafficPolicy or a subset"),
            Field("place", "Place", "the setting here"),
            Field("there", "Place", "the setting there"),
        ),
    ),
)
