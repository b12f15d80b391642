"""Facts about places, workloads, namespaces and the mesh as a whole.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import DECISION, IDENTITY, LABELS, NO_LABELS, Field, Message

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
            Field("dataplane", "string", "sidecar, ambient, gateway, waypoint or none", NO_LABELS),
            *DECISION,
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
            *DECISION,
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
            *DECISION,
        ),
    ),
    Message(
        "CutOff",
        "Known callers from outside the mesh that have no proxy, by what is set to STRICT; each one in a clause.",
        (
            Field(
                "by_policy",
                "string",
                "those below the mode that decides, or in the namespace when nothing does",
                source="Kubernetes: Service type, Ingress, Gateway of a class that Istio does not serve",
            ),
            Field("in_namespace", "string", "those of all ports of the namespace that inherit the mode of the mesh"),
            Field("alone", "string", "those of the workloads with the labels of `selector`"),
            Field(
                "selector", "map string", "where there are some: labels that select the workload, unless a policy does"
            ),
            Field("text", "string", "the nearest of them"),
        ),
    ),
    Message(
        "WorkloadMtls",
        "How a workload accepts connections.",
        (
            Field("permissive", "ModeSummary", "the ports that accept both"),
            Field("disabled", "ModeSummary", "the ports that accept plain text only"),
            Field("cut_off", "CutOff", "where ports accept both: callers from outside the mesh that STRICT refuses"),
        ),
    ),
    Message(
        "Workload",
        "Anything that makes pods: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod, Rollout, WorkloadEntry, …",
        (
            *IDENTITY,
            *LABELS,
            Field("home", "Place", "its Namespace manifest, else the MeshConfig; empty when neither is in the set"),
            Field("meshed", "bool", "a proxy or ztunnel stands in its path", NO_LABELS),
            Field("membership", "Membership", "by which data plane, and why"),
            Field("service_account", "string", "the service account of its pods"),
            Field("ports", "list WorkloadPort", "the ports it serves"),
            Field("mtls", "WorkloadMtls", "how it accepts connections"),
            Field("authorization", "WorkloadAuthorization", "which policies decide on requests to it"),
            Field("injection", "Injection", "what it asks of the injector, and whom it runs as"),
        ),
    ),
    Message(
        "NamespaceWorkload",
        "A workload as its namespace sees it.",
        (
            Field("text", "string", "how messages name it"),
            Field("left_out", "bool", "no proxy, because of the namespace's labels", NO_LABELS),
        ),
    ),
    Message(
        "Outbound",
        "What workloads of a namespace may reach outside the mesh; one entry for each object that decides.",
        (
            Field("text", "string", "the workloads, joined"),
            Field(
                "mode", "string", "REGISTRY_ONLY, ALLOW_ANY, …", "no Sidecar decides and no MeshConfig is in the set"
            ),
            *DECISION,
        ),
    ),
    Message(
        "AccessLog",
        "Whether proxies of a namespace write an access log; one entry for each object that decides.",
        (
            Field("text", "string", "the workloads, joined"),
            Field("on", "bool", "a log is written", "no Telemetry decides and no MeshConfig is in the set"),
            *DECISION,
        ),
    ),
    Message(
        "Namespace",
        "A namespace that the manifests describe or mention.",
        (
            *IDENTITY,
            *LABELS,
            Field("described", "bool", "its manifest is in the set, or the configuration assumes its labels"),
            Field("is_system", "bool", "Istio's injector never touches it"),
            Field("is_control_plane", "bool", "it is the root namespace, or istiod runs there"),
            Field("opted_out", "bool", "istio-injection is disabled by its label"),
            Field("injection_label", "Place", "its label istio-injection; an empty place when it has none"),
            Field(
                "usual_label", "string", "the label by which most namespaces join the mesh; istio-injection without any"
            ),
            Field("usual_value", "string", "the value of that label"),
            Field("legacy", "string", "where its labels leave workloads out: its ports of legacy raw TCP, joined"),
            Field("outside_reason", "string", "the annotation meshlint.dev/outside-mesh"),
            Field("workloads", "list NamespaceWorkload", "its workloads"),
            Field("authorization", "NamespaceAuthorization", "what it does with requests that no policy speaks of"),
            Field("outbound", "list Outbound", "what its workloads with a sidecar may reach"),
            Field("access_logs", "list AccessLog", "whether its proxies are logged"),
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
            *DECISION,
            Field(
                "cut_off",
                "string",
                "where it is not STRICT: known callers from outside the mesh that STRICT would refuse",
                source="Kubernetes: Service type, Ingress, Gateway of a class that Istio does not serve",
            ),
        ),
    ),
    Message(
        "AutoMtls",
        "Whether proxies choose mutual TLS by themselves where no DestinationRule says otherwise.",
        (
            Field("enabled", "bool", "meshConfig.enableAutoMtls, true when unset"),
            Field("applies", "bool", "some workload has a sidecar or may have one; ztunnel knows no such switch"),
            Field("covered", "bool", "a DestinationRule with ISTIO_MUTUAL governs every port for every client"),
            Field("place", "Place", "the MeshConfig"),
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
            Field("auto_mtls", "AutoMtls", "whether proxies choose mutual TLS by themselves"),
            Field("duplicates", "list Duplicate", "documents that describe the same object"),
        ),
    ),
)
