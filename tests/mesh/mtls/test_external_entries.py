"""Endpoints of the mesh in ServiceEntries that call them external."""

from __future__ import annotations

import pytest

from meshlint.mesh.mtls.external_entries import ExternalEntries, InsideEndpoint
from tests.mesh.build import mesh
from tests.mesh.gateways.test_enrolments import deployment, namespace, service

INJECTED = namespace("istio-injection: enabled") + deployment() + service("a: b")
NAMED = "endpoints: [{address: ledger.ledger.svc.cluster.local}]"
VM = "endpoints: [{address: vm.internal, serviceAccount: ledger}]"


def inside(text: str, spec: str, rule: str = "") -> list[InsideEndpoint]:
    """Judge one ServiceEntry beside other objects."""
    found = mesh(f"""{text}
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: entry, namespace: ledger}}
spec: {{hosts: [old.internal], resolution: DNS, ports: [{{number: 80, name: http, protocol: HTTP}}], {spec}}}
---
{rule}
""")
    entries = ExternalEntries(found.inventory, found.memberships, found.selection, found.breakers.rules)
    return list(entries.of(next(r for r in found.inventory.resources if r.kind == "ServiceEntry")))


@pytest.mark.parametrize(
    ("spec", "pointer"),
    [
        (f"location: MESH_EXTERNAL, {VM}", "/spec/location"),
        (VM, "/metadata/name"),
        (NAMED, "/metadata/name"),
        ("workloadSelector: {labels: {app: ledger}}", "/metadata/name"),
        ("endpoints: [{address: vm.internal, labels: {security.istio.io/tlsMode: istio}}]", "/metadata/name"),
    ],
)
def test_endpoints_with_a_proxy(spec: str, pointer: str) -> None:
    """By account, by label, by selector, by the name of a Service; the finding points to the location, if stated."""
    assert [(row.outside, row.place.pointer) for row in inside(INJECTED, spec)] == [(False, pointer)]


@pytest.mark.parametrize(
    "spec",
    [
        f"location: MESH_INTERNAL, {VM}",
        "endpoints: [{address: vm.internal}]",
        "endpoints: [{address: vm.internal, serviceAccount: a, labels: {security.istio.io/tlsMode: disabled}}]",
        "endpoints: [{address: bank.example.com}]",
    ],
)
def test_endpoints_outside(spec: str) -> None:
    """Internal by the entry, without proxy, or a name that nobody in the set bears."""
    assert inside(INJECTED, spec) == []


def test_unknown_labels_leave_it_open() -> None:
    """The namespace of the pods is elsewhere."""
    assert [row.outside for row in inside(deployment() + service("a: b"), NAMED)] == [None]


def test_a_cluster_address_leads_to_its_service() -> None:
    """Written out as a number."""
    text = INJECTED.replace("ports: [{port: 80}]", "clusterIP: 10.1.1.1, ports: [{port: 80}]")
    assert [row.outside for row in inside(text, "endpoints: [{address: 10.1.1.1}]")] == [False]


@pytest.mark.parametrize(("mode", "found"), [("ISTIO_MUTUAL", 0), ("SIMPLE", 1)])
def test_a_rule_may_bring_mutual_tls_back(mode: str, found: int) -> None:
    """ISTIO_MUTUAL is set by hand; any other mode is not what a sidecar expects."""
    rule = f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: rule, namespace: ledger}}
spec: {{host: old.internal, trafficPolicy: {{tls: {{mode: {mode}}}}}}}
"""
    assert len(inside(INJECTED, VM, rule)) == found
