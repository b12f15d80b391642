"""What one DestinationRule or Sidecar does with breakers: overrides that lose one, and fields that limit nothing.

In: a rule and the resolved mesh's parts. Out: `RuleFacts`, computed when a rule asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.destinations.breakers import FACT, BreakerFacts, endpoint_count, subset_blocks
from meshlint.mesh.destinations.destination_rules import DestinationRule, Subset, read_rule
from meshlint.mesh.destinations.limits import Blocks, blocks_of, breaks, limit_fields, overlaid
from meshlint.mesh.model import Decided, Inventory, Service
from meshlint.mesh.selection import PortId, Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence
from meshlint.resources.resource import Resource


class Dropped(NamedTuple):
    """Name an override that loses the breaker of a wider level."""

    text: str
    because: str
    pointer: str
    fact: str  # the cause that a port which lacks a breaker shares with it


class Limit(NamedTuple):
    """Hold one breaker field with its value; `routed` is false in a subset that no route uses."""

    field: str
    value: int | float
    pointer: str
    routed: bool


class RuleFacts(NamedTuple):
    """Hold what a rule does."""

    host: str
    dropped: tuple[Dropped, ...]
    limits: tuple[Limit, ...]


class Context(NamedTuple):
    """Hold what the facts of a rule depend on."""

    inventory: Inventory
    selection: Selection
    protocols: Mapping[PortId, Decided]
    breakers: BreakerFacts
    graph: Graph


def rule_facts(resource: Resource, context: Context) -> RuleFacts:
    """Return the facts of a DestinationRule or a Sidecar."""
    if resource.kind == "Sidecar":
        return RuleFacts("", (), tuple(_sidecar_limits(resource)))
    rule = read_rule(resource, context.inventory)
    services = context.inventory.service_at.get(rule.host, ())
    routed = context.graph.routes.subsets_of.get(rule.host, frozenset())
    dropped = tuple(_dropped(rule, services[0] if services else None, routed, context))
    return RuleFacts(rule.host, dropped, tuple(_limits(rule, routed)))


def _dropped(
    rule: DestinationRule, service: Service | None, routed: frozenset[str], context: Context
) -> Iterator[Dropped]:
    count = endpoint_count(context.selection.workloads_of[service.id]) if service is not None else None
    top, defaults = blocks_of(rule.policy), context.breakers.defaults
    for position, item in enumerate(sequence(mapping(rule.policy).get("portLevelSettings"))):
        number = mapping(mapping(item).get("port")).get("number")
        protocol, exposed = _protocol(service, number, context)
        in_force = overlaid(blocks_of(item), defaults)
        if exposed and breaks(top, protocol, count) and not breaks(in_force, protocol, count):
            text = f"its entry for port {number}"
            pointer = f"/spec/trafficPolicy/portLevelSettings/{position}"
            because = "replaces the whole policy and sets no limits of its own"
            yield Dropped(text, because, pointer, f"{FACT}:port {number}")
    for subset in rule.subsets:
        if subset.policy is not None and subset.name in routed:
            yield from _dropped_by_subset(subset, top, defaults, count)


def _dropped_by_subset(subset: Subset, top: Blocks, defaults: Blocks, count: int | None) -> Iterator[Dropped]:
    own = blocks_of(subset.policy)
    if own == Blocks(None, None) or not breaks(top, None, count):
        return
    if not breaks(overlaid(subset_blocks(subset.policy, top, None), defaults), None, count):
        block = "connectionPool" if own.pool is not None else "outlierDetection"
        pointer = f"{subset.pointer}/trafficPolicy/{block}"
        because = f"sets {block} again without limits"
        yield Dropped(f"its subset {subset.name}", because, pointer, f"{FACT}:subset {subset.name}")


def _protocol(service: Service | None, number: Any, context: Context) -> tuple[str | None, bool]:
    """Return protocol of a port of the host, and whether the host exposes it; an unknown host may expose any."""
    if service is None:
        return None, True
    for port in service.ports:
        if port.number == number:
            return context.protocols[port.id].value, True
    return None, False


def _limits(rule: DestinationRule, routed: frozenset[str]) -> Iterator[Limit]:
    for row in _policy_limits(rule.policy, "/spec/trafficPolicy"):
        yield Limit(*row, True)
    for subset in rule.subsets:
        for row in _policy_limits(subset.policy, f"{subset.pointer}/trafficPolicy"):
            yield Limit(*row, subset.name in routed)


def _policy_limits(policy: dict[str, Any] | None, pointer: str) -> Iterator[tuple[str, int | float, str]]:
    yield from limit_fields(mapping(policy).get("connectionPool"), f"{pointer}/connectionPool")
    for position, item in enumerate(sequence(mapping(policy).get("portLevelSettings"))):
        where = f"{pointer}/portLevelSettings/{position}/connectionPool"
        yield from limit_fields(mapping(item).get("connectionPool"), where)


def _sidecar_limits(resource: Resource) -> Iterator[Limit]:
    spec = mapping(resource.content().get("spec"))
    for row in limit_fields(spec.get("inboundConnectionPool"), "/spec/inboundConnectionPool"):
        yield Limit(*row, True)
    for position, item in enumerate(sequence(spec.get("ingress"))):
        pointer = f"/spec/ingress/{position}/connectionPool"
        for row in limit_fields(mapping(item).get("connectionPool"), pointer):
            yield Limit(*row, True)
