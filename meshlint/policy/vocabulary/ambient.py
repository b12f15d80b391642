"""Facts about ambient: what waypoints and ztunnel pass by, who is enrolled where, requests for two data planes.

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
            Field(
                "served",
                "bool",
                "a waypoint serves it",
                "labels of a namespace, or the waypoint, are elsewhere",
                only=False,
            ),
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
    Message(
        "UnheededPolicy",
        "A policy on HTTP that aims by selector or namespace at what may heed targetRefs only.",
        (
            Field("text", "string", "the workload, or the Gateway"),
            Field("heeded", "bool", "somebody heeds it", "labels of a namespace are elsewhere", only=False),
            Field("because", "string", "why nobody does, in one clause"),
            Field("there", "Place", "the workload; an empty place where the set shows none"),
            Field("place", "Place", "the selector, or the name of a policy without one"),
        ),
    ),
    Message(
        "Enrolment",
        "A label istio.io/use-waypoint that names a waypoint for an object, its own or that of its namespace.",
        (
            Field("text", "string", "whose label it is"),
            Field("waypoint", "string", "namespace/name of the waypoint"),
            Field("served", "bool", "the waypoint exists and takes such traffic", "the waypoint may be elsewhere"),
            Field("because", "string", "why it does not serve, in one clause"),
            Field("captured", "bool", "ambient captures the pods", "the pods, or labels of a namespace, are elsewhere"),
            Field("uncaptured_because", "string", "why ambient does not, in one clause"),
            Field("expected", "bool", "nothing says that others than ambient clients are meant to use the waypoint"),
            Field("place", "Place", "the label"),
        ),
    ),
    Message(
        "UnservedHost",
        "A host of a rule on HTTP or connections, with an ambient Service that a waypoint would have to serve.",
        (
            Field("text", "string", "the Service"),
            Field("what", "string", "the part of the rule"),
            Field(
                "served", "bool", "a waypoint serves it", "labels, the waypoint or the pods are elsewhere", only=False
            ),
            Field("because", "string", "why none does, in one clause"),
            Field("is_tcp", "bool", "the rule has nothing but tcp routes"),
            Field("there", "Place", "the Service; an empty place where the set shows none"),
            Field("place", "Place", "the part of the rule, or the host"),
        ),
    ),
    Message(
        "IgnoredInAmbient",
        "What ambient workloads ignore of an object.",
        (
            Field("text", "string", "the part of the object"),
            Field("heeded", "bool", "some sidecar heeds it", "labels of a namespace are elsewhere", only=False),
            Field("because", "string", "why nobody does, in one clause"),
            Field("there", "Place", "an ambient workload that it reaches; an empty place where the set shows none"),
            Field("place", "Place", "the part"),
        ),
    ),
)

OBJECT: tuple[Field, ...] = (
    Field("http_policy_for", "list UnservedPolicy", "an ambient workload that its HTTP fields are meant for"),
    Field("two_data_planes", "list TwoDataPlanes", "that it is told to be in both data planes"),
    Field("selector_policy_for", "list UnheededPolicy", "what its selector or scope aims at in vain"),
    Field("enrolments", "list Enrolment", "the waypoint that it is enrolled with"),
    Field("unserved_breakers", "list UnservedHost", "the host of its limits, ambient and served by no waypoint"),
    Field(
        "unserved_routes", "list UnservedHost", "hosts of its routes for the mesh, ambient and served by no waypoint"
    ),
    Field("ignored_in_ambient", "list IgnoredInAmbient", "what ambient workloads ignore of it"),
)
