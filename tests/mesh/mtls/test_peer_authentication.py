"""Effective modes: every rule of Istio's server side that the resolver follows, one test each."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, mesh, modes, namespace, peer

MESHED = namespace("shop") + deployment("web", "shop", ports=(8080, 9090))
WEB = "selector: {matchLabels: {app: web}}"


def mode(text: str, port: int = 8080) -> str | None:
    """Return the mode of a port of Deployment web."""
    return modes(mesh(MESHED + text), "web")[port].mode


def test_b1_1_the_root_namespace_is_that_of_the_mesh_config() -> None:
    """A policy of istio-system is no mesh policy when the MeshConfig names another root."""
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    rootNamespace: platform
---
"""
    assert mode(config + peer("default", "istio-system", "{mtls: {mode: STRICT}}")) == "PERMISSIVE"
    assert mode(config + peer("default", "platform", "{mtls: {mode: STRICT}}")) == "STRICT"


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("install.istio.io/v1alpha1, kind: IstioOperator", "{meshConfig: {rootNamespace: platform}}"),
        ("install.istio.io/v1alpha1, kind: IstioOperator", "{values: {meshConfig: {rootNamespace: platform}}}"),
        ("install.istio.io/v1alpha1, kind: IstioOperator", "{values: {global: {istioNamespace: platform}}}"),
        ("install.istio.io/v1alpha1, kind: IstioOperator", "{namespace: platform, values: {meshConfig: {}}}"),
        ("sailoperator.io/v1, kind: Istio", "{namespace: platform}"),
        ("sailoperator.io/v1, kind: Istio", "{namespace: x, values: {meshConfig: {rootNamespace: platform}}}"),
    ],
)
def test_b1_1_an_operator_names_the_root_namespace(kind: str, spec: str) -> None:
    """The chart takes meshConfig.rootNamespace, else the namespace of the installation."""
    config = f"{{apiVersion: {kind}, metadata: {{name: mesh, namespace: operators}}, spec: {spec}}}\n---\n"
    assert mode(config + peer("default", "istio-system", "{mtls: {mode: STRICT}}")) == "PERMISSIVE"
    assert mode(config + peer("default", "platform", "{mtls: {mode: STRICT}}")) == "STRICT"


def test_b1_2_ties_are_broken_by_name() -> None:
    """Of two workload policies without creation time the first by name wins entirely."""
    text = peer("b", "shop", f"{{{WEB}, mtls: {{mode: DISABLE}}}}") + peer(
        "a", "shop", f"{{{WEB}, mtls: {{mode: STRICT}}}}"
    )
    assert mode(text) == "STRICT"


def test_b1_3_only_the_first_policy_of_a_namespace_is_kept() -> None:
    """A second selector-less policy is dropped altogether, even where the first sets no mode."""
    text = peer("a", "shop", "{}") + peer("b", "shop", "{mtls: {mode: STRICT}}")
    assert mode(text) == "PERMISSIVE"


def test_b1_3_an_empty_selector_is_no_selector() -> None:
    """`matchLabels: {}` makes a namespace policy."""
    assert mode(peer("default", "shop", "{selector: {matchLabels: {}}, mtls: {mode: STRICT}}")) == "STRICT"


def test_b1_4_a_selector_stays_in_its_namespace() -> None:
    """A policy with a selector reaches no workload of another namespace."""
    assert mode(peer("web", "other", f"{{{WEB}, mtls: {{mode: STRICT}}}}")) == "PERMISSIVE"


def test_b1_4_a_selector_in_the_root_namespace_is_ignored() -> None:
    """It is neither mesh nor workload policy."""
    assert mode(peer("web", "istio-system", f"{{{WEB}, mtls: {{mode: STRICT}}}}")) == "PERMISSIVE"


@pytest.mark.parametrize("spec", ["{mtls: {mode: UNSET}}", "{mtls: {}}", "{}", "{mtls: null}"])
def test_b1_5_unset_inherits(spec: str) -> None:
    """A namespace policy without a mode lets the mesh policy through."""
    assert mode(peer("default", "istio-system", "{mtls: {mode: STRICT}}") + peer("default", "shop", spec)) == "STRICT"


def test_b1_5_the_default_is_permissive() -> None:
    """No policy at all accepts both."""
    found = modes(mesh(MESHED), "web")[8080]
    assert (found.mode, found.level, found.decided_by) == ("PERMISSIVE", "default", None)


def test_b1_5_workload_beats_namespace_beats_mesh() -> None:
    """The nearest policy that sets a mode decides."""
    text = peer("default", "istio-system", "{mtls: {mode: STRICT}}") + peer(
        "default", "shop", "{mtls: {mode: PERMISSIVE}}"
    )
    assert mode(text) == "PERMISSIVE"
    assert mode(text + peer("web", "shop", f"{{{WEB}, mtls: {{mode: DISABLE}}}}")) == "DISABLE"


def test_b1_5_two_workload_policies_are_not_merged() -> None:
    """Port entries of the losing policy do not count."""
    winner = peer("a", "shop", f"{{{WEB}, mtls: {{mode: STRICT}}}}")
    loser = peer("b", "shop", f"{{{WEB}, portLevelMtls: {{8080: {{mode: DISABLE}}}}}}")
    assert mode(winner + loser) == "STRICT"


def test_b1_6_port_entries_use_workload_ports() -> None:
    """A key that is only a Service port changes nothing."""
    service = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
"""
    strict = peer("default", "istio-system", "{mtls: {mode: STRICT}}") + service
    assert mode(strict + peer("web", "shop", f"{{{WEB}, portLevelMtls: {{80: {{mode: PERMISSIVE}}}}}}")) == "STRICT"
    assert (
        mode(strict + peer("web", "shop", f"{{{WEB}, portLevelMtls: {{8080: {{mode: PERMISSIVE}}}}}}")) == "PERMISSIVE"
    )


def test_b1_6_port_entries_without_selector_have_no_effect() -> None:
    """`portLevelMtls` needs a selector."""
    assert mode(peer("default", "shop", "{mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}")) == "STRICT"


def test_b1_7_other_ports_keep_the_workload_mode() -> None:
    """Only the named port changes."""
    text = peer("web", "shop", f"{{{WEB}, mtls: {{mode: STRICT}}, portLevelMtls: {{8080: {{mode: PERMISSIVE}}}}}}")
    assert (mode(text, 8080), mode(text, 9090)) == ("PERMISSIVE", "STRICT")


def test_the_place_is_the_mode_that_decided() -> None:
    """Every mode names the field that decided it."""
    text = peer("web", "shop", f"{{{WEB}, portLevelMtls: {{8080: {{mode: PERMISSIVE}}}}}}")
    place = modes(mesh(MESHED + text), "web")[8080].decided_by
    assert place is not None and (place.text, place.pointer) == (
        "PeerAuthentication shop/web",
        "/spec/portLevelMtls/8080/mode",
    )


def test_a_policy_without_namespace_is_not_mesh_wide() -> None:
    """It governs objects without namespace, and nothing else."""
    text = peer("default", "''", "{mtls: {mode: STRICT}}")
    assert mode(text) == "PERMISSIVE"


def test_ambient_reads_disable_as_permissive() -> None:
    """ztunnel does not know DISABLE."""
    text = namespace("amb", "{istio.io/dataplane-mode: ambient}") + deployment("api", "amb")
    found = modes(mesh(text + peer("default", "amb", "{mtls: {mode: DISABLE}}")), "api")[8080]
    assert found.mode == "PERMISSIVE" and "ambient" in found.because


def test_ambient_keeps_a_disabled_port_strict_under_an_inherited_strict() -> None:
    """The policy that istiod converts exempts PERMISSIVE ports only, unless the workload sets a mode itself."""
    text = namespace("amb", "{istio.io/dataplane-mode: ambient}") + deployment("api", "amb")
    text += peer("default", "istio-system", "{mtls: {mode: STRICT}}")
    selector = "selector: {matchLabels: {app: api}}"
    own = peer("api", "amb", f"{{{selector}, portLevelMtls: {{8080: {{mode: DISABLE}}}}}}")
    assert modes(mesh(text + own), "api")[8080].mode == "STRICT"
    own = peer("api", "amb", f"{{{selector}, portLevelMtls: {{8080: {{mode: PERMISSIVE}}}}}}")
    assert modes(mesh(text + own), "api")[8080].mode == "PERMISSIVE"


def test_a_policy_declared_elsewhere_leaves_the_mode_open() -> None:
    """`externals:` naming a mesh policy makes the default unknown, not PERMISSIVE."""
    from meshlint.config.model import External, Settings

    settings = Settings(externals=(External("default", "istio-system", "PeerAuthentication"),))
    found = modes(mesh(MESHED, settings), "web")[8080]
    assert found.mode is None and "istio-system" in found.missing


@pytest.mark.parametrize("port", [15020, 15021, 15090])
def test_the_ports_of_the_proxy_itself_are_never_captured(port: int) -> None:
    """A Service for the metrics of the sidecar leads past the redirection, so no mode holds for its port."""
    metrics = f"""
apiVersion: v1
kind: Service
metadata: {{name: metrics, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{name: http-metrics, port: {port}}}]}}
---
"""
    found = modes(mesh(MESHED + metrics), "web")
    assert (found[port].captured, found[8080].captured) == (False, True)


@pytest.mark.parametrize("order", ["UDP, TCP", "TCP, UDP"])
def test_a_number_served_over_both_transports_is_judged_as_tcp(order: str) -> None:
    """DNS listens on UDP and TCP 53; the order of the two declarations changes nothing."""
    first, second = order.split(", ")
    ports = f"{{containerPort: 53, protocol: {first}}}, {{containerPort: 53, protocol: {second}}}"
    text = namespace("shop") + deployment("web", "shop").replace("ports: [", f"ports: [{ports}, ").replace(", ]", "]")
    assert modes(mesh(text), "web")[53].captured


def test_a_tcp_service_port_makes_its_target_tcp() -> None:
    """A container that declares only UDP is still sent TCP by a Service that says so; UDP alone has no mode."""
    text = namespace("shop") + deployment("web", "shop").replace(
        "ports: [", "ports: [{containerPort: 53, protocol: UDP}, "
    )
    text = text.replace(", ]", "]")
    service = """
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {selector: {app: web}, ports: [{name: tcp-dns, port: 53}]}
---
"""
    assert modes(mesh(text + service), "web")[53].captured
    assert not modes(mesh(text), "web")[53].captured
