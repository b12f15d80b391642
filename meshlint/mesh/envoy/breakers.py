"""Circuit breakers of raw Envoy clusters.

In: plain values. Out: `ClusterFault`. Sources: circuit_breaker.proto and outlier_detection.proto: what a threshold
leaves out falls back to 1024 connections, 1024 pending requests, 1024 requests and 3 retries, and of two thresholds
of one priority the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.mesh.envoy.shape import Item, clusters, configuration, filters, get, items
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence

_LIMITS = ("max_connections", "max_pending_requests", "max_requests", "max_retries")
_INFRASTRUCTURE = frozenset(
    ("xds-grpc", "sds-grpc", "prometheus_stats", "agent", "zipkin", "jaeger", "xds_cluster", "ads_cluster", "statsd")
)
_REFERENCES = frozenset(("cluster_name", "clusterName", "collector_cluster", "collectorCluster", "cluster"))
_OWN_SERVICES = ("dynamic_resources", "stats_sinks", "tracing", "hds_config", "cluster_manager", "rate_limit_service")
_MOST = 20_000


class ClusterFault(NamedTuple):
    """Say what the breaker of a cluster lacks."""

    cluster: str
    infrastructure: bool
    text: str
    pointer: str


def cluster_faults(content: dict[str, Any]) -> tuple[ClusterFault, ...]:
    """Return the clusters whose breaker is missing or incomplete."""
    infrastructure = _infrastructure(content)
    opaque = _opaque(content)
    found = []
    for cluster in clusters(content):
        name = str(cluster.value.get("name") or "")
        for text, pointer in _faults(cluster, name in opaque):
            found.append(ClusterFault(name or "without a name", name in infrastructure, text, pointer))
    return tuple(found)


def _infrastructure(content: dict[str, Any]) -> frozenset[str]:
    """Return the clusters that discovery, statistics and traces use."""
    names: set[str] = set(_INFRASTRUCTURE)
    stack = [get(content, part) for part in _OWN_SERVICES]
    for _, item in filters(content):
        stack.append(get(configuration(item).value, "tracing"))
        stack += [log.value for log in items(configuration(item).value, "access_log", "")]
    seen = 0
    while stack and seen < _MOST:
        value = stack.pop()
        seen += 1
        if isinstance(value, dict):
            names |= {item for key, item in value.items() if key in _REFERENCES and isinstance(item, str)}
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    return frozenset(names)


def _opaque(content: dict[str, Any]) -> frozenset[str]:
    """Return the clusters that only TCP proxies use; HTTP limits say nothing to them."""
    tcp, http = set(), set()
    for _, item in filters(content):
        config = configuration(item).value
        kind = f"{item.value.get('name')} {config.get('@type')}"
        if "tcp_proxy" in kind:
            tcp |= _tcp_clusters(config)
        else:
            http |= _route_clusters(config)
    return frozenset(tcp - http)


def _tcp_clusters(config: dict[str, Any]) -> set[str]:
    names = {config.get("cluster")}
    weighted = mapping(get(config, "weighted_clusters"))
    names |= {mapping(item).get("name") for item in sequence(weighted.get("clusters"))}
    return {name for name in names if isinstance(name, str)}


def _route_clusters(config: dict[str, Any]) -> set[str]:
    names: set[str] = set()
    hosts = items(get(config, "route_config"), "virtual_hosts", "")
    for host in hosts:
        for route in items(host.value, "routes", ""):
            action = mapping(route.value.get("route"))
            names |= {value for value in (action.get("cluster"),) if isinstance(value, str)}
            for item in sequence(mapping(get(action, "weighted_clusters")).get("clusters")):
                name = mapping(item).get("name")
                names |= {name} if isinstance(name, str) else set()
    return names


def _faults(cluster: Item, is_opaque: bool) -> Iterator[tuple[str, str]]:
    breakers = get(cluster.value, "circuit_breakers")
    thresholds = list(items(breakers, "thresholds", f"{cluster.pointer}/{_spelling(cluster.value)}"))
    if not thresholds:
        if get(cluster.value, "outlier_detection") is None:
            yield "has neither circuit_breakers.thresholds nor outlier_detection", f"{cluster.pointer}/name"
        return
    seen: set[str] = set()
    for threshold in thresholds:
        priority = _priority(threshold.value)
        if priority in seen:
            yield f"repeats the threshold of priority {priority}, of which the first counts", threshold.pointer
            continue
        seen.add(priority)
        absent = [name for name in _wanted(threshold.value, is_opaque) if get(threshold.value, name) is None]
        if absent:
            yield f"leaves {_listed(absent)} of its threshold to Envoy's defaults", threshold.pointer
    if "DEFAULT" not in seen:
        yield (
            f"limits priority {', '.join(sorted(seen))} only, and requests have priority DEFAULT",
            thresholds[0].pointer,
        )


def _spelling(cluster: dict[str, Any]) -> str:
    return "circuitBreakers" if "circuitBreakers" in cluster else "circuit_breakers"


def _priority(threshold: dict[str, Any]) -> str:
    value = threshold.get("priority")
    return "HIGH" if value in ("HIGH", 1) and not isinstance(value, bool) else "DEFAULT"


def _wanted(threshold: dict[str, Any], is_opaque: bool) -> tuple[str, ...]:
    if is_opaque:
        return _LIMITS[:1]
    return _LIMITS[:3] if get(threshold, "retry_budget") is not None else _LIMITS


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
