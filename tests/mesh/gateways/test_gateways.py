"""Gateways: who shares a port with whom, whose pods they take, and which routes the Gateway API's ones admit."""

from __future__ import annotations

import pytest

from meshlint.config.model import External, Settings
from meshlint.mesh.gateways.gateway_conflicts import Conflict, find_conflicts
from meshlint.mesh.gateways.gateway_selection import GatewaySelection, Selected
from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.gateways.kubernetes_gateways import Admission, KubernetesGateways
from tests.mesh.build import mesh

PROXY = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: edge}
spec:
  template:
    metadata:
      labels: {istio: edge, zone: outer, sidecar.istio.io/inject: "true"}
      annotations: {inject.istio.io/templates: gateway}
    spec: {containers: [{name: istio-proxy, image: auto}]}
---
"""


def gateway(name: str, server: str, selector: str = "{istio: edge}", namespace: str = "shop") -> str:
    """Write a Gateway with one server."""
    return f"""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {selector}, servers: [{server}]}}
---
"""


def server(port: int, protocol: str, host: str, rest: str = "") -> str:
    """Write a server with one host."""
    return f"{{port: {{number: {port}, name: p, protocol: {protocol}}}, hosts: ['{host}']{rest}}}"


TLS = ", tls: {mode: SIMPLE}"


def conflicts(text: str) -> list[Conflict]:
    """Return the conflicts of all Gateways of a text."""
    found = mesh(text)
    rows = find_conflicts(read_gateways(found.inventory, found.memberships))
    return [row for index in sorted(rows) for row in rows[index]]


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (server(80, "HTTP", "*"), server(80, "TCP", "a.example"), "cannot share a port"),
        (server(443, "HTTPS", "a.example", TLS), server(443, "TLS", "A.example", TLS), "only the older one"),
        (server(443, "HTTPS", "*.example", TLS), server(443, "HTTPS", "a.example", TLS), ""),
        (server(80, "HTTP", "*.example"), server(80, "HTTP2", "a.example"), "requests for a.example"),
        (server(80, "HTTP", "x/a.example"), server(80, "HTTP", "y/a.example"), ""),
        (server(80, "HTTP", "./a.example"), server(80, "HTTP", "shop/a.example"), "routes are joined"),
        (server(80, "HTTP", "a.example", ", bind: 10.0.0.1"), server(80, "HTTP", "a.example"), ""),
        (server(80, "HTTP", "a.example", ", bind: 0.0.0.0"), server(80, "HTTP", "a.example"), "routes are joined"),
        (server(80, "HTTP", "a.example"), server(8080, "HTTP", "a.example"), ""),
    ],
)
def test_protocol_and_names_decide_what_becomes_of_two_servers(one: str, other: str, outcome: str) -> None:
    """Both Gateways hear of a conflict, with the same outcome; no outcome means that both live."""
    found = conflicts(gateway("a", one) + gateway("b", other))
    assert [outcome in row.outcome for row in found] == ([True, True] if outcome else [])


def test_a_plain_server_beside_a_redirect_is_a_conflict_and_two_redirects_are_none() -> None:
    """Servers that only redirect do the same thing twice."""
    redirect = server(80, "HTTP", "*", ", tls: {httpsRedirect: true}")
    assert conflicts(gateway("a", redirect) + gateway("b", redirect)) == []
    assert len(conflicts(gateway("a", redirect) + gateway("b", server(80, "HTTP", "*")))) == 2


def test_selectors_meet_in_a_workload_of_the_set() -> None:
    """Different selectors are rivals where one pod template carries the labels of both."""
    pair = gateway("a", server(80, "HTTP", "*")) + gateway("b", server(80, "HTTP", "*"), "{zone: outer}")
    assert conflicts(pair) == []
    assert len(conflicts(PROXY + pair)) == 2


def test_the_names_of_the_first_few_rivals_are_enough() -> None:
    """Many Gateways with one host do not make a finding for each pair."""
    found = conflicts("".join(gateway(f"g{number}", server(80, "HTTP", "*")) for number in range(60)))
    assert len(found) == 60
    assert {len(row.rivals) for row in found} == {3}


def selected(text: str, settings: Settings | None = None, **options: bool) -> Selected:
    """Judge the selector of the first Gateway."""
    found = mesh(text, settings, **options)
    gateways = read_gateways(found.inventory, found.memberships)
    return GatewaySelection(found.inventory, gateways, found.existence).of(gateways.all[0])


def test_an_unknown_label_is_a_fault_only_where_the_set_shows_the_gateways() -> None:
    """Gateway pods mostly come from charts: their absence says something beside a gateway that nobody configures."""
    lost = gateway("a", server(80, "HTTP", "*"), "{istio: lost}")
    assert selected(lost).found is None
    assert selected(lost, complete=True).found is False
    assert selected(lost + PROXY).found is False
    assert selected(lost + gateway("b", server(80, "HTTP", "*")) + PROXY).found is None


def test_what_the_installation_or_the_configuration_brings_exists() -> None:
    """The labels of the default install count, and a Deployment under `externals:` stands for its labels."""
    default = gateway("a", server(80, "HTTP", "*"), "{istio: ingressgateway}")
    assert selected(default, complete=True).found is True
    settings = Settings(externals=(External("lost", "istio-ingress", "Deployment"),))
    assert selected(gateway("a", server(80, "HTTP", "*"), "{istio: lost}"), settings, complete=True).found is True


def test_istiod_may_keep_selectors_to_their_namespace() -> None:
    """PILOT_SCOPE_GATEWAY_TO_NAMESPACE makes pods of other namespaces invisible."""
    istiod = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: PILOT_SCOPE_GATEWAY_TO_NAMESPACE, value: "true"}]}]}
---
"""
    text = gateway("a", server(80, "HTTP", "*")) + PROXY
    assert selected(text, complete=True).found is True
    assert selected(text + istiod, complete=True).found is False


def admission(
    allowed: str, labels: str = "{edge: inner}", kind: str = "HTTPRoute", namespace: str = "team"
) -> Admission:
    """Judge a route of a namespace by the only listener of a Gateway."""
    found = mesh(f"""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: front, namespace: edge}}
spec: {{gatewayClassName: istio, listeners: [{{name: web, port: 443, protocol: HTTPS, allowedRoutes: {allowed}}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: r, namespace: {namespace}}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: team, labels: {labels}}}
""")
    gateways = KubernetesGateways(found.inventory)
    route = found.inventory.of_kind(f"gateway.networking.k8s.io/{kind}")[0]
    return gateways.admission(gateways.all[0], gateways.all[0].listeners[0], route)


def test_listeners_admit_by_namespace_and_kind() -> None:
    """Same is the default, and a protocol carries its own kinds of route."""
    assert admission("{}").admitted is False
    assert admission("{}", namespace="edge").admitted is True
    assert admission("{namespaces: {from: All}}").admitted is True
    assert admission("{namespaces: {from: All}}", kind="TCPRoute").admitted is False
    assert admission("{namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}").admitted is False


@pytest.mark.parametrize(
    ("selector", "admitted"),
    [
        ("{matchLabels: {edge: inner}}", True),
        ("{matchLabels: {edge: outer}}", False),
        ("{matchExpressions: [{key: edge, operator: In, values: [inner]}]}", True),
        ("{matchExpressions: [{key: edge, operator: NotIn, values: [inner]}]}", False),
        ("{matchExpressions: [{key: tier, operator: NotIn, values: [inner]}]}", True),
        ("{matchExpressions: [{key: edge, operator: Exists}]}", True),
        ("{matchExpressions: [{key: edge, operator: DoesNotExist}]}", False),
        ("{matchLabels: {kubernetes.io/metadata.name: team}}", True),
    ],
)
def test_selectors_read_the_labels_of_the_namespace(selector: str, admitted: bool) -> None:
    """All operators count, and the name of a namespace is a label of it."""
    assert admission(f"{{namespaces: {{from: Selector, selector: {selector}}}}}").admitted is admitted


def test_labels_that_nobody_states_leave_a_selector_open() -> None:
    """Only the label that every namespace bears is known without its manifest."""
    open_ = admission("{namespaces: {from: Selector, selector: {matchLabels: {edge: inner}}}}", namespace="other")
    assert (open_.admitted, open_.missing) == (None, "labels of namespace other")
    named = "{namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: other}}}}"
    assert admission(named, namespace="other").admitted is True
