"""Exceptions that end soon, so that nobody is surprised by the findings that come back.

In: suppressions that took something out, the exceptions of policies and of `legacy:`, the date of the run. Out: notes,
one for each date. What has ended is a finding and none of this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from meshlint.config.model import LegacySelector
from meshlint.findings.suppressions.suppressions import Suppression
from meshlint.mesh.exceptions import declared, exemption_of
from meshlint.mesh.mesh import Mesh
from meshlint.records import NamedTuple

_SOON = 30  # days
_SHOWN = 3


class Ending(NamedTuple):
    """Hold an exception in force: its last day, what it is called, where it stands."""

    expires: str
    text: str
    where: str
    owner: str


def of_suppressions(suppressions: Sequence[Suppression], used: Collection[int]) -> Iterator[Ending]:
    """Yield the suppressions that took something out and have a date."""
    for position, item in enumerate(suppressions):
        if item.expires and position in used:
            yield Ending(item.expires, item.text, f"{item.path}:{item.span[0]}", item.owner)


def of_policies(meshes: Iterable[Mesh]) -> Iterator[Ending]:
    """Yield the complete exceptions that PeerAuthentications declare."""
    for mesh in meshes:
        for policy in mesh.policies.all:
            resource = policy.resource
            exemption = exemption_of(resource.annotations, mesh.today)
            if exemption.state == "complete":
                text, where = f"the exception of {resource.text}", f"{resource.path}:{resource.line}"
                yield Ending(exemption.expires, text, where, exemption.owner)


def of_legacy(path: str, selectors: Iterable[LegacySelector], today: str) -> Iterator[Ending]:
    """Yield the complete `legacy:` entries of the configuration."""
    for entry in selectors:
        if declared(entry.owner, entry.reason, entry.expires, today).state == "complete":
            text = f"the legacy entry for namespace {entry.namespace}"
            yield Ending(entry.expires, text, f"{entry.file or path}:{entry.line or 1}", entry.owner)


def notes_on_endings(endings: Iterable[Ending], today: str) -> list[str]:
    """Return a note for each date of the next days on which exceptions end, the nearest first."""
    rows = sorted(set(endings))
    if not rows:
        return []
    from datetime import date, timedelta  # only where something ends

    first = date.fromisoformat(today)
    last = (first + timedelta(days=_SOON)).isoformat()
    by_date: dict[str, list[Ending]] = {}
    for row in rows:
        if today <= row.expires <= last:
            by_date.setdefault(row.expires, []).append(row)
    return [_note(found, (date.fromisoformat(day) - first).days) for day, found in by_date.items()]


def _note(found: Sequence[Ending], days: int) -> str:
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    if len(found) == 1:
        expires, text, where, owner = found[0]
        asked = f"; {owner} answers for it" if owner else ""
        return f"{text} ({where}) expires {when}, on {expires}{asked}"
    places = ", ".join(row.where for row in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{len(found)} exceptions expire {when}, on {found[0].expires} ({places}{more})"
