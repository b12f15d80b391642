"""Who sees what: exports of owners, imports of clients."""

from __future__ import annotations

import pytest

from meshlint.mesh.visibility import EVERYWHERE, Export, Visibility, exported
from tests.mesh.build import inventory

SIDECAR = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: default, namespace: {namespace}}}
spec: {spec}
---
"""


def sidecar(namespace: str, hosts: str) -> str:
    """Write a Sidecar for all workloads of a namespace; `hosts` is a flow list."""
    return SIDECAR.format(namespace=namespace, spec=f"{{egress: [{{hosts: {hosts}}}]}}")


@pytest.mark.parametrize(
    ("stated", "default", "expected"),
    [
        ((), ("*",), Export(True)),
        ((), (".",), Export(False, frozenset(("shop",)))),
        ((), ("~",), Export(False)),
        (("*",), (".",), Export(True)),
        (("*", "bank"), ("*",), Export(True)),
        ((".", "bank"), ("*",), Export(False, frozenset(("shop", "bank")))),
        (("~", "bank"), ("*",), Export(False)),
    ],
)
def test_exports_follow_istiod(stated: tuple[str, ...], default: tuple[str, ...], expected: Export) -> None:
    """A list is taken literally, `*` beats everything, `~` beats names, and an absent list takes the default."""
    assert exported(stated, "shop", default) == expected


def test_defaults_come_from_the_mesh_config() -> None:
    """Each kind has a default of its own."""
    found = Visibility(
        inventory("", assumed_mesh_config={"defaultVirtualServiceExportTo": ["."], "defaultServiceExportTo": ["*"]})
    )
    assert not found.of("VirtualService", (), "shop").reaches("bank")
    assert found.of("Service", (), "shop").reaches("bank")


def test_a_service_is_exported_by_its_annotation() -> None:
    """The annotation lists namespaces, joined by commas."""
    things = inventory(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop, annotations: {networking.istio.io/exportTo: "., bank"}}
        spec: {ports: [{port: 80}]}
        """
    )
    export = Visibility(things).of_service(things.services[0])
    assert [export.reaches(name) for name in ("shop", "bank", "post", EVERYWHERE)] == [True, True, False, False]


def test_a_sidecar_limits_its_namespace() -> None:
    """Clients take in what an entry names, by namespace and host."""
    found = Visibility(inventory(sidecar("shop", '["./*", "bank/*.example.com"]')))
    assert found.imports("shop", "shop", ["web.shop.svc.cluster.local"])
    assert found.imports("shop", "bank", ["pay.example.com"])
    assert not found.imports("shop", "bank", ["pay.bank.svc.cluster.local"])
    assert found.imports("post", "bank", ["pay.bank.svc.cluster.local"])


def test_the_sidecar_of_the_root_holds_where_none_is_nearer() -> None:
    """Its dot means the namespace of whoever asks, also of one that nobody names."""
    found = Visibility(inventory(sidecar("istio-system", '["./*"]') + sidecar("shop", '["*/*"]')))
    assert found.imports("post", "post", ["a.post.svc.cluster.local"])
    assert not found.imports("post", "bank", ["a.bank.svc.cluster.local"])
    assert not found.imports(EVERYWHERE, "bank", ["a.bank.svc.cluster.local"])
    assert found.imports("shop", "bank", ["a.bank.svc.cluster.local"])


@pytest.mark.parametrize(
    "spec", ["{}", "{egress: []}", "{workloadSelector: {labels: {app: web}}, egress: [{hosts: ['./*']}]}"]
)
def test_a_sidecar_that_limits_nobody_in_general(spec: str) -> None:
    """Without `egress`, or for some workloads only, the namespace takes in everything."""
    found = Visibility(inventory(SIDECAR.format(namespace="shop", spec=spec)))
    assert found.imports("shop", "bank", ["pay.bank.svc.cluster.local"])
