"""The small values that all views share: places, unknown facts, subjects.

In: model types. Out: plain dicts and strings as the vocabulary names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.mesh.exceptions import Exemption
from meshlint.mesh.files import Span
from meshlint.mesh.model import Place
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

View = dict[str, Any]

NOWHERE: View = {"text": "", "kind": "", "namespace": "", "name": "", "place": ""}
"""The place of an absence; `at:` passes it by."""


class Subject(NamedTuple):
    """Name the object that a finding is about, as the JSON report does."""

    api_version: str
    kind: str
    namespace: str
    name: str


class Target(NamedTuple):
    """Pair the facts of one target with the object that a finding on it is about.

    The subject is None where the owner of the value at fault takes its place (targets that are no object).
    """

    view: View
    subject: Subject | None


def subject_of(resource: Resource) -> Subject:
    """Return the object of a finding on a resource."""
    return Subject(resource.api_version, resource.kind, resource.namespace, resource.name)


def place_view(place: Place | None) -> View:
    """Return a place as rules see it; an absence has an empty address."""
    if place is None:
        return NOWHERE
    resource = place.resource
    return {
        "text": resource.text,
        "kind": resource.kind,
        "namespace": resource.namespace,
        "name": resource.name,
        "place": address(place),
    }


def address(place: Place) -> str:
    """Write a place as text: resource index, pointer, fact."""
    return f"{place.resource.index}|{place.pointer}|{place.fact}"


def text_place(path: str, span: Span, fact: str = "") -> View:
    """Return a place in the text of a file, where no object stands."""
    where = ",".join(map(str, span))
    return {"text": path, "kind": "File", "namespace": "", "name": path, "place": f"@{path}|{where}|{fact}"}


def identity_view(resource: Resource, pointer: str = "", fact: str = "") -> View:
    """Return the facts that every object has; the place is the object itself."""
    return {
        "text": resource.text,
        "kind": resource.kind,
        "namespace": resource.namespace,
        "name": resource.name,
        "labels": resource.labels,
        "annotations": resource.annotations,
        "place": place_view(Place(resource, pointer or "/metadata/name", fact)),
    }


def shown(names: Sequence[str], limit: int = 3) -> str:
    """Join names the way a sentence does, the first few of many."""
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def with_unknown(view: View, unknown: dict[str, str]) -> View:
    """Name the facts that are absent from a view, with what the manifests do not say."""
    if unknown:
        view["unknown"] = unknown
    return view


def exemption_view(exemption: Exemption) -> View:
    """Return a declared exception as rules see it."""
    return {
        "state": exemption.state,
        "because": exemption.because,
        "owner": exemption.owner,
        "expires": exemption.expires,
    }


def legible(text: str) -> str:
    """Return text that expressions can take: bytes that are no UTF-8 become a replacement character."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
