"""What a policy governs, and what governs in its stead."""

from __future__ import annotations

from meshlint.mesh.inspections.policies import inspect_policy
from meshlint.mesh.model import Decided
from tests.mesh.build import deployment, mesh, namespace, peer

SHOP = namespace("shop") + deployment("web", "shop") + deployment("cart", "shop")
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, appProtocol: http}]}
---
"""
OBJECT = """
apiVersion: {group}/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
---
"""


def made(kind: str, name: str, spec: str, namespace: str = "shop") -> str:
    """Write an object of Istio."""
    group = "security.istio.io" if kind.endswith(("Policy", "Authentication")) else "networking.istio.io"
    return OBJECT.format(group=group, kind=kind, name=name, namespace=namespace, spec=spec)


def reach(text: str, policy: str) -> dict[str, Decided]:
    """Return what an object governs, by name."""
    found = mesh(text)
    resource = next(r for r in found.inventory.resources if r.text == policy)
    return {row.name: row.in_force for row in inspect_policy(found, resource).governs}


def test_a_nearer_peer_authentication_decides() -> None:
    """A policy for one workload decides its ports; the one of the namespace decides the others."""
    text = SHOP + peer("default", "shop", "{mtls: {mode: STRICT}}")
    text += peer("web", "shop", "{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}")
    found = reach(text, "PeerAuthentication shop/default")
    assert found["Deployment shop/cart"].value is True
    shadowed = found["Deployment shop/web"]
    assert (shadowed.value, shadowed.because) == (False, "PeerAuthentication shop/web is PERMISSIVE in its stead")
    assert shadowed.decided_by is not None
    assert shadowed.decided_by.text == "PeerAuthentication shop/web"


def test_an_entry_for_a_port_leaves_the_rest_to_others() -> None:
    """A policy that sets one port only says who decides the others."""
    text = namespace("shop") + deployment("web", "shop", ports=(8080, 9090))
    text += peer("web", "shop", "{selector: {matchLabels: {app: web}}, portLevelMtls: {8080: {mode: DISABLE}}}")
    found = reach(text + peer("default", "shop", "{mtls: {mode: STRICT}}"), "PeerAuthentication shop/web")
    because = "port 8080 is DISABLE, port 9090 not, because PeerAuthentication shop/default is STRICT"
    assert found["Deployment shop/web"].because == because


def test_ports_are_told_apart_by_their_mode() -> None:
    """A policy that decides several ports says which mode each of them is in."""
    text = namespace("shop") + deployment("web", "shop", ports=(8080, 9090, 9091))
    spec = "{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: PERMISSIVE}}}"
    fact = reach(text + peer("web", "shop", spec), "PeerAuthentication shop/web")["Deployment shop/web"]
    assert fact.because == "port 8080 is PERMISSIVE, ports 9090, 9091 are STRICT"


def test_a_private_destination_rule_governs_its_own_namespace() -> None:
    """Clients of the service's namespace do not see a rule that another namespace keeps to itself."""
    text = SHOP + SERVICE + namespace("office")
    text += made("DestinationRule", "web", "{host: web.shop.svc.cluster.local, exportTo: [.]}", "office")
    found = reach(text, "DestinationRule office/web")
    assert found["web.shop.svc.cluster.local for clients of namespace office"].value is True
    assert found["web.shop.svc.cluster.local for clients of namespace shop"].value is False


def test_a_more_specific_destination_rule_governs_in_its_stead() -> None:
    """Of two hosts in one namespace the exact one wins."""
    text = SHOP + SERVICE + made("DestinationRule", "all", "{host: '*.shop.svc.cluster.local', trafficPolicy: {}}")
    text += made("DestinationRule", "web", "{host: web, trafficPolicy: {}}")
    fact = reach(text, "DestinationRule shop/all")["web.shop.svc.cluster.local for clients of namespace shop"]
    assert (fact.value, fact.decided_by and fact.decided_by.text) == (False, "DestinationRule shop/web")


def test_of_two_virtual_services_the_older_wins() -> None:
    """Manifests hold no age, so a host that two claim is unsettled."""
    spec = "{hosts: [web], http: [{route: [{destination: {host: web}}]}]}"
    text = SHOP + SERVICE + made("VirtualService", "one", spec) + made("VirtualService", "two", spec)
    fact = reach(text, "VirtualService shop/one")["web.shop.svc.cluster.local for clients in the mesh"]
    assert (fact.value, fact.missing) == (None, "which of them is older")


def test_a_sidecar_with_a_selector_governs_its_workloads() -> None:
    """The Sidecar of the namespace gives way to the one that selects the workload."""
    text = SHOP + made("Sidecar", "default", "{egress: [{hosts: ['./*']}]}")
    text += made("Sidecar", "web", "{workloadSelector: {labels: {app: web}}, egress: [{hosts: ['*/*']}]}")
    found = reach(text, "Sidecar shop/default")
    assert found["Deployment shop/web"].because == "Sidecar shop/web governs it instead"
    assert found["Deployment shop/cart"].value is True


def test_a_policy_that_turns_nobody_away_is_in_force_nowhere() -> None:
    """AUDIT only writes down, and an action that Istio does not know is refused."""
    for action, because in (("AUDIT", "turns nobody away"), ("ODD", "is none that Istio knows")):
        text = SHOP + made("AuthorizationPolicy", "a", f"{{action: {action}, rules: [{{}}]}}")
        fact = reach(text, "AuthorizationPolicy shop/a")["Deployment shop/web"]
        assert (fact.value, fact.because) == (False, f"its action {action} {because}")


def test_a_policy_reaches_nobody_without_a_proxy() -> None:
    """An AuthorizationPolicy on a workload outside the mesh is in force nowhere."""
    text = namespace("shop", "{}") + deployment("web", "shop") + made("AuthorizationPolicy", "a", "{rules: [{}]}")
    fact = reach(text, "AuthorizationPolicy shop/a")["Deployment shop/web"]
    assert (fact.value, fact.because) == (False, "no proxy reads it: namespace shop has no data-plane label")


ENTRY = "{hosts: [api.example], ports: [{number: 443, name: tls, protocol: TLS}], exportTo: [.]}"


def test_a_service_entry_says_who_sees_each_host() -> None:
    """A host of a ServiceEntry is answered like a service."""
    found = mesh(SHOP + made("ServiceEntry", "api", ENTRY))
    resource = next(r for r in found.inventory.resources if r.kind == "ServiceEntry")
    answer = inspect_policy(found, resource)
    assert answer.governs[0].in_force.because == "it is seen by namespace shop: its exportTo is ."
    assert [(host.host, host.ports[0].protocol.value) for host in answer.hosts] == [("api.example", "tls")]


def test_a_gateway_says_where_it_leads() -> None:
    """The routes that are bound to a Gateway are its calls."""
    text = SHOP + SERVICE + made("Gateway", "way", "{selector: {app: web}, servers: []}")
    text += made(
        "VirtualService", "web", "{hosts: [x.example], gateways: [way], http: [{route: [{destination: {host: web}}]}]}"
    )
    found = mesh(text)
    resource = next(r for r in found.inventory.resources if r.kind == "Gateway")
    assert [call.name for call in inspect_policy(found, resource).calls] == ["Service shop/web"]
