"""What the schemas say of an object, as rules see it.

In: a resource. Out: facts for the view of any object: unknown fields, refused values, a kind that does not exist.
"""

from __future__ import annotations

from meshlint.mesh.model import Place
from meshlint.policy.views.values import View, place_view
from meshlint.resources.resource import Resource
from meshlint.resources.schemas.judging import NONE, InvalidValue, UnknownField, faults_of
from meshlint.resources.schemas.served import Stranger
from meshlint.resources.schemas.suggestions import is_slip

_NOTHING: View = {"unknown_fields": [], "invalid_values": [], "strange_kinds": []}


def schema_facts(resource: Resource) -> View:
    """Return what is wrong with the kind, the fields and the values of an object."""
    faults = faults_of(resource)
    if faults is NONE:
        return _NOTHING
    return {
        "unknown_fields": [_unknown(resource, fault) for fault in faults.unknown],
        "invalid_values": [_invalid(resource, fault) for fault in faults.invalid],
        "strange_kinds": [] if faults.strange is None else [_strange(resource, faults.strange)],
    }


def _unknown(resource: Resource, fault: UnknownField) -> View:
    if fault.elsewhere:
        meant = f"which belongs to {fault.instead}"
        instead = f"it as `{fault.instead}`"
    elif fault.instead:
        meant = f"which {fault.release} does not know: {fault.instead} was probably meant"
        instead = f"`{fault.instead}`"
    else:
        meant = f"which {fault.release} does not know"
        instead = "a field that the installed release has"
    return {
        "path": fault.path,
        "meant": meant,
        "instead": instead,
        "recognised": bool(fault.instead),
        "slip_of": _slip_of(fault),
        "place": place_view(Place(resource, fault.pointer, _fact(f"unknown {fault.path}"))),
    }


def _slip_of(fault: UnknownField) -> str:
    written = fault.pointer.removesuffix("#").rpartition("/")[2]
    meant = "" if fault.elsewhere else fault.instead
    return meant if meant and is_slip(written, meant) else ""


def _invalid(resource: Resource, fault: InvalidValue) -> View:
    text = f"{fault.path} {fault.text}" if fault.path else fault.text
    return {
        "path": fault.path,
        "text": text,
        "instead": fault.instead,
        "place": place_view(Place(resource, fault.pointer, _fact(text))),
    }


def _strange(resource: Resource, stranger: Stranger) -> View:
    field, text, instead = stranger
    return {
        "text": text,
        "instead": instead or "a kind that the group has",
        "case_only": field == "kind" and instead.lower() == resource.kind.lower(),
        "place": place_view(Place(resource, f"/{field}", "kind")),
    }


def _fact(text: str) -> str:
    """Return a text that may stand in an address, which is divided by bars."""
    return text.replace("|", "/")
