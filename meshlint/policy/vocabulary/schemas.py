"""Facts about how an object fits the schema of its kind.

In: the types of the tables. Out: a part of the vocabulary, and the fields that every object has of it.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import Field, Message

_SOURCE = "Istio: CRDs of chart base; Gateway API: CRDs of both channels"

MESSAGES: tuple[Message, ...] = (
    Message(
        "UnknownField",
        "A field that the kind does not have, so that the API server drops it.",
        (
            Field("path", "string", "where it stands, from `spec`", source=_SOURCE),
            Field("meant", "string", "that nobody knows it, and what was probably meant, in one clause"),
            Field("instead", "string", "what to write"),
            Field("slip_of", "string", "the field that differs by its case, its signs or one slip; empty for none"),
            Field("recognised", "bool", "a field of almost this name, or of this name elsewhere, exists"),
            Field("place", "Place", "its key"),
        ),
    ),
    Message(
        "InvalidValue",
        "A value that the API server refuses.",
        (
            Field("path", "string", "where it stands, from `spec`", source=_SOURCE),
            Field("text", "string", "the path, the value and what belongs there"),
            Field("instead", "string", "what belongs there"),
            Field("place", "Place", "the value, or the key of the mapping that lacks something"),
        ),
    ),
    Message(
        "StrangeKind",
        "A kind, or a version of it, that its API group never had.",
        (
            Field("text", "string", "what the group does not have"),
            Field("case_only", "bool", "the kind differs by the case of its letters only"),
            Field("instead", "string", "what to write"),
            Field("place", "Place", "the apiVersion or the kind"),
        ),
    ),
)

SCHEMA_FACTS = (
    Field("unknown_fields", "list UnknownField", "fields that its kind does not have"),
    Field("invalid_values", "list InvalidValue", "values that do not fit its kind"),
    Field("strange_kinds", "list StrangeKind", "what its API group never had: at most one"),
)
