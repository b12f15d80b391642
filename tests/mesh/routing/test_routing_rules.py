"""The routing rules where a fixture cannot say it: severities, configuration, and meshes of many objects."""

from __future__ import annotations

import pytest

from meshlint.config.model import External, Settings
from meshlint.findings.finding import Finding
from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.policies import breaker_targets
from meshlint.policy.views.routing import route_targets
from tests.judge import findings_of, judged
from tests.mesh.build import deployment, mesh, namespace

VIRTUAL_SERVICE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: "{home}"}}
spec: {spec}
---
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: "{home}"}}
spec: {spec}
---
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: "{home}"}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80}}]}}
---
"""
MESH = """
apiVersion: v1
kind: ConfigMap
metadata: {{name: istio, namespace: istio-system}}
data:
  mesh: |
    {mesh}
---
"""
SIDECAR = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: default, namespace: {home}}}
spec: {{egress: [{{hosts: {hosts}}}]}}
---
"""


def virtual_service(name: str, home: str, spec: str) -> str:
    """Write a VirtualService; `spec` is flow YAML."""
    return VIRTUAL_SERVICE.format(name=name, home=home, spec=spec)


def rule(name: str, home: str, spec: str) -> str:
    """Write a DestinationRule; `spec` is flow YAML."""
    return RULE.format(name=name, home=home, spec=spec)


def service(name: str, home: str) -> str:
    """Write a Service that selects by its own name."""
    return SERVICE.format(name=name, home=home)


def said(text: str, rule_id: str, **options: object) -> list[Finding]:
    """Return what one rule says."""
    return [finding for finding in findings_of(text, **options) if finding.rule == rule_id]


@pytest.mark.parametrize(("mode", "severity"), [("ALLOW_ANY", "warning"), ("REGISTRY_ONLY", "error")])
def test_an_outside_name_weighs_less_where_any_may_pass(mode: str, severity: str) -> None:
    """The route is dead either way; under ALLOW_ANY the name itself is reachable."""
    route = "{hosts: [web.example.com], http: [{route: [{destination: {host: api.example.com}}]}]}"
    text = MESH.format(mesh=f"outboundTrafficPolicy: {{mode: {mode}}}") + virtual_service("web", "shop", route)
    assert [finding.severity for finding in said(text, "RTE001", complete=True)] == [severity]


def test_one_missing_host_is_one_finding() -> None:
    """Further routes to it are listed under the first."""
    route = "{route: [{destination: {host: gone}}]}"
    text = namespace("shop") + virtual_service("web", "shop", f"{{hosts: [a.example], http: [{route}, {route}]}}")
    findings = said(text, "RTE001")
    assert len(findings) == 1
    assert len(findings[0].related) == 1


@pytest.mark.parametrize(("subset", "severity"), [("next", "error"), ("other", "info")])
def test_a_subset_that_no_route_uses_is_information(subset: str, severity: str) -> None:
    """Nothing fails until somebody routes there."""
    route = f"{{hosts: [a.example], http: [{{route: [{{destination: {{host: web, subset: {subset}}}}}]}}]}}"
    text = (
        namespace("shop")
        + service("web", "shop")
        + deployment("web", "shop")
        + rule("web", "shop", "{host: web, subsets: [{name: next, labels: {version: v2}}]}")
        + virtual_service("web", "shop", route)
    )
    assert [finding.severity for finding in said(text, "RTE006")] == [severity]


def undecided(found: Mesh, key: str) -> list[str]:
    """Return the reasons for which a list of facts of VirtualServices is open."""
    views = [target.view for target in route_targets(found, ["networking.istio.io/VirtualService"])]
    return [reason for view in views for row in view[key] for reason in row.get("unknown", {}).values()]


def test_a_canary_that_comes_later_is_declared() -> None:
    """An external workload of the namespace leaves open what a subset selects."""
    text = (
        namespace("shop")
        + service("web", "shop")
        + deployment("web", "shop")
        + rule("web", "shop", "{host: web, subsets: [{name: next, labels: {version: v2}}]}")
    )
    found = mesh(text, Settings(externals=(External("web-next", "shop", "Deployment"),)))
    views = [target.view for target in breaker_targets(found, ["networking.istio.io/DestinationRule"])]
    assert views[0]["subsets"][0]["unknown"] == {"matched": "workloads of namespace shop"}


def test_a_rule_that_may_stand_elsewhere_leaves_the_subset_open() -> None:
    """Nothing of the service's namespace is in the set."""
    route = "{hosts: [a.example], http: [{route: [{destination: {host: pay.bank.svc.cluster.local, subset: v1}}]}]}"
    found = mesh(service("web", "shop") + virtual_service("web", "shop", route))
    assert undecided(found, "subset_uses") == ["DestinationRules of namespace bank"]


def test_a_rule_without_namespace_may_be_the_one() -> None:
    """It goes where it is applied."""
    route = "{hosts: [a.example], http: [{route: [{destination: {host: web, subset: v1}}]}]}"
    unplaced = rule("web", "", "{host: web, subsets: [{name: v1, labels: {version: v1}}]}")
    found = mesh(service("web", "shop") + unplaced + virtual_service("web", "shop", route))
    assert undecided(found, "subset_uses") == ["namespace of DestinationRule web"]


def test_an_external_gateway_exists() -> None:
    """The configuration names what another repository holds."""
    text = namespace("edge") + virtual_service("web", "shop", "{hosts: [a.example], gateways: [edge/public]}")
    assert len(said(text, "RTE004")) == 1
    found = mesh(text, Settings(externals=(External("public", "edge", "Gateway"),)))
    view = next(iter(route_targets(found, ["networking.istio.io/VirtualService"]))).view
    assert [use["found"] for use in view["gateway_uses"]] == [True]


ROUTE = "http: [{route: [{destination: {host: web.shop.svc.cluster.local}}]}]"
TWO = virtual_service("one", "shop", f"{{hosts: [a.example], {ROUTE}}}") + virtual_service(
    "two", "bank", f"{{hosts: [a.example], {ROUTE}}}"
)


def test_the_sidecar_of_the_root_keeps_namespaces_apart() -> None:
    """Where every client imports its own namespace alone, nobody sees both; one that imports all does."""
    assert len(said(TWO, "RTE003")) == 2
    apart = SIDECAR.format(home="istio-system", hosts='["./*", "istio-system/*"]')
    assert said(TWO + apart, "RTE003") == []
    assert len(said(TWO + apart + SIDECAR.format(home="post", hosts='["*/*"]'), "RTE003")) == 2


def test_objects_of_two_folders_without_namespace_may_never_meet() -> None:
    """They are installs of which one is chosen, as far as anybody can tell."""
    one = virtual_service("one", "", f"{{hosts: [a.example], {ROUTE}}}")
    two = virtual_service("two", "", f"{{hosts: [a.example], {ROUTE}}}")
    apart = judged({"red/vs.yaml": one, "blue/vs.yaml": two})
    assert [finding for finding in apart if finding.rule == "RTE003"] == []
    together = judged({"red/a.yaml": one, "red/b.yaml": two})
    assert len([finding for finding in together if finding.rule == "RTE003"]) == 2


def test_routes_of_one_gateway_are_compared_without_pairs() -> None:
    """A host that thousands share is told at once, and each names at most ten rivals."""
    spec = "{{hosts: [a.example], gateways: [edge], http: [{{match: [{{uri: {{prefix: {path}}}}}], redirect: {{}}}}]}}"
    text = "".join(virtual_service(f"vs-{n}", "shop", spec.format(path=f"/p{n % 700}/x")) for n in range(1400))
    found = mesh(text)
    views = [target.view for target in route_targets(found, ["networking.istio.io/VirtualService"])]
    shared = [view["shared_hosts"][0] for view in views]
    assert all(row["overlap"].startswith("prefix /p") for row in shared)
    assert {len(row["rivals"]) for row in shared} == {1}
