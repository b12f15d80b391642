"""DestinationRules of one namespace and host that set the same thing twice.

In: DestinationRules and who sees what. Out: `Twin` rows for each rule. Source: `mergeDestinationRule` of istiod:
subsets are united, the first policy and the first subset of a name stay, later ones are dropped whole; rules with
different workload selectors are kept apart.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from meshlint.mesh.destinations.destination_rules import DestinationRule
from meshlint.mesh.model import Place
from meshlint.mesh.visibility import Visibility
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

_Key = tuple[str, str, frozenset[tuple[str, str]], str]


class Twin(NamedTuple):
    """Say that another rule sets the same thing."""

    other: DestinationRule
    what: str
    place: Place
    there: Place


def duplicate_rules(rules: Sequence[DestinationRule], visibility: Visibility) -> Mapping[int, list[Twin]]:
    """Return the index of a rule's resource → what other rules set again."""
    settings: dict[_Key, list[tuple[DestinationRule, str]]] = {}
    for rule in rules:
        for what, pointer in _settings(rule):
            key = (rule.resource.namespace, rule.host, frozenset(rule.selector.items()), what)
            settings.setdefault(key, []).append((rule, pointer))
    found: dict[int, list[Twin]] = {}
    for (_, host, _, what), rows in settings.items():
        for rule, pointer in rows if len(rows) > 1 else ():
            other = next((row for row in rows if _clash(rule, row[0], visibility)), None)
            if other is not None:
                place = Place(rule.resource, pointer, f"twin {host}")
                twin = Twin(other[0], what, place, Place(other[0].resource, other[1]))
                found.setdefault(rule.resource.index, []).append(twin)
    return found


def _settings(rule: DestinationRule) -> Iterator[tuple[str, str]]:
    if rule.policy is not None:
        yield "a trafficPolicy", "/spec/trafficPolicy#"
    seen = set()
    for subset in rule.subsets:
        if subset.name and subset.name not in seen:
            seen.add(subset.name)
            yield f"subset {subset.name}", f"{subset.pointer}/name"


def _clash(one: DestinationRule, other: DestinationRule, visibility: Visibility) -> bool:
    """Tell whether some client sees both; two documents of one object are the business of duplicate-resource."""
    own = one.resource.namespace
    if one.resource.identity == other.resource.identity or not _together(one.resource, other.resource):
        return False
    first = visibility.of("DestinationRule", one.export_to, own)
    return first.meets(visibility.of("DestinationRule", other.export_to, own))


def _together(one: Resource, other: Resource) -> bool:
    """Tell whether two objects reach one namespace for certain: without a stated one, those of one folder do."""
    return bool(one.namespace) or posixpath.dirname(one.path) == posixpath.dirname(other.path)
