"""What DestinationRules do to encryption, as rules see it.

In: the resolved mesh. Out: parts of the views of DestinationRules and of the mesh.
"""

from __future__ import annotations

from meshlint.mesh.destinations.destination_rules import KIND, read_rule
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.mtls.client_tls import ClientTls, TlsSetting
from meshlint.policy.views.exceptions import excepted_ports
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.resource import Resource


def client_tls_of(mesh: Mesh) -> ClientTls:
    """Make what answers for all rules of a mesh."""
    rules, routes = mesh.breakers.rules, mesh.graph.routes
    return ClientTls(mesh.inventory, mesh.selection, mesh.memberships, rules, routes, excepted_ports(mesh), mesh.mtls)


def plain_text_views(resource: Resource, mesh: Mesh, tls: ClientTls) -> list[View]:
    """Return what a DestinationRule sends in plain text to servers that have a proxy."""
    if f"{resource.group}/{resource.kind}" != KIND:
        return []
    found: list[View] = []
    for plain in tls.plain_text_of(read_rule(resource, mesh.inventory)):
        view: View = {
            "text": _scope(plain.setting),
            "service": plain.service.text,
            "place": place_view(Place(resource, plain.setting.pointer, "tls")),
        }
        if plain.missing:
            found.append(with_unknown(view, {"reaches_proxy": plain.missing}))
        else:
            found.append(view | {"reaches_proxy": True})
    return found


def auto_mtls_view(mesh: Mesh) -> View:
    """Return what the MeshConfig says about auto-mTLS, and what it would take to do without."""
    config = mesh.inventory.mesh_config
    place = config.place
    if place is not None and place.pointer == "/spec/meshConfig":
        place = place._replace(pointer=f"{place.pointer}/enableAutoMtls")
    known = {member.dataplane for member in mesh.memberships}
    return {
        "enabled": config.enable_auto_mtls,
        "applies": not known or bool(known & {"sidecar", "gateway", "unknown"}),
        "covered": not config.enable_auto_mtls and client_tls_of(mesh).all_ports_covered(),
        "place": place_view(place._replace(fact="auto-mtls") if place is not None else None),
    }


def _scope(setting: TlsSetting) -> str:
    port = "all ports" if setting.port is None else f"port {setting.port}"
    return f"{port} of subset {setting.subset}" if setting.subset else port
