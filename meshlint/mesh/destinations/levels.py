"""The levels of a DestinationRule: the rule itself, its ports, its subsets and the ports of those.

In: a rule and what routes use. Out: `Level`. Sources: `GetPortLevelTrafficPolicy` and `MergeSubsetTrafficPolicy` of
istiod: an entry of `portLevelSettings` inherits nothing at all, a subset overrides field by field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from meshlint.mesh.destinations.destination_rules import DestinationRule, Subset
from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Service
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence


class Level(NamedTuple):
    """Hold what one level sets, and what it inherits where it sets nothing; `port` is None for all ports."""

    own: Mapping[str, Any]
    inherited: Mapping[str, Any]
    pointer: str
    port: int | None
    subset: Subset | None

    @property
    def text(self) -> str:
        """Return the traffic that the level is for."""
        port = "all ports" if self.port is None else f"port {self.port}"
        return f"{port} of subset {self.subset.name}" if self.subset is not None else port

    def block(self, name: str) -> Mapping[str, Any] | None:
        """Return a block that is in force on this level, None where none is."""
        value = self.own.get(name)
        if value is None:
            value = self.inherited.get(name)
        return value if isinstance(value, dict) else None


def levels_of(rule: DestinationRule) -> Iterator[Level]:
    """Yield every level of a rule that sets something."""
    top = mapping(rule.policy)
    if rule.policy is not None:
        yield Level(top, {}, "/spec/trafficPolicy", None, None)
        yield from _ports(top, "/spec/trafficPolicy", None)
    for subset in rule.subsets:
        if subset.policy is not None:
            pointer = f"{subset.pointer}/trafficPolicy"
            yield Level(subset.policy, top, pointer, None, subset)
            yield from _ports(subset.policy, pointer, subset)


def _ports(policy: Mapping[str, Any], pointer: str, subset: Subset | None) -> Iterator[Level]:
    for position, item in enumerate(sequence(policy.get("portLevelSettings"))):
        entry = mapping(item)
        number = port_number(mapping(entry.get("port")).get("number"))
        if number is not None:
            yield Level(entry, {}, f"{pointer}/portLevelSettings/{position}", number, subset)


def is_used(level: Level, services: Collection[Service], routed: Collection[str]) -> bool:
    """Tell whether traffic takes a level: a route uses its subset, and its port is exposed by a host that is known."""
    if level.subset is not None and level.subset.name not in routed:
        return False
    if level.port is None or not services:
        return True
    return any(port.number == level.port for service in services for port in service.ports)
