"""Rules B.0 and B.2: who is a client, and which DestinationRule governs it; one test a rule, named after it."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, mesh, namespace
from tests.mesh.verdicts.asking import ask, verdict
from tests.mesh.verdicts.writing import STRICT, destination_rule, service, sidecar, world

OFF = "{tls: {mode: DISABLE}}"
MUTUAL = "{tls: {mode: ISTIO_MUTUAL}}"


@pytest.mark.parametrize(
    ("labels", "pod", "expected"),
    [
        ("istio-injection: enabled", "", "mtls"),
        ("istio-injection: enabled", ', sidecar.istio.io/inject: "false"', "plaintext"),
        ("istio.io/rev: default", "", "mtls"),
        ("team: a", ', sidecar.istio.io/inject: "true"', "mtls"),
        ("istio-injection: disabled", ', sidecar.istio.io/inject: "true"', "plaintext"),
        ("team: a", "", "plaintext"),
        ("istio.io/dataplane-mode: ambient", "", "mtls"),
    ],
)
def test_b0_membership_decides_what_a_server_is(labels: str, pod: str, expected: str) -> None:
    """Injection and ambient enrolment of the server, as the webhooks select, decide what auto-mTLS comes to."""
    server = namespace("server", f"{{{labels}}}") + deployment("api", "server", labels=f"{{app: api{pod}}}")
    assert verdict(world(server=server)).mtls == expected


def test_b0_gateways_are_clients_with_a_proxy() -> None:
    """A Gateway of the Gateway API that Istio runs sends mTLS."""
    text = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
"""
    assert verdict(world() + text, "gateway edge/front").mtls == "mtls"


def test_b0_the_controller_of_an_ingress_may_have_a_proxy_or_none() -> None:
    """Where its membership makes a difference, nobody knows; where it makes none, the verdict stands."""
    text = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front, namespace: server}
spec: {ingressClassName: nginx}
---
"""
    assert verdict(world() + text, "ingress server/front").mtls == "unknown"
    plain = namespace("server", "{team: a}") + deployment("api", "server")
    assert verdict(world(server=plain) + text, "ingress server/front").mtls == "plaintext"


def test_b0_an_unlabelled_namespace_that_is_not_in_the_set_leaves_it_open() -> None:
    """Namespaces are labelled by scripts; the answer names what is missing."""
    answer = verdict(world(server=deployment("api", "server")))
    assert (answer.mtls, answer.missing) == ("unknown", "labels of namespace server")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("serviceAccount: vm", "mtls"),
        ("labels: {app: api}", "plaintext"),
        ("labels: {security.istio.io/tlsMode: disabled}, serviceAccount: vm", "plaintext"),
        ("labels: {security.istio.io/tlsMode: istio}", "mtls"),
    ],
)
def test_b0_virtual_machines_have_a_proxy_with_a_service_account_or_a_label(entry: str, expected: str) -> None:
    """Inline endpoints follow `getTLSModeFromWorkloadEntry`."""
    text = f"""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: api, namespace: server}}
spec:
  hosts: [api.vm.internal]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{{number: 80, name: http, protocol: HTTP}}]
  endpoints: [{{address: 10.1.2.3, {entry}}}]
---
"""
    assert verdict(namespace("web") + deployment("client", "web") + namespace("server") + text).mtls == expected


def test_b2_1_only_names_without_a_dot_are_expanded() -> None:
    """`api` in namespace server is the Service, `api.server` is nothing."""
    assert verdict(world(destination_rule("r", "server", "api", OFF))).mtls == "plaintext"
    assert verdict(world(destination_rule("r", "server", "api.server", OFF))).mtls == "mtls"


def test_b2_2_export_limits_a_rule_to_namespaces() -> None:
    """A rule for others than the client is none for it; a rule with a selector is private to its namespace."""
    assert verdict(world(destination_rule("r", "server", "api", OFF, "exportTo: [web]"))).mtls == "plaintext"
    assert verdict(world(destination_rule("r", "server", "api", OFF, "exportTo: [other]"))).mtls == "mtls"
    selecting = "workloadSelector: {matchLabels: {app: client}}"
    assert verdict(world(destination_rule("r", "server", "api", OFF, selecting))).mtls == "mtls"


def test_b2_3_first_namespace_with_a_match_wins() -> None:
    """The client's namespace comes before the service's, and that before the root; nothing is mixed."""
    host = "api.server.svc.cluster.local"
    root = destination_rule("r", "istio-system", "'*.local'", OFF)
    assert verdict(world(root)).mtls == "plaintext"
    near = destination_rule("r", "server", "api", "{connectionPool: {tcp: {maxConnections: 1}}}")
    assert verdict(world(root + near)).mtls == "mtls"
    own = destination_rule("r", "web", host, OFF)
    assert verdict(world(root + near + own)).mtls == "plaintext"
    assert verdict(world(near + destination_rule("r", "web", host, OFF, "exportTo: [other]"))).mtls == "mtls"


def test_b2_3_clients_of_the_root_namespace_find_only_private_rules_there_first() -> None:
    """An exported rule of the root comes last, also for those who live there."""
    client = namespace("istio-system") + deployment("client", "istio-system")
    near = destination_rule("near", "server", "api", MUTUAL)
    off = destination_rule("off", "istio-system", "api.server.svc.cluster.local", OFF)
    private = destination_rule("off", "istio-system", "api.server.svc.cluster.local", OFF, "exportTo: ['.']")
    assert verdict(world(near + off) + client, "istio-system/client").mtls == "mtls"
    assert verdict(world(near + private) + client, "istio-system/client").mtls == "plaintext"


def test_b2_3_an_invisible_specific_rule_hides_a_visible_wildcard() -> None:
    """The most specific host is taken before visibility is asked, in every namespace but the client's."""
    wild = destination_rule("wild", "server", "'*.server.svc.cluster.local'", OFF)
    hidden = destination_rule("own", "server", "api", MUTUAL, "exportTo: [other, third]")
    assert verdict(world(wild)).mtls == "plaintext"
    assert verdict(world(wild + hidden)).mtls == "mtls"


def test_b2_4_exact_hosts_beat_wildcards_and_longer_wildcards_shorter_ones() -> None:
    """The most specific host of a namespace decides."""
    short = destination_rule("a", "server", "'*.local'", OFF)
    longer = destination_rule("b", "server", "'*.server.svc.cluster.local'", MUTUAL)
    exact = destination_rule("c", "server", "api", OFF)
    assert verdict(world(short)).mtls == "plaintext"
    assert verdict(world(short + longer)).mtls == "mtls"
    assert verdict(world(short + longer + exact)).mtls == "plaintext"


def test_b2_5_rules_of_one_host_are_merged_when_their_exports_agree() -> None:
    """The first policy by name counts, whole; subsets are united."""
    pool = destination_rule("a", "server", "api", "{connectionPool: {tcp: {maxConnections: 1}}}")
    off = destination_rule("b", "server", "api", OFF)
    assert verdict(world(pool + off)).mtls == "mtls"
    assert verdict(world(destination_rule("a", "server", "api", "null") + off)).mtls == "plaintext"


def test_b2_5_rules_of_different_exports_stay_apart() -> None:
    """The last of those that the client sees counts."""
    off = destination_rule("a", "server", "api", OFF, "exportTo: [web, other]")
    on = destination_rule("b", "server", "api", MUTUAL, "exportTo: [web, third]")
    assert verdict(world(off + on)).mtls == "mtls"
    assert verdict(world(off + on.replace("[web, third]", "[third, fourth]"))).mtls == "plaintext"


def test_b2_6_a_selector_decides_for_the_clients_that_it_matches() -> None:
    """Others of the namespace take the rule without a selector."""
    host = "api.server.svc.cluster.local"
    chosen = destination_rule("a", "web", host, OFF, "workloadSelector: {matchLabels: {app: client}}")
    general = destination_rule("b", "web", host, MUTUAL)
    text = world(chosen + general) + deployment("other", "web")
    assert verdict(text).mtls == "plaintext"
    assert verdict(text, "web/other").mtls == "mtls"


def test_b2_6_a_selector_that_does_not_match_ends_the_search() -> None:
    """Where the winning namespace holds only rules for others, later namespaces are not tried."""
    host = "api.server.svc.cluster.local"
    chosen = destination_rule("a", "web", host, MUTUAL, "workloadSelector: {matchLabels: {app: client}}")
    text = world(chosen + destination_rule("b", "server", "api", OFF)) + deployment("other", "web")
    assert verdict(text, "web/other").mtls == "mtls"
    assert verdict(text.replace(chosen, ""), "web/other").mtls == "plaintext"


def test_b2_7_a_service_that_is_not_imported_is_passed_by() -> None:
    """Plain text under ALLOW_ANY, nothing under REGISTRY_ONLY; a VirtualService that is imported brings its hosts."""
    closed = sidecar("default", "web", "['./*']", "outboundTrafficPolicy: {mode: ALLOW_ANY}")
    assert verdict(world(closed)).step == "not-imported"
    assert verdict(world(closed)).mtls == "plaintext"
    answer = verdict(world(closed.replace("ALLOW_ANY", "REGISTRY_ONLY")))
    assert (answer.mtls, answer.sends) == ("broken", "nothing")
    route = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: web}
spec: {hosts: [front], http: [{route: [{destination: {host: api.server.svc.cluster.local}}]}]}
---
"""
    assert verdict(world(closed) + route).mtls == "mtls"


def test_b2_7_a_sidecar_with_a_selector_holds_for_its_workloads_only() -> None:
    """The rest of the namespace imports everything."""
    chosen = sidecar(
        "mine", "web", "['./*']", "workloadSelector: {labels: {app: client}}, outboundTrafficPolicy: {mode: ALLOW_ANY}"
    )
    text = world(chosen) + deployment("other", "web")
    assert verdict(text).mtls == "plaintext"
    assert verdict(text, "web/other").mtls == "mtls"


def test_b2_7_without_a_mesh_config_nobody_knows_what_becomes_of_other_hosts() -> None:
    """Blocked or passed by: where both break, the call is broken."""
    closed = sidecar("default", "web", "['./*']", "")
    assert verdict(world(closed)).mtls == "unknown"
    assert verdict(world(closed + STRICT)).mtls == "broken"


def test_a_service_that_is_not_exported_is_unknown_to_gateways() -> None:
    """A gateway passes nothing by, so the call ends there."""
    exported = "{name: api, namespace: server, annotations: {networking.istio.io/exportTo: other}}"
    hidden = world(api=service("api", "server").replace("{name: api, namespace: server}", exported))
    gateway = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front, namespace: edge}
spec: {gatewayClassName: istio}
---
"""
    assert verdict(hidden + gateway, "gateway edge/front").mtls == "broken"


def test_clients_of_a_namespace_share_an_answer_unless_something_is_meant_for_one() -> None:
    """The work is linear in edges: the key of a client holds what its answers depend on and no name."""
    from meshlint.mesh.verdicts.verdicts import Verdicts

    found = mesh(world(destination_rule("a", "web", "x", OFF, "workloadSelector: {matchLabels: {app: odd}}")) + "".join(
        deployment(name, "web") for name in ("one", "two", "odd")
    ))  # fmt: skip
    clients = Verdicts(found).clients
    keys = {w.name: clients.of_workload(w).key("web") for w in found.inventory.workloads if w.namespace == "web"}
    assert keys["one"] == keys["two"] == keys["client"]
    assert keys["odd"] != keys["one"]


def test_a_port_that_the_client_keeps_from_its_proxy_is_plain() -> None:
    """excludeOutboundPorts names ports of the Service."""
    excluded = '{traffic.sidecar.istio.io/excludeOutboundPorts: "80"}'
    client = namespace("web") + deployment("client", "web", annotations=excluded)
    assert verdict(world(client=client)).step == "outbound-exclusion"


def test_a_headless_answer_is_found_by_its_service() -> None:
    """The helper of the tests asks for what it says."""
    found = mesh(world() + service("other", "server"))
    assert ask(found, "workload web/client", "server/other").mtls == "unknown"
