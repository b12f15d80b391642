"""Rules about ambient hosts without waypoint: who would have to follow them, and who does."""

from __future__ import annotations

import pytest

from meshlint.mesh.gateways.unserved_hosts import UnservedHost, UnservedHosts
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.resources.resource import Resource
from tests.mesh.build import mesh
from tests.mesh.gateways.test_enrolments import AMBIENT, deployment, gateway, namespace, service

LIMITS = "{connectionPool: {tcp: {maxConnections: 1}}}"
AT = "LEDGER_URL, value: 'http://ledger.ledger.svc.cluster.local'"


def rule(policy: str = LIMITS, host: str = "ledger") -> str:
    """Write a DestinationRule."""
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: rule, namespace: ledger}}
spec: {{host: "{host}", trafficPolicy: {policy}}}
---
"""


def caller(labels: str, name: str = "till") -> str:
    """Write a Deployment that calls the ledger."""
    return deployment(labels, name).replace("image: app", f"image: app, env: [{{name: {AT}}}]")


def rows(text: str, kind: str = "DestinationRule") -> list[UnservedHost]:
    """Return what is found of the first object of a kind."""
    found = mesh(text)
    hosts = UnservedHosts(
        found.inventory,
        found.memberships,
        found.selection,
        found.existence,
        Waypoints(found.inventory, found.selection, found.existence),
        found.graph,
        found.routing.virtual_services,
    )
    resource: Resource = next(r for r in found.inventory.resources if r.kind == kind)
    return list(hosts.of_rule(resource) if kind == "DestinationRule" else hosts.of_virtual_service(resource))


SERVER = namespace("a: b") + deployment(f"app: ledger, {AMBIENT}") + service("a: b")
WITH_SIDECAR = "app: till, sidecar.istio.io/inject: 'true'"


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        (LIMITS, "/spec/trafficPolicy/connectionPool#"),
        ("{outlierDetection: {consecutive5xxErrors: 5}}", "/spec/trafficPolicy/outlierDetection#"),
        (
            "{loadBalancer: {consistentHash: {httpHeaderName: user}}}",
            "/spec/trafficPolicy/loadBalancer/consistentHash#",
        ),
        (f"{{portLevelSettings: [{LIMITS}]}}", "/spec/trafficPolicy/portLevelSettings/0/connectionPool#"),
        ("{loadBalancer: {consistentHash: {useSourceIp: true}}}", ""),
        ("{tls: {mode: ISTIO_MUTUAL}}", ""),
    ],
)
def test_only_what_a_proxy_does_to_requests_and_connections_counts(policy: str, pointer: str) -> None:
    """B.6.1: ztunnel knows no DestinationRule; TLS and plain balancing are not what is lost."""
    assert [row.place.pointer for row in rows(SERVER + rule(policy))] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("callers", "served"),
    [
        ("", [False]),
        (caller(WITH_SIDECAR), []),
        (caller(WITH_SIDECAR) + caller(f"app: audit, {AMBIENT}", "audit"), [False]),
        (caller("app: plain", "plain"), [False]),
    ],
)
def test_clients_with_a_proxy_apply_rules_themselves(callers: str, served: list[bool]) -> None:
    """All known clients have to have one; a caller without proxy is none."""
    assert [row.served for row in rows(SERVER + callers + rule())] == served


def test_an_enrolled_service_or_one_outside_ambient_is_no_fault() -> None:
    """A waypoint, or a sidecar of the client, follows the rule."""
    enrolled = service("istio.io/use-waypoint: edge") + gateway()
    assert rows(namespace(AMBIENT) + deployment() + enrolled + rule()) == []
    assert rows(namespace("istio-injection: enabled") + deployment() + service("a: b") + rule()) == []


def test_unknown_pods_leave_it_open() -> None:
    """Labels of the namespace are elsewhere."""
    assert [row.served for row in rows(deployment() + service("a: b") + rule())] == [None]


@pytest.mark.parametrize(
    ("host", "found"),
    [("*.ledger.svc.cluster.local", 1), ("*.local", 0), ("gone", 1), ("bank.example", 0)],
)
def test_hosts_that_are_patterns_or_not_there(host: str, found: int) -> None:
    """A pattern counts for one namespace; a name that nobody bears counts as a plain Service of an ambient one."""
    text = namespace(AMBIENT) + deployment() + service("a: b")
    assert len(rows(text + rule(host=host))) == found


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("http: [{route: []}]", [False]),
        ("gateways: [edge], http: [{route: []}]", []),
        ("gateways: [mesh, edge], http: [{match: [{gateways: [edge]}]}]", []),
        ("gateways: [mesh, edge], http: [{match: [{gateways: [edge]}, {}]}]", [False]),
        ("tcp: [{route: []}]", [True]),
    ],
)
def test_routes_count_where_they_bind_the_mesh(spec: str, found: list[bool]) -> None:
    """Whether the rows are about tcp alone; none where only gateways follow the routes."""
    text = f"""{SERVER}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: ledger, namespace: ledger}}
spec: {{hosts: [ledger], {spec}}}
"""
    assert [row.is_tcp for row in rows(text, "VirtualService")] == found
