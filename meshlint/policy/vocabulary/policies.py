"""Facts about policy objects and raw Envoy configuration.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary import ambient, destination_rules, peers, routing
from meshlint.policy.vocabulary.schemas import SCHEMA_FACTS
from meshlint.policy.vocabulary.types import IDENTITY, LABELS, NO_LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "WrongKey",
        "A label or annotation that looks like a switch of the mesh and is none.",
        (
            Field("key", "string", "the key as written"),
            Field("where", "string", "label or annotation"),
            Field("suggestion", "string", "the nearest real key"),
            Field("value", "string", "its value"),
            Field("scope", "string", "whose metadata it stands in: namespace, workload or pod (its template)"),
            Field("place", "Place", "the key"),
        ),
    ),
    Message(
        "LiteralAddress",
        "A literal IP address that something is sent to.",
        (
            Field("ip", "string", "the address"),
            Field("where", "string", "the variable, key, cluster or list that holds it"),
            Field(
                "is_adapter", "bool", "it gives an outside host a name of the mesh: a static ServiceEntry, Endpoints"
            ),
            Field("place", "Place", "the text that holds it"),
        ),
    ),
    Message(
        "Selection",
        "A selector or targetRef of an object.",
        (
            Field("text", "string", "how messages name it"),
            Field(
                "found",
                "bool",
                "it takes a pod template, WorkloadEntry or WorkloadGroup of its scope, or names an object that exists",
                "the workloads of the scope are not in the set, or something makes pods that no manifest shows",
            ),
            Field("because", "string", "why it finds nothing"),
            Field("place", "Place", "the labels, or the reference"),
        ),
    ),
    Message(
        "MisplacedAnnotation",
        "An annotation of Istio on an object whose annotations Istio does not read for it.",
        (
            Field("key", "string", "the annotation"),
            Field("belongs_to", "string", "where Istio reads it"),
            Field("place", "Place", "the key"),
        ),
    ),
    Message(
        "Object",
        "Any object of the manifests.",
        (
            *IDENTITY,
            *LABELS,
            Field("api_version", "string", "its apiVersion"),
            Field("is_policy", "bool", "it is mesh policy: Istio, Gateway API, NetworkPolicy, RBAC over the mesh"),
            Field("is_namespaced", "bool", "objects of its kind live in a namespace"),
            Field("is_placed_later", "bool", "whoever installs or renders it says which namespace it goes to"),
            Field("misplaced_annotations", "list MisplacedAnnotation", "annotations that Istio does not read on it"),
            Field("addresses", "list LiteralAddress", "literal addresses that it sends to"),
            *ambient.OBJECT,
            Field("inside_endpoints", "list InsideEndpoint", "endpoints of the mesh that it calls external"),
            Field("crossings", "list Crossing", "its references of the Gateway API into other namespaces"),
            Field("plain_entries", "list PlainEntry", "its entry points that could take plain text from outside"),
            Field("plain_labels", "list PlainLabel", "labels that make clients send plain text to its proxies"),
            Field("selections", "list Selection", "its selector, unless that is empty, and its targetRefs"),
            Field("wrong_keys", "list WrongKey", "keys that look like switches of the mesh and are none"),
            *SCHEMA_FACTS,
        ),
    ),
    Message(
        "Opened",
        "What a policy opens although it would have inherited STRICT.",
        (
            Field("text", "string", "the workload, or the namespace"),
            Field("what", "string", "the port, or all ports"),
            Field("mode", "string", "PERMISSIVE or DISABLE"),
            Field("level", "string", "namespace, workload or port"),
            Field("excepted", "bool", "a complete, unexpired exception names exactly this port"),
            Field("because", "string", "what is wrong with the exception"),
            Field("place", "Place", "the mode"),
            Field("target", "Place", "the workload"),
        ),
    ),
    Message(
        "PeerAuthentication",
        "A PeerAuthentication and what it does.",
        (
            *IDENTITY,
            *LABELS,
            Field("scope", "string", "mesh, namespace, workload or ignored"),
            Field("mode", "string", "its own mode, empty when it inherits"),
            Field("looks_mesh_wide", "bool", "it reads like a mesh policy but governs one namespace only"),
            Field("looks_because", "string", "why it reads so"),
            Field(
                "cut_off",
                "string",
                "where it reads so and is STRICT: known callers from outside that it would refuse in the whole mesh",
            ),
            Field("root_namespace", "string", "where a mesh policy belongs"),
            Field("opened", "list Opened", "what it opens"),
            Field("unsettled", "list Opened", "what it opens without a complete exception"),
            Field("unsettled_text", "string", "the same, joined"),
            Field("unsettled_mode", "string", "the mode it opens them with"),
            Field("unsettled_because", "string", "what is wrong with the exception"),
            Field("unsettled_at", "Place", "the first mode that opens"),
            Field("unsettled_targets", "list Place", "the workloads"),
            Field("exemption", "Exemption", "the exception it declares"),
            *peers.PEER_AUTHENTICATION,
        ),
    ),
    Message(
        "DroppedBreaker",
        "An override that loses the breaker of a wider level.",
        (
            Field("text", "string", "the override"),
            Field("because", "string", "what it drops"),
            Field("place", "Place", "the override"),
        ),
    ),
    Message(
        "UnlimitedField",
        "A breaker field whose value means no limit.",
        (
            Field("text", "string", "the field"),
            Field("value", "string", "its value"),
            Field("number", "double", "its value as a number"),
            Field("routed", "bool", "it stands at the top, at a port, or in a subset that a route uses"),
            Field("place", "Place", "the value"),
        ),
    ),
    Message(
        "PlainText",
        "A tls block that switches encryption off for a service with proxies behind it.",
        (
            Field("text", "string", "what the block is for: all ports, one port, a subset"),
            Field("service", "string", "the service"),
            Field("reaches_proxy", "bool", "a proxy stands at the server", NO_LABELS, only=True),
            Field("place", "Place", "the mode"),
        ),
    ),
    Message(
        "Tuning",
        "Something about how the limits of a DestinationRule were chosen.",
        (
            Field("kind", "string", "tutorial, empty, half or limit"),
            Field("text", "string", "what the rule does, as a clause"),
            Field("host", "string", "the full host of the rule"),
            Field("number", "double", "the limit, for kind limit"),
            Field("peak", "double", "the load that the annotation meshlint.dev/peak declares, 0 when none does"),
            Field("total", "double", "the limit times the replicas of the known clients", "a client is not known"),
            Field("place", "Place", "the value"),
        ),
    ),
    Message(
        "DestinationRule",
        "A DestinationRule, or the inbound side of a Sidecar.",
        (
            *IDENTITY,
            *LABELS,
            Field("host", "string", "its host, empty for a Sidecar"),
            Field("dropped", "list DroppedBreaker", "overrides that lose a breaker"),
            Field("limits", "list UnlimitedField", "its breaker fields"),
            Field("tuning", "list Tuning", "how its limits were chosen"),
            Field("plain_text", "list PlainText", "what it sends in plain text to servers that have a proxy"),
            *routing.DESTINATION_RULE,
            *destination_rules.DESTINATION_RULE,
        ),
    ),
    Message(
        "RemovedField",
        "A field of the removed Envoy v2 API.",
        (
            Field("field", "string", "the field"),
            Field("where", "string", "the cluster, listener or filter it stands in"),
            Field("instead", "string", "what the v3 API has in its place"),
            Field("place", "Place", "the field"),
        ),
    ),
    Message(
        "ClusterFault",
        "What the circuit breaker of an Envoy cluster lacks.",
        (
            Field("cluster", "string", "the cluster"),
            Field("infrastructure", "bool", "it carries discovery, statistics or traces"),
            Field("text", "string", "what is wrong"),
            Field("place", "Place", "where"),
        ),
    ),
    Message(
        "BareListener",
        "A listener without a filter chain, which Envoy refuses.",
        (
            Field("text", "string", "how messages name it"),
            Field("name", "string", "its name, empty when it has none"),
            Field("place", "Place", "its name, else the listener"),
        ),
    ),
    Message(
        "Bootstrap",
        "Raw Envoy configuration.",
        (
            *IDENTITY,
            *LABELS,
            Field("removed", "list RemovedField", "fields of the removed v2 API"),
            Field("bare_listeners", "list BareListener", "listeners without a filter chain"),
            Field("breaker_faults", "list ClusterFault", "clusters whose breakers are missing or incomplete"),
        ),
    ),
)
