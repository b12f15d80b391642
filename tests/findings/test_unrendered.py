"""What a template may hold is neither there nor missing: nothing is said about it before somebody renders it."""

from __future__ import annotations

import pytest

from tests.judge import judged

SHOP = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, ports: [{containerPort: 8080}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
"""
POLICY = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: %s}
spec: {mtls: {mode: %s}}
"""
BREAKER = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: "%s", trafficPolicy: {connectionPool: {tcp: {maxConnections: 10}}}}
"""
SELECTED = ("MTL001", "MTL002", "RES001")


def rules(**files: str) -> list[str]:
    """Return the rules that speak about a shop and what stands beside it."""
    texts = {"shop.yaml": SHOP, **{f"{name}.yaml": text for name, text in files.items()}}
    return sorted({finding.rule for finding in judged(texts, select=SELECTED)})


def test_without_a_template_it_is_missing() -> None:
    """The faults themselves."""
    assert rules() == ["MTL001", "MTL002", "RES001"]


@pytest.mark.parametrize("mode", ["{{ .Values.mode }}", '"${MODE}"', '"${MODE:=STRICT}"'])
def test_a_policy_in_a_template_may_govern(mode: str) -> None:
    """That no PeerAuthentication governs would be a guess; the breaker is still missing."""
    assert rules(policy=POLICY % ("shop", mode)) == ["RES001"]


@pytest.mark.parametrize("host", ["web.${NAMESPACE}.svc.cluster.local", "{{ .Values.host }}"])
def test_a_rule_in_a_template_may_govern(host: str) -> None:
    """That no DestinationRule governs would be a guess; the mode of the port is not."""
    assert rules(breaker=BREAKER % host) == ["MTL001", "MTL002"]


def test_what_is_stated_is_judged_beside_a_template() -> None:
    """A policy that decides is judged, whatever a template may hold for others."""
    assert rules(own=POLICY % ("shop", "PERMISSIVE"), other=POLICY % ("{{ .Values.namespace }}", "STRICT")) == [
        "MTL001",
        "RES001",
    ]


def test_the_chart_of_an_application_speaks_of_that_application() -> None:
    """Its DestinationRule is no reason to leave the services of others open."""
    chart = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Values.name }}}\n"
    assert "RES001" in rules(breaker=BREAKER % "{{ .Values.host }}" + chart)


def test_variables_in_the_text_of_an_envoy_filter_are_its_own() -> None:
    """Lua and access log formats have such braces, and the file is read."""
    lua = "spec: {configPatches: [{patch: {value: {inlineCode: 'x = \"${y}\"'}}}]}\n"
    head = "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a, namespace: shop}\n"
    assert rules(lua=f"{head}{lua}---{POLICY % ('shop', 'PERMISSIVE')}") == ["MTL001", "MTL002", "RES001"]
