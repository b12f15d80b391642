"""Circuit breakers: which rule governs a port, and what counts as a breaker."""

from __future__ import annotations

import pytest

from meshlint.mesh.destinations.breakers import Breaker
from meshlint.mesh.destinations.limits import can_eject, limits_pool
from tests.mesh.build import deployment, mesh, namespace

SHOP = (
    namespace("shop")
    + deployment("web", "shop")
    + """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
"""
)
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{host: {host}, {spec}}}
---
"""
LIMIT = "trafficPolicy: {connectionPool: {tcp: {maxConnections: 10}}}"
OTHER = "trafficPolicy: {loadBalancer: {simple: RANDOM}}"


def rule(spec: str = LIMIT, *, namespace: str = "shop", host: str = "web", name: str = "web") -> str:
    """Write a DestinationRule."""
    return RULE.format(name=name, namespace=namespace, host=host, spec=spec)


def breaker(text: str) -> Breaker:
    """Return the breaker of the one port of Service web."""
    found = mesh(SHOP + text)
    service = next(service for service in found.inventory.services if service.name == "web")
    return found.breakers.of_port(service.ports[0].id)


def test_no_rule_is_no_breaker() -> None:
    """The absence is the reason."""
    found = breaker("")
    assert (found.exists, found.because) == (False, "no DestinationRule governs the host")


@pytest.mark.parametrize(
    ("host", "exists"),
    [
        ("web", True),
        ("web.shop.svc.cluster.local", True),
        ("WEB.shop.svc.cluster.local", True),
        ("'*.shop.svc.cluster.local'", True),
        ("'*.local'", True),
        ("'*'", True),
        ("web.shop", False),
        ("api", False),
        ("''", False),
    ],
)
def test_b2_1_hosts(host: str, exists: bool) -> None:
    """Only names without a dot are expanded; wildcards match suffixes."""
    assert breaker(rule(host=host)).exists is exists


def test_b2_2_an_empty_export_follows_the_mesh_config() -> None:
    """A rule of the root namespace that is not exported governs nobody else."""
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "defaultDestinationRuleExportTo: ['.']"}
---
"""
    far = rule(namespace="istio-system", host="web.shop.svc.cluster.local")
    assert breaker(far).exists is True
    assert breaker(config + far).exists is False


def test_b2_3_the_first_namespace_with_a_match_decides() -> None:
    """A rule beside the service hides the one of the root, though it has no limits."""
    far = rule(namespace="istio-system", host="'*.local'", name="far")
    assert breaker(far).exists is True
    assert breaker(far + rule(OTHER)).exists is False


def test_b2_3_an_invisible_rule_lets_the_next_namespace_speak() -> None:
    """Where nothing in a namespace is visible to the client, the search goes on."""
    hidden = rule(f"exportTo: [elsewhere], {OTHER}", namespace="istio-system", host="web.shop.svc.cluster.local")
    assert breaker(hidden).exists is False


def test_b2_4_exact_beats_wildcard_and_longer_beats_shorter() -> None:
    """The most specific host of a namespace decides."""
    wide, narrow = rule(host="'*.local'", name="a"), rule(OTHER, host="'*.shop.svc.cluster.local'", name="b")
    assert breaker(wide + narrow).exists is False
    assert breaker(wide + narrow + rule()).exists is True


def test_b2_5_the_first_top_level_policy_counts() -> None:
    """Several rules of one host: policies are not merged field by field."""
    assert breaker(rule(OTHER, name="a") + rule(name="b")).exists is False
    assert breaker(rule("subsets: [{name: v1}]", name="a") + rule(name="b")).exists is True


def test_b2_6_rules_with_a_selector_govern_nobody_in_general() -> None:
    """They are private to some clients."""
    assert breaker(rule(f"workloadSelector: {{matchLabels: {{app: x}}}}, {LIMIT}")).exists is False


def test_a_rule_in_the_namespace_of_a_client_covers_that_client_only() -> None:
    """Everybody else is told."""
    found = breaker(rule(namespace="front", host="web.shop.svc.cluster.local"))
    assert (found.exists, found.where) == (False, " for clients outside namespace front")


def test_b3_1_a_port_entry_replaces_everything() -> None:
    """Limits at the top are gone for that port, and only for that one."""
    entry = "trafficPolicy: {connectionPool: {tcp: {maxConnections: 9}}, portLevelSettings: [{port: {number: %d}}]}"
    assert breaker(rule(entry % 80)).exists is False
    assert breaker(rule(entry % 81)).exists is True


def test_subsets_that_all_routes_use_may_carry_the_breaker() -> None:
    """The host itself is then unused."""
    subsets = f"subsets: [{{name: v1, {LIMIT}}}]"
    route = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web], http: [{route: [{destination: {host: web%s}}]}]}
---
"""
    assert breaker(rule(subsets)).exists is False
    assert breaker(rule(subsets) + route % ", subset: v1").exists is True
    assert breaker(rule(subsets) + route % "").exists is False


def test_the_mesh_default_fills_a_block() -> None:
    """meshConfig.defaultTrafficPolicy is the baseline."""
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "defaultTrafficPolicy: {connectionPool: {tcp: {maxConnections: 5}}}"}
---
"""
    assert breaker(config).exists is True
    assert breaker(config + rule(OTHER)).exists is True


def test_the_server_may_limit_its_own_connections() -> None:
    """Sidecar inboundConnectionPool counts, an ingress entry before it."""
    sidecar = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: web, namespace: shop}
spec: {workloadSelector: {labels: {app: web}}, %s}
---
"""
    assert breaker(sidecar % "inboundConnectionPool: {tcp: {maxConnections: 5}}").exists is True
    entry = "ingress: [{port: {number: 8080}, connectionPool: {tcp: {maxConnections: 5}}}]"
    assert breaker(sidecar % entry).exists is True
    assert breaker(sidecar % "inboundConnectionPool: {tcp: {idleTimeout: 5s}}").exists is False


def test_ambient_without_waypoint_applies_no_rule() -> None:
    """ztunnel knows no DestinationRule; a waypoint does."""
    text = SHOP.replace("istio-injection: enabled", "istio.io/dataplane-mode: ambient")
    found = mesh(text + rule())
    assert [b.exists for b in found.breakers.by_port.values()] == [False]
    enrolled = text.replace("dataplane-mode: ambient", "dataplane-mode: ambient, istio.io/use-waypoint: wp")
    assert [b.exists for b in mesh(enrolled + rule()).breakers.by_port.values()] == [True]


@pytest.mark.parametrize(
    ("pool", "protocol", "limits"),
    [
        ({"tcp": {"maxConnections": 1}}, "tcp", True),
        ({"tcp": {"maxConnections": 0}}, "http", False),
        ({"tcp": {"maxConnections": 4294967295}}, "http", False),
        ({"tcp": {"maxConnections": True}}, "http", False),
        ({"tcp": {"maxConnections": "9"}}, "http", False),
        ({"http": {"http1MaxPendingRequests": 1}}, "http", True),
        ({"http": {"http2MaxRequests": 1}}, "grpc", True),
        ({"http": {"http2MaxRequests": 1}}, "tcp", False),
        ({"http": {"maxRetries": 1, "maxRequestsPerConnection": 1, "idleTimeout": "1s"}}, "http", False),
        ({"tcp": {"connectTimeout": "1s"}}, "tcp", False),
        (None, "http", False),
    ],
)
def test_what_limits_a_pool(pool: dict[str, object] | None, protocol: str, limits: bool) -> None:
    """Zero is unlimited, and HTTP limits say nothing to opaque TCP."""
    assert limits_pool(pool, protocol) is limits


@pytest.mark.parametrize(
    ("outlier", "endpoints", "ejects"),
    [
        ({}, None, True),
        ({}, 9, False),
        ({}, 10, True),
        ({"maxEjectionPercent": 50}, 2, True),
        ({"maxEjectionPercent": 50}, 1, False),
        ({"maxEjectionPercent": 0}, 100, False),
        ({"consecutive5xxErrors": 0}, None, False),
        ({"consecutive5xxErrors": 0, "consecutiveGatewayErrors": 3}, None, True),
        (None, None, False),
    ],
)
def test_what_ejects(outlier: dict[str, object] | None, endpoints: int | None, ejects: bool) -> None:
    """Whole endpoints only; an unknown number counts."""
    assert can_eject(outlier, endpoints) is ejects


def test_a_scaled_workload_has_no_known_number_of_endpoints() -> None:
    """`replicas` of an autoscaled Deployment is only where it starts."""
    scaler = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {scaleTargetRef: {kind: Deployment, name: web}, maxReplicas: 20}
---
"""
    outlier = rule("trafficPolicy: {outlierDetection: {}}")
    assert breaker(outlier).exists is False
    assert breaker(outlier + scaler).exists is True
