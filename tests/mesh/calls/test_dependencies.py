"""Edges and what they are known by: selectors, routes, mirrors, Ingresses, calls, expectations."""

from __future__ import annotations

from meshlint.mesh.calls.dependencies import find_edges
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.mesh import Mesh
from tests.mesh.build import deployment, mesh, namespace

SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
---
"""
CLIENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      serviceAccountName: {name}
      containers: [{{name: app, image: x, env: [{{name: TARGET_URL, value: "{url}"}}]}}]
---
"""
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
---
"""
POLICY = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
---
"""
HTTP_ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: web, namespace: {namespace}}}
spec: {spec}
---
"""


def service(name: str, namespace: str = "shop") -> str:
    """Write a Service on port 80 that selects `app: <name>`."""
    return SERVICE.format(name=name, namespace=namespace)


def client(name: str, url: str, namespace: str = "shop") -> str:
    """Write a Deployment that calls a URL and runs under a service account of its name."""
    return CLIENT.format(name=name, namespace=namespace, url=url)


def route(name: str, spec: str, namespace: str = "shop") -> str:
    """Write a VirtualService; `spec` is flow YAML."""
    return ROUTE.format(name=name, namespace=namespace, spec=spec)


def policy(spec: str, namespace: str = "shop") -> str:
    """Write an AuthorizationPolicy; `spec` is flow YAML."""
    return POLICY.format(name="who", namespace=namespace, spec=spec)


def http_route(spec: str, namespace: str = "shop") -> str:
    """Write an HTTPRoute; `spec` is flow YAML."""
    return HTTP_ROUTE.format(namespace=namespace, spec=spec)


def node(found: Mesh, name: str) -> str:
    """Return a node with the names of services and workloads in the place of their numbers."""
    kind, _, rest = name.partition(":")
    if kind == "service":
        return found.inventory.services[int(rest)].host.removesuffix(".svc.cluster.local")
    return found.inventory.workloads[int(rest)].name if kind == "workload" else name


def shown(found: Mesh, edge: Edge) -> str:
    """Return an edge in one line."""
    port = f":{edge.port}" if edge.port else ""
    subset = f"#{edge.subset}" if edge.subset else ""
    return f"{node(found, edge.source)} {edge.kind} {node(found, edge.target)}{port}{subset}"


def edges(text: str, kind: str = "") -> list[str]:
    """Return the edges of manifests, of one kind if one is given."""
    found = mesh(text)
    return [shown(found, edge) for edge in find_edges(found) if kind in ("", edge.kind)]


def test_a_service_leads_to_the_workloads_that_it_selects() -> None:
    """A selector is declared evidence."""
    found = mesh(service("web") + deployment("web", "shop") + deployment("other", "shop"))
    (edge,) = find_edges(found)
    assert shown(found, edge) == "web.shop selects web"
    assert (edge.known_by, edge.evidence.pointer) == ("declared", "/spec/selector")


def test_an_entry_leads_to_the_workloads_that_it_selects() -> None:
    """A ServiceEntry keeps its selector elsewhere."""
    entry = """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: old, namespace: shop}
        spec: {hosts: [old.example], workloadSelector: {labels: {app: old}}, ports: [{number: 80, name: http}]}
        ---
    """
    found = mesh(entry + deployment("old", "shop").replace("\n", "\n        "))
    (edge,) = find_edges(found)
    assert edge.evidence.pointer == "/spec/workloadSelector/labels"


def test_an_external_name_leads_to_what_it_stands_for() -> None:
    """A Service of type ExternalName is another name of a host, or of a Service."""
    alias = """
apiVersion: v1
kind: Service
metadata: {{name: alias, namespace: shop}}
spec: {{type: ExternalName, externalName: {}}}
---
"""
    assert edges(alias.format("api.example.com")) == ["alias.shop resolves host:api.example.com"]
    assert "alias.shop resolves web.shop" in edges(alias.format("web.shop.svc.cluster.local") + service("web"))


def test_a_value_of_the_environment_is_a_call() -> None:
    """The caller is the workload, the port that of the URL."""
    found = mesh(service("web") + client("shopper", "http://web/x"))
    edge = find_edges(found)[-1]
    assert shown(found, edge) == "shopper calls web.shop:80"
    assert (edge.known_by, edge.spot) == ("called", None)
    assert edge.evidence.pointer == "/spec/template/spec/containers/0/env/0/value"


def test_a_route_of_the_mesh_starts_at_those_who_call_its_host() -> None:
    """`mesh:` stands for the others; the subset is kept."""
    text = service("web") + client("shopper", "http://web") + client("idler", "http://nobody")
    text += route("web", "{hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}")
    assert edges(text, "routes") == ["mesh: routes web.shop#v1", "shopper routes web.shop#v1"]


def test_a_route_that_clients_do_not_see_starts_at_none_of_them() -> None:
    """`exportTo` hides a VirtualService from other namespaces."""
    text = service("web") + client("shopper", "http://web.shop", "away")
    text += route("web", "{hosts: [web], exportTo: ['.'], http: [{route: [{destination: {host: web}}]}]}")
    assert edges(text, "routes") == ["mesh: routes web.shop"]


def test_a_client_without_proxy_follows_no_route() -> None:
    """Routes live in the client's proxy."""
    text = namespace("away", "{istio-injection: disabled}") + service("web") + client("s", "http://web.shop", "away")
    text += route("web", "{hosts: [web], http: [{route: [{destination: {host: web}}]}]}")
    assert edges(text, "routes") == ["mesh: routes web.shop"]


def test_a_route_for_another_port_is_not_followed() -> None:
    """A match on a port leaves out calls of other ports."""
    text = service("web") + client("shopper", "http://web")
    spec = "{{hosts: [web], http: [{{match: [{{port: {}}}], route: [{{destination: {{host: web}}}}]}}]}}"
    assert "shopper routes web.shop" not in edges(text + route("web", spec.format(9090)))
    assert "shopper routes web.shop" in edges(text + route("web", spec.format(80)))


def test_weights_of_nothing_and_mirrors_of_nothing_give_no_edge() -> None:
    """Only what gets requests is joined."""
    spec = (
        "{hosts: [web], http: [{route: [{destination: {host: a}, weight: 100}, {destination: {host: b}, weight: 0}],"
        " mirrors: [{destination: {host: c}, percentage: {value: 0}}, {destination: {host: d}}]},"
        " {route: [{destination: {host: e}}], mirror: {host: f}, mirrorPercentage: {value: 0.0}}]}"
    )
    found = edges(route("web", spec))
    assert found == [
        "mesh: routes host:a.shop.svc.cluster.local",
        "mesh: mirrors host:d.shop.svc.cluster.local",
        "mesh: routes host:e.shop.svc.cluster.local",
    ]


def test_a_lone_weight_of_nothing_still_gets_everything() -> None:
    """Of one destination without weight nothing can be taken away."""
    spec = "{hosts: [web], http: [{route: [{destination: {host: a.example}, weight: 0}]}]}"
    assert edges(route("web", spec)) == ["mesh: routes host:a.example"]


def test_the_routes_of_a_delegate_start_where_its_root_is_bound() -> None:
    """A VirtualService without hosts acts through those that hand over to it."""
    text = route("inner", "{http: [{route: [{destination: {host: web.example}}]}]}")
    assert edges(text) == []
    text += route("outer", "{hosts: ['*'], gateways: [in/door], http: [{delegate: {name: inner}}]}")
    assert edges(text) == ["gateway:in/door routes host:web.example"]


EGRESS = (
    namespace("shop")
    + service("egress", "istio-system")
    + deployment("egress", "istio-system", annotations="{inject.istio.io/templates: gateway}")
    + client("shopper", "http://api.example.com")
    + """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: shop}
spec: {hosts: [api.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: out, namespace: shop}
spec: {selector: {app: egress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [api.example.com]}]}
---
"""
    + route(
        "api",
        "{hosts: [api.example.com], gateways: [mesh, out], http: ["
        "{match: [{gateways: [mesh], port: 80}],"
        " route: [{destination: {host: egress.istio-system.svc.cluster.local}}]},"
        "{match: [{gateways: [out], port: 80}], route: [{destination: {host: api.example.com}}]}]}",
    )
)


def test_an_egress_gateway_stands_between_client_and_host() -> None:
    """Client → service of the gateway → its pods → their Gateway → host; the gateways of matches are told apart."""
    found = edges(EGRESS)
    assert "shopper calls api.example.com:80" in found
    assert "shopper routes egress.istio-system" in found
    assert "egress.istio-system selects egress" in found
    assert "egress configures gateway:shop/out" in found
    assert "gateway:shop/out routes api.example.com" in found
    assert "gateway:shop/out routes egress.istio-system" not in found
    assert "shopper routes api.example.com" not in found


def test_a_wildcard_entry_is_the_node_of_the_hosts_below_it() -> None:
    """A route to a host of a wildcard ServiceEntry leads to the entry."""
    text = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: all, namespace: shop}
spec: {hosts: ["*.example.com"], ports: [{number: 443, name: tls, protocol: TLS}]}
---
"""
    text += route("api", "{hosts: [x.y], http: [{route: [{destination: {host: api.example.com}}]}]}")
    assert edges(text) == ["mesh: routes *.example.com"]


def test_a_gateway_api_route_leads_from_its_gateway_over_namespaces() -> None:
    """Namespaces of parents and backends default to that of the route; a weight of 0 gets nothing."""
    spec = (
        "{parentRefs: [{name: door}, {name: front, namespace: infra}], rules: [{backendRefs: ["
        "{name: web, port: 80}, {name: other, namespace: away, port: 81}, {name: idle, port: 82, weight: 0}]}]}"
    )
    assert edges(http_route(spec)) == [
        "gateway:shop/door routes host:web.shop.svc.cluster.local:80",
        "gateway:infra/front routes host:web.shop.svc.cluster.local:80",
        "gateway:shop/door routes host:other.away.svc.cluster.local:81",
        "gateway:infra/front routes host:other.away.svc.cluster.local:81",
    ]


def test_a_gateway_api_mirror_of_nothing_gives_no_edge() -> None:
    """Percentages and fractions count, of rules and of backends."""
    mirror = "{{type: RequestMirror, requestMirror: {{backendRef: {{name: {}, port: 80}}, {}}}}}"
    filters = ", ".join(
        mirror.format(name, share)
        for name, share in (("a", "percent: 0"), ("b", "fraction: {numerator: 0}"), ("c", "fraction: {numerator: 1}"))
    )
    text = http_route(f"{{parentRefs: [{{name: door}}], rules: [{{filters: [{filters}]}}]}}")
    assert edges(text) == ["gateway:shop/door mirrors host:c.shop.svc.cluster.local:80"]


def test_a_route_of_a_service_starts_at_those_who_call_it() -> None:
    """A parent may be a Service (GAMMA); a route in another namespace holds for the clients of its own."""
    text = service("web") + service("next") + client("near", "http://web") + client("far", "http://web.shop", "away")
    spec = (
        "{parentRefs: [{kind: Service, group: '', name: web, namespace: shop}],"
        " rules: [{backendRefs: [{name: next, namespace: shop, port: 80}]}]}"
    )
    assert edges(text + http_route(spec), "routes") == [
        "mesh: routes next.shop:80",
        "near routes next.shop:80",
        "far routes next.shop:80",
    ]
    assert edges(text + http_route(spec, "away"), "routes") == ["mesh: routes next.shop:80", "far routes next.shop:80"]


def test_a_route_of_an_entry_starts_at_those_who_call_its_host() -> None:
    """A parent may be a ServiceEntry, and a backend a host name."""
    text = EGRESS.partition("---\napiVersion: networking.istio.io/v1\nkind: Gateway")[0] + "---\n"
    spec = (
        "{parentRefs: [{kind: ServiceEntry, group: networking.istio.io, name: api}],"
        " rules: [{backendRefs: [{kind: Hostname, group: networking.istio.io, name: b.example.com, port: 80}]}]}"
    )
    assert "shopper routes host:b.example.com:80" in edges(text + http_route(spec))


def test_an_ingress_leads_to_its_backends_by_number_and_by_name() -> None:
    """A named port is looked up; the older form is read, too."""
    text = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: door, namespace: shop}
spec:
  defaultBackend: {service: {name: web, port: {name: http}}}
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: away, port: {number: 81}}}}]}}]
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: old, namespace: shop}
spec: {rules: [{http: {paths: [{backend: {serviceName: web, servicePort: 80}}]}}]}
---
"""
    assert edges(text + service("web"), "ingress") == [
        "ingress:shop/door ingress web.shop:80",
        "ingress:shop/door ingress host:away.shop.svc.cluster.local:81",
        "ingress:shop/old ingress web.shop:80",
    ]


SERVED = service("web") + deployment("web", "shop") + client("shopper", "", "far") + client("other", "", "far")


def test_an_allow_policy_names_who_is_expected() -> None:
    """A principal stands for the workloads of its account, and points to its very value."""
    source = "{principals: [nobody, cluster.local/ns/far/sa/shopper]}"
    found = mesh(
        SERVED + policy(f"{{selector: {{matchLabels: {{app: web}}}}, rules: [{{from: [{{source: {source}}}]}}]}}")
    )
    (edge,) = [edge for edge in find_edges(found) if edge.kind == "expects"]
    assert shown(found, edge) == "shopper expects web.shop"
    assert edge.known_by == "expected"
    assert edge.evidence.pointer == "/spec/rules/0/from/0/source/principals/1"


def expected(source: str, more: str = "selector: {matchLabels: {app: web}}") -> list[str]:
    """Return what a policy with one source expects."""
    return edges(SERVED + policy(f"{{{more}, rules: [{{from: [{{source: {source}}}]}}]}}"), "expects")


def test_service_accounts_and_namespaces_name_callers() -> None:
    """An account without namespace is one of the policy's own; a namespace stays a namespace."""
    assert expected("{serviceAccounts: [far/shopper]}") == ["shopper expects web.shop"]
    assert expected("{serviceAccounts: [shopper]}") == []
    assert expected("{namespaces: [far]}") == ["namespace:far expects web.shop"]


def test_patterns_are_no_product_of_all_workloads() -> None:
    """A wildcard inside one namespace is that namespace, any other is nobody."""
    assert expected("{principals: ['*/ns/far/sa/*']}") == ["namespace:far expects web.shop"]
    assert expected("{principals: ['*']}") == []
    assert expected("{namespaces: ['fa*']}") == []


def test_the_closest_part_of_a_source_counts() -> None:
    """Parts of a source are joined by AND."""
    assert expected("{principals: [cluster.local/ns/far/sa/shopper], namespaces: [far]}") == [
        "shopper expects web.shop"
    ]


def test_a_policy_for_a_whole_namespace_is_for_the_namespace() -> None:
    """It joins no caller with every service."""
    assert expected("{namespaces: [far]}", "action: ALLOW") == ["namespace:far expects namespace:shop"]


def test_a_policy_may_target_a_service() -> None:
    """A policy of a waypoint names its Service."""
    target = "targetRefs: [{kind: Service, group: '', name: web}]"
    assert expected("{namespaces: [far]}", target) == ["namespace:far expects web.shop"]


def test_only_allow_expects() -> None:
    """Who is denied, audited or tried out is not expected."""
    more = "selector: {matchLabels: {app: web}}, action: "
    assert expected("{namespaces: [far]}", more + "DENY") == []
    assert expected("{namespaces: [far]}", more + "AUDIT") == []


def test_another_trust_domain_is_not_ours() -> None:
    """With a MeshConfig that names the trust domain, accounts of others are no workloads of the set."""
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "trustDomain: hms.example"}
---
"""
    rule = "rules: [{{from: [{{source: {{principals: [{}/ns/far/sa/shopper]}}}}]}}]"
    text = SERVED + config
    for domain, count in (("hms.example", 1), ("cluster.local", 1), ("else.example", 0)):
        spec = "{selector: {matchLabels: {app: web}}, " + rule.format(domain) + "}"
        assert len(edges(text + policy(spec), "expects")) == count, domain


def test_a_condition_names_callers_too() -> None:
    """`when: source.principal` is a source in other words."""
    when = "when: [{key: source.principal, values: [cluster.local/ns/far/sa/shopper]}]"
    text = SERVED + policy(f"{{selector: {{matchLabels: {{app: web}}}}, rules: [{{{when}}}]}}")
    found = mesh(text)
    (edge,) = [edge for edge in find_edges(found) if edge.kind == "expects"]
    assert edge.evidence.pointer == "/spec/rules/0/when/0/values/0"


def test_an_account_of_many_workloads_is_its_namespace() -> None:
    """The account `default` may be everybody's."""
    crowd = "".join(deployment(f"w{number}", "far") for number in range(17))
    source = "rules: [{from: [{source: {principals: [cluster.local/ns/far/sa/default]}}]}]"
    text = service("web") + deployment("web", "shop") + crowd
    assert edges(text + policy(f"{{selector: {{matchLabels: {{app: web}}}}, {source}}}"), "expects") == [
        "namespace:far expects web.shop"
    ]
