"""Load balancing that does not do what it says: fail-over that nothing triggers, and no balancing at all.

In: a rule, its services, what routes use. Out: levels at fault, with the field that is. Sources: `GetLocalityLbSetting`
and `validateLocalityLbSetting` of istiod (priorities fail over only when outlier detection says that an endpoint is
unhealthy), `LoadBalancerSettings.simple: PASSTHROUGH`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from meshlint.mesh.destinations.destination_rules import DestinationRule
from meshlint.mesh.destinations.levels import Level, is_used, levels_of
from meshlint.mesh.destinations.limits import Blocks
from meshlint.mesh.model import Service
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence

_LOCALITY = ("localityLbSetting", "zoneAwareLbSetting")
_FAILOVER = ("failover", "failoverPriority")


class BalancingFault(NamedTuple):
    """Name a level whose load balancing is at fault, and the field."""

    level: Level
    field: str
    pointer: str


def failover_fields(balancer: Any) -> list[str]:
    """Return the fields of a load balancer that define a fail-over, below `loadBalancer`."""
    found = []
    for name in _LOCALITY:
        setting = mapping(mapping(balancer).get(name))
        if setting.get("enabled") is not False:
            found += [f"{name}/{field}" for field in _FAILOVER if sequence(setting.get(field))]
    return found


def undetected_failovers(
    rule: DestinationRule, services: Collection[Service], routed: Collection[str], defaults: Blocks
) -> Iterator[BalancingFault]:
    """Yield each level that defines a fail-over while no outlier detection is in force on it."""
    if defaults.outlier is not None:
        return
    levels = list(levels_of(rule))
    for level in levels:
        fields = failover_fields(level.own.get("loadBalancer"))
        if not fields or level.block("outlierDetection") is not None or not is_used(level, services, routed):
            continue
        if level.pointer == "/spec/trafficPolicy" and _all_detect(levels, routed):
            continue
        yield BalancingFault(level, fields[0].replace("/", "."), f"{level.pointer}/loadBalancer/{fields[0]}#")


def _all_detect(levels: Sequence[Level], routed: Collection[str]) -> bool:
    """Tell whether all routes lead to subsets that detect outliers, so that the rule's own level is unused."""
    detecting = {
        level.subset.name
        for level in levels
        if level.subset is not None and level.port is None and level.block("outlierDetection") is not None
    }
    return bool(routed) and detecting.issuperset(routed)


def passthroughs(
    rule: DestinationRule, services: Collection[Service], routed: Collection[str]
) -> Iterator[BalancingFault]:
    """Yield each level that switches balancing off for a service whose endpoints could be balanced."""
    balanced = [service for service in services if _has_endpoints(service)]
    for level in levels_of(rule) if balanced else ():
        if mapping(level.own.get("loadBalancer")).get("simple") == "PASSTHROUGH" and is_used(level, balanced, routed):
            yield BalancingFault(level, "loadBalancer.simple", f"{level.pointer}/loadBalancer/simple")


def _has_endpoints(service: Service) -> bool:
    """Tell whether istiod knows endpoints of a service that proxies may choose among."""
    if not service.entry:
        return bool(service.selector) and not service.headless and not service.external_name
    if service.resolution in ("NONE", "DYNAMIC_DNS"):
        return False
    spec = mapping(service.resource.content().get("spec"))
    return bool(service.selector or sequence(spec.get("endpoints")))
