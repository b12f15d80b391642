"""Resolve one environment: each question in its own module, each answer handed to the next.

In: the resources of an environment and what the configuration says. Out: `Mesh`. The order of the steps is the order
of the questions: who is declared, who stands behind whom, who is in the mesh, what governs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.config.model import Settings
from meshlint.mesh.authorization.authorization import Authorization
from meshlint.mesh.calls.edges import InPrograms, build_graph
from meshlint.mesh.destinations.breakers import resolve_breakers
from meshlint.mesh.environments import Duplicate
from meshlint.mesh.existence import Existence
from meshlint.mesh.files import FileFact, RepositoryFact
from meshlint.mesh.inventory.inventory import build_inventory
from meshlint.mesh.legacy.legacy import Facts, resolve_legacy
from meshlint.mesh.membership.membership import resolve_membership
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Inventory
from meshlint.mesh.mtls.modes import resolve_mtls
from meshlint.mesh.mtls.peer_authentication import read_peer_policies
from meshlint.mesh.protocols import resolve_protocols
from meshlint.mesh.routing.routing import read_routing
from meshlint.mesh.selection import Selection, label_indexes, select_endpoints
from meshlint.resources.resource import Resource

if TYPE_CHECKING:
    from meshlint.mesh.calls.programs import ProgramFile


def build_mesh(
    resources: Sequence[Resource],
    settings: Settings,
    *,
    today: str,
    complete: bool = False,
    files: tuple[FileFact, ...] = (),
    duplicates: tuple[Duplicate, ...] = (),
    repository: RepositoryFact | None = None,
    patched_namespaces: frozenset[str] = frozenset(),
    unrendered: frozenset[str] = frozenset(),
    templated: frozenset[str] = frozenset(),
    added_labels: frozenset[tuple[str, str]] = frozenset(),
    programs: tuple[ProgramFile, ...] = (),
) -> Mesh:
    """Resolve one environment; what belongs to the run (`files`, `duplicates`, `repository`) goes to its first."""
    inventory = build_inventory(
        resources, settings.assume.labels, settings.assume.mesh_config, patched_namespaces=patched_namespaces
    )
    inventory = inventory._replace(added_labels=added_labels)
    existence = Existence(inventory, settings.externals, complete or settings.complete, unrendered, templated)
    selection = select_endpoints(inventory, label_indexes(inventory))
    memberships = resolve_membership(inventory)
    policies = read_peer_policies(inventory)
    root = inventory.mesh_config.root_namespace
    elsewhere = policies.mesh is None and existence.may_be_elsewhere("PeerAuthentication", root)
    mtls = resolve_mtls(inventory, memberships, selection, policies, mesh_policy_elsewhere=elsewhere)
    protocols = resolve_protocols(inventory)
    routing = read_routing(inventory, existence)
    graph = build_graph(inventory, routing.virtual_services, _calls_in(programs, inventory, selection))
    breakers = resolve_breakers(inventory, selection, memberships, protocols, graph, existence)
    legacy = resolve_legacy(
        Facts(inventory, memberships, selection, mtls.modes, protocols, graph.callers, existence),
        settings.legacy,
        today,
    )
    return Mesh(
        inventory, memberships, selection, policies, mtls, protocols, breakers, graph, legacy, existence, routing,
        Authorization(inventory, memberships, selection), elsewhere, today, files, duplicates, repository,
    )  # fmt: skip


def _calls_in(programs: tuple[ProgramFile, ...], inventory: Inventory, selection: Selection) -> InPrograms:
    if not programs:
        return (), ()
    from meshlint.mesh.calls.programs import program_calls  # only where `--sources` names programs

    return program_calls(inventory, selection, programs)
