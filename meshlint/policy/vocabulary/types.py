"""What a fact and a group of facts are, and the fields that many groups share.

In: nothing. Out: the types of the tables.
"""

from __future__ import annotations

from meshlint.records import NamedTuple


class Field(NamedTuple):
    """Describe one fact; `unknown` says when the manifests cannot tell, empty when they always can.

    `only` is the one value of a claim that is never known to be otherwise: what is in order has no row in its list.
    """

    name: str
    type: str
    meaning: str
    unknown: str = ""
    source: str = ""
    only: bool | None = None


class Message(NamedTuple):
    """Describe a group of facts."""

    name: str
    meaning: str
    fields: tuple[Field, ...]


NO_LABELS = "the Namespace manifest is not in the set and nothing on the pod decides"

IDENTITY = (
    Field("text", "string", "how messages name it"),
    Field("kind", "string", "its kind"),
    Field("namespace", "string", "its namespace, empty where the manifest states none"),
    Field("name", "string", "its name"),
    Field("place", "Place", "where it stands"),
)
LABELS = (
    Field("labels", "map string", "its labels"),
    Field("annotations", "map string", "its annotations"),
)
DECISION = (
    Field("because", "string", "why, in one clause"),
    Field("decided_by", "Place", "the field that decided; an empty place when an absence did"),
)
