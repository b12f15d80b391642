"""Where hosts lead: found, missing, or not for these manifests to say."""

from __future__ import annotations

import pytest

from meshlint.config.model import External, Settings
from meshlint.mesh.build import build_mesh
from meshlint.mesh.routing.references import HostAnswer
from tests.mesh.build import mesh, namespace, tree

SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: "{namespace}", annotations: {annotations}}}
spec: {{ports: [{{port: 80}}]}}
---
"""
ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: entry, namespace: {namespace}}}
spec: {{hosts: ["{host}"], exportTo: {export_to}, ports: [{{number: 443, name: tls, protocol: TLS}}]}}
---
"""


def service(name: str, home: str, annotations: str = "{}") -> str:
    """Write a Service."""
    return SERVICE.format(name=name, namespace=home, annotations=annotations)


def entry(host: str, home: str = "shop", export_to: str = '["*"]') -> str:
    """Write a ServiceEntry."""
    return ENTRY.format(host=host, namespace=home, export_to=export_to)


def find(text: str, host: str, home: str = "shop", *, complete: bool = False, **settings: object) -> HostAnswer:
    """Resolve a host in a mesh made of one text."""
    found = mesh(text, Settings(**settings), complete=complete)  # type: ignore[arg-type]  # names of options
    return found.routing.references.find(host, home)


def test_a_short_name_belongs_to_the_namespace_of_the_referrer() -> None:
    """Names without a dot expand, full names are literal."""
    text = service("web", "shop") + service("pay", "bank")
    assert find(text, "web").found is True
    assert find(text, "pay").found is False
    assert find(text, "pay.bank.svc.cluster.local").found is True


def test_half_a_name_is_no_name() -> None:
    """Istio does not expand `name.namespace`, although DNS would."""
    answer = find(service("pay", "bank"), "pay.bank")
    assert answer.found is False
    assert "pay.bank.svc.cluster.local" in answer.because


def test_a_namespace_of_which_nothing_is_shown_is_unknown() -> None:
    """The Service may stand in another repository, unless the set is the whole cluster."""
    host = "pay.bank.svc.cluster.local"
    assert find(service("web", "shop"), host).found is None
    assert find(service("web", "shop"), host).missing == "Services of namespace bank"
    assert find(service("web", "shop"), host, complete=True).found is False
    assert find(namespace("bank"), host).found is False


def test_what_is_declared_external_exists() -> None:
    """A host or a Service object may be declared."""
    text, host = namespace("bank"), "pay.bank.svc.cluster.local"
    assert find(text, host, externals=(External("*.bank.svc.cluster.local"),)).found is True
    assert find(text, host, externals=(External("pay", "bank", "Service"),)).found is True


def test_an_object_without_namespace_may_be_the_one() -> None:
    """It goes where it is applied, so neither side is missing."""
    assert find(service("web", "") + namespace("shop"), "web").found is None
    assert find(service("web", "shop") + service("other", ""), "web", "").found is None


@pytest.mark.parametrize(
    ("host", "found"),
    [("api.example.com", True), ("example.com", False), ("notexample.com", False), ("a.b.example.com", True)],
)
def test_wildcard_entries_match_on_label_boundaries(host: str, found: bool) -> None:
    """`*.example.com` covers names below example.com and no other."""
    assert find(entry("*.example.com"), host, complete=True).found is found


def test_an_entry_must_be_exported() -> None:
    """One that keeps to its namespace is hidden from others, and the answer says so."""
    text = entry("api.example.com", "bank", '["."]')
    assert find(text, "api.example.com", "bank").found is True
    answer = find(text, "api.example.com", "shop")
    assert answer.found is False
    assert answer.because == "ServiceEntry bank/entry is exported to namespace bank only"


def test_an_exported_wildcard_stands_in_for_a_hidden_name() -> None:
    """The hidden host does not end the search."""
    text = entry("api.example.com", "bank", '["."]') + entry("*.example.com", "post")
    assert find(text, "api.example.com", "shop").found is True


def test_an_outside_name_may_have_its_entry_elsewhere() -> None:
    """It is missing only when the namespaces where entries are usual are described."""
    text = service("web", "shop")
    assert find(text, "api.example.com").found is None
    assert find(text + namespace("istio-system"), "api.example.com").found is False
    assert find(text, "api.example.com", complete=True).found is False


@pytest.mark.parametrize("host", ["web.shop.svc.other.domain", "web.shop.global", "web.shop.svc.clusterset.local"])
def test_names_of_other_clusters_are_unknown(host: str) -> None:
    """Another cluster's registry is not in the set, however complete that is."""
    assert find(namespace("shop"), host, complete=True).found is None


GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: []}
---
"""
OPERATED = """
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: events, namespace: shop}
spec: {}
---
"""
RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: redis, namespace: flux-system}
spec: {targetNamespace: shop}
---
"""


@pytest.mark.parametrize(
    ("text", "host", "found"),
    [
        (GATEWAY, "edge-istio", True),
        (GATEWAY, "edge-other", False),
        (OPERATED, "events-kafka-bootstrap", None),
        (OPERATED, "eventskafka", False),
        (RELEASE, "redis-master", None),
    ],
)
def test_what_controllers_make_is_not_missing(text: str, host: str, found: bool | None) -> None:
    """Gateways make Services of a known name; operators and releases may make some."""
    assert find(text + namespace("shop"), host, complete=True).found is found


APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: cache, namespace: argocd}}
spec: {{destination: {{namespace: shop}}, source: {source}}}
---
"""


@pytest.mark.parametrize(
    ("source", "found"),
    [("{path: apps/shop}", False), ("{path: elsewhere}", None), ("{chart: redis, repoURL: x}", None)],
)
def test_an_application_of_folders_in_the_set_hides_nothing(source: str, found: bool | None) -> None:
    """What it delivers is here; a chart or a path of another repository is not."""
    files = {"apps/shop/web.yaml": service("web", "shop"), "argocd.yaml": APPLICATION.format(source=source)}
    made = build_mesh(tree(files), Settings(), today="2026-11-24", complete=True)
    assert made.routing.references.find("cache", "shop").found is found


def test_the_installation_exists() -> None:
    """istiod and the API server stand in no manifest of a user."""
    text = namespace("istio-system") + namespace("default")
    assert find(text, "istiod.istio-system.svc.cluster.local", complete=True).found is True
    assert find(text, "kubernetes.default.svc.cluster.local", complete=True).found is True
