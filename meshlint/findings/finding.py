"""What a run says: findings, what was suppressed, what could not be decided.

In: nothing. Out: types. A finding knows its object, its place in the text and its cause; reports print it and change
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from meshlint.errors import Location
from meshlint.records import NamedTuple

SEVERITIES = ("info", "warning", "error")
"""From the least to the gravest."""


class Subject(NamedTuple):
    """Name an object as reports do; the namespace is empty where the manifest gives none."""

    api_version: str
    kind: str
    namespace: str
    name: str

    @property
    def text(self) -> str:
        """Return the object as messages name it."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


class Related(NamedTuple):
    """Point to a further place that belongs to a finding."""

    message: str
    location: Location


class Finding(NamedTuple):
    """Hold one fault at one place."""

    rule: str
    name: str
    severity: str
    confidence: str
    message: str
    help: str
    resource: Subject
    location: Location
    related: tuple[Related, ...]
    controls: Mapping[str, Sequence[str]]
    fingerprint: str
    cause: str
    home: tuple[int, int] | None = None  # file and document of the object it is about
    is_effect: bool = False  # it is about a call, so that whoever else speaks of the cause speaks for it
    pack: str = ""  # whose rule it comes from, empty: ours
    fix: tuple[bool, str] | None = None  # whether the fix that applies here is safe, and what it does
    plans: tuple[bytes, ...] = ()  # what fixing it means, where somebody asked
    is_of_repository: bool = False  # the object that it points to is only the first of many

    @property
    def order(self) -> tuple[object, ...]:
        """Return what findings are sorted by: path, line, column, rule, object."""
        return self.location.path, self.location.start, self.rule, self.resource, self.message

    def plain(self) -> dict[str, Any]:
        """Return the finding as version 1 of the JSON report writes it."""
        return {
            "rule": self.rule,
            "name": self.name,
            "severity": self.severity,
            "confidence": self.confidence,
            "message": self.message,
            "help": self.help,
            "resource": dict(zip(Subject._fields, self.resource, strict=True)),
            "location": plain_location(self.location),
            "related": [{"message": item.message, "location": plain_location(item.location)} for item in self.related],
            "controls": {framework: list(ids) for framework, ids in self.controls.items()},
            "fix": None if self.fix is None else {"safe": self.fix[0], "description": self.fix[1]},
            "fingerprint": self.fingerprint,
        }


class Unsettled(NamedTuple):
    """Say that a rule could not judge an object, and what the manifests do not say."""

    rule: str
    resource: Subject
    missing: str
    path: str = ""  # of the file that holds the object, empty where there is none

    def plain(self) -> dict[str, Any]:
        """Return the entry as version 1 of the JSON report writes it."""
        return {
            "rule": self.rule,
            "resource": dict(zip(Subject._fields, self.resource, strict=True)),
            "missing": self.missing,
            "path": self.path,
        }


def plain_location(location: Location) -> dict[str, Any]:
    """Return a location as version 1 of the JSON report writes it."""
    return {
        "path": location.path,
        "start": {"line": location.start.line, "column": location.start.column},
        "end": {"line": location.end.line, "column": location.end.column},
        "pointer": location.pointer,
    }
