"""Policies by selector or namespace before a waypoint, which heeds targetRefs only."""

from __future__ import annotations

import pytest

from meshlint.mesh.authorization.reach import Reach
from meshlint.mesh.authorization.selector_policies import SelectorPolicies, Unheeded
from meshlint.mesh.gateways.waypoints import Waypoints
from tests.mesh.build import mesh
from tests.mesh.gateways.test_enrolments import AMBIENT, USE, deployment, gateway, namespace

GET = "rules: [{to: [{operation: {methods: [GET]}}]}]"
APP = "selector: {matchLabels: {app: ledger}}"
ENROLLED = namespace(f"{AMBIENT}, {USE}") + deployment() + gateway()
POD = "gateway.networking.k8s.io/gateway-name: edge"
ISTIOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: app, image: app, env: [{name: ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY, value: "%s"}]}]}
---
"""


def unheeded(
    text: str, spec: str, kind: str = "AuthorizationPolicy", group: str = "security", home: str = "ledger"
) -> list[Unheeded]:
    """Judge one policy, the last of its kind."""
    found = mesh(f"""{text}
apiVersion: {group}.istio.io/v1
kind: {kind}
metadata: {{name: p, namespace: {home}}}
spec: {{{spec}}}
""")
    waypoints = Waypoints(found.inventory, found.selection, found.existence)
    points, reach = found.authorization.points, Reach(found.inventory)
    answers = SelectorPolicies(found.inventory, found.memberships, waypoints, points, reach)
    return list(answers.of([r for r in found.inventory.resources if r.kind == kind][-1]))


@pytest.mark.parametrize(
    ("kind", "group", "spec", "pointers"),
    [
        ("AuthorizationPolicy", "security", f"{APP}, {GET}", ["/spec/selector#"]),
        ("AuthorizationPolicy", "security", GET, ["/metadata/name"]),
        ("AuthorizationPolicy", "security", f"{APP}, rules: [{{from: [{{source: {{namespaces: [a]}}}}]}}]", []),
        ("AuthorizationPolicy", "security", f"{GET}, targetRefs: [{{kind: Gateway, name: edge}}]", []),
        ("RequestAuthentication", "security", APP, ["/spec/selector#"]),
        ("WasmPlugin", "extensions", "url: a", ["/metadata/name"]),
        ("Telemetry", "telemetry", f"{APP}, tracing: [{{}}]", ["/spec/selector#"]),
        ("Telemetry", "telemetry", f"{APP}, metrics: [{{overrides: [{{}}]}}]", ["/spec/selector#"]),
        ("Telemetry", "telemetry", f"{APP}, metrics: [{{}}]", []),
        ("Telemetry", "telemetry", "tracing: [{}]", []),
    ],
)
def test_what_a_waypoint_passes_by(kind: str, group: str, spec: str, pointers: list[str]) -> None:
    """Anything about HTTP without targetRefs; a Telemetry of the whole namespace is inherited by waypoints."""
    rows = unheeded(ENROLLED, spec, kind, group)
    assert [row.place.pointer for row in rows] == pointers
    assert all(row.heeded is False for row in rows)


def test_who_has_no_waypoint_has_none_that_passes_by() -> None:
    """Sidecars, ambient workloads without waypoint, and those that left ambient."""
    assert unheeded(namespace("istio-injection: enabled") + deployment() + gateway(), f"{APP}, {GET}") == []
    assert unheeded(namespace(AMBIENT) + deployment(), f"{APP}, {GET}") == []
    left = deployment("app: ledger, istio.io/dataplane-mode: none")
    assert unheeded(namespace(f"{AMBIENT}, {USE}") + left + gateway(), f"{APP}, {GET}") == []


def test_unknown_labels_leave_it_open() -> None:
    """The pod says which waypoint it wants; whether it is captured nobody says."""
    pods = deployment(f"app: ledger, {USE}") + gateway("istio.io/waypoint-for: all")
    assert [row.heeded for row in unheeded(pods, f"{APP}, {GET}")] == [None]


def test_pods_of_a_waypoint_are_not_selected() -> None:
    """Neither by the labels that Istio gives them nor from the root namespace."""
    selector = f"selector: {{matchLabels: {{{POD}}}}}"
    for home in ("ledger", "istio-system"):
        assert [row.text for row in unheeded(gateway(), f"{selector}, {GET}", home=home)] == ["Gateway ledger/edge"]
    assert unheeded(gateway(), f"{selector}, {GET}", home="shop") == []


@pytest.mark.parametrize(("flag", "found"), [("false", 1), ("true", 0)])
def test_other_gateways_heed_selectors_unless_istiod_is_told_otherwise(flag: str, found: int) -> None:
    """The default of the flag is true."""
    selector = f"selector: {{matchLabels: {{{POD}}}}}"
    text = gateway(kind="istio")
    assert unheeded(text, f"{selector}, {GET}") == []
    assert len(unheeded(ISTIOD % flag + text, f"{selector}, {GET}")) == found


def test_a_default_of_the_mesh_may_stand_beside_one_for_the_waypoint() -> None:
    """Sidecars take the one, the waypoint the other."""
    targeted = f"""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: own, namespace: ledger}}
spec: {{targetRefs: [{{group: gateway.networking.k8s.io, kind: Gateway, name: edge}}], {GET}}}
---
"""
    assert [row.heeded for row in unheeded(ENROLLED, GET, home="istio-system")] == [False]
    assert unheeded(ENROLLED + targeted, GET, home="istio-system") == []
