"""What routing rests on: VirtualServices as read, who sees what, and where hosts lead.

In: the inventory and what exists elsewhere. Out: `Routing`, made once for an environment and asked by every family of
rules that follows a name.
"""

from __future__ import annotations

from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Inventory
from meshlint.mesh.routing.bound_routes import BoundRoutes
from meshlint.mesh.routing.references import HostReferences
from meshlint.mesh.routing.request_policies import RequestPolicies
from meshlint.mesh.routing.virtual_services import VirtualServices, read_virtual_services
from meshlint.mesh.visibility import Visibility
from meshlint.records import NamedTuple


class Routing(NamedTuple):
    """Hold the answers."""

    virtual_services: VirtualServices
    visibility: Visibility
    references: HostReferences
    bound: BoundRoutes
    policies: RequestPolicies


def read_routing(inventory: Inventory, existence: Existence) -> Routing:
    """Read the routing of an environment."""
    visibility = Visibility(inventory)
    references = HostReferences(inventory, visibility, existence)
    services = read_virtual_services(inventory)
    return Routing(services, visibility, references, BoundRoutes(services), RequestPolicies(inventory))
