"""Facts about who may call whom.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import NO_LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "WorkloadAuthorization",
        "Which policies decide on requests to a workload.",
        (
            Field(
                "covered", "bool", "an enforced AuthorizationPolicy governs it, or one declared to live elsewhere may"
            ),
            Field("mesh_in_use", "bool", "the set holds Istio objects or workloads in the mesh"),
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
            Field("bare", "string", "its workloads that no enforced ALLOW policy governs, joined"),
            Field("all_covered", "bool", "an enforced ALLOW policy governs each of its workloads and waypoints"),
            Field("root_namespace", "string", "where a policy for the whole mesh belongs"),
        ),
    ),
)
