"""Ambient: who is served by a waypoint, which policies that leaves unread, who is told two data planes."""

from __future__ import annotations

import pytest

from meshlint.mesh.authorization.ambient_policies import AUTHORIZATION, AmbientPolicies, Unserved
from meshlint.mesh.authorization.reach import Reach
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.mesh.membership.data_planes import Claim, DataPlanes
from tests.mesh.build import mesh

AMBIENT = "istio.io/dataplane-mode: ambient"


def namespace(labels: str) -> str:
    """Write the Namespace of the ledger."""
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: ledger, labels: {{{labels}}}}}\n---\n"


def deployment(labels: str = "app: ledger", image: str = "ledger:1") -> str:
    """Write the Deployment of the ledger."""
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: ledger, namespace: ledger}}
spec:
  template:
    metadata: {{labels: {{{labels}}}}}
    spec: {{containers: [{{name: istio-proxy, image: "{image}"}}]}}
---
"""


APP = deployment(image="auto")
GET = "to: [{operation: {methods: [GET]}}]"
EDGE = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: ledger}
spec: {gatewayClassName: istio-waypoint}
---
"""


def unserved(text: str, rule: str = GET, scope: str = "", home: str = "ledger") -> list[Unserved]:
    """Judge one AuthorizationPolicy beside other objects."""
    found = mesh(f"""{text}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: p, namespace: {home}}}
spec: {{{scope}rules: [{{{rule}}}]}}
""")
    waypoints = Waypoints(found.inventory, found.selection, found.existence)
    policies = AmbientPolicies(found.inventory, found.memberships, found.selection, waypoints, Reach(found.inventory))
    return list(policies.of(found.inventory.of_kind(AUTHORIZATION)[0]))


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        (GET, "/spec/rules/0/to/0/operation/methods#"),
        ("from: [{source: {notRequestPrincipals: ['*']}}]", "/spec/rules/0/from/0/source/notRequestPrincipals#"),
        ("when: [{key: 'request.headers[x]', values: [a]}]", "/spec/rules/0/when/0/key"),
        ("to: [{operation: {ports: ['80']}}]", ""),
        ("from: [{source: {principals: [a], ipBlocks: [10.0.0.0/8]}}]", ""),
        ("when: [{key: source.namespace, values: [a]}]", ""),
    ],
)
def test_ztunnel_reads_what_is_about_connections(rule: str, pointer: str) -> None:
    """Only other fields make a policy one for a waypoint."""
    found = unserved(namespace(AMBIENT) + APP, rule)
    assert [row.place.pointer for row in found] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("labels", "served"),
    [
        ("", False),
        ("istio.io/use-waypoint: none", False),
        ("istio.io/use-waypoint: gone", False),
        ("istio.io/use-waypoint: edge", True),
        ("istio.io/use-waypoint: waypoint", None),
        ("istio.io/use-waypoint: edge, istio.io/use-waypoint-namespace: far", None),
    ],
)
def test_a_label_has_to_lead_to_a_waypoint(labels: str, served: bool | None) -> None:
    """What istioctl makes by default, and namespaces that nobody describes, stay open."""
    found = unserved(namespace(f"{AMBIENT}, {labels}") + APP + EDGE)
    assert [row.served for row in found] == ([] if served else [served])


def test_a_policy_of_the_root_namespace_is_meant_for_all() -> None:
    """It reaches ambient workloads anywhere; one of another namespace does not."""
    assert len(unserved(namespace(AMBIENT) + APP, home="istio-system")) == 1
    assert unserved(namespace(AMBIENT) + APP, home="shop") == []
    assert unserved(namespace(AMBIENT) + APP, scope="selector: {matchLabels: {app: other}}, ") == []


def test_unknown_labels_leave_it_open_and_sidecars_need_no_waypoint() -> None:
    """Where nothing speaks of ambient, nobody is asked."""
    assert [row.served for row in unserved(APP + EDGE)] == [None]
    assert unserved(APP) == []
    assert unserved(namespace("istio-injection: enabled") + APP + EDGE) == []


def claims(text: str) -> list[Claim]:
    """Return what all objects of a text are told."""
    found = mesh(text).inventory
    planes = DataPlanes(found)
    return [claim for resource in found.resources for claim in planes.of(resource)]


@pytest.mark.parametrize(
    ("namespaces", "pod", "objects"),
    [
        (f"{AMBIENT}, istio-injection: enabled", "app: ledger", ["Namespace"]),
        (f"{AMBIENT}, istio-injection: disabled, istio.io/rev: a", "app: ledger", []),
        (AMBIENT, 'sidecar.istio.io/inject: "true"', ["Deployment"]),
        (AMBIENT, "sidecar.istio.io/inject: enabled", []),
        (AMBIENT, 'istio.io/rev: a, sidecar.istio.io/inject: "false"', []),
        (AMBIENT, 'istio.io/dataplane-mode: none, sidecar.istio.io/inject: "true"', []),
        ("istio.io/rev: a", AMBIENT, ["Deployment"]),
        ("istio.io/rev: a", "app: ledger", []),
    ],
)
def test_the_object_that_has_a_part_in_it_speaks(namespaces: str, pod: str, objects: list[str]) -> None:
    """A Namespace speaks for its workloads; a pod template speaks where it asks for one of the two itself."""
    found = claims(namespace(namespaces) + deployment(pod, "auto"))
    assert [claim.place.resource.kind for claim in found] == objects


def test_a_proxy_in_the_template_is_a_sidecar() -> None:
    """Whoever writes the proxy into the template has asked for it."""
    assert [claim.sidecar for claim in claims(namespace(AMBIENT) + deployment())] == ["the proxy in its pod template"]
