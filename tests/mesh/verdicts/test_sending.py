"""Rules B.3 and B.4: what a DestinationRule says for a port, and when auto-mTLS applies; one test a rule."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, mesh, namespace, peer
from tests.mesh.verdicts.asking import ask, verdict
from tests.mesh.verdicts.writing import CLIENT, SERVER, STRICT, destination_rule, mesh_config, service, world

POOL = "connectionPool: {tcp: {maxConnections: 1}}"
ENTRY = f"portLevelSettings: [{{port: {{number: 80}}, {POOL}}}]"
API = "selector: {matchLabels: {app: api}}"
OUTSIDE = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: api, namespace: server}}
spec: {{hosts: [{host}], ports: [{{number: {port}, name: p, protocol: {protocol}}}], resolution: DNS{more}}}
---
"""


def outside(host: str = "api.example.com", port: int = 80, protocol: str = "HTTP", more: str = "") -> str:
    """Write a ServiceEntry beside a client."""
    extra = f", {more}" if more else ""
    return CLIENT + namespace("server") + OUTSIDE.format(host=host, port=port, protocol=protocol, more=extra)


def test_b3_1_a_port_entry_without_tls_goes_back_to_auto_mtls() -> None:
    """It replaces the whole policy of the port; the number is that of the Service."""
    simple = "{tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: %s}, tls: {mode: ISTIO_MUTUAL}}]}"
    assert verdict(world(destination_rule("r", "server", "api", simple % 80))).mtls == "mtls"
    assert verdict(world(destination_rule("r", "server", "api", simple % 8080))).mtls == "broken"


def test_b3_2_a_subset_overrides_field_by_field_and_its_port_entry_with_silence() -> None:
    """`tls` of the subset if it has one, else that of the rule; an entry for the port ends the inheritance."""
    subsets = (
        "subsets: [{name: own, labels: {}, trafficPolicy: {tls: {mode: DISABLE}}}, {name: heir, labels: {}},"
        f" {{name: silent, labels: {{}}, trafficPolicy: {{{ENTRY}}}}}]"
    )
    found = mesh(world(destination_rule("r", "server", "api", "{tls: {mode: ISTIO_MUTUAL}}", subsets)))
    answers = {name: ask(found, "workload web/client", "server/api", 80, name) for name in ("own", "heir", "silent")}
    assert {name: answer.mtls for name, answer in answers.items()} == {
        "own": "plaintext", "heir": "mtls", "silent": "mtls"
    }  # fmt: skip
    assert answers["heir"].client_decided is not None and answers["silent"].client_decided is None


def test_b3_2_a_subset_that_no_rule_defines_leaves_it_open() -> None:
    """It has no cluster; a rule elsewhere may define it."""
    assert ask(mesh(world()), "workload web/client", "server/api", 80, "v1").mtls == "unknown"


def test_b3_2_a_subset_has_the_endpoints_that_carry_its_labels() -> None:
    """Other pods of the Service are not asked."""
    bare = deployment("api-old", "server", labels='{app: api, version: v1, sidecar.istio.io/inject: "false"}')
    new = deployment("api-new", "server", labels="{app: api, version: v2}")
    subsets = "subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]"
    rule = destination_rule("r", "server", "api", f"{{{POOL}}}", subsets)
    found = mesh(world(rule, server=namespace("server") + bare + new))
    assert ask(found, "workload web/client", "server/api", 80, "v1").mtls == "plaintext"
    assert ask(found, "workload web/client", "server/api", 80, "v2").mtls == "mtls"
    assert ask(found, "workload web/client", "server/api", 80).mtls == "mixed"


def test_b3_3_endpoints_inherit_what_the_cluster_does_not() -> None:
    """DISABLE above a silent entry keeps endpoints plain; ISTIO_MUTUAL above one sends mTLS even to DISABLE."""
    off = destination_rule("r", "server", "api", f"{{tls: {{mode: DISABLE}}, {ENTRY}}}")
    on = destination_rule("r", "server", "api", f"{{tls: {{mode: ISTIO_MUTUAL}}, {ENTRY}}}")
    disabled = peer("api", "server", f"{{{API}, mtls: {{mode: DISABLE}}}}")
    assert verdict(world(off)).mtls == "plaintext"
    assert verdict(world(on)).mtls == "mtls"
    assert verdict(world(disabled)).mtls == "plaintext"
    assert verdict(world(on + disabled)).mtls == "broken"


def test_b4_a_secret_is_not_read_by_sidecars_for_a_rule_of_everybody() -> None:
    """`credentialName` without a workloadSelector gives no TLS at all; with one it does."""
    tls = "{tls: {mode: SIMPLE, credentialName: ca}}"
    host = "api.server.svc.cluster.local"
    tcp = service("api", "server", ports="{name: tcp, port: 80, targetPort: 8080}")
    chosen = "workloadSelector: {matchLabels: {app: client}}"
    assert verdict(world(destination_rule("r", "web", host, tls), api=tcp)).mtls == "plaintext"
    assert verdict(world(destination_rule("r", "web", host, tls, chosen), api=tcp)).mtls == "tls"


def test_b4_auto_mtls_needs_the_mesh_to_allow_it() -> None:
    """enableAutoMtls false and no rule: plain text; a rule with ISTIO_MUTUAL still sends mTLS."""
    off = mesh_config("enableAutoMtls: false")
    assert verdict(world(off)).step == "auto-mtls-off"
    assert verdict(world(off + destination_rule("r", "server", "api", "{tls: {mode: ISTIO_MUTUAL}}"))).mtls == "mtls"


def test_b4_the_fault_of_a_strict_server_in_a_mesh_without_auto_mtls_is_the_demand() -> None:
    """The MeshConfig has a finding of its own; the outage stands where STRICT does."""
    answer = verdict(world(STRICT + mesh_config("enableAutoMtls: false")))
    assert answer.mtls == "broken"
    assert answer.at_fault is not None and answer.at_fault.resource.kind == "PeerAuthentication"
    assert answer.client_decided is not None and answer.client_decided.resource.kind == "ConfigMap"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (outside(), "plaintext"),
        (outside(protocol="TLS", port=8443), "tls"),
        (outside(protocol="TCP", port=443), "tls"),
        (outside(protocol="TCP", port=5432), "unknown"),
        (outside() + destination_rule("r", "web", "api.example.com", "{tls: {mode: SIMPLE}}"), "tls"),
        (outside() + destination_rule("r", "web", "api.example.com", "{tls: {mode: ISTIO_MUTUAL}}"), "unknown"),
        (outside(more="location: MESH_INTERNAL"), "unknown"),
    ],
)
def test_b4_services_outside_the_mesh_get_no_mtls(text: str, expected: str) -> None:
    """Without a rule the application's own bytes leave; what it encrypts by itself only the protocol tells."""
    assert verdict(text).mtls == expected


def test_b4_nobody_knows_what_answers_mtls_at_an_address() -> None:
    """A gateway of another mesh may stand there; by auto-mTLS the endpoint is plain all the same."""
    entry = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: server}
spec:
  hosts: [api.far.global]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints: [{address: 10.9.9.9, ports: {http: 15443}}]
---
"""
    far = CLIENT + namespace("server") + entry
    assert verdict(far).mtls == "plaintext"
    assert verdict(far + destination_rule("r", "web", "'*.global'", "{tls: {mode: ISTIO_MUTUAL}}")).mtls == "unknown"


def test_b4_an_external_name_of_a_service_of_the_mesh_is_an_alias() -> None:
    """Calls to the alias are calls to the service; other names stand outside."""
    alias = """
apiVersion: v1
kind: Service
metadata: {{name: alias, namespace: web}}
spec: {{type: ExternalName, externalName: {host}, ports: [{{name: http, port: 80}}]}}
---
"""
    inside = world(alias.format(host="api.server.svc.cluster.local"))
    assert verdict(inside, service="web/alias").mtls == "mtls"
    assert verdict(world(alias.format(host="api.example.com")), service="web/alias").mtls == "plaintext"


def test_b4_a_passthrough_balancer_with_a_plain_endpoint_sends_plain_text_to_all() -> None:
    """As does a ServiceEntry of resolution NONE; with a proxy on every endpoint mTLS stays."""
    rule = destination_rule("r", "server", "api", "{loadBalancer: {simple: PASSTHROUGH}}")
    bare = deployment("api-old", "server", labels='{app: api, sidecar.istio.io/inject: "false"}')
    assert verdict(world(rule)).mtls == "mtls"
    answer = verdict(world(rule + bare))
    assert (answer.mtls, answer.step) == ("plaintext", "passthrough")
    assert answer.client_decided is not None and answer.client_decided.resource.kind == "DestinationRule"
    assert "api-old" in answer.because


def test_b4_the_namespace_level_mode_switches_auto_mtls_off_and_that_of_workloads_does_not() -> None:
    """DISABLE of the namespace, or of the mesh where the namespace says nothing."""
    disabled = peer("default", "istio-system", "{mtls: {mode: DISABLE}}")
    own = peer("default", "server", "{mtls: {mode: PERMISSIVE}}")
    strict = peer("api", "server", f"{{{API}, mtls: {{mode: STRICT}}}}")
    assert verdict(world(disabled + strict)).step == "namespace-disable"
    assert verdict(world(disabled + own + strict)).mtls == "mtls"
    assert verdict(world(peer("api", "server", f"{{{API}, mtls: {{mode: DISABLE}}}}"))).step == "server-disable"


def test_b4_a_label_marks_an_endpoint_as_plain() -> None:
    """security.istio.io/tlsMode: disabled on a pod with a sidecar; a rule with ISTIO_MUTUAL does not look at it."""
    server = namespace("server") + deployment("api", "server", labels="{app: api, security.istio.io/tlsMode: disabled}")
    answer = verdict(world(server=server))
    assert (answer.mtls, answer.step) == ("plaintext", "endpoint-label")
    on = destination_rule("r", "server", "api", "{tls: {mode: ISTIO_MUTUAL}}")
    assert verdict(world(on, server=server)).mtls == "mtls"
    assert verdict(world(STRICT, server=server)).mtls == "broken"


def test_b4_gateways_choose_by_endpoint_also_behind_a_headless_service() -> None:
    """They find endpoints by EDS; a sidecar connects to the address that it was given."""
    gateway = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front, namespace: edge}
spec: {gatewayClassName: istio}
---
"""
    headless = service("api", "server", "clusterIP: None", "{name: http, port: 8080, targetPort: 8080}")
    disabled = peer("api", "server", f"{{{API}, mtls: {{mode: DISABLE}}}}")
    text = world(disabled + gateway, api=headless)
    assert verdict(text, "gateway edge/front").mtls == "plaintext"
    assert verdict(text).mtls == "broken"


def test_b4_nobody_knows_what_is_sent_to_endpoints_that_nobody_shows() -> None:
    """A Service without selector, or without pods in the set."""
    assert verdict(world(server=namespace("server"))).missing == "workloads behind Service server/api"
    bare = service("api", "server").replace("selector: {app: api}, ", "")
    assert verdict(world(api=bare)).missing == "endpoints of Service server/api"


def test_b4_an_egress_gateway_is_reached_by_what_its_listener_takes() -> None:
    """The usual way out of the mesh: a rule with ISTIO_MUTUAL before a listener with ISTIO_MUTUAL."""
    gateway = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: out, namespace: server}
spec:
  selector: {app: api}
  servers: [{port: {number: 8080, name: tls, protocol: TLS}, hosts: ["*"], tls: {mode: ISTIO_MUTUAL}}]
---
"""
    pods = SERVER.replace("annotations: {}", "annotations: {inject.istio.io/templates: gateway}")
    on = destination_rule("r", "server", "api", "{tls: {mode: ISTIO_MUTUAL}}")
    assert verdict(world(gateway + on, server=pods)).mtls == "mtls"
    assert verdict(world(gateway, server=pods)).mtls == "broken"
    assert verdict(world(on, server=pods)).missing == "listener of Deployment server/api for port 8080"
