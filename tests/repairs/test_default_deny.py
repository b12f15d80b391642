"""A default deny never refuses a caller that the manifests show: it is admitted by its identity, or none is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repairs.test_rounds import MESH
from tests.repairs.trees import fixed, write_tree

SELECTED = {"select": ("AUT001",), "ignore": ("OWN",), "profile": "standard"}
ISTIO_GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: edge, namespace: shop}
spec: {hosts: [shop.example], gateways: [edge], http: [{route: [{destination: {host: web}}], timeout: 5s}]}
"""
PODS = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: edge}
spec:
  selector: {matchLabels: {istio: edge}}
  template:
    metadata:
      labels: {istio: edge, sidecar.istio.io/inject: "true"}
      annotations: {inject.istio.io/templates: gateway}
    spec: {serviceAccountName: edge-proxy, containers: [{name: istio-proxy, image: auto}]}
"""
GATEWAY_API = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""
WAYPOINT = GATEWAY_API.partition("---")[0].replace("istio,", "istio-waypoint,")


@pytest.mark.parametrize(
    ("gateway", "principal"),
    [
        (GATEWAY_API, "cluster.local/ns/shop/sa/edge-istio"),
        (
            GATEWAY_API.replace("{name: edge, namespace: shop}", "{name: edge, namespace: shop, annotations: "
            '{gateway.istio.io/service-account: door}}'),
            "cluster.local/ns/shop/sa/door",
        ),
        (ISTIO_GATEWAY + PODS, "cluster.local/ns/edge/sa/edge-proxy"),
    ],
    ids=["made by Istio", "with an account of its own", "with pods"],
)  # fmt: skip
def test_a_gateway_that_routes_to_a_service_is_admitted(gateway: str, principal: str, tmp_path: Path) -> None:
    """It is a caller as every other one."""
    write_tree(tmp_path, {"mesh.yaml": MESH, "edge.yaml": gateway})
    _, files = fixed(tmp_path, **SELECTED)
    text = next(file.after.decode() for file in files if file.path == "shop-authorization.yaml")
    assert "name: web-callers\n  namespace: shop\nspec:\n  selector:\n    matchLabels:\n      app: web\n" in text
    assert f"        principals:\n        - {principal}\n" in text


@pytest.mark.parametrize(
    ("other", "who"),
    [
        (ISTIO_GATEWAY, "Gateway shop/edge"),
        (INGRESS, "Ingress shop/web"),
        (WAYPOINT, "Gateway shop/edge"),
        (GATEWAY_API.replace("gatewayClassName: istio", "gatewayClassName: other"), "Gateway shop/edge"),
    ],
    ids=["gateway without pods", "ingress", "waypoint", "foreign class"],
)
def test_nothing_is_denied_where_a_caller_has_no_known_identity(other: str, who: str, tmp_path: Path) -> None:
    """Requests that come today would be refused."""
    write_tree(tmp_path, {"mesh.yaml": MESH, "edge.yaml": other})
    outcome, files = fixed(tmp_path, **SELECTED)
    assert files == []
    assert [left.because for left in outcome.left] == [
        f"it would refuse {who}, and no manifest says by which identity to admit them"
    ]


def test_nothing_is_denied_to_callers_from_outside_the_cluster(tmp_path: Path) -> None:
    """Who comes by a load balancer has no identity."""
    write_tree(tmp_path, {"mesh.yaml": MESH.replace("spec: {selector", "spec: {type: LoadBalancer, selector")})
    outcome, files = fixed(tmp_path, **SELECTED)
    assert files == []
    assert ["whoever comes by Service shop/web of type LoadBalancer" in left.because for left in outcome.left] == [True]
