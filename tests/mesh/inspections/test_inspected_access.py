"""Who may call a port."""

from __future__ import annotations

from meshlint.config.model import External, Settings
from meshlint.mesh.inspections.answers import Access
from meshlint.mesh.inspections.workloads import inspect_workload
from tests.mesh.build import deployment, mesh, namespace, workload

WEB = namespace("shop") + deployment("web", "shop", ports=(8080, 9090))
SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080, appProtocol: {protocol}}}]}}
---
"""
POLICY = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: {name}, namespace: shop, annotations: {annotations}}}
spec: {spec}
---
"""
CARTS = "cluster.local/ns/shop/sa/carts"


def policy(name: str, spec: str, annotations: str = "{}") -> str:
    """Write an AuthorizationPolicy of the shop."""
    return POLICY.format(name=name, spec=spec, annotations=annotations)


def allow(name: str, rule: str) -> str:
    """Write an ALLOW policy with one rule."""
    return policy(name, f"{{rules: [{rule}]}}")


def access(text: str, port: int = 0, settings: Settings | None = None) -> Access:
    """Return who may call a port of the web workload, by position."""
    found = mesh(text, settings)
    return inspect_workload(found, workload(found, "web")).ports[port].who_may_call


def test_anyone_where_nothing_allows() -> None:
    """Without an enforced ALLOW policy every request is accepted."""
    found = access(WEB)
    assert found.value == ("anyone",)
    assert found.because == "no enforced ALLOW AuthorizationPolicy governs it"


def test_the_union_of_allow_rules() -> None:
    """Callers of all ALLOW rules may call, and the first that admits somebody is the place."""
    text = WEB + allow("a", f"{{from: [{{source: {{principals: [{CARTS}]}}}}]}}")
    found = access(text + allow("b", "{from: [{source: {namespaces: [office]}}]}"))
    assert found.value == (CARTS, "namespace office")
    assert found.decided_by is not None
    assert found.decided_by.text == "AuthorizationPolicy shop/a"


def test_rules_are_told_in_the_order_in_which_proxies_ask() -> None:
    """CUSTOM goes before DENY, DENY before ALLOW; AUDIT decides nothing and comes last."""
    text = WEB
    for action in ("AUDIT", "ALLOW", "DENY", "CUSTOM"):
        text += policy(action.lower(), f"{{action: {action}, rules: [{{from: [{{source: {{namespaces: [x]}}}}]}}]}}")
    rules = access(text).rules
    assert [rule.action for rule in rules] == ["CUSTOM", "DENY", "ALLOW", "AUDIT"]
    assert [rule.acts for rule in rules] == [True, True, True, False]


def test_a_rule_for_another_port_admits_nobody() -> None:
    """An ALLOW policy refuses on each port what no rule of it admits there."""
    text = WEB + allow("a", '{to: [{operation: {ports: ["8080"]}}]}')
    assert access(text, 0).value == ("anyone",)
    assert access(text, 1).value == ()


def test_a_deny_of_everything_wins() -> None:
    """Nobody may call where a DENY rule matches every request, whatever an ALLOW says."""
    found = access(WEB + allow("a", "{}") + policy("shut", "{action: DENY, rules: [{}]}"))
    assert found.value == ()
    assert found.because == "AuthorizationPolicy shop/shut denies every request"


def test_rules_that_are_asked_before_are_named() -> None:
    """Whom ALLOW admits a DENY rule may still turn away, and an authorizer before it."""
    text = WEB + policy("shut", "{action: DENY, rules: [{from: [{source: {namespaces: [office]}}]}]}")
    found = access(text + policy("ask", "{action: CUSTOM, provider: {name: opa}, rules: [{}]}"))
    assert found.value == ("anyone",)
    assert found.because.endswith("governs it, where an authorizer agrees, whom no DENY rule turns away")


def test_a_gateway_ends_tls_itself() -> None:
    """A rule on HTTP admits requests at a gateway, whatever the Service calls its port."""
    labels = '{app: web, sidecar.istio.io/inject: "true"}'
    web = deployment("web", "shop", labels=labels, annotations="{inject.istio.io/templates: gateway}")
    found = access(
        namespace("shop", "{}")
        + web
        + SERVICE.format(protocol="https")
        + allow("a", "{to: [{operation: {methods: [GET]}}]}")
    )
    assert found.value == ("anyone",)


def test_a_dry_run_allows_nothing() -> None:
    """A policy in dry run is told and does not act."""
    found = access(WEB + policy("dry", "{rules: [{}]}", '{istio.io/dry-run: "true"}'))
    assert found.value == ("anyone",)
    assert [(rule.acts, rule.because) for rule in found.rules] == [(False, "a dry run")]


def test_rules_on_http_admit_nothing_on_a_tcp_port() -> None:
    """A proxy that sees connections only cannot match a method, so the rule admits nobody."""
    text = WEB + allow("a", "{to: [{operation: {methods: [GET]}}]}")
    assert access(text + SERVICE.format(protocol="http")).value == ("anyone",)
    assert access(text + SERVICE.format(protocol="tcp")).value == ()


def test_no_proxy_asks_nobody() -> None:
    """Outside the mesh every policy is a dead letter."""
    text = namespace("shop", "{}") + deployment("web", "shop") + allow("a", "{}")
    assert access(text).because.startswith("no proxy enforces AuthorizationPolicies")


def test_policies_elsewhere_leave_it_open() -> None:
    """Where the configuration says that such policies live elsewhere, nobody can say who may call."""
    settings = Settings(externals=(External(kind="AuthorizationPolicy", namespace="shop", name="*"),))
    found = access(WEB, settings=settings)
    assert (found.value, found.missing) == (None, "AuthorizationPolicies of namespace shop")


AMBIENT = namespace("shop", "{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way}") + deployment(
    "web", "shop"
)
WAYPOINT = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: way, namespace: shop}
spec: {gatewayClassName: istio-waypoint}
---
"""


def test_a_waypoint_asks_what_is_attached_to_it() -> None:
    """Policies with targetRefs are asked at the waypoint, those with selectors at ztunnel behind it."""
    refs = "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: way}]"
    text = AMBIENT + WAYPOINT + policy("way", f"{{{refs}, rules: [{{from: [{{source: {{principals: [{CARTS}]}}}}]}}]}}")
    found = mesh(text + allow("web", "{from: [{source: {principals: [cluster.local/ns/shop/sa/way]}}]}"))
    port = inspect_workload(found, workload(found, "web")).ports[0]
    assert port.who_may_call.value == (CARTS,)
    assert port.at_ztunnel is not None
    assert port.at_ztunnel.value == ("cluster.local/ns/shop/sa/way",)


def test_ztunnel_alone_reads_no_http() -> None:
    """Without a waypoint a rule on HTTP admits nobody."""
    text = namespace("shop", "{istio.io/dataplane-mode: ambient}") + deployment("web", "shop")
    found = access(text + allow("a", "{to: [{operation: {methods: [GET]}}]}"))
    assert found.value == ()
    assert [rule.acts for rule in found.rules] == [False]
