"""The label security.istio.io/tlsMode where a proxy runs."""

from __future__ import annotations

import pytest

from meshlint.mesh.mtls.plain_labels import PlainLabel, PlainLabels
from tests.mesh.build import deployment, mesh, namespace

KEY = "security.istio.io/tlsMode"
POINTER = "labels/security.istio.io~1tlsMode"
OBJECT = """
apiVersion: networking.istio.io/v1
kind: {kind}
metadata: {{name: ledger, namespace: shop}}
spec: {spec}
---
"""


def labels(text: str) -> list[PlainLabel]:
    """Return the labels of all objects of a text."""
    found = mesh(text)
    answers = PlainLabels(found.inventory, found.memberships)
    return [label for resource in found.inventory.resources for label in answers.of(resource)]


def pods(value: str, injection: str = "{istio-injection: enabled}") -> str:
    """Write a namespace and a Deployment whose pods carry the label."""
    return namespace("shop", injection) + deployment("web", "shop", labels=f"{{app: web, {KEY}: {value}}}")


@pytest.mark.parametrize(("value", "is_plain"), [("disabled", True), ("none", True), ("istio", False)])
def test_only_one_value_means_mtls(value: str, is_plain: bool) -> None:
    """Clients compare with `istio` and nothing else."""
    found = labels(pods(value))
    assert [(label.value, label.pointer) for label in found] == (
        [(value, f"/spec/template/metadata/{POINTER}")] if is_plain else []
    )


@pytest.mark.parametrize("injection", ["{}", "{istio.io/dataplane-mode: ambient}"])
def test_pods_without_sidecar_may_carry_it(injection: str) -> None:
    """There it says what is so, or nothing."""
    assert labels(pods("disabled", injection)) == []


def test_unlabelled_namespaces_leave_it_open() -> None:
    """Nobody can tell whether a sidecar runs there."""
    (found,) = labels(deployment("web", "shop", labels=f"{{app: web, {KEY}: disabled}}"))
    assert found.missing == "labels of namespace shop"


@pytest.mark.parametrize(("account", "count"), [("serviceAccount: ledger, ", 1), ("", 0)])
def test_a_machine_without_account_gets_plain_text_anyhow(account: str, count: int) -> None:
    """The label changes something only where a service account says that a proxy runs."""
    spec = f"{{address: 10.0.0.1, {account}labels: {{{KEY}: disabled}}}}"
    assert len(labels(OBJECT.format(kind="WorkloadEntry", spec=spec))) == count


def test_labels_of_a_group_win_over_those_of_its_template() -> None:
    """So does the value of its metadata."""
    template = f"template: {{serviceAccount: ledger, labels: {{{KEY}: disabled}}}}"
    (found,) = labels(OBJECT.format(kind="WorkloadGroup", spec=f"{{{template}}}"))
    assert found.pointer == f"/spec/template/{POINTER}"
    spec = f"{{metadata: {{labels: {{{KEY}: istio}}}}, {template}}}"
    assert labels(OBJECT.format(kind="WorkloadGroup", spec=spec)) == []


@pytest.mark.parametrize(("location", "count"), [("MESH_INTERNAL", 1), ("MESH_EXTERNAL", 0)])
def test_endpoints_outside_the_mesh_are_never_encrypted_by_proxies(location: str, count: int) -> None:
    """The label has nothing to take away there."""
    endpoint = f"{{address: 10.0.0.1, serviceAccount: ledger, labels: {{{KEY}: disabled}}}}"
    spec = f"{{hosts: [ledger.example], location: {location}, resolution: STATIC, endpoints: [{endpoint}]}}"
    assert len(labels(OBJECT.format(kind="ServiceEntry", spec=spec))) == count
