"""Raw Envoy configuration: removed fields, breakers of clusters, and what is Envoy at all."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh.envoy import cluster_faults, removed_fields
from meshlint.resources.envoy import envoy_shape

FULL = "{max_connections: 9, max_pending_requests: 9, max_requests: 9, max_retries: 3}"

CAMEL = """
name: a
circuitBreakers: {thresholds: [{maxConnections: 1, maxPendingRequests: 1, maxRequests: 1, maxRetries: 1}]}
"""
BUDGET = """
name: a
circuit_breakers: {thresholds: [{max_connections: 1, max_pending_requests: 1, max_requests: 1, retry_budget: {}}]}
"""


def config(text: str) -> dict[str, Any]:
    """Read a configuration."""
    value = yaml.safe_load(text)
    assert isinstance(value, dict)
    return value


def pointers(text: str) -> list[str]:
    """Return the pointers of removed fields."""
    return [found.pointer for found in removed_fields(config(text))]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("static_resources: {clusters: [{name: a, hosts: []}]}", "/static_resources/clusters/0/hosts"),
        ("staticResources: {clusters: [{name: a, tlsContext: {}}]}", "/staticResources/clusters/0/tlsContext"),
        ("clusters: [{name: a, tls_context: {}}]", "/clusters/0/tls_context"),
        (
            "static_resources: {listeners: [{filter_chains: [{tls_context: {}}]}]}",
            "/static_resources/listeners/0/filter_chains/0/tls_context",
        ),
        (
            "static_resources: {listeners: [{filter_chains: [{filters: [{name: x, config: {}}]}]}]}",
            "/static_resources/listeners/0/filter_chains/0/filters/0/config",
        ),
        (
            "static_resources: {listeners: [{filter_chains: [{filters: [{name: envoy.tcp_proxy}]}]}]}",
            "/static_resources/listeners/0/filter_chains/0/filters/0/name",
        ),
        ("static_resources: {}\nruntime: {symlink_root: /x}", "/runtime"),
        (
            "static_resources: {clusters: [{t: {'@type': type.googleapis.com/envoy.api.v2.auth.UpstreamTlsContext}}]}",
            "/static_resources/clusters/0/t/@type",
        ),
    ],
)
def test_fields_of_the_removed_api(text: str, pointer: str) -> None:
    """Both spellings count, and the pointer is that of the very key."""
    assert pointers(text) == [pointer]


@pytest.mark.parametrize(
    "text",
    [
        "static_resources: {clusters: [{name: a, load_assignment: {cluster_name: a}}]}",
        "static_resources: {clusters: [{name: a, hosts: null}]}",
        "static_resources: {listeners: [{filter_chains: [{filters: [{name: envoy.tcp_proxy, typed_config: {}}]}]}]}",
        "layered_runtime: {layers: []}",
    ],
)
def test_what_is_current(text: str) -> None:
    """The v3 forms are left alone."""
    assert pointers(text) == []


def faults(cluster: str, rest: str = "") -> list[str]:
    """Return what is said of one cluster."""
    return [found.text for found in cluster_faults(config(f"static_resources: {{clusters: [{cluster}]{rest}}}"))]


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        ("{name: a}", "has neither circuit_breakers.thresholds nor outlier_detection"),
        ("{name: a, circuit_breakers: {thresholds: []}}", "has neither"),
        ("{name: a, circuit_breakers: {thresholds: [{max_connections: 9}]}}", "leaves max_pending_requests"),
        (f"{{name: a, circuit_breakers: {{thresholds: [{FULL}, {FULL}]}}}}", "repeats the threshold"),
        (
            f"{{name: a, circuit_breakers: {{thresholds: [{FULL[:-1]}, priority: HIGH}}]}}}}",
            "limits priority HIGH only",
        ),
    ],
)
def test_breakers_that_lack_something(cluster: str, said: str) -> None:
    """Each lack is said."""
    assert [text for text in faults(cluster) if text.startswith(said)]


@pytest.mark.parametrize(
    "cluster",
    [
        "{name: a, outlier_detection: {}}",
        f"{{name: a, circuit_breakers: {{thresholds: [{FULL}]}}}}",
        CAMEL,
        BUDGET,
    ],
)
def test_breakers_that_are_whole(cluster: str) -> None:
    """Outlier detection alone, complete thresholds, a retry budget in place of retries."""
    assert [found.text for found in cluster_faults({"clusters": [config(cluster)]})] == []


def test_opaque_clusters_need_connections_only() -> None:
    """HTTP limits say nothing to a cluster that only a TCP proxy uses."""
    cluster = "{name: a, circuit_breakers: {thresholds: [{max_connections: 9}]}}"
    proxy = "{name: envoy.filters.network.tcp_proxy, typed_config: {cluster: a}}"
    assert faults(cluster, f", listeners: [{{filter_chains: [{{filters: [{proxy}]}}]}}]") == []


def test_clusters_of_the_control_plane_are_infrastructure() -> None:
    """Discovery, statistics and traces are told by who uses them."""
    text = """
dynamic_resources: {ads_config: {grpc_services: [{envoy_grpc: {cluster_name: xds}}]}}
static_resources: {clusters: [{name: xds}, {name: app}]}
"""
    assert {found.cluster: found.infrastructure for found in cluster_faults(config(text))} == {
        "xds": True,
        "app": False,
    }


@pytest.mark.parametrize(
    ("text", "is_envoy"),
    [
        ("static_resources: {}", True),
        ("dynamicResources: {}", True),
        ("clusters: [{name: a, connect_timeout: 1s}]", True),
        ("clusters: [{name: a, hosts: [{socket_address: {address: x}}]}]", True),
        ("listeners: [{filter_chains: []}]", True),
        ("resources: [{'@type': type.googleapis.com/envoy.config.cluster.v3.Cluster}]", True),
        ("clusters: [{cluster: {server: x}, name: kind}]", False),
        ("clusters: [{name: es, hosts: [a, b]}]", False),
        ("listeners: [http, https]", False),
        ("services: {web: {image: x}}", False),
    ],
)
def test_what_is_envoy(text: str, is_envoy: bool) -> None:
    """The shape decides; kubeconfigs and other tools' clusters are none."""
    assert envoy_shape(config(text)) is is_envoy


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["clusters", "name", "circuit_breakers", "thresholds", "filter_chains", "filters", "priority"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["static_resources", "clusters", "listeners", "resources"]), VALUES))
def test_any_value_in_any_field_is_survived(content: dict[str, Any]) -> None:
    """Wrong types count as absent."""
    removed_fields(content)
    cluster_faults(content)
    envoy_shape(content)
