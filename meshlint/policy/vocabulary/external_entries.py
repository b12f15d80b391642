"""Facts about ServiceEntries that call endpoints of the mesh external.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "InsideEndpoint",
        "An endpoint of the mesh in a ServiceEntry whose location is MESH_EXTERNAL.",
        (
            Field("text", "string", "the workload, or the endpoint"),
            Field("outside", "bool", "it has no proxy", "labels of a namespace are elsewhere", only=False),
            Field("because", "string", "how the entry leads there, in one clause"),
            Field("there", "Place", "the workload; an empty place where the entry writes the endpoint itself"),
            Field("place", "Place", "the location, or the name of an entry that states none"),
        ),
    ),
)
