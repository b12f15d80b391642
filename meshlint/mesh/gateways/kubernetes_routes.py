"""Routes of the Gateway API, as written: parents, backends, mirrors.

In: a route. Out: `Reference`s with the defaults of the API filled in. Nothing is looked up and nothing judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.mesh.gateways.kubernetes_gateways import GROUP
from meshlint.mesh.inventory.workloads import port_number
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

KINDS = tuple(f"{GROUP}/{kind}" for kind in ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"))
_ACME = "/.well-known/acme-challenge"


class Reference(NamedTuple):
    """Name an object that a route refers to."""

    group: str
    kind: str
    namespace: str
    name: str
    section: str
    port: int | None
    weight: int  # of a backend; of a mirror the percentage of requests that it gets
    what: str  # parent, backend, mirror
    pointer: str

    @property
    def text(self) -> str:
        """Return the object as messages name it."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def parents_of(route: Resource) -> Iterator[Reference]:
    """Yield the parents of a route."""
    spec = mapping(route.content().get("spec"))
    for position, item in enumerate(sequence(spec.get("parentRefs"))):
        yield _reference(item, route, "parent", f"/spec/parentRefs/{position}", (GROUP, "Gateway"))


def backends_of(route: Resource) -> Iterator[Reference]:
    """Yield the backends of a route and the targets of its mirrors."""
    for position, rule in enumerate(rules_of(route)):
        base = f"/spec/rules/{position}"
        yield from _mirrors(rule, route, base)
        for row, item in enumerate(sequence(rule.get("backendRefs"))):
            pointer = f"{base}/backendRefs/{row}"
            yield _reference(item, route, "backend", pointer, ("", "Service"))
            yield from _mirrors(mapping(item), route, pointer)


def rules_of(route: Resource) -> list[Mapping[str, Any]]:
    """Return the rules of a route."""
    return [mapping(rule) for rule in sequence(mapping(route.content().get("spec")).get("rules"))]


def stays_harmless(rule: Mapping[str, Any]) -> bool:
    """Tell whether a rule only sends callers to HTTPS, or answers the challenge of a certificate authority."""
    redirects = any(mapping(mapping(f).get("requestRedirect")).get("scheme") == "https" for f in _filters(rule))
    matches = [mapping(mapping(match).get("path")) for match in sequence(rule.get("matches"))]
    return redirects or (bool(matches) and all(text(path.get("value")).startswith(_ACME) for path in matches))


def _filters(item: Mapping[str, Any]) -> list[Any]:
    return sequence(item.get("filters"))


def _mirrors(item: Mapping[str, Any], route: Resource, base: str) -> Iterator[Reference]:
    for position, value in enumerate(_filters(item)):
        mirror = mapping(mapping(value).get("requestMirror"))
        if target := mirror.get("backendRef"):
            pointer = f"{base}/filters/{position}/requestMirror/backendRef"
            yield _reference(target, route, "mirror", pointer, ("", "Service"))._replace(weight=_copied(mirror))


def _copied(mirror: Mapping[str, Any]) -> int:
    """Return the percentage of a mirror, rounded up; a fraction is of 100 where it states no denominator."""
    percent, fraction = mirror.get("percent"), mapping(mirror.get("fraction"))
    if isinstance(percent, int) and not isinstance(percent, bool):
        return percent
    numerator, denominator = fraction.get("numerator"), fraction.get("denominator", 100)
    if not isinstance(numerator, int) or not isinstance(denominator, int) or denominator <= 0:
        return 100
    return -(-100 * numerator // denominator)


def _reference(value: Any, route: Resource, what: str, pointer: str, defaults: tuple[str, str]) -> Reference:
    item = mapping(value)
    group, kind = item.get("group"), text(item.get("kind")) or defaults[1]
    weight = item.get("weight")
    return Reference(
        group if isinstance(group, str) else defaults[0],
        kind,
        text(item.get("namespace")) or route.namespace,
        text(item.get("name")),
        text(item.get("sectionName")),
        port_number(item.get("port")),
        weight if isinstance(weight, int) and not isinstance(weight, bool) else 1,
        what,
        pointer,
    )
