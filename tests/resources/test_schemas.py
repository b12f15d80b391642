"""The schemas: written down in order, able to accept what they describe, and never a reason to crash."""

from __future__ import annotations

import marshal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.resources.facts import take_facts
from meshlint.resources.resource import Resource
from meshlint.resources.schemas import gateway_api, gateway_routes, mesh_config, registry, routing, security, traffic
from meshlint.resources.schemas.judging import SCHEMA, Faults, faults_of, root_of
from meshlint.resources.schemas.nodes import OPEN, Choice, Fields, Items, Map, Node, Number, Truth
from meshlint.resources.schemas.served import schema_of, schemas, strangeness_of
from meshlint.resources.schemas.suggestions import neighbour, one_slip

TABLES = (
    routing.ROUTING,
    registry.REGISTRY,
    traffic.TRAFFIC,
    security.SECURITY,
    gateway_api.GATEWAY_API,
    gateway_routes.GATEWAY_ROUTES,
    mesh_config.MESH_CONFIG,
)
BLOCKS = [(name, text) for table in TABLES for name, text in table.items()]
ROOTS = sorted(set(schemas().values()) | {"MeshConfig"})
EXCLUSIVE = {  # block → the field of each exclusive set that a maximal object keeps
    "StringMatch": {"exact", "regex"},
    "HTTPBody": {"bytes"},
    "HTTPAbort": {"grpcStatus", "http2Error"},
    "HTTPDelay": {"exponentialDelay"},
    "HTTPRedirect": {"derivePort"},
    "ServerTLSSettings": {"credentialNames"},
    "ServiceEntry": {"endpoints"},
    "ReadinessProbe": {"exec", "grpc", "tcpSocket"},
    "LoadBalancer": {"simple"},
    "ConsistentHash": {"httpCookie", "useSourceIp", "httpQueryParameterName", "maglev"},
    "EnvoyFilter": {"targetRefs"},
    "ConfigMatch": {"cluster", "routeConfiguration", "waypoint"},
    "TargetRef": {"namespace"},
    "JWTRule": {"jwks", "jwks_uri"},
    "AuthorizationSource": {"serviceAccounts", "notServiceAccounts"},
    "MetricMatch": {"customMetric"},
    "CustomTag": {"environment", "formatter", "header"},
    "TrafficExtension": {"lua", "targetRef", "targetRefs"},
    "RequestMirror": {"fraction"},
    **{kind: {"targetRef", "targetRefs"} for kind in ("AuthorizationPolicy", "RequestAuthentication")},
    **{kind: {"targetRef", "targetRefs"} for kind in ("Telemetry", "WasmPlugin")},
}
TEXTS = {"sha256": "0" * 64, "period": "30s", "span": "0s", "duration": "1h30m", "header": "x-user"}


def object_of(name: str, value: Any, version: str = "v1") -> Faults:
    """Judge the spec of a kind, written `group/Kind`."""
    group, _, kind = name.rpartition("/")
    record = (0, "", 1, f"{group}/{version}", kind, "shop", "web", {}, {}, marshal.dumps({"spec": value}), "")
    return faults_of(Resource(0, 0, "a.yaml", record))


def texts(name: str, value: Any, version: str = "v1") -> list[str]:
    """Return what is refused, and the paths that nobody knows."""
    faults = object_of(name, value, version)
    return [f"{f.path} {f.text}" for f in faults.invalid] + [f.path for f in faults.unknown]


def maximal(node: Node, name: str = "") -> Any:
    """Return a value with every field that may stand together."""
    if isinstance(node, Fields):
        block = next((block for block, _ in BLOCKS if SCHEMA.node(block) is node), "")
        return {key: maximal(inner, key) for key, inner in node.fields.items() if key not in EXCLUSIVE.get(block, ())}
    if isinstance(node, Items):
        return [maximal(node.node)]
    if isinstance(node, Map):
        return {"8080": maximal(node.node)}
    if isinstance(node, Choice):
        return "ANY" if "WAYPOINT" in node.words else node.words[0]
    if isinstance(node, Number):
        return node.low or 0
    if isinstance(node, Truth):
        return True
    if node is OPEN:
        return {"whatever": [1]}
    return next((TEXTS[word] for word in TEXTS if SCHEMA.node(word) is node), "some-text")


@pytest.mark.parametrize(("name", "text"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_fields_stand_in_order_and_once(name: str, text: str) -> None:
    """The fields of a block are sorted and each is named once; what is no field comes before or after them."""
    lines = [line.split()[0].removesuffix("!") for line in text.strip().splitlines()]
    fields = [word for word in lines if word not in ("%", "=")]
    assert fields == sorted(set(fields)), name


def test_names_of_blocks_are_unique() -> None:
    """No block hides another one of a different table."""
    names = [name for name, _ in BLOCKS]
    assert len(names) == len(set(names))


def test_every_block_belongs_to_a_kind() -> None:
    """Nothing is written down that no kind uses, and every type that is named exists."""
    seen: set[int] = set()
    todo: list[Node] = [SCHEMA.node(name) for name in ROOTS]
    while todo:
        node = todo.pop()
        if id(node) not in seen:
            seen.add(id(node))
            todo += node.inner().values()
    assert [name for name, _ in BLOCKS if id(SCHEMA.node(name)) not in seen] == []


@pytest.mark.parametrize("name", ROOTS)
def test_a_maximal_object_is_accepted(name: str) -> None:
    """An object with every field that may stand together has no flaw."""
    value = maximal(SCHEMA.node(name))
    if name == "ServiceEntry":
        value["resolution"] = "STATIC"
    assert root_of(name).check({"spec": value}) is None


@pytest.mark.parametrize("kind", sorted(schemas()))
def test_kinds_with_a_schema_are_served(kind: str) -> None:
    """A kind with a schema is one that its group has."""
    group, _, name = kind.rpartition("/")
    assert schema_of(group, name, "v9") and strangeness_of(group, name, "v9") is not None


@given(
    st.sampled_from(sorted(schemas())),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    ),
)
def test_nothing_is_a_reason_to_raise(kind: str, value: Any) -> None:
    """Whatever stands in an object, judging it returns."""
    for version in ("v1", "v1beta1", "v1alpha3", "v1alpha1"):
        assert isinstance(object_of(kind, value, version), Faults)


@given(st.data())
def test_wrong_values_in_right_places_are_survived(data: st.DataObject) -> None:
    """A value of the wrong type in a field that exists is a flaw at most, never a crash."""
    root = SCHEMA.node(data.draw(st.sampled_from(ROOTS)))
    assert isinstance(root, Fields)
    wrong = data.draw(st.none() | st.booleans() | st.integers() | st.text() | st.just([None]) | st.just({"": {}}))
    value: Any = dict.fromkeys(root.fields, wrong)
    flaws = root.check(value)
    assert flaws is None or all(flaw.code in ("unknown", "value", "missing") for flaw in flaws)


@pytest.mark.parametrize(
    ("value", "refused"),
    [("5s", False), ("1h30m", False), ("1.5s", False), ("500us", True), ("0s", True), ("-1s", True), ("30", True),
     (30, True), ("1d", True), ("", True), ("${T}", False), ("1ms", False)],
)  # fmt: skip
def test_durations(value: Any, refused: bool) -> None:
    """A duration has a unit of Go's and lasts a millisecond."""
    assert bool(texts("networking.istio.io/VirtualService", {"http": [{"timeout": value}]})) is refused


def test_an_idle_timeout_may_be_switched_off() -> None:
    """Zero means no idle timeout of TCP, and nothing else."""
    pool = {"tcp": {"idleTimeout": "0s"}, "http": {"idleTimeout": "0s"}}
    rule = {"host": "web", "trafficPolicy": {"connectionPool": pool}}
    said = texts("networking.istio.io/DestinationRule", rule)
    assert len(said) == 1 and "connectionPool.http.idleTimeout" in said[0]


def test_nulls_count_as_absent_except_in_lists() -> None:
    """The API server drops a null of a mapping before it looks, and refuses one in a list."""
    assert texts("networking.istio.io/VirtualService", {"hosts": None, "http": [{"match": None}]}) == []
    assert texts("networking.istio.io/VirtualService", {"hosts": [None]}) == [
        "spec.hosts[0] is null, and a list holds no nulls"
    ]
    assert texts("networking.istio.io/Sidecar", {"egress": [{"hosts": None}]}) == ["spec.egress[0] has no hosts"]


def test_documents_as_people_write_them_are_accepted() -> None:
    """Objects with much of what their kinds take, in old and new versions, have no fault."""
    facts = take_facts((Path(__file__).parent / "documents.yaml").read_bytes(), "documents.yaml")
    found = [(record[4], faults_of(Resource(0, 0, "documents.yaml", record))) for record in facts.records]
    assert len(found) > 12
    assert [(kind, faults) for kind, faults in found if any(faults)] == []


def test_defaults_of_the_gateway_api_are_not_demanded() -> None:
    """Group, kind, weight and match type have defaults."""
    rule = {"backendRefs": [{"name": "web", "port": 80}], "matches": [{"path": {"value": "/"}}]}
    route = {"parentRefs": [{"name": "web"}], "rules": [rule]}
    assert texts("gateway.networking.k8s.io/HTTPRoute", route) == []


@pytest.mark.parametrize(
    ("field", "instead", "elsewhere"),
    [("timeOut", "timeout", False), ("mirror_percentage", "mirrorPercentage", False), ("retry", "", False),
     ("weight", "spec.http[].route[].weight", True), ("rewrites", "rewrite", False), ("entanglement", "", False)],
)  # fmt: skip
def test_suggestions(field: str, instead: str, elsewhere: bool) -> None:
    """Case, signs and one slip lead to a neighbour, a name of another level to its home, nothing to nothing."""
    faults = object_of("networking.istio.io/VirtualService", {"hosts": ["web"], "http": [{field: {}}]})
    assert [(fault.instead, fault.elsewhere) for fault in faults.unknown] == [(instead, elsewhere)]


def test_a_neighbour_comes_before_another_level() -> None:
    """A field that was renamed where it stands is not sent elsewhere, although its old name lives on there."""
    faults = object_of("networking.istio.io/VirtualService", {"http": [{"fault": {"abort": {"percent": 10}}}]})
    assert [(fault.instead, fault.elsewhere) for fault in faults.unknown] == [("percentage", False)]


def test_both_spellings_are_told_once() -> None:
    """A field that stands there in both spellings is the business of the text."""
    assert object_of("networking.istio.io/VirtualService", {"export_to": ["."], "exportTo": ["."]}).unknown == ()


def test_spellings_that_a_crd_lists_are_known() -> None:
    """Two fields have kept the spelling of protobuf."""
    assert texts("networking.istio.io/VirtualService", {"http": [{"mirror_percent": 5}]}) == []
    assert texts("security.istio.io/RequestAuthentication", {"jwtRules": [{"jwks_uri": "https://a.example"}]}) == []


def test_one_slip_is_one() -> None:
    """One letter more, less or other, or two that changed places."""
    assert all(one_slip("timeout", word) for word in ("timeouts", "timeot", "timeaut", "tiemout"))
    assert not any(one_slip("timeout", word) for word in ("timeout", "timers", "retries", "tiemuot"))
    assert neighbour("por", ["port"]) == ""


@pytest.mark.parametrize(
    ("group", "kind", "version", "instead"),
    [("networking.istio.io", "Virtualservice", "v1", "VirtualService"),
     ("networking.istio.io", "PeerAuthentication", "v1", "security.istio.io/v1"),
     ("networking.istio.io", "Gateway", "v2", "networking.istio.io/v1"),
     ("networking.istoi.io", "Gateway", "v1", "networking.istio.io/v1"),
     ("networking.istio.io", "EnvoyFilter", "v1", "networking.istio.io/v1alpha3"),
     ("gateway.networking.k8s.io", "HttpRoute", "v1", "HTTPRoute")],
)  # fmt: skip
def test_strange_kinds(group: str, kind: str, version: str, instead: str) -> None:
    """A kind that never was is told with the one that was meant."""
    found = strangeness_of(group, kind, version)
    assert found is not None and found[2] == instead


@pytest.mark.parametrize(
    ("group", "kind", "version"),
    [("networking.istio.io", "VirtualServiceList", "v1"), ("config.istio.io", "rule", "v1alpha2"),
     ("gateway.networking.x-k8s.io", "XMesh", "v1alpha1"), ("authentication.istio.io", "MeshPolicy", "v1alpha1"),
     ("networking.k8s.io", "Ingress", "v1"), ("networking.gke.io", "Gateway", "v1"), ("v1", "Gateway", "")],
)  # fmt: skip
def test_kinds_that_are_no_strangers(group: str, kind: str, version: str) -> None:
    """Lists, kinds of older releases, and groups of others."""
    assert strangeness_of(group, kind, version) is None


@pytest.mark.parametrize(
    ("kind", "spec", "said"),
    [
        ("networking.istio.io/Gateway", {"servers": [{"hosts": ["a.example"]}]}, "spec.servers[0] has no port"),
        ("networking.istio.io/ServiceEntry", {"hosts": ["a.b"], "ports": [
            {"number": 80, "name": "a"}, {"number": 80, "name": "b"}]}, "spec.ports[1].number is 80 a second time"),
        ("networking.istio.io/WorkloadEntry", {"labels": {}}, "spec has neither address nor network"),
        ("networking.istio.io/ServiceEntry", {"hosts": ["a.b"], "resolution": "DNS", "addresses": ["10.0.0.0/8"]},
         "spec.addresses[0] is the range 10.0.0.0/8, which resolution DNS does not take"),
        ("security.istio.io/PeerAuthentication",
         {"portLevelMtls": {"http": {}}, "selector": {"matchLabels": {"a": "b"}}},
         "spec.portLevelMtls.http is no port number from 1 to 65535"),
        ("security.istio.io/AuthorizationPolicy",
         {"selector": {"matchLabels": {"app": "*"}}},
         "spec.selector.matchLabels.app has a wildcard, and a selector compares whole labels"),
        ("networking.istio.io/Sidecar", {"egress": {"hosts": []}},
         "spec.egress is a mapping, where a list belongs"),
        ("networking.istio.io/DestinationRule", {"host": "web", "subsets": [{"name": "v1", "labels": {"version": 1}}]},
         "spec.subsets[0].labels.version is the number 1, where a string belongs"),
    ],
)  # fmt: skip
def test_what_the_api_server_refuses(kind: str, spec: Any, said: str) -> None:
    """A fault is told at its path, with the value."""
    assert said in texts(kind, spec)


def test_a_demanding_kind_has_a_spec() -> None:
    """A kind without demands may come without spec, one with demands may not."""
    assert texts("networking.istio.io/Sidecar", None) == []
    assert texts("networking.istio.io/ServiceEntry", None) == [" has no spec"]
