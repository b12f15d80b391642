"""STRICT never cuts off a caller from outside the mesh that the manifests show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repairs.test_default_deny import GATEWAY_API, INGRESS, ISTIO_GATEWAY, PODS
from tests.repairs.test_rounds import MESH, PEERS
from tests.repairs.trees import fixed, write_tree

SELECTED = {"select": ("MTL001", "MTL002"), "ignore": ("OWN",), "profile": "baseline"}
BALANCED = MESH.replace("spec: {selector: {app: web}, ", "spec: {type: LoadBalancer, selector: {app: web}, ")
OTHER = MESH.replace("shop", "news").replace("web", "feed")
SIBLING = "---\n" + MESH.partition("---\n")[2].replace("web", "feed").replace("{labels: {", "{labels: {version: v1, ")
POLICY = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
"""
FOREIGN = GATEWAY_API.replace("gatewayClassName: istio", "gatewayClassName: other")
CONTROLLER = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: other}
spec: {controllerName: istio.io/gateway-controller}
"""


@pytest.mark.parametrize(
    ("files", "caller"),
    [
        ({"mesh.yaml": BALANCED}, "LoadBalancer shop/web"),
        ({"mesh.yaml": BALANCED.replace("LoadBalancer", "NodePort")}, "NodePort shop/web"),
        ({"mesh.yaml": MESH, "edge.yaml": INGRESS}, "Ingress shop/web"),
        ({"mesh.yaml": MESH, "edge.yaml": FOREIGN}, "Gateway shop/edge"),
        ({"mesh.yaml": BALANCED, "peers.yaml": PEERS}, "LoadBalancer shop/web"),
        ({"mesh.yaml": BALANCED, "peers.yaml": POLICY}, "LoadBalancer shop/web"),
    ],
    ids=["load balancer", "node port", "ingress", "foreign gateway", "under a mesh policy", "under a namespace policy"],
)
def test_nothing_is_strict_where_one_comes_from_outside(files: dict[str, str], caller: str, tmp_path: Path) -> None:
    """The reason names who would be refused."""
    write_tree(tmp_path, files)
    outcome, changed = fixed(tmp_path, **{**SELECTED, "select": ("MTL001",)})
    assert changed == []
    assert [left.because for left in outcome.left] == [
        f"{caller} leads to Deployment shop/web port 8080 from outside the mesh, "
        "and STRICT refuses whoever has no proxy"
    ]


def test_the_mesh_stays_open_where_somebody_comes_from_outside(tmp_path: Path) -> None:
    """What inherits nothing from the mesh policy does not keep it from being STRICT."""
    write_tree(tmp_path, {"mesh.yaml": BALANCED, "peers.yaml": PEERS})
    chosen = {**SELECTED, "select": ("MTL002",)}
    outcome, changed = fixed(tmp_path, **chosen)
    assert changed == []
    assert ["LoadBalancer shop/web leads to" in left.because for left in outcome.left] == [True]
    write_tree(tmp_path, {"open.yaml": POLICY})
    _, changed = fixed(tmp_path, **chosen)
    assert [file.path for file in changed] == ["peers.yaml"]


@pytest.mark.parametrize(
    "gateway",
    [
        ISTIO_GATEWAY + PODS,
        ISTIO_GATEWAY,
        GATEWAY_API,
        FOREIGN + CONTROLLER,
        INGRESS.replace("spec: {", "spec: {ingressClassName: istio, "),
        PODS + "---\n" + BALANCED.rpartition("---\n")[2].replace("web", "edge").replace("app: edge", "istio: edge"),
    ],
    ids=["gateway", "gateway without pods", "Gateway API", "class of Istio", "ingress of Istio", "balanced gateway"],
)
def test_behind_a_gateway_of_the_mesh_a_port_is_strict(gateway: str, tmp_path: Path) -> None:
    """Its proxy offers mutual TLS, whoever comes to it."""
    write_tree(tmp_path, {"mesh.yaml": MESH, "edge.yaml": gateway})
    _, changed = fixed(tmp_path, **SELECTED)
    assert any(b"mode: STRICT" in file.after for file in changed)


@pytest.mark.parametrize(
    "files",
    [
        {
            "mesh.yaml": BALANCED.replace(
                "metadata: {labels: {app: web}}",
                'metadata: {labels: {app: web}, annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "8080"}}',
            )
        },
        {
            "mesh.yaml": BALANCED,
            "peers.yaml": POLICY.replace("default", "web").replace(
                "{mtls: {mode: PERMISSIVE}}",
                "{selector: {matchLabels: {app: web}}, portLevelMtls: {8080: {mode: PERMISSIVE}}}",
            ),
        },
    ],
    ids=["port past the proxy", "port with a mode of its own"],
)
def test_ports_that_stay_open_keep_nothing_from_being_strict(files: dict[str, str], tmp_path: Path) -> None:
    """STRICT for the mesh does not reach them."""
    write_tree(tmp_path, files)
    _, changed = fixed(tmp_path, **{**SELECTED, "select": ("MTL002",)})
    assert [b"mode: STRICT" in file.after for file in changed] == [True]


@pytest.mark.parametrize(
    ("peers", "ignored"),
    [({}, ()), ({"peers.yaml": PEERS}, ("MTL002",))],
    ids=["no policy", "a policy of the mesh, once the mesh is not asked for"],
)
def test_another_namespace_is_strict_by_itself(peers: dict[str, str], ignored: tuple[str, ...], tmp_path: Path) -> None:
    """Only where somebody comes from outside does the mode of the mesh stay."""
    write_tree(tmp_path, {"mesh.yaml": BALANCED, "news.yaml": OTHER, **peers})
    outcome, changed = fixed(tmp_path, **{**SELECTED, "ignore": ("OWN", *ignored)})
    assert len(changed) == 1 and b"namespace: news\nspec:\n  mtls:\n    mode: STRICT" in changed[0].after
    assert [left.finding.resource.name for left in outcome.left if left.finding.rule == "MTL001"] == ["web"]


def test_another_workload_is_strict_by_itself(tmp_path: Path) -> None:
    """Beside one that somebody comes to from outside, a policy for its pods alone is added."""
    write_tree(tmp_path, {"mesh.yaml": BALANCED + SIBLING})
    outcome, changed = fixed(tmp_path, **SELECTED)
    text = changed[0].after.decode()
    assert len(changed) == 1 and "selector:\n    matchLabels:\n      app: feed\n  mtls:\n    mode: STRICT" in text
    assert [left.finding.resource.name for left in outcome.left if left.finding.rule == "MTL001"] == ["web"]


def test_a_policy_is_moved_to_the_root_where_nobody_is_refused(tmp_path: Path) -> None:
    """Moved, it would be STRICT for the whole mesh."""
    stray = POLICY.replace("shop", "default").replace("PERMISSIVE", "STRICT")
    chosen = {**SELECTED, "select": ("MTL008",)}
    write_tree(tmp_path, {"mesh.yaml": BALANCED, "stray.yaml": stray})
    outcome, changed = fixed(tmp_path, **chosen)
    assert changed == []
    assert ["LoadBalancer shop/web leads to" in left.because for left in outcome.left] == [True]
    write_tree(tmp_path, {"mesh.yaml": MESH})
    _, changed = fixed(tmp_path, **chosen)
    assert [b"namespace: istio-system" in file.after for file in changed] == [True]
