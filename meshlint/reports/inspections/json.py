"""An inspection for programs: JSON, version 1, additions only.

In: an inspection. Out: text. A fact is `value`, `because` and `decided_by` (an object and a location, or null), with
`missing` where the manifests do not tell; every other answer is an object with the fields of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meshlint import __version__
from meshlint.errors import Location
from meshlint.findings.finding import Subject, plain_location
from meshlint.findings.inspecting import Inspected, Inspection
from meshlint.mesh.model import Place
from meshlint.resources.resource import Resource

Where = Callable[[Place], Location]


def render(inspection: Inspection) -> str:
    """Return the whole inspection; further environments in which the answers differ stand in `environments`."""
    import json

    first, *others = [_inspected(answer, inspection.at) for answer in inspection.answers]
    document = {
        "version": 1,
        "tool": {"name": "meshlint", "version": __version__},
        **first,
        "environments": others,
        "notes": list(inspection.notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _inspected(inspected: Inspected, where: Where) -> dict[str, Any]:
    found, owners = inspected.found, inspected.owners
    resource = found.resource
    line = plain_location(owners.line) if owners.line is not None else None
    return {
        "sort": found.sort,
        "environment": inspected.environment,
        "object": _identity(resource) if resource else {**_identity(None), "kind": found.kind, "name": found.name},
        "location": plain_location(where(Place(resource, "/metadata/name"))) if resource else None,
        **_plain(inspected.answer, where),
        "owners": {
            "value": list(owners.value) if owners.value is not None else None,
            "because": owners.because,
            "decided_by": {"object": None, "location": line} if line is not None else None,
            **({"missing": owners.missing} if owners.missing else {}),
        },
        "findings": [finding.plain() for finding in inspected.heard.findings],
        "suppressed": [finding.plain() for finding in inspected.heard.suppressed],
        "undecided": [item.plain() for item in inspected.heard.undecided],
    }


def _plain(value: Any, where: Where) -> Any:
    if isinstance(value, Resource):
        return _identity(value)
    if isinstance(value, Place):
        return {"object": _identity(value.resource), "location": plain_location(where(value))}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = zip(value._fields, value, strict=True)
        return {name: _plain(item, where) for name, item in fields if name != "missing" or item}
    if isinstance(value, Mapping):
        return {key: _plain(item, where) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item, where) for item in value]
    return value


def _identity(resource: Resource | None) -> dict[str, str]:
    if resource is None:
        return dict.fromkeys(Subject._fields, "")
    subject = Subject(resource.api_version, resource.kind, resource.namespace, resource.name)
    return dict(zip(Subject._fields, subject, strict=True))
