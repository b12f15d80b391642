"""Facts about routes of the Gateway API: where their parents and backends lead.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import IDENTITY, LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "KubernetesReference",
        "What a route of the Gateway API refers to.",
        (
            Field("text", "string", "kind, namespace and name"),
            Field("what", "string", "parent, backend or mirror"),
            Field("weight", "int", "the share of a backend, 1 where nothing is said"),
            Field("found", "bool", "it is there and takes the route", "it lives where the set does not reach"),
            Field("because", "string", "why it is not found, in one clause"),
            Field("place", "Place", "the reference"),
        ),
    ),
    Message(
        "Crossing",
        "A reference of the Gateway API into another namespace.",
        (
            Field("text", "string", "kind, namespace and name"),
            Field("what", "string", "backend, mirror or certificate"),
            Field("granted", "bool", "a ReferenceGrant there admits it", "the set does not describe that namespace"),
            Field("because", "string", "what is missing, in one clause"),
            Field("place", "Place", "the namespace of the reference"),
        ),
    ),
    Message(
        "KubernetesRoute",
        "A route of the Gateway API.",
        (
            *IDENTITY,
            *LABELS,
            Field("parents", "list KubernetesReference", "its parents: Gateways and Services"),
            Field("backends", "list KubernetesReference", "its backends and mirrors that are Services"),
        ),
    ),
)
