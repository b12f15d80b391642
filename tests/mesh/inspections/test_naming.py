"""Which object somebody means."""

from __future__ import annotations

import pytest

from meshlint.mesh.inspections.naming import candidates, is_known, matching, words_of
from tests.mesh.build import deployment, mesh, namespace, peer

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
"""
SHOP = namespace("shop") + deployment("web", "shop") + SERVICE + peer("default", "shop", "{}")


def named(text: str, kind: str, name: str) -> list[str]:
    """Return the texts of what a kind and a name mean."""
    return [found.text for found in matching(candidates(mesh(text), kind), name)]


@pytest.mark.parametrize("word", ["deployment", "Deployment", "deployments", "deploy", "deployment.apps", "workload"])
def test_kinds_are_written_as_kubectl_takes_them(word: str) -> None:
    """Kind, plural, short name and group mean the same; `workload` means whatever makes pods."""
    assert named(SHOP, word, "web") == ["Deployment shop/web"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("security.istio.io/AuthorizationPolicy", "authorizationpolicies"),
        ("networking.istio.io/Gateway", "gateway.networking.istio.io"),
        ("networking.k8s.io/Ingress", "ingresses"),
        ("/Service", "svc"),
    ],
)
def test_plurals_are_those_of_the_api(kind: str, word: str) -> None:
    """A `y` becomes `ies`, an `s` gets `es`, a group may follow."""
    assert word in words_of(kind)


def test_a_namespace_narrows() -> None:
    """`namespace/name` is one object, the name alone may be several."""
    text = SHOP + deployment("web", "office")
    assert named(text, "deploy", "web") == ["Deployment shop/web", "Deployment office/web"]
    assert named(text, "deploy", "office/web") == ["Deployment office/web"]


def test_an_unstated_namespace_is_asked_for_with_a_slash() -> None:
    """`/name` means the object that states no namespace."""
    text = peer("default", "shop", "{}") + peer("default", '""', "{}")
    assert named(text, "pa", "/default") == ["PeerAuthentication default"]


def test_a_namespace_without_manifest_is_found() -> None:
    """What other objects say of a namespace is enough to ask about it."""
    assert named(deployment("web", "office"), "ns", "office") == ["Namespace office"]


def test_kinds_that_nobody_wrote_are_known_all_the_same() -> None:
    """A known kind without objects is no misspelling."""
    assert is_known(mesh(SHOP), "vs")
    assert not is_known(mesh(SHOP), "deply")
