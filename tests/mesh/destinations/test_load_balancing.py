"""Load balancing that fails: pools that ejection empties, fail-over that nothing triggers, no balancing at all."""

from __future__ import annotations

import pytest

from meshlint.mesh.destinations.ejections import Ejection, Ejections
from meshlint.mesh.destinations.levels import levels_of
from meshlint.mesh.destinations.load_balancing import BalancingFault, passthroughs, undetected_failovers
from meshlint.mesh.destinations.rule_services import RuleServices
from tests.mesh.build import deployment, mesh, namespace

SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{name: http, port: 80, targetPort: 8080}}]{more}}}
---
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: web, namespace: shop}}
spec: {{host: {host}, {spec}}}
---
"""
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}
---
"""
SCALER = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web, namespace: shop}}
spec: {{scaleTargetRef: {{kind: Deployment, name: web}}{minimum}}}
---
"""
FAILOVER = "loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}"
DETECTION = "outlierDetection: {consecutive5xxErrors: 5}"


def rule(spec: str, host: str = "web") -> str:
    """Write a DestinationRule."""
    return RULE.format(host=host, spec=spec)


def shop(replicas: int = 3, more: str = "") -> str:
    """Write Service and Deployment web."""
    return namespace("shop") + deployment("web", "shop", replicas=replicas) + SERVICE.format(more=more)


def ejections(text: str) -> list[Ejection]:
    """Return the ejections of the only rule of a text."""
    found = mesh(text)
    (only,) = found.breakers.rules.all
    services = RuleServices(found.inventory).of(only.host)
    routed = found.graph.routes.subsets_of.get(only.host, frozenset())
    return list(Ejections(found.inventory, found.selection).of(only, services, routed))


def ejection(outlier: str, replicas: int = 3, more: str = "") -> Ejection:
    """Return the ejection of a rule for Service web with that outlier detection."""
    (only,) = ejections(shop(replicas) + rule(f"trafficPolicy: {{outlierDetection: {{{outlier}}}}}") + more)
    return only


@pytest.mark.parametrize(
    ("percent", "replicas", "leaves_one"),
    [(100, 3, False), (67, 3, False), (66, 3, True), (50, 2, True), (51, 2, False), (1, 1, False), (90, 10, True)],
)
def test_a_percentage_has_to_leave_an_endpoint(percent: int, replicas: int, leaves_one: bool) -> None:
    """Releases before 1.20 eject one endpoint beyond the percentage, so (n-1)/n is the most."""
    assert ejection(f"maxEjectionPercent: {percent}", replicas).leaves_one is leaves_one


def test_the_default_percentage_is_ten() -> None:
    """The place is then the block, because the field is not there."""
    found = ejection("consecutive5xxErrors: 5")
    assert (found.percent, found.pointer) == (10, "/spec/trafficPolicy/outlierDetection")


def test_a_floor_keeps_the_pool_from_being_emptied() -> None:
    """With any minHealthPercent Envoy panics before nothing is left."""
    outlier = "outlierDetection: {maxEjectionPercent: 100, minHealthPercent: 1}"
    assert ejections(shop() + rule(f"trafficPolicy: {{{outlier}}}")) == []


@pytest.mark.parametrize(("minimum", "count"), [(", minReplicas: 4", 4), ("", 1), (", minReplicas: 0", None)])
def test_an_autoscaler_counts_at_its_lowest(minimum: str, count: int | None) -> None:
    """What it starts with says nothing; Kubernetes takes 1 where the minimum is not stated."""
    found = ejection("maxEjectionPercent: 100", more=SCALER.format(minimum=minimum))
    assert found.endpoints == count


def test_endpoints_of_a_subset_are_counted_by_its_labels() -> None:
    """The others do not belong to its pool."""
    subset = "subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {outlierDetection: {maxEjectionPercent: 60}}}]"
    pods = deployment("web-one", "shop", labels="{app: web, version: v1}", replicas=2)
    (found,) = ejections(shop() + pods + ROUTE + rule(subset))
    assert (found.endpoints, found.leaves_one) == (2, False)


def test_many_services_are_not_counted_together() -> None:
    """A wildcard makes a pool for each host."""
    spec = "trafficPolicy: {outlierDetection: {maxEjectionPercent: 100}}"
    other = SERVICE.format(more="").replace("name: web,", "name: shelf,")
    (found,) = ejections(shop() + other + rule(spec, '"*.shop.svc.cluster.local"'))
    assert found.endpoints is None


def failovers(text: str) -> list[BalancingFault]:
    """Return the fail-overs that nothing triggers."""
    found = mesh(text)
    (only,) = found.breakers.rules.all
    services = RuleServices(found.inventory).of(only.host)
    routed = found.graph.routes.subsets_of.get(only.host, frozenset())
    return list(undetected_failovers(only, services, routed, found.breakers.defaults))


def test_a_port_does_not_inherit_detection() -> None:
    """Its entry replaces the whole policy."""
    (found,) = failovers(
        shop() + rule(f"trafficPolicy: {{{DETECTION}, portLevelSettings: [{{port: {{number: 80}}, {FAILOVER}}}]}}")
    )
    assert found.level.text == "port 80"


def test_a_subset_inherits_detection() -> None:
    """Fields that it does not set come from the rule."""
    subset = f"subsets: [{{name: v1, trafficPolicy: {{{FAILOVER}}}}}]"
    assert failovers(shop() + ROUTE + rule(f"trafficPolicy: {{{DETECTION}}}, {subset}")) == []


def test_detection_of_every_routed_subset_is_enough() -> None:
    """The cluster of the host itself is then not used."""
    subset = f"subsets: [{{name: v1, trafficPolicy: {{{DETECTION}}}}}]"
    text = shop() + rule(f"trafficPolicy: {{{FAILOVER}}}, {subset}")
    assert failovers(text + ROUTE) == []
    assert len(failovers(text)) == 1


def test_an_empty_failover_is_none() -> None:
    """Nothing is defined by an empty list, nor by a setting that is switched off."""
    for setting in ("failover: []", "failover: [{from: a, to: b}], enabled: false", "distribute: [{from: a}]"):
        assert failovers(shop() + rule(f"trafficPolicy: {{loadBalancer: {{localityLbSetting: {{{setting}}}}}}}")) == []


def pass_through(text: str) -> list[str]:
    """Return for which traffic balancing is switched off."""
    found = mesh(text)
    (only,) = found.breakers.rules.all
    services = RuleServices(found.inventory).of(only.host)
    return [fault.level.text for fault in passthroughs(only, services, {"v1"})]


PASS = "loadBalancer: {simple: PASSTHROUGH}"


def test_a_service_with_endpoints_is_no_longer_balanced() -> None:
    """The address of the Service is used as it is."""
    assert pass_through(shop() + rule(f"trafficPolicy: {{{PASS}}}")) == ["all ports"]


@pytest.mark.parametrize("more", [", clusterIP: None", ", type: ExternalName, externalName: web.example"])
def test_services_without_balancing_lose_none(more: str) -> None:
    """Callers choose the endpoint of a headless Service, DNS that of an ExternalName."""
    assert pass_through(shop(more=more) + rule(f"trafficPolicy: {{{PASS}}}")) == []


def test_a_host_that_is_not_in_the_set_is_not_judged() -> None:
    """It may be headless."""
    assert pass_through(namespace("shop") + rule(f"trafficPolicy: {{{PASS}}}")) == []


def test_levels_come_in_the_order_of_the_file() -> None:
    """The rule, its ports, its subsets, their ports."""
    entry = "portLevelSettings: [{port: {number: 80}}]"
    spec = f"trafficPolicy: {{{entry}}}, subsets: [{{name: v1, trafficPolicy: {{{entry}}}}}]"
    (only,) = mesh(rule(spec)).breakers.rules.all
    texts = [level.text for level in levels_of(only)]
    assert texts == ["all ports", "port 80", "all ports of subset v1", "port 80 of subset v1"]


@pytest.mark.parametrize("host", ['"*.local"', '"*.shop.svc.cluster.local"', '"*eb.shop.svc.cluster.local"', '"*"'])
def test_wildcards_cover_what_ends_like_them(host: str) -> None:
    """At a dot or in the middle of a name."""
    found = mesh(shop() + rule("trafficPolicy: {}", host))
    (only,) = found.breakers.rules.all
    assert [service.name for service in RuleServices(found.inventory).of(only.host)] == ["web"]
