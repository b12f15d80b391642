"""Rules B.1 and B.5: what a server accepts, and the table of what was sent against it; one test a rule."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, namespace, peer
from tests.mesh.verdicts.asking import verdict
from tests.mesh.verdicts.writing import STRICT, destination_rule, mesh_config, service, sidecar, world

OLD = namespace("old", "{team: old}") + deployment("batch", "old")
PLAIN_CLIENT = "old/batch"
DISABLE = peer("default", "server", "{mtls: {mode: DISABLE}}")
API = "selector: {matchLabels: {app: api}}"


def test_b1_1_the_root_namespace_is_the_one_of_the_mesh_config() -> None:
    """A policy counts for the mesh only where MeshConfig.rootNamespace says."""
    moved = peer("default", "control", "{mtls: {mode: STRICT}}")
    assert verdict(world(OLD + moved), PLAIN_CLIENT).mtls == "plaintext"
    assert verdict(world(OLD + moved + mesh_config("rootNamespace: control")), PLAIN_CLIENT).mtls == "broken"


def test_b1_2_and_3_the_first_policy_of_a_namespace_by_name_counts() -> None:
    """Manifests have no age, so the name decides; the later one is dropped whole."""
    first, second = peer("a", "server", "{mtls: {mode: PERMISSIVE}}"), peer("b", "server", "{mtls: {mode: STRICT}}")
    assert verdict(world(OLD + second + first), PLAIN_CLIENT).mtls == "plaintext"


def test_b1_4_a_selector_counts_in_its_own_namespace_and_not_in_the_root() -> None:
    """In the root namespace such a policy is ignored."""
    spec = f"{{{API}, mtls: {{mode: STRICT}}}}"
    assert verdict(world(OLD + peer("api", "server", spec)), PLAIN_CLIENT).mtls == "broken"
    assert verdict(world(OLD + peer("api", "istio-system", spec)), PLAIN_CLIENT).mtls == "plaintext"


def test_b1_5_the_nearer_policy_decides_and_unset_inherits() -> None:
    """Mesh, namespace, workload; UNSET leaves what was there."""
    unset = peer("api", "server", f"{{{API}, mtls: {{mode: UNSET}}}}")
    opened = peer("default", "server", "{mtls: {mode: PERMISSIVE}}")
    assert verdict(world(OLD + STRICT + unset), PLAIN_CLIENT).mtls == "broken"
    assert verdict(world(OLD + STRICT + unset + opened), PLAIN_CLIENT).mtls == "plaintext"


def test_b1_6_port_entries_count_in_the_winning_policy_of_the_workload_only() -> None:
    """Keys are container ports; the entry of a losing policy opens nothing."""
    first = peer("a", "server", f"{{{API}, mtls: {{mode: STRICT}}}}")
    second = peer("b", "server", f"{{{API}, portLevelMtls: {{8080: {{mode: DISABLE}}}}}}")
    assert verdict(world(OLD + second), PLAIN_CLIENT).mtls == "plaintext"
    assert verdict(world(OLD + first + second), PLAIN_CLIENT).mtls == "broken"


def test_b1_7_the_port_entry_comes_before_the_mode_of_the_workload() -> None:
    """One port may be stricter than the others."""
    policy = peer("a", "server", f"{{{API}, mtls: {{mode: PERMISSIVE}}, portLevelMtls: {{8080: {{mode: STRICT}}}}}}")
    answer = verdict(world(OLD + policy), PLAIN_CLIENT)
    assert answer.mtls == "broken"
    assert answer.server_decided is not None and answer.server_decided.pointer == "/spec/portLevelMtls/8080/mode"


def test_b1_8_a_port_declared_http_takes_no_foreign_tls() -> None:
    """PERMISSIVE tells Istio's mTLS from plain HTTP; on TCP it passes foreign TLS through."""
    simple = destination_rule("r", "server", "api", "{tls: {mode: SIMPLE}}")
    tcp = service("api", "server", ports="{name: tcp, port: 80, targetPort: 8080}")
    assert verdict(world(simple)).mtls == "broken"
    assert verdict(world(simple, api=tcp)).mtls == "tls"


def test_b1_9_the_ingress_of_a_sidecar_has_tls_of_its_own_only_under_disable() -> None:
    """Under DISABLE its TLS is what counts; under any other mode PeerAuthentication does."""
    spec = "workloadSelector: {labels: {app: api}}, ingress: [{port: {number: 8080}, tls: {mode: SIMPLE}}]"
    own = sidecar("api", "server", "['*/*']", spec)
    assert verdict(world(own)).mtls == "mtls"
    answer = verdict(world(own + DISABLE))
    assert (answer.mtls, answer.accepts) == ("broken", "tls")


def test_b1_10_a_server_without_a_proxy_takes_plain_text_whatever_policies_say() -> None:
    """PeerAuthentication is enforced by proxies."""
    bare = namespace("server", "{team: a}") + deployment("api", "server")
    assert verdict(world(STRICT, server=bare)).mtls == "plaintext"


def test_an_excluded_inbound_port_takes_no_mtls() -> None:
    """The label on the pod still tells clients to send it, and the application cannot read it."""
    excluded = '{traffic.sidecar.istio.io/excludeInboundPorts: "8080"}'
    server = namespace("server") + deployment("api", "server", annotations=excluded)
    answer = verdict(world(server=server))
    assert (answer.mtls, answer.step) == ("broken", "inbound-exclusion")
    assert verdict(world(OLD + STRICT, server=server), PLAIN_CLIENT).mtls == "plaintext"


@pytest.mark.parametrize("mode", ["STRICT", "PERMISSIVE", "DISABLE"])
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", {"STRICT": "mtls", "PERMISSIVE": "mtls", "DISABLE": "plaintext"}),
        ("{tls: {mode: ISTIO_MUTUAL}}", {"STRICT": "mtls", "PERMISSIVE": "mtls", "DISABLE": "broken"}),
        ("{tls: {mode: DISABLE}}", {"STRICT": "broken", "PERMISSIVE": "plaintext", "DISABLE": "plaintext"}),
        ("{tls: {sni: x}}", {"STRICT": "broken", "PERMISSIVE": "plaintext", "DISABLE": "plaintext"}),
        ("{tls: {mode: SIMPLE}}", {"STRICT": "broken", "PERMISSIVE": "tls", "DISABLE": "tls"}),
        (
            "{tls: {mode: MUTUAL, clientCertificate: /etc/certs/cert-chain.pem, privateKey: /etc/certs/key.pem}}",
            {"STRICT": "mtls", "PERMISSIVE": "tls", "DISABLE": "tls"},
        ),
        (
            "{tls: {mode: MUTUAL, clientCertificate: /own/cert.pem, privateKey: /own/key.pem}}",
            {"STRICT": "unknown", "PERMISSIVE": "tls", "DISABLE": "tls"},
        ),
    ],
)
def test_b5_clients_with_a_proxy(policy: str, expected: dict[str, str], mode: str) -> None:
    """Each cell of the table, on a port of TCP."""
    rule = destination_rule("r", "server", "api", policy) if policy else ""
    server_mode = peer("api", "server", f"{{{API}, mtls: {{mode: {mode}}}}}")
    tcp = service("api", "server", ports="{name: tcp, port: 80, targetPort: 8080}")
    assert verdict(world(rule + server_mode, api=tcp)).mtls == expected[mode]


@pytest.mark.parametrize(
    ("mode", "expected"), [("STRICT", "broken"), ("PERMISSIVE", "plaintext"), ("DISABLE", "plaintext")]
)
def test_b5_clients_without_a_proxy(mode: str, expected: str) -> None:
    """What the application sends arrives as it is."""
    answer = verdict(world(OLD + peer("default", "server", f"{{mtls: {{mode: {mode}}}}}")), PLAIN_CLIENT)
    assert (answer.mtls, answer.step) == (expected, "no-proxy-client")
    assert answer.client_decided is not None and answer.client_decided.resource.name == "old"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("", "plaintext"), ("ISTIO_MUTUAL", "broken"), ("DISABLE", "plaintext"), ("SIMPLE", "tls")],
)
def test_b5_servers_without_a_proxy(policy: str, expected: str) -> None:
    """Auto-mTLS spares them, ISTIO_MUTUAL does not."""
    rule = destination_rule("r", "server", "api", f"{{tls: {{mode: {policy}}}}}") if policy else ""
    bare = namespace("server", "{team: a}") + deployment("api", "server")
    assert verdict(world(rule, server=bare)).mtls == expected


def test_a_port_declared_https_is_encrypted_by_its_application() -> None:
    """What the proxy leaves alone is not plain text on the wire; STRICT refuses it all the same."""
    https = service("api", "server", ports="{name: https, port: 443, targetPort: 8080}")
    assert verdict(world(OLD, api=https), PLAIN_CLIENT).mtls == "tls"
    assert verdict(world(OLD + STRICT, api=https), PLAIN_CLIENT).mtls == "broken"


def test_endpoints_that_differ_make_a_mixed_verdict() -> None:
    """Each endpoint has a part of its own."""
    bare = deployment("api-old", "server", labels='{app: api, sidecar.istio.io/inject: "false"}')
    answer = verdict(world(bare))
    assert answer.mtls == "mixed"
    assert {(part.server, part.mtls) for part in answer.parts} == {
        ("Deployment server/api", "mtls"), ("Deployment server/api-old", "plaintext")
    }  # fmt: skip


def test_the_mesh_policy_may_live_elsewhere() -> None:
    """Then nobody knows the mode, and the verdict says what is missing."""
    from meshlint.config.model import External, Settings
    from tests.mesh.build import mesh
    from tests.mesh.verdicts.asking import ask

    elsewhere = Settings(externals=(External(kind="PeerAuthentication", namespace="istio-system", name="default"),))
    answer = ask(mesh(world(OLD), elsewhere), "workload old/batch", "server/api")
    assert (answer.mtls, answer.missing) == ("unknown", "mesh-wide PeerAuthentication of namespace istio-system")
