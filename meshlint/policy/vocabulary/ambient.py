"""Facts about ambient: policies that nobody enforces, and requests for two data planes at once.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "UnservedPolicy",
        "A policy on HTTP that reaches an ambient workload.",
        (
            Field("text", "string", "the workload, or the Service that the policy names"),
            Field("served", "bool", "a waypoint serves it", "labels of a namespace, or the waypoint, are elsewhere"),
            Field("because", "string", "why none does, in one clause"),
            Field("effect", "string", "what becomes of the policy, in one clause"),
            Field("there", "Place", "the workload or Service"),
            Field("place", "Place", "the first field that ztunnel cannot read"),
        ),
    ),
    Message(
        "TwoDataPlanes",
        "A request for ambient beside one for a sidecar.",
        (
            Field("ambient", "string", "what asks for ambient"),
            Field("sidecar", "string", "what asks for a sidecar"),
            Field("revision", "string", "the revision that asks for the sidecar, empty where something else does"),
            Field("there", "Place", "the other request"),
            Field("place", "Place", "one of the two"),
        ),
    ),
)
