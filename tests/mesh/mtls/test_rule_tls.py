"""What becomes of the TLS settings of DestinationRules: dropped, foreign, shadowed."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.policy.views.rule_tls import RuleTls
from tests.mesh.build import deployment, mesh, namespace, peer

SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{name: {name}, port: 80, targetPort: 8080}}]{more}}}
---
"""
ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: partner, namespace: shop}}
spec: {{hosts: [api.partner.example], {spec}, ports: [{{number: 80, name: http, protocol: {protocol}}}]}}
---
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{host: {host}, {spec}}}
---
"""
CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "enableAutoMtls: false"}
---
"""
MESH_WIDE = RULE.format(
    name="default",
    namespace="istio-system",
    host='"*.local"',
    spec="trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}",
)
LIMITS = "connectionPool: {tcp: {maxConnections: 10}}"


def rule(spec: str, host: str = "web", namespace: str = "shop") -> str:
    """Write the DestinationRule that is judged."""
    return RULE.format(name="subject", namespace=namespace, host=host, spec=spec)


def dropping(mode: str, host: str = "web") -> str:
    """Write a rule whose entry for port 80 says nothing about TLS."""
    entry = f"portLevelSettings: [{{port: {{number: 80}}, {LIMITS}}}]"
    return rule(f"trafficPolicy: {{tls: {{mode: {mode}}}, {entry}}}", host)


def shop(labels: str = "{istio-injection: enabled}", name: str = "http", more: str = "") -> str:
    """Write namespace, Service and Deployment."""
    return namespace("shop", labels) + deployment("web", "shop") + SERVICE.format(name=name, more=more)


def entry(spec: str = "location: MESH_EXTERNAL, resolution: DNS", protocol: str = "HTTP") -> str:
    """Write a ServiceEntry."""
    return ENTRY.format(spec=spec, protocol=protocol)


def facts(text: str, kind: str) -> list[dict[str, Any]]:
    """Return one list of facts of the rule that is judged."""
    found = mesh(text)
    (subject,) = [one for one in found.breakers.rules.all if one.resource.name == "subject"]
    rows: list[dict[str, Any]] = RuleTls(found).view(subject.resource.index)[kind]
    return rows


def dropped(text: str) -> str:
    """Return why a port is not encrypted, what is not known, or nothing."""
    rows = facts(text, "dropped_tls")
    return rows[0].get("unknown", {}).get("encrypted") or rows[0]["because"] if rows else ""


@pytest.mark.parametrize("mode", ["SIMPLE", "MUTUAL"])
def test_hosts_outside_the_mesh_never_get_auto_mtls(mode: str) -> None:
    """What the entry leaves out is plain text there."""
    assert dropped(entry() + dropping(mode, "api.partner.example")) == "api.partner.example stands outside the mesh"


def test_an_outside_host_that_no_entry_shows_is_one_all_the_same() -> None:
    """The entry may live in another repository, unless the namespaces where it belongs are described."""
    text = dropping("SIMPLE", "api.partner.example")
    assert dropped(text) == "api.partner.example stands outside the mesh"
    assert dropped(namespace("shop") + namespace("istio-system") + text) == ""


def test_applications_that_encrypt_lose_nothing() -> None:
    """Their TLS passes through the proxy as it is."""
    assert dropped(entry(protocol="HTTPS") + dropping("SIMPLE", "api.partner.example")) == ""


def test_endpoints_of_the_mesh_go_by_the_mode_at_the_top() -> None:
    """The endpoint builder inherits what the cluster does not, and marks no endpoint for SIMPLE."""
    assert dropped(shop() + dropping("SIMPLE")) == "its endpoints still go by the mode above the entry"


def test_auto_mtls_makes_up_for_istio_mutual() -> None:
    """Every endpoint has a sidecar."""
    assert dropped(shop() + dropping("ISTIO_MUTUAL")) == ""


def test_auto_mtls_spares_endpoints_without_proxy() -> None:
    """They get plain text, where ISTIO_MUTUAL would have insisted."""
    assert dropped(shop("{}") + dropping("ISTIO_MUTUAL")) == "Deployment shop/web has no proxy"


def test_auto_mtls_can_be_switched_off() -> None:
    """For the mesh, or for the namespace of the service by its PeerAuthentication."""
    assert dropped(CONFIG + shop() + dropping("ISTIO_MUTUAL")) == "meshConfig.enableAutoMtls is false"
    disabled = peer("default", "shop", "{mtls: {mode: DISABLE}}")
    because = "PeerAuthentication shop/default is DISABLE for the whole namespace"
    assert dropped(shop() + disabled + dropping("ISTIO_MUTUAL")) == because


def test_a_workload_policy_has_no_part_in_it() -> None:
    """Clients look at the mode of the namespace only."""
    disabled = peer("web", "shop", "{selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}")
    assert dropped(shop() + disabled + dropping("ISTIO_MUTUAL")) == ""


def test_a_headless_service_is_judged_as_a_whole() -> None:
    """One endpoint without proxy turns auto-mTLS off for all."""
    other = deployment("old", "shop", labels='{app: web, sidecar.istio.io/inject: "false"}')
    text = shop(more=", clusterIP: None") + other + dropping("ISTIO_MUTUAL")
    assert dropped(text) == "Service shop/web is reached by address and Deployment shop/old has no proxy"


def test_unlabelled_namespaces_leave_it_open() -> None:
    """A script may have labelled them."""
    text = deployment("web", "shop") + SERVICE.format(name="http", more="") + dropping("ISTIO_MUTUAL")
    assert dropped(text) == "labels of namespace shop"


def test_a_tunnel_carries_what_the_entry_drops() -> None:
    """Ambient servers are reached by HBONE whatever a rule says."""
    assert dropped(shop("{istio.io/dataplane-mode: ambient}") + dropping("SIMPLE")) == ""


def test_another_rule_may_govern() -> None:
    """What istiod does not take drops nothing."""
    nearer = RULE.format(name="web", namespace="shop", host="web", spec="trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}")
    wild = dropping("SIMPLE", '"*.shop.svc.cluster.local"')
    assert dropped(shop() + nearer + wild) == ""


def foreign(text: str) -> list[str]:
    """Return for which traffic foreign TLS is passed on, or what is not known."""
    return [row.get("unknown", {}).get("passed_on") or row["text"] for row in facts(text, "foreign_tls")]


SIMPLE = rule("trafficPolicy: {tls: {mode: SIMPLE}}")


@pytest.mark.parametrize(
    ("name", "mode", "passes"),
    [
        ("tcp", "PERMISSIVE", True),
        ("tcp", "DISABLE", True),
        ("tcp", "STRICT", False),
        ("http", "PERMISSIVE", False),
        ("tls", "PERMISSIVE", False),
        ("web", "PERMISSIVE", True),
    ],
)
def test_what_a_sidecar_passes_on(name: str, mode: str, passes: bool) -> None:
    """A port that is no HTTP passes foreign TLS to the application, unless the mode is STRICT."""
    text = shop(name=name) + peer("default", "shop", f"{{mtls: {{mode: {mode}}}}}") + SIMPLE
    assert foreign(text) == (["all ports"] if passes else [])


def test_servers_without_sidecar_have_no_identity_to_lose() -> None:
    """Without proxy, in ambient, and outside the mesh."""
    for labels in ("{}", "{istio.io/dataplane-mode: ambient}"):
        assert foreign(shop(labels, "tcp") + SIMPLE) == []
    assert foreign(entry() + rule("trafficPolicy: {tls: {mode: SIMPLE}}", "api.partner.example")) == []


def test_unlabelled_namespaces_leave_foreign_tls_open() -> None:
    """A script may have labelled them."""
    text = deployment("web", "shop") + SERVICE.format(name="tcp", more="") + SIMPLE
    assert foreign(text) == ["labels of namespace shop"]


def shadowed(text: str) -> list[str]:
    """Return the wider rules that are shadowed, or what is not known."""
    return [row.get("unknown", {}).get("encrypted") or row["text"] for row in facts(text, "shadowed_tls")]


BARE = rule(f"trafficPolicy: {{{LIMITS}}}")


def test_auto_mtls_makes_up_for_a_shadowed_rule() -> None:
    """Today's normal case."""
    assert shadowed(MESH_WIDE + shop() + BARE) == []


def test_without_auto_mtls_a_shadowed_rule_is_missed() -> None:
    """One rule is taken, and nothing is merged."""
    assert shadowed(CONFIG + MESH_WIDE + shop() + BARE) == ["DestinationRule istio-system/default"]


def test_a_host_without_service_is_taken_for_one() -> None:
    """The rule says the same whether its Service is in the set."""
    assert shadowed(CONFIG + MESH_WIDE + BARE) == ["DestinationRule istio-system/default"]


def test_servers_that_refuse_mtls_are_better_off() -> None:
    """Without proxy or with mode DISABLE they could not take what the wider rule sends."""
    assert shadowed(CONFIG + MESH_WIDE + shop("{}") + BARE) == []
    disabled = peer("default", "shop", "{mtls: {mode: DISABLE}}")
    assert shadowed(CONFIG + MESH_WIDE + shop() + disabled + BARE) == []


def test_a_namespace_without_mtls_suppresses_it_for_strict_workloads_too() -> None:
    """Clients look at the namespace and send plain text to a server that insists."""
    text = peer("default", "shop", "{mtls: {mode: DISABLE}}")
    text += peer("web", "shop", "{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}")
    assert shadowed(MESH_WIDE + shop() + text + BARE) == ["DestinationRule istio-system/default"]


def test_a_rule_that_no_client_sees_shadows_nothing() -> None:
    """The wider rule is private to the root namespace."""
    private = MESH_WIDE.replace("trafficPolicy", 'exportTo: ["."], trafficPolicy')
    assert shadowed(CONFIG + private + shop() + BARE) == []


def test_unlabelled_namespaces_leave_a_shadow_open() -> None:
    """Servers without proxy would be better off."""
    text = CONFIG + MESH_WIDE + deployment("web", "shop") + SERVICE.format(name="http", more="") + BARE
    assert shadowed(text) == ["labels of namespace shop"]
