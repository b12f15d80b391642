"""Waypoints that labels name: who is enrolled, whether the waypoint takes it, whether ambient captures the pods."""

from __future__ import annotations

import pytest

from meshlint.config.model import External, Settings
from meshlint.mesh.gateways.waypoint_labels import Enrolment, WaypointLabels
from meshlint.mesh.gateways.waypoints import Waypoints
from tests.mesh.build import mesh

USE = "istio.io/use-waypoint: edge"
AMBIENT = "istio.io/dataplane-mode: ambient"
HBONE = "{name: mesh, port: 15008, protocol: HBONE%s}"


def namespace(labels: str, name: str = "ledger") -> str:
    """Write a Namespace."""
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n---\n"


def deployment(labels: str = "app: ledger", name: str = "ledger") -> str:
    """Write a Deployment."""
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: ledger}}
spec:
  template:
    metadata: {{labels: {{{labels}}}}}
    spec: {{containers: [{{name: app, image: app}}]}}
---
"""


def service(labels: str) -> str:
    """Write the Service of the ledger."""
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: ledger, namespace: ledger, labels: {{{labels}}}}}
spec: {{selector: {{app: ledger}}, ports: [{{port: 80}}]}}
---
"""


def gateway(labels: str = "", home: str = "ledger", kind: str = "istio-waypoint", allowed: str = "") -> str:
    """Write a Gateway with the name edge."""
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: edge, namespace: {home}, labels: {{{labels}}}}}
spec: {{gatewayClassName: {kind}, listeners: [{HBONE % allowed if kind == "istio-waypoint" else ""}]}}
---
"""


def enrolments(text: str, settings: Settings | None = None, *, complete: bool = False) -> list[Enrolment]:
    """Return every enrolment, in the order of objects."""
    found = mesh(text, settings, complete=complete)
    waypoints = Waypoints(found.inventory, found.selection, found.existence)
    labels = WaypointLabels(found.inventory, found.memberships, found.selection, waypoints)
    return [row for resource in found.inventory.resources for row in labels.of(resource)]


@pytest.mark.parametrize(
    ("labels", "served"),
    [("", True), ("istio.io/waypoint-for: all", True), ("istio.io/waypoint-for: workload", False)],
)
def test_a_service_needs_a_waypoint_for_services(labels: str, served: bool) -> None:
    """B.6.7: waypoint-for is service where nothing is said."""
    rows = enrolments(namespace(AMBIENT) + deployment() + service(USE) + gateway(labels))
    assert [row.served.served for row in rows] == [served]


@pytest.mark.parametrize(
    ("labels", "served"),
    [("", False), ("istio.io/waypoint-for: all", True), ("istio.io/waypoint-for: workload", True)],
)
def test_a_pod_needs_a_waypoint_for_workloads(labels: str, served: bool) -> None:
    """B.6.7: the default takes traffic to Services only."""
    rows = enrolments(namespace(AMBIENT) + deployment(f"app: ledger, {USE}") + gateway(labels))
    assert [row.served.served for row in rows] == [served]


@pytest.mark.parametrize("purpose", ["service", "workload", "all"])
def test_the_label_of_a_namespace_fits_every_waypoint_with_a_purpose(purpose: str) -> None:
    """B.6.7: it enrols Services and pods alike, and those that the waypoint does not take are left out."""
    rows = enrolments(namespace(f"{AMBIENT}, {USE}") + deployment() + gateway(f"istio.io/waypoint-for: {purpose}"))
    assert [row.served.served for row in rows] == [True]


@pytest.mark.parametrize(
    ("allowed", "served"),
    [
        ("", False),
        (", allowedRoutes: {namespaces: {from: All}}", True),
        (", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: books}}}}", True),
        (", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: cars}}}}", False),
    ],
)
def test_a_waypoint_admits_users_as_listeners_admit_routes(allowed: str, served: bool) -> None:
    """B.6.7: allowedRoutes of the HBONE listener decide, and by default only the own namespace is admitted."""
    labels = f"{AMBIENT}, {USE}, istio.io/use-waypoint-namespace: common, team: books"
    rows = enrolments(namespace(labels) + deployment() + gateway(home="common", allowed=allowed))
    assert [row.served.served for row in rows] == [served]


def test_a_waypoint_that_is_not_there_is_missing_where_its_namespace_is_described() -> None:
    """The namespace of the label is described; one that no manifest speaks of may hold anything."""
    rows = enrolments(namespace(f"{AMBIENT}, {USE}") + deployment())
    assert [(row.served.served, row.served.because) for row in rows] == [
        (False, "namespace ledger has no Gateway edge")
    ]
    elsewhere = f"{AMBIENT}, {USE}, istio.io/use-waypoint-namespace: common"
    assert [row.served.served for row in enrolments(namespace(elsewhere) + deployment())] == [None]


def test_a_waypoint_may_be_made_by_hand_or_declared() -> None:
    """`istioctl waypoint apply` writes no manifest; a whole cluster would show what it made."""
    text = namespace(f"{AMBIENT}, istio.io/use-waypoint: waypoint") + deployment()
    assert [row.served.served for row in enrolments(text)] == [None]
    assert [row.served.served for row in enrolments(text, complete=True)] == [False]
    declared = Settings(externals=(External("edge", "ledger", "Gateway"),))
    assert [row.served.served for row in enrolments(namespace(f"{AMBIENT}, {USE}") + deployment(), declared)] == [True]


def test_a_gateway_of_another_class_is_no_waypoint_or_nobody_knows() -> None:
    """Istio's own class for edges listens for no HBONE; another vendor's may be anything."""
    text = namespace(f"{AMBIENT}, {USE}") + deployment()
    assert [row.served.served for row in enrolments(text + gateway(kind="istio"))] == [False]
    assert [row.served.served for row in enrolments(text + gateway(kind="agents"))] == [None]


@pytest.mark.parametrize(
    ("labels", "captured"), [(AMBIENT, True), ("istio-injection: enabled", False), ("a: b", False)]
)
def test_capture_follows_membership(labels: str, captured: bool) -> None:
    """A label on a Service counts by the pods behind it."""
    rows = enrolments(namespace(labels) + deployment() + service(USE) + gateway())
    assert [row.capture.captured for row in rows] == [captured]


def test_capture_is_open_without_labels_or_pods() -> None:
    """Neither pods that are elsewhere nor a namespace that nobody describes settle it."""
    assert [row.capture.captured for row in enrolments(deployment() + service(USE) + gateway())] == [None]
    assert [row.capture.captured for row in enrolments(namespace("a: b") + service(USE) + gateway())] == [None]


def test_a_namespace_expects_capture_of_what_services_lead_to() -> None:
    """A workload that only calls takes no traffic, and a Service for ingress has other users."""
    labels = f"istio-injection: enabled, {USE}"
    assert [row.expected for row in enrolments(namespace(labels) + deployment() + gateway())] == [False]
    called = namespace(labels) + deployment() + service("a: b") + gateway()
    assert [row.expected for row in enrolments(called)] == [True]
    ingress = namespace(labels) + deployment() + service("istio.io/ingress-use-waypoint: 'true'") + gateway()
    assert [row.expected for row in enrolments(ingress)] == [False]


def test_waypoints_and_opt_outs_are_not_enrolled() -> None:
    """The pods of a waypoint have none before them, and `none` opts out."""
    pods = deployment("gateway.networking.k8s.io/gateway-name: edge")
    assert enrolments(namespace(f"{AMBIENT}, {USE}") + pods + gateway()) == []
    assert enrolments(namespace(f"{AMBIENT}, {USE}") + deployment("istio.io/use-waypoint: none") + gateway()) == []


def test_a_namespace_speaks_where_the_set_shows_no_workload() -> None:
    """Nobody else would say that its label leads nowhere."""
    rows = enrolments(namespace(f"{AMBIENT}, {USE}"))
    assert [(row.capture.captured, row.served.served) for row in rows] == [(True, False)]
