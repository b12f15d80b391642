"""Whether routes of several VirtualServices take the same requests, as far as a path proves it.

In: VirtualServices and a gateway. Out: who overlaps with whom, and on what. Proven are equal matches, paths below a
prefix, and two routes that take everything; a route for everything beside a narrower one is sorted behind it by istiod
(`SortVHostRoutes`). Other conditions may keep requests apart, so they prove nothing. Linear in routes and path lengths.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshlint.mesh.routing.virtual_services import VirtualService, gateway_name
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text

_ASIDE = ("name", "gateways", "statPrefix")
_LONGEST_PATH = 1024
_FIRST = 10  # of those that make one claim


class Claim(NamedTuple):
    """Say what one match of a VirtualService takes; `number` tells the VirtualServices apart."""

    number: int
    protocol: str
    kind: str  # all, prefix, exact, other
    value: str

    @property
    def text(self) -> str:
        """Return the claim as messages name it."""
        if self.kind == "all":
            return "every request"
        return f"{self.kind} {self.value}" if self.kind != "other" else "the same match"


def claims_of(number: int, service: VirtualService, gateway: str) -> Iterator[Claim]:
    """Yield what the routes of a VirtualService take at a gateway; one that is still without routes takes HTTP."""
    if not service.routes:
        yield Claim(number, "http", "all", "")
    for route in service.routes:
        if not route.matches:
            yield Claim(number, route.protocol, "all", "")
        for match in route.matches:
            bound = [gateway_name(name, service.namespace) for name in _names(match.get("gateways"))]
            if not bound or gateway in bound:
                yield _claim(number, route.protocol, match)


def _names(value: Any) -> list[str]:
    return [name for name in sequence(value) if isinstance(name, str)]


def _claim(number: int, protocol: str, match: Mapping[str, Any]) -> Claim:
    conditions = {key: value for key, value in match.items() if key not in _ASIDE and value is not None}
    if not conditions:
        return Claim(number, protocol, "all", "")
    uri = mapping(conditions.get("uri"))
    if list(conditions) == ["uri"] and len(uri) == 1:
        if (prefix := text(uri.get("prefix"))) == "/":
            return Claim(number, protocol, "all", "")
        if prefix:
            return Claim(number, protocol, "prefix", prefix)
        if exact := text(uri.get("exact")):
            return Claim(number, protocol, "exact", exact)
    return Claim(number, protocol, "other", json.dumps(conditions, sort_keys=True, default=str))


def overlaps(claims: Sequence[Claim]) -> dict[int, dict[int, str]]:
    """Return number → the numbers whose routes take the same requests, with what both take."""
    makers: dict[tuple[str, str, str], dict[int, Claim]] = {}
    for claim in claims:
        makers.setdefault(claim[1:], {}).setdefault(claim.number, claim)
    found: dict[int, dict[int, str]] = {}
    for (protocol, kind, value), own in makers.items():
        first = list(own)[:_FIRST]
        for number, claim in own.items():
            for other in first:
                _note(found, number, other, claim.text)
        for prefix in _prefixes(value) if kind in ("prefix", "exact") else ():
            above = makers.get((protocol, "prefix", prefix), {})
            for other in list(above)[:_FIRST]:
                for number, claim in own.items():
                    _note(found, number, other, f"{claim.text} below prefix {prefix}")
    return found


def _prefixes(value: str) -> Iterator[str]:
    return (value[:length] for length in range(2, min(len(value), _LONGEST_PATH)))


def _note(found: dict[int, dict[int, str]], one: int, other: int, what: str) -> None:
    if one != other:
        found.setdefault(one, {}).setdefault(other, what)
        found.setdefault(other, {}).setdefault(one, what)
