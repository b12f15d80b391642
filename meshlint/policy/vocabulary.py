"""The words that a rule may use: every fact, by target, with its type, its meaning and when it is unknown.

In: nothing. Out: tables. The expression checker, the path checker of messages and the manual all read these tables,
and the views (`policy.views`) fill them: a fact that is not named here cannot be used, one that is named here without
a reason to be unknown is always present.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """Describe one fact; `unknown` says when the manifests cannot tell, empty when they always can."""

    name: str
    type: str
    meaning: str
    unknown: str = ""
    source: str = ""


class Message(NamedTuple):
    """Describe a group of facts."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


_NO_LABELS = "the Namespace manifest is not in the set and nothing on the pod decides"

_IDENTITY = (
    Field("text", "string", "how messages name it"),
    Field("kind", "string", "its kind"),
    Field("namespace", "string", "its namespace, empty where the manifest states none"),
    Field("name", "string", "its name"),
    Field("place", "Place", "where it stands"),
)
_LABELS = (
    Field("labels", "map string", "its labels"),
    Field("annotations", "map string", "its annotations"),
)
_DECISION = (
    Field("because", "string", "why, in one clause"),
    Field("decided_by", "Place", "the field that decided; an empty place when an absence did"),
)

MESSAGES: tuple[Message, ...] = (
    Message(
        "Place",
        "A field of an object.",
        (
            Field("text", "string", "the object as messages name it, empty for an absence"),
            Field("kind", "string", "the kind of the object"),
            Field("namespace", "string", "the namespace of the object"),
            Field("name", "string", "the name of the object"),
            Field("place", "string", "an opaque address that reports turn into a file, line and column"),
        ),
    ),
    Message(
        "Membership",
        "Whether a workload is in the mesh.",
        (
            Field("dataplane", "string", "sidecar, ambient, gateway, waypoint or none", _NO_LABELS),
            *_DECISION,
        ),
    ),
    Message(
        "Exemption",
        "A declared exception: owner, reason, expiry.",
        (
            Field("state", "string", "none, complete, incomplete or expired on the date of the run"),
            Field("because", "string", "the state in one clause"),
            Field("owner", "string", "who answers for it"),
            Field("expires", "string", "the date on which it ends"),
        ),
    ),
    Message(
        "PortMtls",
        "The effective PeerAuthentication mode of one port.",
        (
            Field(
                "mode",
                "string",
                "STRICT, PERMISSIVE or DISABLE",
                "the mesh-wide policy is declared to live elsewhere",
                "Istio: ComposePeerAuthentication",
            ),
            Field("level", "string", "port, workload, namespace, mesh or default: where it was decided"),
            *_DECISION,
        ),
    ),
    Message(
        "WorkloadPort",
        "A port that a workload serves: declared by a container or targeted by a Service.",
        (
            Field("number", "int", "the container port"),
            Field("name", "string", "its name, empty when it has none"),
            Field("transport", "string", "TCP, UDP or SCTP"),
            Field("captured", "bool", "inbound traffic reaches the proxy, so that the mode applies"),
            Field("mtls", "PortMtls", "its effective mode"),
            Field("excepted", "bool", "a complete, unexpired exception names exactly this port"),
        ),
    ),
    Message(
        "ModeSummary",
        "The ports of a workload that share a mode, exceptions left out.",
        (
            Field("ports", "string", "their numbers, joined"),
            *_DECISION,
        ),
    ),
    Message(
        "WorkloadMtls",
        "How a workload accepts connections.",
        (
            Field("permissive", "ModeSummary", "the ports that accept both"),
            Field("disabled", "ModeSummary", "the ports that accept plain text only"),
        ),
    ),
    Message(
        "Workload",
        "Anything that makes pods: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod, Rollout, WorkloadEntry, …",
        (
            *_IDENTITY,
            *_LABELS,
            Field("home", "Place", "its Namespace manifest, else the MeshConfig; empty when neither is in the set"),
            Field("meshed", "bool", "a proxy or ztunnel stands in its path", _NO_LABELS),
            Field("membership", "Membership", "by which data plane, and why"),
            Field("service_account", "string", "the service account of its pods"),
            Field("ports", "list WorkloadPort", "the ports it serves"),
            Field("mtls", "WorkloadMtls", "how it accepts connections"),
        ),
    ),
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
            *_DECISION,
        ),
    ),
    Message(
        "Protocol",
        "The protocol that a service port declares.",
        (
            Field("value", "string", "http, http2, grpc, https, tls, tcp, mongo, mysql, redis, udp, … or undeclared"),
            *_DECISION,
        ),
    ),
    Message(
        "Legacy",
        "A raw TCP port that old callers or servers speak on.",
        (
            Field("is_legacy", "bool", "it is marked, configured, or crosses the border of the mesh"),
            Field("because", "string", "why it counts as legacy"),
            Field("server", "string", "meshed or outside: where its server stands", _NO_LABELS),
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
    Message(
        "Service",
        "A Kubernetes Service, or a host of a ServiceEntry.",
        (
            *_IDENTITY,
            *_LABELS,
            Field("host", "string", "its full host name"),
            Field("type", "string", "ClusterIP, NodePort, LoadBalancer, ExternalName or ServiceEntry"),
            Field("meshed", "bool", "at least one of its workloads is in the mesh", "membership of its workloads is unknown"),
            Field("is_gateway", "bool", "its workloads are gateways or waypoints"),
            Field("is_infrastructure", "bool", "it belongs to the control plane or to a managed platform"),
            Field("is_external", "bool", "ExternalName, or a ServiceEntry"),
            Field("headless", "bool", "it has clusterIP None"),
        ),
    ),
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
    Message(
        "NamespaceWorkload",
        "A workload as its namespace sees it.",
        (
            Field("text", "string", "how messages name it"),
            Field("left_out", "bool", "no proxy, because of the namespace's labels", _NO_LABELS),
        ),
    ),
    Message(
        "Namespace",
        "A namespace that the manifests describe or mention.",
        (
            *_IDENTITY,
            *_LABELS,
            Field("described", "bool", "its manifest is in the set, or the configuration assumes its labels"),
            Field("is_system", "bool", "Istio's injector never touches it"),
            Field("is_control_plane", "bool", "it is the root namespace, or istiod runs there"),
            Field("opted_out", "bool", "istio-injection is disabled by its label"),
            Field("outside_reason", "string", "the annotation meshlint.dev/outside-mesh"),
            Field("workloads", "list NamespaceWorkload", "its workloads"),
            Field("left_out", "string", "the workloads that its labels leave out, joined"),
            Field("because", "string", "why they are left out"),
            Field("decided_by", "Place", "the label that decided, or the manifest"),
        ),
    ),
    Message(
        "MeshPolicy",
        "The selector-less PeerAuthentication of the root namespace.",
        (
            Field(
                "mode",
                "string",
                "STRICT, PERMISSIVE, DISABLE, unset or absent",
                "it is declared to live elsewhere",
            ),
            *_DECISION,
        ),
    ),
    Message(
        "Duplicate",
        "Two documents that describe one object.",
        (
            Field("text", "string", "the object"),
            Field("place", "Place", "the later document"),
            Field("first", "Place", "the earlier document"),
            Field("first_location", "string", "path and line of the earlier document"),
            Field("same", "bool", "their content is equal"),
        ),
    ),
    Message(
        "Mesh",
        "The environment as a whole.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "the Namespace of the control plane, else the MeshConfig, else the first object"),
            Field("root_namespace", "string", "meshConfig.rootNamespace, istio-system when unset"),
            Field("has_objects", "bool", "the set holds Istio objects or workloads in the mesh"),
            Field("policy", "MeshPolicy", "the mesh-wide PeerAuthentication"),
            Field("duplicates", "list Duplicate", "documents that describe the same object"),
        ),
    ),
    Message(
        "Repository",
        "The repository below the root.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "its first policy file"),
            Field("policy_files", "int", "how many files hold mesh policy"),
            Field("has_codeowners", "bool", "a CODEOWNERS file stands where a platform looks"),
            Field("owned_elsewhere", "bool", "the configuration says that another mechanism keeps ownership"),
            Field("looked_in", "string", "the places looked at"),
        ),
    ),
    Message(
        "Problem",
        "What keeps a document from being read as its author meant it.",
        (
            Field("code", "string", "syntax, duplicate-key, encoding, too-deep, …"),
            Field("text", "string", "what is wrong"),
            Field("place", "Place", "where"),
            Field("is_note", "bool", "it only says that something was not judged"),
        ),
    ),
    Message(
        "File",
        "A file of the run.",
        (
            Field("text", "string", "its path"),
            Field("path", "string", "its path below the root"),
            Field("place", "Place", "its first object, else its first line"),
            Field("problems", "list Problem", "what is wrong with its text"),
            Field("holds_policy", "bool", "it holds mesh policy or meshlint's own configuration"),
            Field("policy", "string", "the first policy object in it"),
            Field("in_repository", "bool", "a root is known, the file lies below it, and CODEOWNERS exists"),
            Field("owned", "bool", "CODEOWNERS gives it a valid owner", "the CODEOWNERS dialect does not settle it"),
            Field("owners", "list string", "its owners"),
            Field("because", "string", "which line of CODEOWNERS decided"),
        ),
    ),
    Message(
        "Suppression",
        "A comment, annotation or configuration entry that takes findings out.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "where it stands"),
            Field("kind", "string", "comment, annotation, config or policy"),
            Field("rules", "string", "the rules it names, joined"),
            Field("unknown_rules", "string", "the names among them that no rule has"),
            Field("owner", "string", "who answers for it"),
            Field("reason", "string", "why"),
            Field("expires", "string", "the date on which it ends"),
            Field("lacks", "string", "what is missing of owner, reason and expiry, as far as they are demanded"),
            Field("expired", "bool", "its date has passed"),
            Field("fault", "string", "what is wrong with it, in one clause"),
            Field("used", "bool", "it took at least one finding out"),
            Field("judged", "bool", "the rules it names ran, so that not being used means something"),
        ),
    ),
    Message(
        "WrongKey",
        "A label or annotation that looks like a switch of the mesh and is none.",
        (
            Field("key", "string", "the key as written"),
            Field("where", "string", "label or annotation"),
            Field("suggestion", "string", "the nearest real key"),
            Field("place", "Place", "the key"),
        ),
    ),
    Message(
        "Object",
        "Any object of the manifests.",
        (
            *_IDENTITY,
            *_LABELS,
            Field("api_version", "string", "its apiVersion"),
            Field("is_policy", "bool", "it is mesh policy: Istio, Gateway API, NetworkPolicy, RBAC over the mesh"),
            Field("is_namespaced", "bool", "objects of its kind live in a namespace"),
            Field("wrong_keys", "list WrongKey", "keys that look like switches of the mesh and are none"),
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
            *_IDENTITY,
            *_LABELS,
            Field("scope", "string", "mesh, namespace, workload or ignored"),
            Field("mode", "string", "its own mode, empty when it inherits"),
            Field("looks_mesh_wide", "bool", "it reads like a mesh policy but governs one namespace only"),
            Field("looks_because", "string", "why it reads so"),
            Field("root_namespace", "string", "where a mesh policy belongs"),
            Field("opened", "list Opened", "what it opens"),
            Field("unsettled", "list Opened", "what it opens without a complete exception"),
            Field("unsettled_text", "string", "the same, joined"),
            Field("unsettled_mode", "string", "the mode it opens them with"),
            Field("unsettled_because", "string", "what is wrong with the exception"),
            Field("unsettled_at", "Place", "the first mode that opens"),
            Field("unsettled_targets", "list Place", "the workloads"),
            Field("exemption", "Exemption", "the exception it declares"),
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
        "DestinationRule",
        "A DestinationRule, or the inbound side of a Sidecar, as far as breakers go.",
        (
            *_IDENTITY,
            *_LABELS,
            Field("host", "string", "its host, empty for a Sidecar"),
            Field("dropped", "list DroppedBreaker", "overrides that lose a breaker"),
            Field("limits", "list UnlimitedField", "its breaker fields"),
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
        "Bootstrap",
        "Raw Envoy configuration.",
        (
            *_IDENTITY,
            *_LABELS,
            Field("removed", "list RemovedField", "fields of the removed v2 API"),
            Field("breaker_faults", "list ClusterFault", "clusters whose breakers are missing or incomplete"),
        ),
    ),
)

TARGETS: dict[str, str] = {
    "workload": "Workload",
    "service": "Service",
    "port": "ServicePort",
    "namespace": "Namespace",
    "mesh": "Mesh",
    "repository": "Repository",
    "file": "File",
    "suppression": "Suppression",
    "object": "Object",
}
"""The words that `target:` takes, with the facts each of them offers; the word is also the name of the variable."""

KINDS: dict[str, str] = {
    "security.istio.io/PeerAuthentication": "PeerAuthentication",
    "networking.istio.io/DestinationRule": "DestinationRule",
    "networking.istio.io/Sidecar": "DestinationRule",
    "envoy.config.bootstrap.v3/Bootstrap": "Bootstrap",
}
"""The kinds that `target: {kinds: […]}` takes with facts of their own; the variable is `object`."""

RESOURCE_OF_PLACE = frozenset(("mesh", "repository", "file", "suppression"))
"""Targets that are no object themselves: a finding on them belongs to the object at its place."""
