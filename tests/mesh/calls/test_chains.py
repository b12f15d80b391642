"""Chains: hops and what decides on them, products of retries, waits that are outlived, circles, the only way in."""

from __future__ import annotations

import networkx

from meshlint.mesh.calls.amplification import Amplification, Peak, RouteRetries, hosts_with_budget
from meshlint.mesh.calls.bottlenecks import bottlenecks
from meshlint.mesh.calls.chains import Chains
from meshlint.mesh.calls.circles import untimed_circles
from meshlint.mesh.calls.patience import outlived_calls
from meshlint.mesh.calls.timed_calls import TimedCalls
from meshlint.mesh.mesh import Mesh
from tests.mesh.build import mesh, namespace

APP = """
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {{app: {name}}}, ports: [{{name: {port}, port: 80, targetPort: 8080}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  replicas: {replicas}
  template:
    metadata: {{labels: {{app: {name}, sidecar.istio.io/inject: "{inject}"}}}}
    spec: {{containers: [{{name: app, image: r/x, ports: [{{containerPort: 8080}}], env: [{env}]}}]}}
---
"""
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{hosts: [{host}], gateways: [{gateways}], http: [{routes}]}}
---
"""


def app(name: str, *calls: str, port: str = "http", inject: str = "true", replicas: int = 2) -> str:
    """Write a Service and its Deployment, which calls others by their names."""
    env = ", ".join(f'{{name: {call.upper()}_URL, value: "http://{call}"}}' for call in calls)
    return APP.format(name=name, port=port, env=env, inject=inject, replicas=replicas)


def route(name: str, fields: str, *, gateways: str = "mesh", host: str = "") -> str:
    """Write a VirtualService with one route to a service."""
    routes = f"{{route: [{{destination: {{host: {name}}}}}], {fields}}}"
    return ROUTE.format(name=f"{name}-{gateways}", host=host or name, gateways=gateways, routes=routes)


def retries(attempts: int) -> str:
    """Write retries of requests that failed."""
    return f"retries: {{attempts: {attempts}, retryOn: 5xx}}"


def built(*parts: str) -> Mesh:
    """Resolve a mesh whose namespace is injected."""
    return mesh(namespace("shop") + "".join(parts))


def hops(found: Mesh) -> dict[str, int]:
    """Return the hops by name, with the requests that each makes of one."""
    chains = Chains(found)
    return {f"{chains.name(hop.source)}>{chains.name(hop.target)}": hop.policy.requests for hop in chains.hops}


def peaks(found: Mesh) -> dict[str, Peak]:
    """Return where the retries that VirtualServices state lead to."""
    budgets = hosts_with_budget(found.inventory)
    names = {f"service:{s.id}" for s in found.inventory.services if s.host in budgets}
    services = found.routing.virtual_services
    asked = RouteRetries(found.routing, Amplification(Chains(found), names), budgets)
    return {item.resource.name: row.peak for item in services.all for row in asked.of(item) if row.peak is not None}


def test_a_call_without_a_route_has_the_default_of_the_mesh() -> None:
    """Two retries make three requests."""
    assert hops(built(app("a", "b"), app("b"))) == {"a>b": 3}


def test_a_caller_without_a_proxy_and_a_port_of_tcp_try_nothing_again() -> None:
    """Retries live in the caller's proxy and know HTTP."""
    assert hops(built(app("a", "b", inject="false"), app("b"))) == {"a>b": 1}
    assert hops(built(app("a", "b"), app("b", port="tcp"))) == {"a>b": 1}


def test_a_route_leads_the_hop_where_its_requests_go() -> None:
    """Not to the host that the caller names."""
    text = ROUTE.format(name="b", host="b", gateways="mesh", routes="{route: [{destination: {host: c}}]}")
    assert hops(built(app("a", "b"), app("b"), app("c"), text)) == {"a>c": 3}


def test_of_several_routes_the_general_one_speaks() -> None:
    """A route for some paths only is not taken for all; without a general one nobody knows."""
    narrow = f"{{match: [{{uri: {{prefix: /x}}}}], route: [{{destination: {{host: b}}}}], {retries(9)}}}"
    general = f"{{match: [{{uri: {{prefix: /}}}}], route: [{{destination: {{host: b}}}}], {retries(1)}}}"
    two = ROUTE.format(name="b", host="b", gateways="mesh", routes=f"{narrow}, {general}")
    assert hops(built(app("a", "b"), app("b"), two)) == {"a>b": 2}
    none = ROUTE.format(name="b", host="b", gateways="mesh", routes=f"{narrow}, {narrow}")
    assert hops(built(app("a", "b"), app("b"), none)) == {"a>b": 1}


def test_two_virtual_services_for_a_host_settle_nothing() -> None:
    """Which one wins depends on their ages."""
    text = route("b", retries(5)) + route("b", retries(1)).replace("b-mesh", "b-other")
    assert hops(built(app("a", "b"), app("b"), text)) == {"a>b": 1}


def test_retries_multiply_along_a_chain() -> None:
    """From the gateway to the end, silent hops with the default."""
    found = built(
        app("a", "b"),
        app("b", "c"),
        app("c"),
        route("a", retries(1), gateways="in/door", host="x.y"),
        route("b", retries(3)),
    )
    assert peaks(found)["b-mesh"] == Peak(2, 24, "gateway in/door → a → b → c", "c", False)
    assert peaks(found)["a-in/door"].requests == 2


def test_a_circle_is_finite_and_said() -> None:
    """Inside it nothing is multiplied."""
    found = built(app("a", "b"), app("b", "c"), app("c", "b", "d"), app("d"), route("b", retries(3)))
    assert peaks(found) == {"b-mesh": Peak(1, 12, "a → b → c → d", "d", True)}


def test_a_budget_bounds_what_is_tried_again() -> None:
    """A destination with a retryBudget counts once."""
    budget = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: b, namespace: shop}
spec: {host: b, trafficPolicy: {retryBudget: {percent: 20}}}
---
"""
    found = built(app("a", "b"), app("b", "c"), app("c"), route("b", retries(3)), route("c", retries(2)), budget)
    assert peaks(found)["c-mesh"].requests == 3


def waits(found: Mesh) -> list[tuple[str, str, float, float]]:
    """Return who waits for whom, how long, and how long the callers wait."""
    rows = outlived_calls(Chains(found)).values()
    return [(row.service, row.called, row.wait, row.callers_wait) for group in rows for row in group]


def test_a_longer_wait_than_that_of_every_caller_is_outlived() -> None:
    """One caller with more time, or with no limit, is reason enough."""
    parts = app("a", "b"), app("b", "c"), app("c"), route("b", "timeout: 5s"), route("c", "timeout: 9s")
    assert waits(built(*parts)) == [("b", "c", 9000, 5000)]
    assert waits(built(*parts, route("b", "timeout: 9s", gateways="in/door", host="x.y"))) == []
    assert waits(built(*parts, route("b", "name: x", gateways="in/door", host="x.y"))) == []
    assert waits(built(*parts, app("z", "b", inject="false"))) == []


def test_circles_need_calls_without_timeouts() -> None:
    """The first service by host stands for all of them; one timeout ends the wait."""
    parts = app("c", "a"), app("a", "b"), app("b", "c")
    found = built(*parts)
    (circle,) = untimed_circles(found, Chains(found)).values()
    assert (circle.names, circle.size) == (("a", "b", "c", "a"), 3)
    elsewhere = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: b, namespace: shop}
spec: {parentRefs: [{kind: Service, group: "", name: b}], rules: [{timeouts: {request: 5s}}]}
"""
    for text in (route("b", "timeout: 5s"), elsewhere):
        timed = built(*parts, text)
        assert untimed_circles(timed, Chains(timed)) == {}


def test_what_is_reached_through_one_service_only_is_counted() -> None:
    """The dominators of networkx say the same."""
    door = route("a", "timeout: 5s", gateways="in/door", host="x.y")
    found = built(app("a", "b", "c", replicas=1), app("b", "d"), app("c", "d"), app("d"), door)
    chains = Chains(found)
    rows = {found.inventory.services[number].name: row for number, row in bottlenecks(found, chains).items()}
    assert {name: (row.behind, row.names, row.is_alone) for name, row in rows.items()} == {
        "a": (3, ("b", "c", "d"), True)
    }
    whole = networkx.DiGraph((hop.source, hop.target) for hop in chains.hops)
    above = dict(networkx.immediate_dominators(whole, "gateway:in/door"))
    assert sum(chains.name(node) == "a" for node in above.values()) == 3


def test_a_caller_without_a_proxy_keeps_no_timeout() -> None:
    """It is not asked about; one of unknown membership is left open."""
    for text, called in ((app("a", "b", inject="false"), []), (app("a", "b"), [True])):
        found = built(text, app("b"))
        timed = TimedCalls(found)
        assert [row.called for service in found.inventory.services for row in timed.of(service)] == called
    unknown = mesh(app("a", "b").replace(', sidecar.istio.io/inject: "true"', "") + app("b"))
    rows = [row for service in unknown.inventory.services for row in TimedCalls(unknown).of(service)]
    assert [(row.called, row.missing) for row in rows] == [(None, "labels of namespace shop")]


def test_the_reason_tells_a_route_without_timeout_from_no_route() -> None:
    """Routes that lead to a service count, whatever their hosts."""
    door = route("b", "name: x", gateways="in/door", host="x.y")
    for text, because in ((door, "its routes set none and the default is none"), ("", "no route is made for it and")):
        found = built(app("a", "b"), app("b"), text)
        (row,) = [row for service in found.inventory.services for row in TimedCalls(found).of(service)]
        assert row.timing.because.startswith(because) and row.timing.limited is False
