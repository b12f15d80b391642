"""Rules B.6: ztunnel, waypoints, and ambient beside sidecars; one test a rule."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, namespace, peer
from tests.mesh.verdicts.asking import verdict
from tests.mesh.verdicts.writing import STRICT, destination_rule, mesh_config, service, world

ENROLLED = "{istio.io/dataplane-mode: ambient}"
CLIENT = namespace("web", ENROLLED) + deployment("client", "web")
SERVER = namespace("server", ENROLLED) + deployment("api", "server")
PLAIN = mesh_config("rootNamespace: istio-system")
TUNNEL = mesh_config("defaultConfig: {proxyMetadata: {ISTIO_META_ENABLE_HBONE: 'true'}}")
OFF = destination_rule("r", "server", "api", "{tls: {mode: DISABLE}}")
WAYPOINT = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: waypoint, namespace: server, labels: {{{labels}}}}}
spec: {{gatewayClassName: istio-waypoint, listeners: [{{name: mesh, port: 15008, protocol: HBONE}}]}}
---
"""
BARE = deployment("api", "server", labels="{app: api, istio.io/dataplane-mode: none}")


def test_b6_1_ztunnel_knows_no_rule_and_no_switch_for_auto_mtls() -> None:
    """Between two ambient pods HBONE carries the call, whatever DestinationRules and the MeshConfig say."""
    off = mesh_config("enableAutoMtls: false")
    answer = verdict(world(OFF + off, client=CLIENT, server=SERVER))
    assert (answer.mtls, answer.sends) == ("mtls", "hbone")


def test_b6_1_to_a_server_outside_ambient_the_call_is_plain() -> None:
    """ztunnel passes through what it cannot tunnel."""
    server = namespace("server", "{team: a}") + deployment("api", "server")
    assert verdict(world(client=CLIENT, server=server)).mtls == "plaintext"


def test_b6_2_a_sidecar_takes_hbone_only_where_the_install_says_so() -> None:
    """Plain text otherwise, which STRICT refuses; without a MeshConfig nobody knows."""
    assert verdict(world(TUNNEL, client=CLIENT)).mtls == "mtls"
    answer = verdict(world(PLAIN, client=CLIENT))
    assert (answer.mtls, answer.step) == ("plaintext", "ambient-no-hbone")
    assert verdict(world(PLAIN + STRICT, client=CLIENT)).mtls == "broken"
    assert verdict(world(client=CLIENT)).missing == "MeshConfig"


def test_b6_2_a_label_says_that_a_pod_takes_the_tunnel() -> None:
    """networking.istio.io/tunnel holds http."""
    server = namespace("server") + deployment("api", "server", labels="{app: api, networking.istio.io/tunnel: http}")
    assert verdict(world(PLAIN, client=CLIENT, server=server)).mtls == "mtls"


def test_b6_3_and_6_plain_text_reaches_an_ambient_server_unless_it_is_strict() -> None:
    """A client without proxy is let in without identity."""
    old = namespace("old", "{team: old}") + deployment("batch", "old")
    assert verdict(world(old, server=SERVER), "old/batch").mtls == "plaintext"
    assert verdict(world(old + STRICT, server=SERVER), "old/batch").mtls == "broken"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{mtls: {mode: DISABLE}}", "plaintext"),
        ("{selector: {matchLabels: {app: api}}, portLevelMtls: {8080: {mode: STRICT}}}", "broken"),
        (
            "{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}",
            "plaintext",
        ),
    ],
)
def test_b6_4_disable_is_permissive_in_ambient_and_ports_count(spec: str, expected: str) -> None:
    """DISABLE does not stop HBONE either."""
    old = namespace("old", "{team: old}") + deployment("batch", "old")
    text = world(old + peer("p", "server", spec), client=CLIENT, server=SERVER)
    assert verdict(text, "old/batch").mtls == expected
    assert verdict(text).mtls == "mtls"


def test_b6_4_a_disabled_port_under_an_inherited_strict_is_not_exempted() -> None:
    """The policy that istiod writes for ztunnel exempts PERMISSIVE ports only."""
    old = namespace("old", "{team: old}") + deployment("batch", "old")
    spec = "{selector: {matchLabels: {app: api}}, portLevelMtls: {8080: {mode: %s}}}"
    assert (
        verdict(world(old + STRICT + peer("p", "server", spec % "DISABLE"), server=SERVER), "old/batch").mtls
        == "broken"
    )
    opened = world(old + STRICT + peer("p", "server", spec % "PERMISSIVE"), server=SERVER)
    assert verdict(opened, "old/batch").mtls == "plaintext"


@pytest.mark.parametrize("mode", ["DISABLE", "ISTIO_MUTUAL", "SIMPLE"])
def test_b6_5_a_sidecar_tunnels_to_ambient_servers_whatever_its_rule_says(mode: str) -> None:
    """HBONE replaces DISABLE and ISTIO_MUTUAL, and carries foreign TLS inside."""
    rule = destination_rule("r", "server", "api", f"{{tls: {{mode: {mode}}}}}")
    assert verdict(world(rule + STRICT, server=SERVER)).mtls == "mtls"


def test_b6_5_a_headless_service_of_ambient_pods_is_left_open_for_sidecars() -> None:
    """They connect to an address and may not know who stands there."""
    headless = service("api", "server", "clusterIP: None", "{name: http, port: 8080, targetPort: 8080}")
    assert verdict(world(server=SERVER, api=headless)).mtls == "unknown"
    assert verdict(world(client=CLIENT, server=SERVER, api=headless)).mtls == "mtls"


def test_b6_7_a_waypoint_takes_the_call_and_is_a_client_itself() -> None:
    """Behind it DestinationRules count again, and sidecars are reached by mTLS."""
    server = namespace("server", "{istio-injection: enabled, istio.io/use-waypoint: waypoint}") + deployment(
        "api", "server"
    )
    text = world(PLAIN + WAYPOINT.format(labels=""), client=CLIENT, server=server)
    assert verdict(text).mtls == "mtls"
    assert verdict(text + OFF).step == "destination-rule"


@pytest.mark.parametrize(
    ("label", "gateway", "expected"),
    [
        ("istio.io/use-waypoint: waypoint", WAYPOINT.format(labels=""), "mtls"),
        ("istio.io/use-waypoint: waypoint", WAYPOINT.format(labels="istio.io/waypoint-for: workload"), "plaintext"),
        ("istio.io/use-waypoint: waypoint", WAYPOINT.format(labels="istio.io/waypoint-for: all"), "mtls"),
        ("istio.io/use-waypoint: none", WAYPOINT.format(labels=""), "plaintext"),
        ("istio.io/use-waypoint: waypoint", "", "unknown"),
        (
            "istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: web",
            WAYPOINT.format(labels=""),
            "unknown",
        ),
    ],
)
def test_b6_7_enrolment_in_a_waypoint(label: str, gateway: str, expected: str) -> None:
    """The label of the Service comes before that of the namespace; the purpose of the waypoint has to fit."""
    api = service("api", "server").replace(
        "name: api, namespace: server", f"name: api, namespace: server, labels: {{{label}}}"
    )
    assert verdict(world(PLAIN + gateway, client=CLIENT, api=api)).mtls == expected


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("", "plaintext"),
        (", allowedRoutes: {namespaces: {from: All}}", "mtls"),
        (", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}", "plaintext"),
        (
            ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {istio-injection: enabled}}}}",
            "mtls",
        ),
    ],
)
def test_b6_7_a_waypoint_of_another_namespace_has_to_admit_this_one(allowed: str, expected: str) -> None:
    """`allowedRoutes` of its listener says whom it serves; its own namespace alone by default."""
    used = "labels: {istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: web}"
    api = service("api", "server").replace("name: api, namespace: server", f"name: api, namespace: server, {used}")
    gateway = WAYPOINT.format(labels="").replace("namespace: server", "namespace: web")
    gateway = gateway.replace("protocol: HBONE", f"protocol: HBONE{allowed}")
    assert verdict(world(PLAIN + gateway, client=CLIENT, api=api)).mtls == expected


def test_b0_a_sidecar_wins_over_ambient() -> None:
    """A namespace with both labels has sidecars: they are reached by mTLS and ztunnel does not take part."""
    server = namespace("server", "{istio.io/dataplane-mode: ambient, istio-injection: enabled}") + deployment(
        "api", "server"
    )
    answer = verdict(world(server=server))
    assert (answer.mtls, answer.sends) == ("mtls", "mtls")


def test_ambient_pods_that_opt_out_are_plain() -> None:
    """istio.io/dataplane-mode: none."""
    assert verdict(world(client=CLIENT, server=namespace("server", ENROLLED) + BARE)).mtls == "plaintext"
