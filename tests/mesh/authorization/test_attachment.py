"""Which policies govern a proxy: selectors, targetRefs, the root namespace, waypoints."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, mesh, namespace, workload

SHOP = namespace("shop") + deployment("web", "shop", labels="{app: web, tier: front}")
AMBIENT = namespace("shop", "{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}") + deployment(
    "web", "shop"
)
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: shop}}
spec: {{gatewayClassName: {kind}}}
---
"""
WAYPOINT = GATEWAY.format(name="waypoint", kind="istio-waypoint")
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
"""


def policy(name: str, spec: str, home: str = "shop") -> str:
    """Write an AuthorizationPolicy."""
    return f"""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: {name}, namespace: {home}}}
spec: {spec}
---
"""


def reference(kind: str, name: str, group: str = "gateway.networking.k8s.io") -> str:
    """Write the spec of a policy with one targetRef."""
    return f'{{targetRefs: [{{group: "{group}", kind: {kind}, name: {name}}}]}}'


def on_web(text: str) -> list[str]:
    """Return the names of the policies that govern Deployment web."""
    found = mesh(text)
    return [p.resource.name for p in found.authorization.on_workload(workload(found, "web"))]


@pytest.mark.parametrize(
    ("spec", "home", "governs"),
    [
        ("{}", "shop", True),
        ("{selector: {matchLabels: {}}}", "shop", True),
        ("{selector: {matchLabels: {tier: front, app: web}}}", "shop", True),
        ("{selector: {matchLabels: {tier: front, app: orders}}}", "shop", False),
        ("{}", "istio-system", True),
        ("{selector: {matchLabels: {tier: front}}}", "istio-system", True),
        ("{}", "office", False),
        ("{}", "", False),
        (reference("Gateway", "web"), "shop", False),
        (reference("Service", "web", ""), "shop", False),
    ],
)
def test_a_workload_with_a_sidecar_follows_selectors(spec: str, home: str, governs: bool) -> None:
    """Selectors of its own and of the root namespace reach it; targetRefs and other namespaces never do."""
    assert on_web(SHOP + SERVICE + policy("p", spec, home)) == (["p"] if governs else [])


@pytest.mark.parametrize(
    "spec",
    [
        "{selector: {matchLabels: {app: web}}}",
        reference("Gateway", "waypoint"),
        reference("Service", "web", ""),
    ],
)
def test_an_ambient_workload_answers_to_ztunnel_and_waypoint(spec: str) -> None:
    """What selects it acts in ztunnel, what targets its Service or waypoint acts there."""
    assert on_web(AMBIENT + WAYPOINT + SERVICE + policy("p", spec)) == ["p"]


def test_a_gateway_class_is_heard_in_the_root_namespace_only() -> None:
    """A policy for all waypoints stands in the root namespace."""
    spec = reference("GatewayClass", "istio-waypoint")
    assert on_web(AMBIENT + WAYPOINT + policy("p", spec, "istio-system")) == ["p"]
    assert on_web(AMBIENT + WAYPOINT + policy("p", spec)) == []


def test_a_waypoint_obeys_no_policy_without_target_refs() -> None:
    """Not even one for the whole namespace; other gateways do."""
    found = mesh(WAYPOINT + GATEWAY.format(name="door", kind="istio") + policy("p", "{}"))
    governed = {point.text: found.authorization.on(point) for point in found.authorization.points.gateways()}
    assert not governed["Gateway shop/waypoint"]
    assert [item.resource.name for item in governed["Gateway shop/door"]] == ["p"]


@pytest.mark.parametrize(
    ("spec", "annotations", "enforced", "denies"),
    [
        ("{}", "{}", True, True),
        ("{rules: []}", "{}", True, True),
        ("{rules: [{}]}", "{}", True, False),
        ("{rules: [{from: [{source: {namespaces: [shop]}}]}]}", "{}", True, True),
        ("{action: DENY, rules: [{}]}", "{}", True, True),
        ("{action: DENY}", "{}", True, False),
        ("{action: AUDIT, rules: [{}]}", "{}", False, False),
        ("{}", '{istio.io/dry-run: "true"}', False, False),
        ("{}", '{istio.io/dry-run: "false"}', True, True),
    ],
)
def test_what_denies_by_default(spec: str, annotations: str, enforced: bool, denies: bool) -> None:
    """An ALLOW without an empty rule, or a DENY with one, when it is enforced."""
    text = policy("p", spec).replace("namespace: shop", f"namespace: shop, annotations: {annotations}")
    (found,) = mesh(text).authorization.policies
    assert (found.enforced, found.denies_by_default) == (enforced, denies)
