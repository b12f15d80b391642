"""Recognise raw Envoy configuration by its shape; it has neither apiVersion nor kind.

In: the plain values of a document. Out: whether it is a bootstrap, a discovery response or a fragment with clusters
or listeners. Envoy reads proto JSON, where snake_case and lowerCamelCase are both legal.
"""

from __future__ import annotations

from typing import Any

_BOOTSTRAP = ("static_resources", "staticResources", "dynamic_resources", "dynamicResources")
_CLUSTER_FIELDS = frozenset(
    (
        "connect_timeout", "connectTimeout", "load_assignment", "loadAssignment", "lb_policy", "lbPolicy",
        "circuit_breakers", "circuitBreakers", "outlier_detection", "outlierDetection", "transport_socket",
        "transportSocket", "tls_context", "tlsContext", "eds_cluster_config", "edsClusterConfig",
    )
)  # fmt: skip
_LISTENER_FIELDS = frozenset(("filter_chains", "filterChains", "listener_filters", "listenerFilters"))
_ENVOY_TYPE = "type.googleapis.com/envoy."


def envoy_shape(value: dict[str, Any]) -> bool:
    """Tell whether a document is Envoy configuration or a fragment of one."""
    if any(isinstance(value.get(key), dict) for key in _BOOTSTRAP):
        return True
    if _has_old_hosts(value.get("clusters")):
        return True
    if _has_items(value.get("clusters"), _CLUSTER_FIELDS) or _has_items(value.get("listeners"), _LISTENER_FIELDS):
        return True
    resources = value.get("resources")
    return isinstance(resources, list) and any(
        isinstance(item, dict) and isinstance(item.get("@type"), str) and item["@type"].startswith(_ENVOY_TYPE)
        for item in resources
    )


def _has_items(value: Any, fields: frozenset[str]) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and not fields.isdisjoint(item) for item in value)


def _has_old_hosts(value: Any) -> bool:
    """Tell a cluster of the v2 API, whose `hosts` are addresses, from other tools' lists of host names."""
    for cluster in value if isinstance(value, list) else ():
        hosts = cluster.get("hosts") if isinstance(cluster, dict) else None
        if isinstance(hosts, list) and any(isinstance(host, dict) and "socket_address" in host for host in hosts):
            return True
    return False
