"""Facts about roles that grant writes on the mesh's security policy.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import IDENTITY, LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "Bound",
        "A subject that a binding gives a role to.",
        (
            Field("text", "string", "`Kind name`, or `ServiceAccount namespace/name`"),
            Field("place", "Place", "its name in the binding"),
        ),
    ),
    Message(
        "PolicyRole",
        "A Role or ClusterRole that grants writes on security, telemetry or extension policy.",
        (
            *IDENTITY,
            *LABELS,
            Field("is_own", "bool", "it belongs to the control plane or its operators"),
            Field("verbs", "string", "the verbs that write, joined"),
            Field("groups", "string", "the API groups, joined"),
            Field("grants_at", "Place", "the verbs"),
            Field("bound", "list Bound", "who has it by the bindings of the set"),
            Field("bound_at", "list Place", "where the bindings name them"),
            Field("bound_names", "string", "the same, joined"),
        ),
    ),
)
