"""What counts as a circuit breaker inside a traffic policy.

In: the plain blocks of a policy. Out: whether they limit anything. Sources: DestinationRule's ConnectionPoolSettings
and OutlierDetection; istiod reads zero as "not set", which is 4294967295, and Envoy ejects only whole endpoints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping

UNLIMITED = 4_294_967_295
FIELDS = (("tcp", "maxConnections"), ("http", "http1MaxPendingRequests"), ("http", "http2MaxRequests"))
_OPAQUE = frozenset(("tcp", "tls", "https", "mysql", "mongo", "redis"))


class Blocks(NamedTuple):
    """Hold the two blocks of a policy that can break circuits; None where a block is not set."""

    pool: dict[str, Any] | None
    outlier: dict[str, Any] | None


NO_BLOCKS = Blocks(None, None)


def blocks_of(policy: Any) -> Blocks:
    """Return the blocks of a traffic policy, a port entry or a subset policy."""
    values = mapping(policy)
    pool, outlier = values.get("connectionPool"), values.get("outlierDetection")
    return Blocks(pool if isinstance(pool, dict) else None, outlier if isinstance(outlier, dict) else None)


def overlaid(upper: Blocks, lower: Blocks) -> Blocks:
    """Return what is in force when `upper` overrides `lower` block by block."""
    return Blocks(
        upper.pool if upper.pool is not None else lower.pool,
        upper.outlier if upper.outlier is not None else lower.outlier,
    )


def limits_pool(pool: dict[str, Any] | None, protocol: str | None) -> bool:
    """Tell whether a connection pool limits a port; HTTP limits say nothing to opaque protocols."""
    for group, field in FIELDS:
        if group == "http" and protocol in _OPAQUE:
            continue
        value = mapping(mapping(pool).get(group)).get(field)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < UNLIMITED:
            return True
    return False


def can_eject(outlier: dict[str, Any] | None, endpoints: int | None) -> bool:
    """Tell whether an outlier detection ejects anything; an unknown number of endpoints counts for it.

    Envoy ejects at most `maxEjectionPercent` (10 when unset) of the endpoints, rounded down to whole ones.
    """
    if outlier is None:
        return False
    errors = outlier.get("consecutive5xxErrors", outlier.get("consecutiveErrors", 5))
    gateway = outlier.get("consecutiveGatewayErrors", 0)
    local = outlier.get("consecutiveLocalOriginFailures", 0) if outlier.get("splitExternalLocalOriginErrors") else 0
    if not any(_positive(value) for value in (errors, gateway, local)):
        return False
    percent = outlier.get("maxEjectionPercent", 10)
    if not isinstance(percent, int | float) or isinstance(percent, bool):
        percent = 10
    if percent <= 0:
        return False
    return endpoints is None or endpoints * percent >= 100


def _positive(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def breaks(blocks: Blocks, protocol: str | None, endpoints: int | None) -> bool:
    """Tell whether the blocks break circuits on a port of this protocol with this many endpoints."""
    return limits_pool(blocks.pool, protocol) or can_eject(blocks.outlier, endpoints)


def limit_fields(pool: Any, pointer: str) -> Iterator[tuple[str, int | float, str]]:
    """Yield name, value and pointer of every numeric breaker field of a connection pool."""
    for group, field in FIELDS:
        value = mapping(mapping(pool).get(group)).get(field)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield field, value, f"{pointer}/{group}/{field}"
