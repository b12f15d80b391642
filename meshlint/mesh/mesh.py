"""The frozen model of one environment: what is declared, and what is in force.

In: the answers of all resolvers. Out: `Mesh`. Everything in it is immutable or treated so: rules read it and nothing
writes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh.authorization.authorization import Authorization
from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.destinations.breakers import BreakerFacts
from meshlint.mesh.environments import Duplicate
from meshlint.mesh.existence import Existence
from meshlint.mesh.files import FileFact, RepositoryFact
from meshlint.mesh.legacy.legacy import LegacyPort
from meshlint.mesh.model import Decided, Inventory, Membership
from meshlint.mesh.mtls.modes import MtlsFacts
from meshlint.mesh.mtls.peer_authentication import PeerPolicies
from meshlint.mesh.routing.routing import Routing
from meshlint.mesh.selection import PortId, Selection
from meshlint.records import NamedTuple


class Mesh(NamedTuple):
    """Hold one environment, resolved."""

    inventory: Inventory
    memberships: tuple[Membership, ...]  # by workload id
    selection: Selection
    policies: PeerPolicies
    mtls: MtlsFacts
    protocols: Mapping[PortId, Decided]
    breakers: BreakerFacts
    graph: Graph
    legacy: Mapping[PortId, LegacyPort]
    existence: Existence
    routing: Routing
    authorization: Authorization
    mesh_policy_elsewhere: bool
    today: str
    files: tuple[FileFact, ...] = ()  # of the whole run, in the first environment only
    duplicates: tuple[Duplicate, ...] = ()
    repository: RepositoryFact | None = None  # None: no root, so ownership is not evaluated
