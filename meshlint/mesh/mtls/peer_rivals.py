"""PeerAuthentications of which only one can act: several for one namespace, or for one workload.

In: the inventory and the PeerAuthentications as read. Out: `Rivalry` by resource index. Only the oldest object acts,
and manifests carry no creation time, so every one of them is named. Policies of the root namespace with a selector
act nowhere and rival nobody; an object that is written twice does not rival itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.mesh.model import Inventory
from meshlint.mesh.mtls.peer_authentication import PeerPolicies, PeerPolicy
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource


class Rivalry(NamedTuple):
    """Say what one PeerAuthentication shares with others; `agree` when all of them set the same modes."""

    scope: str  # how messages name what they share
    others: tuple[Resource, ...]
    agree: bool


def rivalries(inventory: Inventory, policies: PeerPolicies) -> dict[int, Rivalry]:
    """Return what is shared, by the index of each object that shares."""
    found = _of_namespaces(policies)
    shared: dict[tuple[int, ...], tuple[str, list[PeerPolicy]]] = {}
    for workload in inventory.workloads:
        matching = policies.matching(workload)
        if len(matching) > 1:
            key = tuple(policy.resource.index for policy in matching)
            shared.setdefault(key, (workload.text, matching))
    rivals: dict[int, tuple[str, dict[int, PeerPolicy]]] = {}
    for scope, matching in shared.values():
        for policy in matching:
            row = rivals.setdefault(policy.resource.index, (scope, {}))
            row[1].update((other.resource.index, other) for other in matching)
    for index, (scope, group) in rivals.items():
        found[index] = _rivalry(scope, group[index], group.values())
    return {index: rivalry for index, rivalry in found.items() if rivalry.others}


def _of_namespaces(policies: PeerPolicies) -> dict[int, Rivalry]:
    groups: dict[str, list[PeerPolicy]] = {}
    for policy in policies.all:
        if policy.scope in ("mesh", "namespace"):
            groups.setdefault(policy.resource.namespace, []).append(policy)
    found = {}
    for namespace, group in groups.items():
        if len(group) > 1:
            scope = "the mesh" if group[0].scope == "mesh" else f"namespace {namespace}" if namespace else ""
            for policy in group:
                found[policy.resource.index] = _rivalry(scope or "a namespace that they do not state", policy, group)
    return found


def _rivalry(scope: str, policy: PeerPolicy, group: Iterable[PeerPolicy]) -> Rivalry:
    others = [other for other in group if other.resource.identity != policy.resource.identity]
    modes = {(item.mode, tuple(sorted(item.port_modes.items()))) for item in (policy, *others)}
    return Rivalry(scope, tuple(sorted((o.resource for o in others), key=lambda r: r.index)), len(modes) == 1)
