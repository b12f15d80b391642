"""Whether the limits of a DestinationRule were ever thought about.

In: a rule and who calls its host. Out: `Tuning`. Sources: the circuit-breaking task of Istio, whose values of one are
made for a demonstration; a limit holds for each client proxy, so that what a service takes is the limit times the
replicas of its clients.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.mesh.destinations.destination_rules import DestinationRule
from meshlint.mesh.destinations.limits import Blocks, blocks_of, limit_fields, overlaid
from meshlint.mesh.model import Service
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence

SINGLETON = "meshlint.dev/singleton"
PEAK = "meshlint.dev/peak"
"""Annotations of a Service or DestinationRule: one caller at a time is right; the highest load, in the limits' unit."""
_EJECTIONS = ("consecutive5xxErrors", "consecutiveErrors", "consecutiveGatewayErrors")


class Tuning(NamedTuple):
    """Hold one thing about limits; `kind` is tutorial, empty, half or limit.

    `total` is a limit times the replicas of the known clients, None when a client or its replicas are not known.
    """

    kind: str
    text: str
    pointer: str
    number: float = 0.0
    peak: float = 0.0
    total: float | None = None


class _Clients(NamedTuple):
    is_singleton: bool
    replicas: int | None
    peak: float


def tuning_of(
    rule: DestinationRule, service: Service | None, replicas: int | None, defaults: Blocks
) -> Iterator[Tuning]:
    """Yield what there is to say about the limits of a rule.

    `replicas` counts those of all clients; `defaults` are the blocks of meshConfig.defaultTrafficPolicy.
    """
    annotations = {**(service.annotations if service is not None else {}), **rule.resource.annotations}
    clients = _Clients(annotations.get(SINGLETON) == "true", replicas, _peak(annotations.get(PEAK, "")))
    policies = [(rule.policy, "/spec/trafficPolicy")]
    policies += [(subset.policy, f"{subset.pointer}/trafficPolicy") for subset in rule.subsets]
    for policy, pointer in policies:
        if policy is None:
            continue
        yield from _of_policy(policy, pointer, clients)
        yield from _half(overlaid(blocks_of(policy), defaults), pointer)
        for position, item in enumerate(sequence(policy.get("portLevelSettings"))):
            yield from _of_policy(mapping(item), f"{pointer}/portLevelSettings/{position}", clients)


def _of_policy(policy: Mapping[str, Any], pointer: str, clients: _Clients) -> Iterator[Tuning]:
    pool, outlier = policy.get("connectionPool"), policy.get("outlierDetection")
    for name, block in (("connectionPool", pool), ("outlierDetection", outlier)):
        if isinstance(block, dict) and _is_empty(block):
            yield Tuning("empty", f"has an empty {name}", f"{pointer}/{name}")
    if clients.is_singleton:
        return
    for name, value, where in limit_fields(pool, f"{pointer}/connectionPool"):
        kind = "tutorial" if value == 1 else "limit"
        total = value * clients.replicas if clients.replicas is not None else None
        yield Tuning(kind, f"limits {name} to {value}", where, float(value), clients.peak, total)
    for name in _EJECTIONS:
        if mapping(outlier).get(name) == 1:
            yield Tuning("tutorial", f"ejects an endpoint after {name} 1", f"{pointer}/outlierDetection/{name}")


def _peak(value: str) -> float:
    try:
        peak = float(value)
    except ValueError:
        return 0.0
    return peak if 0 < peak < 1e12 else 0.0


def _half(blocks: Blocks, pointer: str) -> Iterator[Tuning]:
    if (blocks.pool is None) != (blocks.outlier is None):
        names = ("connectionPool", "outlierDetection")
        there, lacking = names if blocks.outlier is None else reversed(names)
        yield Tuning("half", f"has a {there} and no {lacking}", f"{pointer}/{there}#")


def _is_empty(block: Mapping[str, Any]) -> bool:
    """Tell whether a block holds no value of its own, at any depth that these blocks have."""
    return all(isinstance(value, dict) and _is_empty(value) for value in block.values())
