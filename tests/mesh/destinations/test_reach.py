"""Traffic policies that reach no client, and what leaves the question open."""

from __future__ import annotations

from meshlint.config.model import Settings
from meshlint.mesh.destinations.reach import Reach, Unapplied
from meshlint.mesh.routing.progressive import read_progressive
from tests.mesh.build import deployment, mesh, namespace

SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: payments}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
---
"""
PODS = deployment("ledger", "payments") + SERVICE.format(name="ledger")
LEDGER = namespace("payments") + PODS
CALLER = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: app, image: x, env: [{{name: LEDGER_URL, value: "http://ledger.payments"}}]}}]}}
---
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: ledger, namespace: {namespace}}}
spec: {{host: {host}, {spec}}}
---
"""
POLICY = "trafficPolicy: {connectionPool: {tcp: {maxConnections: 10}}}"
SUBSET = "subsets: [{name: v1, labels: {app: ledger}, " + POLICY + "}]"
PLAIN = "{}"


def rule(namespace: str, spec: str = POLICY, host: str = "ledger.payments.svc.cluster.local") -> str:
    """Write a DestinationRule for the ledger."""
    return RULE.format(namespace=namespace, host=host, spec=spec)


def caller(namespace: str, name: str = "report") -> str:
    """Write a Deployment that calls the ledger."""
    return CALLER.format(name=name, namespace=namespace)


def unapplied(text: str, settings: Settings | None = None) -> list[Unapplied]:
    """Return what the only rule of a text does for nobody."""
    found = mesh(text, settings)
    reach = Reach(
        found.inventory,
        found.memberships,
        found.selection,
        found.graph,
        found.routing,
        found.existence,
        read_progressive(found.inventory),
    )
    (only,) = found.breakers.rules.all
    return list(reach.of(only))


def missing(text: str) -> str:
    """Return what keeps the one doubtful policy of a text from being settled."""
    (only,) = unapplied(text)
    return only.missing


def test_a_rule_of_the_services_namespace_is_found_by_everybody() -> None:
    """The second place of the lookup."""
    assert unapplied(LEDGER + caller("payments") + rule("payments")) == []


def test_a_rule_of_the_root_namespace_is_found_by_everybody() -> None:
    """The third place of the lookup."""
    assert unapplied(LEDGER + rule("istio-system")) == []


def test_a_rule_elsewhere_reaches_nobody() -> None:
    """Its namespace is described, has no pods, and the clients live in another one."""
    (found,) = unapplied(
        LEDGER + namespace("tools") + caller("tools") + namespace("policies", PLAIN) + rule("policies")
    )
    assert (found.missing, found.pointer) == ("", "/metadata/namespace")
    assert found.because == "clients in namespace tools look in their own namespace, in payments and in istio-system"


def test_a_rule_of_a_clients_namespace_is_meant_for_that_client() -> None:
    """The first place of the lookup."""
    assert unapplied(LEDGER + namespace("tools") + caller("tools") + rule("tools")) == []


def test_other_workloads_of_its_namespace_may_be_clients() -> None:
    """Nobody knows all calls."""
    text = LEDGER + namespace("tools") + caller("tools") + namespace("audit") + deployment("audit", "audit")
    assert missing(text + rule("audit")) == "what the workloads of namespace audit call"


def test_a_namespace_that_nobody_describes_may_hold_clients() -> None:
    """Its workloads may live in another repository."""
    assert missing(LEDGER + caller("payments") + rule("elsewhere")) == "workloads of namespace elsewhere"


def test_without_known_clients_the_question_stays_open() -> None:
    """A rule that stands elsewhere may be there for a reason."""
    text = LEDGER + namespace("policies", PLAIN) + rule("policies")
    assert missing(text) == "clients of ledger.payments.svc.cluster.local"


def test_a_gateway_in_its_namespace_may_be_a_client() -> None:
    """The proxies of a Gateway are made by a controller, or come from a chart."""
    door = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: door, namespace: policies}
spec: {}
---
"""
    text = LEDGER + namespace("tools") + caller("tools") + namespace("policies", PLAIN) + door + rule("policies")
    assert missing(text) == "what the workloads of namespace policies call"


def test_gateways_of_an_installation_may_be_clients() -> None:
    """Their pods come from a chart."""
    text = LEDGER + namespace("tools") + caller("tools") + namespace("istio-ingress", PLAIN) + rule("istio-ingress")
    assert missing(text) == "what the workloads of namespace istio-ingress call"


def test_clients_of_a_routed_host_are_clients_of_where_it_leads() -> None:
    """Whoever calls the old name is sent to the new one by its own proxy."""
    route = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ledger, namespace: payments}
spec: {hosts: [ledger], http: [{route: [{destination: {host: ledger-next}}]}]}
---
"""
    text = LEDGER + SERVICE.format(name="ledger-next") + namespace("tools") + caller("tools") + route
    assert unapplied(text + rule("tools", host="ledger-next.payments.svc.cluster.local")) == []


def test_a_rule_exported_past_its_clients_reaches_nobody() -> None:
    """The only known client lives in a namespace that does not see it."""
    text = LEDGER + namespace("tools") + caller("tools") + rule("payments", 'exportTo: ["."], ' + POLICY)
    (found,) = unapplied(text)
    assert (found.missing, found.pointer) == ("", "/spec/exportTo")
    assert found.because == "it is exported to namespace payments and its clients live in namespace tools"


def test_a_rule_for_its_own_namespace_is_right_where_no_client_is_known() -> None:
    """Clients are expected beside the service."""
    assert unapplied(LEDGER + rule("payments", 'exportTo: ["."], ' + POLICY)) == []


def test_a_waypoint_is_a_client() -> None:
    """It stands between all clients and the service, in the namespace of the service."""
    ambient = "{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}"
    text = namespace("payments", ambient) + PODS
    text += namespace("tools") + caller("tools") + rule("payments", 'exportTo: ["."], ' + POLICY)
    assert unapplied(text) == []


def test_a_policy_of_a_subset_needs_a_route() -> None:
    """A subset is a cluster of its own, and nothing sends to it."""
    (found,) = unapplied(LEDGER + rule("payments", SUBSET))
    assert (found.missing, found.pointer) == ("", "/spec/subsets/0/trafficPolicy#")


def test_a_subset_without_policy_is_not_our_business() -> None:
    """There is nothing that would not be applied."""
    assert unapplied(LEDGER + rule("payments", "subsets: [{name: v1, labels: {app: ledger}}]")) == []


def test_routes_of_a_namespace_that_nobody_describes_stay_open() -> None:
    """Host and rule name a namespace of which only the rule is here."""
    assert missing(rule("payments", SUBSET)) == "VirtualServices of namespace payments"


ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: ledger{namespace}}}
spec: {{hosts: [ledger], http: [{{route: [{{destination: {{host: ledger, subset: v1}}}}]}}]}}
---
"""


def test_a_route_that_states_no_namespace_may_be_meant() -> None:
    """It goes wherever it is applied, and so does a rule without one."""
    assert (
        missing(LEDGER + rule("payments", SUBSET) + ROUTE.format(namespace="")) == "namespace of the routes to ledger"
    )
    placed = ROUTE.format(namespace=", namespace: payments")
    bare = rule("payments", SUBSET, "ledger").replace(", namespace: payments}", "}") + SERVICE.format(
        name="ledger"
    ).replace(", namespace: payments}", "}")
    assert missing(LEDGER + bare + placed) == "namespace of DestinationRule ledger"
    assert unapplied(LEDGER + rule("payments", SUBSET) + placed) == []
