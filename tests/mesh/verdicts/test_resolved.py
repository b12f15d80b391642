"""Edges with their verdicts, as graph, inspect and rules read them."""

from __future__ import annotations

from meshlint.mesh.verdicts.resolved import general_edges, resolved_edges
from meshlint.mesh.verdicts.unseen import unseen_edges
from meshlint.mesh.verdicts.verdict import STEPS
from meshlint.mesh.verdicts.verdicts import Verdicts
from tests.mesh.build import deployment, mesh, namespace, peer
from tests.mesh.verdicts.writing import STRICT, destination_rule, mesh_config, service, sidecar, world

CALLER = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: web}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: app, image: x, env: [{{name: API_URL, value: "{url}"}}]}}]}}
---
"""
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: server}
spec: {hosts: [api], http: [{route: [{destination: {host: api, subset: v1}}]}]}
---
"""
OFF = "{tls: {mode: DISABLE}}"


def test_every_edge_but_selections_has_a_verdict() -> None:
    """A selection carries no call."""
    found = mesh(world(CALLER.format(name="reader", url="http://api.server")))
    rows = [(row.edge.kind, row.client.text, row.target, row.verdict.mtls) for row in resolved_edges(found)]
    assert rows == [("calls", "Deployment web/reader", "Service server/api", "mtls")]


def test_an_edge_to_a_subset_asks_for_the_subset() -> None:
    """Routes name the subset, and its policy decides."""
    rule = destination_rule("r", "server", "api", "{tls: {mode: ISTIO_MUTUAL}}", "subsets: [{name: v1, labels: {}}]")
    off = rule.replace("labels: {}}", f"labels: {{}}, trafficPolicy: {OFF}}}")
    assert [row.verdict.mtls for row in resolved_edges(mesh(world(ROUTE + rule)))] == ["mtls"]
    assert [row.verdict.mtls for row in resolved_edges(mesh(world(ROUTE + off)))] == ["plaintext"]


def test_a_host_that_nobody_knows_is_blocked_or_left_open() -> None:
    """REGISTRY_ONLY blocks it; else the application decides what it sends."""
    text = world(CALLER.format(name="reader", url="http://gone.server.svc.cluster.local"))
    assert [row.verdict.mtls for row in resolved_edges(mesh(text))] == ["unknown"]
    closed = mesh_config("outboundTrafficPolicy: {mode: REGISTRY_ONLY}")
    answer = next(resolved_edges(mesh(text + closed))).verdict
    assert (answer.mtls, answer.step, answer.sends) == ("broken", "unknown-host", "nothing")


def test_general_clients_stand_beside_the_service_and_beside_its_rules() -> None:
    """A rule of another namespace governs the clients there."""
    text = world(destination_rule("r", "web", "api.server.svc.cluster.local", OFF))
    found = mesh(text)
    rows = {row.client.namespace: row.verdict.mtls for row in general_edges(found, Verdicts(found))}
    assert rows == {"server": "mtls", "web": "plaintext"}


def test_general_clients_do_not_call_what_they_do_not_import() -> None:
    """A Sidecar that leaves a host out says that nobody there calls it."""
    rules = destination_rule("r", "web", "api.server.svc.cluster.local", "{connectionPool: {}}")
    found = mesh(world(rules + sidecar("default", "web", "['./*']", "outboundTrafficPolicy: {mode: ALLOW_ANY}")))
    assert [row.client.namespace for row in general_edges(found, Verdicts(found))] == ["server"]


def test_general_clients_are_silent_where_nothing_is_known() -> None:
    """Endpoints that nobody shows make no edge."""
    found = mesh(world(server=namespace("server")))
    assert list(general_edges(found, Verdicts(found))) == []


def test_servers_that_nobody_shows_are_judged_by_policies_alone() -> None:
    """A namespace with a PeerAuthentication has proxies; one with a DestinationRule only may have none."""
    wild = destination_rule("r", "shop", "'*.shop.svc.cluster.local'", OFF)
    own = peer("default", "shop", "{mtls: {mode: STRICT}}")
    for text, expected in ((own + wild, ["shop"]), (STRICT + wild, []), (own, [])):
        found = mesh(text)
        assert [row.edge.target.partition(":")[2] for row in unseen_edges(found, Verdicts(found))] == expected


def test_servers_that_somebody_shows_speak_for_themselves() -> None:
    """Where the namespace has Services, their ports are judged and nothing is assumed."""
    text = peer("default", "shop", "{mtls: {mode: STRICT}}") + destination_rule("r", "shop", "'*.local'", OFF)
    found = mesh(text + service("api", "shop"))
    assert list(unseen_edges(found, Verdicts(found))) == []


def test_answers_do_not_depend_on_who_asked_before() -> None:
    """What clients share is what they would be told alone."""
    rules = destination_rule("a", "web", "api.server.svc.cluster.local", OFF)
    rules += destination_rule("b", "server", "api", "{tls: {mode: ISTIO_MUTUAL}}", "exportTo: [web, third]")
    clients = "".join(namespace(name) + deployment(name, name) for name in ("third", "fourth"))
    found = mesh(world(rules + clients))
    target = next(s for s in found.inventory.services if s.name == "api")
    workloads = [w for w in found.inventory.workloads if w.name != "api"]
    together = Verdicts(found)
    for asked in (workloads, workloads[::-1]):
        for workload in asked:
            alone = Verdicts(found)
            shared = together.between(together.clients.of_workload(workload), target, 80)
            assert shared == alone.between(alone.clients.of_workload(workload), target, 80)


def test_every_step_has_a_meaning() -> None:
    """Steps are words that others compare; those that occur are listed."""
    rules = destination_rule("r", "server", "api", OFF)
    for text in (world(), world(rules), world(STRICT + rules), world(peer("p", "server", "{mtls: {mode: DISABLE}}"))):
        found = mesh(text)
        assert all(row.verdict.step in STEPS for row in general_edges(found, Verdicts(found)))
