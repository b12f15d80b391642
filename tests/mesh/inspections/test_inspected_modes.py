"""Why a port is in its mode."""

from __future__ import annotations

from meshlint.mesh.inspections.answers import Mtls
from meshlint.mesh.inspections.workloads import inspect_workload
from tests.mesh.build import deployment, mesh, namespace, peer, workload

WEB = namespace("shop") + deployment("web", "shop")


def mtls(text: str, name: str = "web") -> Mtls:
    """Return the mode of the first port of a workload."""
    found = mesh(text)
    return inspect_workload(found, workload(found, name)).ports[0].mtls


def test_every_level_is_asked() -> None:
    """The levels stand from the nearest to the farthest, each with what it says."""
    text = WEB + peer("web", "shop", "{selector: {matchLabels: {app: web}}, portLevelMtls: {8080: {mode: DISABLE}}}")
    found = mtls(text + peer("default", "istio-system", "{mtls: {mode: STRICT}}"))
    assert found.mode == "DISABLE"
    assert [(step.level, step.mode) for step in found.steps] == [
        ("port", "DISABLE"), ("workload", ""), ("namespace", ""), ("mesh", "STRICT"),
    ]  # fmt: skip
    assert found.decided_by is not None
    assert found.decided_by.text in found.because


def test_the_default_names_the_places_where_nothing_stands() -> None:
    """Without any policy the default decides, and the levels say what is absent where."""
    found = mtls(WEB)
    assert found.mode == "PERMISSIVE"
    assert found.decided_by is None
    assert [step.because for step in found.steps] == [
        "no PeerAuthentication selects it",
        "namespace shop has none for all its workloads",
        "namespace istio-system has none for the mesh",
    ]


def test_a_policy_without_namespace_is_named() -> None:
    """A PeerAuthentication that states no namespace may be meant for the port, and nobody can say so."""
    step = mtls(WEB + peer("default", '""', "{mtls: {mode: STRICT}}")).steps[-1]
    assert (step.level, step.mode) == ("unplaced", "STRICT")
    assert "states no namespace" in step.because


def test_no_policy_acts_outside_the_mesh() -> None:
    """A workload without proxy has no mode, whatever a policy says."""
    text = namespace("shop", "{}") + deployment("web", "shop") + peer("default", "shop", "{mtls: {mode: STRICT}}")
    found = mtls(text)
    assert found.mode == "NONE"
    assert found.because == "Deployment shop/web is outside the mesh: namespace shop has no data-plane label"


def test_an_excluded_port_goes_past_the_proxy() -> None:
    """The annotation that excludes a port decides in place of any policy."""
    annotation = '{traffic.sidecar.istio.io/excludeInboundPorts: "8080"}'
    text = namespace("shop") + deployment("web", "shop", annotations=annotation)
    found = mtls(text + peer("default", "shop", "{mtls: {mode: STRICT}}"))
    assert found.mode == "NONE"
    assert found.decided_by is not None
    assert "excludeInboundPorts of Deployment shop/web is 8080" in found.because


def test_an_unlabelled_namespace_leaves_the_answer_conditional() -> None:
    """Where membership is unknown the mode holds only for the case that there is a proxy."""
    assert "if it is in the mesh" in mtls(deployment("web", "shop")).because


REQUEST = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt, namespace: shop}
spec: {jwtRules: [{issuer: sso.example}]}
---
"""


def test_ztunnel_checks_no_tokens() -> None:
    """A RequestAuthentication is listed where a proxy reads it: at a sidecar, not at ztunnel alone."""
    for label, issuers in (("istio-injection: enabled", [["sso.example"]]), ("istio.io/dataplane-mode: ambient", [])):
        found = mesh(namespace("shop", f"{{{label}}}") + deployment("web", "shop") + REQUEST)
        checks = inspect_workload(found, workload(found, "web")).request_authentication
        assert [check.value for check in checks] == issuers
