"""Selectors that find something, nothing, or perhaps something."""

from __future__ import annotations

import pytest

from meshlint.config.model import External, Settings
from meshlint.mesh.authorization.selector_matches import SelectorMatches
from tests.mesh.build import deployment, mesh, namespace

SHOP = namespace("shop") + deployment("web", "shop")
KAFKA = "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: events, namespace: shop}\n---\n"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db, namespace: shop}\n---\n"


def found(text: str, labels: str, home: str = "shop", **options: object) -> bool | None:
    """Tell whether a NetworkPolicy with a pod selector finds pods."""
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: asking, namespace: "{home}"}}
spec: {{podSelector: {labels}}}
"""
    result = mesh(text + policy, **options)  # type: ignore[arg-type]  # names of options
    matches = SelectorMatches(result.inventory, result.authorization.points, result.existence)
    (match,) = matches.of(result.inventory.of_kind("networking.k8s.io/NetworkPolicy")[0])
    assert (match.found is None) == bool(match.missing)
    return match.found


@pytest.mark.parametrize(
    ("selector", "answer"),
    [
        ("{matchLabels: {app: web}}", True),
        ("{matchLabels: {app: web, pod-template-hash: abc}}", True),
        ("{matchLabels: {app: wob}}", False),
        ("{matchExpressions: [{key: app, operator: In, values: [web, wob]}]}", True),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", False),
        ("{matchExpressions: [{key: tier, operator: Exists}]}", False),
        ("{matchExpressions: [{key: tier, operator: DoesNotExist}]}", True),
    ],
)
def test_pod_selectors(selector: str, answer: bool) -> None:
    """Labels and expressions are held against pod templates; what controllers add is left out."""
    assert found(SHOP, selector) is answer


def test_where_the_manifests_cannot_tell() -> None:
    """Operators, installers and objects without namespace leave the answer open; so does an empty namespace."""
    assert found(SHOP + KAFKA, "{matchLabels: {strimzi.io/cluster: events}}") is None
    assert found(SHOP + KAFKA, "{matchLabels: {app: events-kafka}}") is None
    assert found(SHOP + RELEASE, "{matchLabels: {app: postgres}}") is None
    assert found(SHOP + deployment("letters", ""), "{matchLabels: {app: letters}}") is None
    assert found(SHOP, "{matchLabels: {app: web}}", home="") is None
    assert found(SHOP, "{matchLabels: {app: letters}}", home="office") is None
    assert found(SHOP, "{matchLabels: {k8s-app: kube-dns}}", home="kube-system") is None


def test_a_complete_set_shows_every_workload() -> None:
    """Then a namespace without workloads has none, and an operator still makes pods."""
    assert found(SHOP, "{matchLabels: {app: letters}}", home="office", complete=True) is False
    assert found(SHOP + KAFKA, "{matchLabels: {strimzi.io/cluster: events}}", complete=True) is None


def test_what_rendering_adds_is_open() -> None:
    """A label that a kustomization gives to pods stands in no template."""
    added = frozenset({("team", "letters")})
    assert found(SHOP, "{matchLabels: {team: letters}}", added_labels=added) is None
    assert found(SHOP, "{matchLabels: {team: post}}", added_labels=added) is False


def test_the_configuration_may_name_pods() -> None:
    """`externals:` names a workload by the value of one of the labels."""
    settings = Settings(externals=(External("letters", "shop", "Deployment"),))
    assert found(SHOP, "{matchLabels: {app: letters}}", settings=settings) is None


def test_a_service_may_ship_apart_from_its_pods() -> None:
    """In a namespace without workloads its selector is open, even when the set is the whole cluster."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: office}\nspec: {selector: {app: web}}\n"
    result = mesh(SHOP + service, complete=True)
    matches = SelectorMatches(result.inventory, result.authorization.points, result.existence)
    (match,) = matches.of(result.inventory.of_kind("/Service")[0])
    assert match.missing == "workloads of namespace office"
