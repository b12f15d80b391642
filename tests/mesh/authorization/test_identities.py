"""Callers that can occur, cannot, or may."""

from __future__ import annotations

import pytest

from meshlint.mesh.authorization.identities import Identities
from tests.mesh.build import mesh, namespace

CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "{trustDomain: shop.example, trustDomainAliases: [old.example]}"}
---
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\n---\n"
TWO = namespace("shop") + namespace("office") + ACCOUNT


def identities(text: str, **options: bool) -> Identities:
    """Answer for the objects of a text."""
    found = mesh(text, **options)
    return Identities(found.inventory, found.existence)


@pytest.mark.parametrize(
    ("principal", "occurs"),
    [
        ("cluster.local/ns/shop/sa/web", True),
        ("shop.example/ns/shop/sa/web", True),
        ("old.example/ns/shop/sa/web", True),
        ("new.example/ns/shop/sa/web", False),
        ("cluster.local/ns/office/sa/default", True),
        ("cluster.local/ns/shop/sa/webb", False),
        ("cluster.local/ns/post/sa/web", False),
        ("spiffe://cluster.local/ns/shop/sa/web", False),
        ("shop/web", False),
        ("cluster.local/ns/*/sa/web", False),  # a star in the middle stands for itself
        ("*", True),
        ("cluster.local/ns/shop/*", True),
        ("*/sa/web", True),
        ("*/ns/post/sa/web", False),
    ],
)
def test_principals(principal: str, occurs: bool) -> None:
    """A principal is exact, or has a star at one end; its parts have to exist."""
    assert identities(CONFIG + TWO).principal(principal).occurs is occurs


def test_one_namespace_is_no_list_of_namespaces() -> None:
    """A repository that keeps its own Namespace says nothing of the others; one that keeps several lists them."""
    alone = identities(namespace("shop"))
    assert alone.namespace("office").occurs is None
    assert alone.namespace("sh*").occurs is True
    assert identities(namespace("shop"), complete=True).namespace("office").occurs is False
    assert identities(TWO).namespace("post").occurs is False
    assert identities(TWO).namespace("*op").occurs is True


def test_trust_domains_need_the_mesh_config() -> None:
    """Without it a foreign domain may be the mesh's own."""
    assert identities(TWO).domain("shop.example").occurs is None
    assert identities(CONFIG + TWO).domain("post.example").occurs is False


def test_another_cluster_may_have_the_account() -> None:
    """A remote secret tells of other clusters, whose accounts no manifest shows."""
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: east, labels: {istio/multiCluster: 'true'}}\n---\n"
    assert identities(TWO).account("webb", "shop").occurs is False
    assert identities(TWO + secret).account("webb", "shop").occurs is None
    assert identities(TWO + secret).account("shop/web", "office").occurs is True
