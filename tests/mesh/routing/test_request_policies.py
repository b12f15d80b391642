"""Timeouts and retries in force on a route, of both APIs, and what the mesh defaults to."""

from __future__ import annotations

import pytest

from meshlint.mesh.gateways.kubernetes_routes import rules_of
from meshlint.mesh.routing.bound_routes import bound_routes
from meshlint.mesh.routing.request_policies import RequestPolicies, RequestPolicy, shown_duration
from meshlint.mesh.routing.virtual_services import read_virtual_services
from tests.mesh.build import inventory

ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {spec}
---
"""
TO = "route: [{destination: {host: web}}]"


def policies(text: str) -> list[RequestPolicy]:
    """Return the policy of every route that acts."""
    found = inventory(text)
    asked = RequestPolicies(found)
    return [asked.of(bound) for bound in bound_routes(read_virtual_services(found))]


def policy(fields: str, more: str = "") -> RequestPolicy:
    """Return the policy of one route; `fields` is flow YAML."""
    return policies(more + ROUTE.format(name="web", spec=f"{{hosts: [web], http: [{{{TO}, {fields}}}]}}"))[0]


def rule(fields: str) -> RequestPolicy:
    """Return the policy of a rule of an HTTPRoute."""
    text = (
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web}, spec: {rules: [{FIELDS}]}}"
    )
    found = inventory(text.replace("FIELDS", fields))
    (route,) = found.of_kind("gateway.networking.k8s.io/HTTPRoute")
    return RequestPolicies(found).of_rule(route, rules_of(route)[0], "/spec/rules/0")


def test_without_a_word_there_are_two_retries_and_no_timeout() -> None:
    """The default of the mesh is nobody's field."""
    found = policy("name: x")
    assert (found.timeout, found.attempts, found.retries_by, found.requests, found.longest) == (None, 2, None, 3, None)


def test_the_mesh_may_default_to_something_else() -> None:
    """`defaultHttpRetryPolicy` of the MeshConfig."""
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "defaultHttpRetryPolicy: {attempts: 5, perTryTimeout: 1s}"}
---
"""
    found = policy("name: x", config)
    assert (found.attempts, found.per_try, found.longest) == (5, 1000, 6000)


@pytest.mark.parametrize(
    ("fields", "attempts", "multiplies"),
    [
        ("retries: {attempts: 0}", 0, False),
        ("retries: {}", 0, False),
        ("retries: {attempts: 4}", 4, True),
        ("retries: {attempts: 4, retryOn: 'connect-failure, refused-stream'}", 4, False),
        ("retries: {attempts: 4, retryOn: '5xx,connect-failure'}", 4, True),
        ("retries: {attempts: 4, retryOn: '503'}", 4, True),
        ("retries: {attempts: many}", 0, False),
    ],
)
def test_a_retry_before_arrival_adds_no_work(fields: str, attempts: int, multiplies: bool) -> None:
    """Only tries that a server has worked on multiply; no attempts, no retries."""
    found = policy(fields)
    assert (found.attempts, found.multiplies, found.requests) == (attempts, multiplies, 1 + attempts * multiplies)


@pytest.mark.parametrize(
    ("written", "limit"), [("5s", 5000), ("250ms", 250), ("0s", None), ("1m30s", 90000), ("5", None)]
)
def test_a_timeout_of_nothing_is_none(written: str, limit: float | None) -> None:
    """Durations are Go's."""
    found = policy(f"timeout: '{written}'")
    assert (found.timeout, found.timeout_by is not None) == (limit, limit is not None)


def test_a_delegate_takes_from_its_root_what_it_does_not_state() -> None:
    """Each field for itself, and the place is that of who states it."""
    inner = f"{{http: [{{{TO}, timeout: 2s}}, {{{TO}}}]}}"
    outer = "{hosts: [web], http: [{delegate: {name: inner}, timeout: 9s, retries: {attempts: 1}}]}"
    first, second = policies(ROUTE.format(name="inner", spec=inner) + ROUTE.format(name="outer", spec=outer))
    assert (first.timeout, second.timeout, first.attempts) == (2000, 9000, 1)
    assert first.timeout_by is not None and first.timeout_by.resource.name == "inner"
    assert second.timeout_by is not None and second.timeout_by.resource.name == "outer"


def test_the_limit_of_all_tries_is_the_longest_wait_where_no_timeout_is() -> None:
    """Tries follow one another."""
    assert policy("retries: {attempts: 3, perTryTimeout: 2s}").longest == 8000
    assert policy("timeout: 5s, retries: {attempts: 3, perTryTimeout: 2s}").longest == 5000


def test_the_gateway_api_has_timeouts_of_its_own() -> None:
    """`request` comes before `backendRequest`; retries are for the codes that are named."""
    assert rule("timeouts: {request: 10s, backendRequest: 2s}").timeout == 10000
    assert rule("timeouts: {backendRequest: 2s}").timeout == 2000
    assert rule("timeouts: {request: 0s}").timeout is None
    found = rule("timeouts: {backendRequest: 2s}, retry: {attempts: 3, codes: [500]}")
    assert (found.attempts, found.multiplies, found.per_try) == (3, True, 2000)


@pytest.mark.parametrize(("value", "text"), [(5000, "5s"), (250, "250ms"), (1500, "1.5s")])
def test_durations_are_written_as_in_manifests(value: float, text: str) -> None:
    """Seconds where there are some."""
    assert shown_duration(value) == text
