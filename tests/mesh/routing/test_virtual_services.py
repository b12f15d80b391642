"""VirtualServices as read: names resolved, nothing judged."""

from __future__ import annotations

import pytest

from meshlint.mesh.routing.virtual_services import VirtualService, gateway_name, read_virtual_services
from tests.mesh.build import inventory

TEXT = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: SPEC
"""


def read(spec: str) -> VirtualService:
    """Read one VirtualService of namespace shop; `spec` is flow YAML."""
    return read_virtual_services(inventory(TEXT.replace("SPEC", spec))).all[0]


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("mesh", "mesh"),
        ("edge", "shop/edge"),
        ("./edge", "shop/edge"),
        ("infra/edge", "infra/edge"),
        ("edge.infra", "infra/edge"),
        ("edge.infra.svc.cluster.local", "infra/edge"),
    ],
)
def test_gateway_names_resolve_as_in_istiod(written: str, full: str) -> None:
    """Bare names stay at home, dotted ones are the old form."""
    assert gateway_name(written, "shop") == full


def test_hosts_expand_and_mesh_is_the_default() -> None:
    """A short host belongs to the namespace; without gateways the VirtualService is for the mesh."""
    found = read("{hosts: [web, api.example.com], http: []}")
    assert [host.full for host in found.hosts] == ["web.shop.svc.cluster.local", "api.example.com"]
    assert found.binds_mesh


def test_routes_of_all_protocols_are_read() -> None:
    """Destinations, mirrors, delegates and weights, each with its place."""
    found = read(
        """
        {hosts: [web], gateways: [edge], exportTo: ["."],
         http: [{name: main, match: [{gateways: [mesh]}], mirror: {host: shadow},
                 mirrors: [{destination: {host: copy}, percentage: {value: 1}}],
                 route: [{destination: {host: web, subset: v1, port: {number: 80}}, weight: 90}]},
                {delegate: {name: part, namespace: parts}}],
         tls: [{route: [{destination: {host: secure}}]}],
         tcp: [{route: [{destination: {host: raw}}]}]}
        """
    )
    assert [(t.host.written, t.kind, t.subset, t.port, t.weight, t.host.pointer) for t in found.targets] == [
        ("web", "routes", "v1", 80, 90, "/spec/http/0/route/0/destination/host"),
        ("copy", "mirrors", "", None, None, "/spec/http/0/mirrors/0/destination/host"),
        ("shadow", "mirrors", "", None, None, "/spec/http/0/mirror/host"),
        ("secure", "routes", "", None, None, "/spec/tls/0/route/0/destination/host"),
        ("raw", "routes", "", None, None, "/spec/tcp/0/route/0/destination/host"),
    ]
    delegate = found.routes[1].delegate
    assert delegate is not None
    assert (delegate.namespace, delegate.name) == ("parts", "part")
    assert [name.pointer for name in found.match_gateways] == ["/spec/http/0/match/0/gateways/0"]
    assert not found.binds_mesh
    assert [route.text for route in found.routes] == ["http route main", "http route 2", "tls route 1", "tcp route 1"]


@pytest.mark.parametrize("spec", ["null", "[]", "{hosts: 3, http: {}, gateways: [1]}", "{http: [{route: [null, 3]}]}"])
def test_wrong_types_count_as_absent(spec: str) -> None:
    """Manifests hold anything; reading them never fails."""
    found = read(spec)
    assert found.hosts == ()
    assert list(found.targets) == []
