"""What is drawn of a mesh: stable names, folded workloads, verdicts with reason and place, and parts of it."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from meshlint.errors import UsageError
from meshlint.reports.graphs.drawing import Drawing
from meshlint.reports.graphs.formats import Setting, rendered
from meshlint.reports.graphs.picture import picture, subtitle_of
from meshlint.reports.graphs.sections import Section, narrowed
from meshlint.reports.graphs.verdicts import VERDICTS
from tests.reports.graphs.drawings import ROOT, drawing, drawing_of, drawing_of_texts, link, node

SHOP = dedent("""
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {istio-injection: enabled}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web-blue, namespace: shop}
    spec:
      replicas: 2
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: app
            ports: [{containerPort: 8080}]
            env: [{name: CART_URL, value: "http://cart"}, {name: PAY_URL, value: "https://pay.example.com/v1"}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web-green, namespace: shop}
    spec:
      replicas: 3
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: app, env: [{name: CART_URL, value: "http://cart:80"}]}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: cart, namespace: shop}
    spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
    ---
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: sweep, namespace: shop}
    spec:
      jobTemplate: {spec: {template: {spec: {containers: [{name: app, args: ["--target=http://cart.shop"]}]}}}}
""")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    """Draw a small shop."""
    return drawing_of_texts(tmp_path_factory.mktemp("shop"), {"shop.yaml": SHOP})


@pytest.fixture(scope="module")
def sidecar() -> Drawing:
    """Draw the fixture mesh of sidecars."""
    return drawing_of(ROOT / "fixtures" / "meshes" / "sidecar")


def document(made: Drawing) -> dict[str, Any]:
    """Return the JSON of a drawing."""
    value: dict[str, Any] = json.loads(rendered("json", made, Setting()))
    return value


def test_nodes_have_names_that_mean_the_same_in_every_run(shop: Drawing) -> None:
    """Kind, namespace and name; the kind of its object tells workloads of one name apart."""
    assert [item.id for item in shop.nodes] == [
        "host:pay.example.com",
        "service:shop/cart",
        "service:shop/web",
        "workload:shop/CronJob/sweep",
        "workload:shop/Deployment/web-blue",
        "workload:shop/Deployment/web-green",
    ]


def test_the_json_keeps_workloads_and_services_apart(shop: Drawing) -> None:
    """A call leaves a workload and reaches a service; the nodes say who stands behind whom."""
    found = document(shop)
    assert {(edge["source"], edge["target"], edge["port"]) for edge in found["edges"]} == {
        ("workload:shop/Deployment/web-blue", "service:shop/cart", 80),
        ("workload:shop/Deployment/web-blue", "host:pay.example.com", None),
        ("workload:shop/Deployment/web-green", "service:shop/cart", 80),
        ("workload:shop/CronJob/sweep", "service:shop/cart", 80),
    }
    web = next(item for item in found["nodes"] if item["id"] == "service:shop/web")
    assert web["workloads"] == ["workload:shop/Deployment/web-blue", "workload:shop/Deployment/web-green"]
    assert (web["replicas"], web["dataplane"], web["ports"]) == (
        5, "sidecar", [{"number": 80, "name": "http", "protocol": "http"}]
    )  # fmt: skip


@pytest.mark.parametrize("path", ["hms/before", "hms/after", "meshes/sidecar", "meshes/ambient"])
def test_the_json_holds_its_contract(path: str) -> None:
    """Every edge joins two nodes that are there, has a known verdict, a reason, and evidence with line and column."""
    found = document(drawing_of(ROOT / "fixtures" / path))
    assert found["version"] == 1
    ids = [item["id"] for item in found["nodes"]]
    assert ids == sorted(set(ids))
    for item in found["nodes"]:
        assert {"id", "kind", "namespace", "name"} <= item.keys()
    for edge in found["edges"]:
        assert {edge["source"], edge["target"]} <= set(ids)
        assert edge["mtls"] in VERDICTS
        assert edge["because"]
        for place in edge["evidence"]:
            assert place["path"] and place["start"]["line"] >= 1 and place["start"]["column"] >= 1
        assert edge["evidence"]


def test_evidence_is_the_very_value(shop: Drawing) -> None:
    """The URL in the environment, and the argument."""
    places = {(link.evidence[0].path, link.evidence[0].start.line) for link in shop.links}
    lines = SHOP.splitlines()
    assert places
    for path, line in places:
        assert path == "shop.yaml"
        assert "http" in lines[line - 1]


def test_a_picture_shows_a_workload_as_the_service_before_it(shop: Drawing) -> None:
    """Both Deployments are `web`; a CronJob without a Service stands for itself; one line joins two nodes."""
    shown = picture(shop)
    assert [item.name for item in shown.nodes] == ["pay.example.com", "cart", "web", "sweep"]
    pairs = {(shown.nodes[line.source].name, shown.nodes[line.target].name) for line in shown.lines}
    assert pairs == {("web", "cart"), ("web", "pay.example.com"), ("sweep", "cart")}
    assert [name for name, _ in shown.groups] == ["outside the mesh", "shop"]


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    """The same objects, cut into files another way, make the same nodes and calls."""
    parts = SHOP.split("---")
    one = drawing_of_texts(tmp_path / "one", {f"{n}.yaml": part for n, part in enumerate(parts)})
    other = drawing_of_texts(tmp_path / "other", {f"{9 - n}.yaml": part for n, part in enumerate(parts)})
    assert [item.id for item in one.nodes] == [item.id for item in other.nodes]
    assert [(link.source, link.target, link.mtls) for link in one.links] == [
        (link.source, link.target, link.mtls) for link in other.links
    ]


def test_a_namespace_is_shown_with_its_neighbours(sidecar: Drawing) -> None:
    """Calls that touch it, and whoever is at their other end; what nobody calls stays, too."""
    part = narrowed(sidecar, Section(namespaces=("payments",)))
    spaces = {item.id: item.namespace for item in part.nodes}
    assert all("payments" in (spaces[link.source], spaces[link.target]) for link in part.links)
    assert {item.namespace for item in part.nodes} > {"payments", "data", "orders"}
    assert "tools" not in {item.namespace for item in part.nodes}


def test_what_is_near_a_service(sidecar: Drawing) -> None:
    """Callers and called, so many calls away; the service by its name, or with its namespace."""
    near = narrowed(sidecar, Section(around="ledger"))
    assert {item.name for item in picture(near).nodes if item.kind == "service"} == {
        "ledger", "payments", "postgres", "postgres-members"
    }  # fmt: skip
    assert near == narrowed(sidecar, Section(around="payments/ledger"))
    alone = narrowed(sidecar, Section(around="ledger", depth=0))
    assert {item.name for item in alone.nodes if item.kind == "service"} == {"ledger"}
    far = narrowed(sidecar, Section(around="ledger", depth=2))
    assert len(far.nodes) > len(near.nodes)


def test_a_client_of_the_whole_mesh_makes_no_neighbours() -> None:
    """Two services that anybody may call are not near to each other for that."""
    anybody = node("", "", "mesh")._replace(id="mesh:")
    web, cart = node("web"), node("cart")
    made = drawing([anybody, web, cart], [(0, 1), (0, 2)])
    near = narrowed(made, Section(around="web", depth=5))
    assert {item.name for item in near.nodes if item.kind == "service"} == {"web"}
    assert [link.target for link in near.links] == [web.id]


def test_only_some_verdicts(sidecar: Drawing) -> None:
    """Calls with these verdicts and their ends, nothing else."""
    part = narrowed(sidecar, Section(only=("plaintext", "broken")))
    assert {link.mtls for link in part.links} <= {"plaintext", "broken"}
    ends = {end for link in part.links for end in (link.source, link.target)}
    assert {item.id for item in part.nodes} >= ends
    assert "storefront" not in {item.namespace for item in part.nodes}


def test_what_does_not_exist_is_named(sidecar: Drawing) -> None:
    """With what was probably meant; a name that several bear asks for the namespace."""
    with pytest.raises(UsageError, match="there is no service ledgr") as caught:
        narrowed(sidecar, Section(around="ledgr"))
    assert "ledger" in caught.value.help
    with pytest.raises(UsageError, match="there is no namespace paymets") as caught:
        narrowed(sidecar, Section(namespaces=("paymets",)))
    assert "payments" in caught.value.help
    twice = drawing([node("web", "a"), node("web", "b")], [])
    with pytest.raises(UsageError, match="web means several things"):
        narrowed(twice, Section(around="web"))


def test_a_gateway_is_shown_as_the_proxy_that_it_configures(sidecar: Drawing) -> None:
    """The JSON keeps both; the picture draws the Service before the proxy, and names the Gateway below it."""
    assert "gateway:istio-ingress/public" in {item.id for item in sidecar.nodes}
    shown = picture(sidecar)
    ingress = next(item for item in shown.nodes if item.name == "ingressgateway")
    assert subtitle_of(ingress, shown.folded[shown.nodes.index(ingress)]) == "Gateway public"
    assert "public" not in {item.name for item in shown.nodes}
    calls = {(shown.nodes[line.source].name, shown.nodes[line.target].name) for line in shown.lines}
    assert ("ingressgateway", "web") in calls


def test_what_policies_only_expect_is_told_apart() -> None:
    """A line that no call or route is known for says so; that something may call itself is not drawn."""
    web, cart = node("web"), node("cart")
    called = link(web, cart)
    expected = called._replace(known_by="expected", kind="expects", port=None)
    shown = picture(Drawing((cart, web), (called, expected)))
    assert [(line.is_expected, line.label) for line in shown.lines] == [(False, "80 mTLS")]
    shown = picture(Drawing((cart, web), (expected, expected._replace(target=web.id))))
    assert [(line.is_expected, line.label) for line in shown.lines] == [(True, "may call, mTLS")]


def test_callers_known_by_their_namespace_alone(tmp_path: Path) -> None:
    """A policy that lets a whole namespace in makes one node of it."""
    policy = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  rules: [{from: [{source: {namespaces: [partners]}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: app}]}}}
"""
    made = drawing_of_texts(tmp_path, {"shop.yaml": SHOP + policy})
    found = next(item for item in made.nodes if item.kind == "namespace")
    assert (found.id, found.namespace) == ("namespace:partners", "partners")
    for form in ("text", "mermaid", "dot", "html"):
        assert "partners" in rendered(form, made, Setting())


def test_environments_that_differ_say_so(tmp_path: Path) -> None:
    """An edge that only one of two overlays has names it; what both have is drawn once."""
    base = SHOP.split("---")
    texts = {}
    for name, mode in (("blue", "STRICT"), ("green", "PERMISSIVE")):
        texts[f"{name}/kustomization.yaml"] = "resources: [all.yaml]\n"
        policy = f"""
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default, namespace: shop}}
spec: {{mtls: {{mode: {mode}}}}}
"""
        call = base[3].replace("http://cart:80", "http://web") if name == "green" else base[3]
        texts[f"{name}/all.yaml"] = "---".join([*base[:3], call, *base[4:], policy])
    found = drawing_of_texts(tmp_path, texts)
    only = {(link.target, link.environments) for link in found.links if link.environments}
    assert ("service:shop/web", ("green",)) in only
    assert len({item.id for item in found.nodes}) == len(found.nodes)
