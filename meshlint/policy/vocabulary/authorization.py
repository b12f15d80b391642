"""Facts about who may call whom.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import IDENTITY, LABELS, NO_LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "WorkloadAuthorization",
        "Which policies decide on requests to a workload.",
        (
            Field("mesh_in_use", "bool", "the set holds Istio objects or workloads in the mesh"),
            Field(
                "covered", "bool", "an enforced AuthorizationPolicy governs it, or one declared to live elsewhere may"
            ),
        ),
    ),
    Message(
        "NamespaceAuthorization",
        "What a namespace does with requests that no policy speaks of.",
        (
            Field("has_members", "bool", "some of its workloads are in the mesh", NO_LABELS),
            Field(
                "denies_by_default",
                "bool",
                "a policy for all its workloads turns away what no rule admits",
                "AuthorizationPolicies of the namespace or of the root namespace are declared to live elsewhere",
            ),
            Field("callees", "list Callee", "where nothing denies by default: its services with known callers"),
            Field(
                "nameless", "string", "where nothing denies by default: known callers whose identity no manifest says"
            ),
            Field("bare", "string", "its workloads that no enforced ALLOW policy governs, joined"),
            Field("all_covered", "bool", "an enforced ALLOW policy governs each of its workloads and waypoints"),
            Field("root_namespace", "string", "where a policy for the whole mesh belongs"),
        ),
    ),
    Message(
        "Callee",
        "A service, and the identities of the workloads of the mesh that are known to call it.",
        (
            Field("name", "string", "its name"),
            Field("selector", "map string", "the labels of its pods"),
            Field("principals", "list string", "who calls it, as AuthorizationPolicies name them"),
        ),
    ),
    Message(
        "EmptyRule",
        "A rule without from, to and when, which matches every request.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "the rule"),
        ),
    ),
    Message(
        "IdentityUse",
        "A field or condition that asks who calls.",
        (
            Field("text", "string", "the field, or the key of the condition"),
            Field(
                "holds",
                "bool",
                "nobody gets past it by calling in plain text",
                "no workload that the policy governs is in the set, or the mode of its ports is not known",
            ),
            Field("because", "string", "who gets past it"),
            Field("decided_by", "Place", "the mode that lets plain text in; an empty place when the default does"),
            Field("place", "Place", "the field or condition"),
        ),
    ),
    Message(
        "Caller",
        "A value of `from.source` that names callers.",
        (
            Field("text", "string", "field and value"),
            Field(
                "occurs",
                "bool",
                "such a caller can occur",
                "the set does not list the namespaces, the service accounts of that namespace, or the trust domain",
            ),
            Field("because", "string", "why it cannot"),
            Field("place", "Place", "the value"),
        ),
    ),
    Message(
        "AuthorizationPolicy",
        "An AuthorizationPolicy and what it does.",
        (
            *IDENTITY,
            *LABELS,
            Field("action", "string", "ALLOW where it states none, DENY, CUSTOM, AUDIT"),
            Field("enforced", "bool", "it decides on requests: no AUDIT, no dry run"),
            Field("reaches_nothing", "bool", "it certainly governs nothing, because nothing it names is there"),
            Field("governed", "list string", "what its selector or targetRefs reach; empty for a whole namespace"),
            Field("allow_all", "list EmptyRule", "its rules that match every request"),
            Field("identity_uses", "list IdentityUse", "where it asks who calls, when it is enforced"),
            Field("callers", "list Caller", "the callers that its sources name"),
        ),
    ),
    Message(
        "RequestAuthentication",
        "A RequestAuthentication and whether anything demands the tokens that it checks.",
        (
            *IDENTITY,
            *LABELS,
            Field("checks_tokens", "bool", "it has a rule for tokens"),
            Field(
                "demanded",
                "bool",
                "an enforced policy turns requests without a token away wherever it applies",
                "no workload that it governs is in the set, or AuthorizationPolicies are declared to live elsewhere",
            ),
            Field("lacking", "string", "where nothing demands a token, joined"),
            Field("lacking_at", "list Place", "the workloads among them"),
        ),
    ),
)
