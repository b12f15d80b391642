"""Entry points that take plain text, as rules see them.

In: the resolved mesh. Out: a part of the view of an object.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh.exceptions import exemption_of
from meshlint.mesh.gateways.gateways import read_gateways
from meshlint.mesh.gateways.kubernetes_gateways import KubernetesGateways
from meshlint.mesh.gateways.plain_entries import PlainEntries, PlainEntry
from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.values import View, exemption_view, place_view, with_unknown
from meshlint.resources.resource import Resource


def plain_entries_of(mesh: Mesh) -> PlainEntries:
    """Return the answers for all objects of an environment."""
    inventory = mesh.inventory
    gateways = read_gateways(inventory, mesh.memberships)
    services = mesh.routing.virtual_services
    kubernetes = KubernetesGateways(inventory)
    return PlainEntries(inventory, gateways, kubernetes, services, mesh.selection, mesh.existence)


def plain_entry_views(resource: Resource, mesh: Mesh, entries: PlainEntries) -> list[View]:
    """View the plain-text entries of one object."""
    return [_entry(row, resource.annotations, mesh) for row in entries.of(resource)]


def _entry(row: PlainEntry, annotations: Mapping[str, str], mesh: Mesh) -> View:
    view: View = {
        "text": row.text,
        "protocol": row.protocol,
        "port_name": row.port_name,
        "exemption": exemption_view(exemption_of(annotations, mesh.today)),
        "place": place_view(row.place),
    }
    return with_unknown(view, {"plain": row.missing}) if row.plain is None else view | {"plain": row.plain}
