"""What ambient workloads ignore, and that one sidecar among them keeps an object in use."""

from __future__ import annotations

import pytest

from meshlint.mesh.authorization.ambient_policies import http_field
from meshlint.mesh.authorization.reach import Reach
from meshlint.mesh.membership.ambient_ignored import AmbientIgnored, Ignored
from tests.mesh.build import mesh
from tests.mesh.gateways.test_enrolments import AMBIENT, deployment, namespace

DISABLE = "mtls: {mode: DISABLE}"


def ignored(text: str, kind: str, group: str = "security", spec: str = "", home: str = "ledger") -> list[Ignored]:
    """Judge one object beside others."""
    found = mesh(f"""{text}
apiVersion: {group}.istio.io/v1
kind: {kind}
metadata: {{name: p, namespace: {home}}}
spec: {{{spec}}}
""")
    reach = Reach(found.inventory)
    answers = AmbientIgnored(
        found.inventory, found.memberships, reach.of, reach.at_home, lambda policy: http_field(policy) is not None
    )
    return list(answers.of(next(r for r in found.inventory.resources if r.kind == kind)))


MIXED = namespace("a: b") + deployment(f"app: ledger, {AMBIENT}") + deployment("sidecar.istio.io/inject: 'true'", "old")
ALL = namespace(AMBIENT) + deployment()


@pytest.mark.parametrize(
    ("spec", "pointer"),
    [
        (DISABLE, "/spec/mtls/mode"),
        ("selector: {matchLabels: {app: ledger}}, portLevelMtls: {80: {mode: DISABLE}}", "/spec/portLevelMtls/80/mode"),
        ("mtls: {mode: PERMISSIVE}", ""),
    ],
)
def test_disable_counts_as_permissive(spec: str, pointer: str) -> None:
    """B.6.4: it does not stop HBONE, and plain text is accepted as under PERMISSIVE."""
    assert [row.place.pointer for row in ignored(ALL, "PeerAuthentication", spec=spec)] == (
        [pointer] if pointer else []
    )


@pytest.mark.parametrize("action", ["CUSTOM", "AUDIT"])
def test_actions_that_ztunnel_does_not_know(action: str) -> None:
    """B.6.8: only ALLOW and DENY are converted; targetRefs hand the policy to a waypoint."""
    assert [row.heeded for row in ignored(ALL, "AuthorizationPolicy", spec=f"action: {action}")] == [False]
    aimed = f"action: {action}, targetRefs: [{{kind: Gateway, name: edge}}]"
    assert ignored(ALL, "AuthorizationPolicy", spec=aimed) == []


@pytest.mark.parametrize(
    ("kind", "group", "spec"),
    [("PeerAuthentication", "security", DISABLE), ("Sidecar", "networking", "egress: []")],
)
def test_one_sidecar_keeps_an_object_in_use(kind: str, group: str, spec: str) -> None:
    """Only what reaches ambient workloads alone is ignored."""
    assert ignored(MIXED, kind, group, spec) == []
    assert [row.heeded for row in ignored(ALL, kind, group, spec)] == [False]


def test_a_selector_narrows_to_the_ambient_ones() -> None:
    """The Sidecar selects the one workload that has none."""
    spec = "workloadSelector: {labels: {app: ledger}}"
    assert [row.place.pointer for row in ignored(MIXED, "Sidecar", "networking", spec)] == ["/spec/workloadSelector#"]


def test_an_unknown_neighbour_leaves_it_open() -> None:
    """It may get a sidecar from a namespace that nobody describes."""
    text = deployment(f"app: ledger, {AMBIENT}") + deployment("app: new", "new")
    assert [row.heeded for row in ignored(text, "PeerAuthentication", spec=DISABLE)] == [None]


def test_the_default_of_the_root_namespace_is_for_all() -> None:
    """Whatever namespace gets sidecars takes it."""
    assert ignored(ALL, "Sidecar", "networking", "egress: []", home="istio-system") == []


def test_annotations_for_a_proxy() -> None:
    """The one that refuses a sidecar is heeded by the injector."""
    text = namespace(AMBIENT) + deployment().replace(
        "metadata: {labels",
        "metadata: {annotations: {sidecar.istio.io/proxyCPU: 1m, sidecar.istio.io/inject: 'false', a: b}, labels",
    )
    assert [row.text for row in ignored(text, "Deployment")] == ["annotation sidecar.istio.io/proxyCPU"]
