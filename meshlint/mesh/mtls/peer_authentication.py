"""PeerAuthentications as Istio orders them: one for the mesh, one for a namespace, the oldest for a workload.

In: the inventory. Out: `PeerPolicies`. Source: `AuthenticationPolicies.addPeerAuthentication` and
`getConfigsForWorkload`. Manifests carry no creation time, so the tie-break that remains is name, then namespace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from meshlint.mesh.model import Inventory, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings, text
from meshlint.resources.resource import Resource

KIND = "security.istio.io/PeerAuthentication"
MODES = ("STRICT", "PERMISSIVE", "DISABLE")


class PeerPolicy(NamedTuple):
    """Describe one PeerAuthentication; a mode of "" inherits."""

    resource: Resource
    scope: str  # mesh, namespace, workload, ignored
    mode: str
    selector: dict[str, str]
    port_modes: dict[int, str]  # container port → mode, "" inherits
    port_keys: dict[int, str]  # container port → the key as written

    @property
    def text(self) -> str:
        """Return the policy as messages name it."""
        return self.resource.text


class PeerPolicies(NamedTuple):
    """Hold the policies that can win, and what lost or is ignored, by resource index."""

    mesh: PeerPolicy | None
    of_namespace: dict[str, PeerPolicy]
    by_label: dict[tuple[str, str, str], tuple[tuple[int, PeerPolicy], ...]]  # namespace, one label → rank, policy
    all: tuple[PeerPolicy, ...]
    losing: frozenset[int]  # resource indexes of later selector-less policies of one namespace

    def disabling(self, namespace: str) -> PeerPolicy | None:
        """Return the policy of a namespace, else of the mesh, when it says DISABLE: clients then try no auto-mTLS.

        Workloads' own policies have no part in it (`GetNamespaceMutualTLSMode` of istiod).
        """
        own = self.of_namespace.get(namespace)
        policy = own if own is not None and own.mode else self.mesh
        return policy if policy is not None and policy.mode == "DISABLE" else None

    def of_workloads(self, namespace: str) -> list[PeerPolicy]:
        """Return the policies of a namespace that select workloads."""
        return [policy for policy in self.all if policy.scope == "workload" and policy.resource.namespace == namespace]

    def of_workload(self, workload: Workload) -> PeerPolicy | None:
        """Return the policy whose selector matches the workload; the first wins entirely."""
        return next(iter(self.matching(workload)), None)

    def matching(self, workload: Workload) -> list[PeerPolicy]:
        """Return every policy whose selector matches the workload, in their order."""
        return self.selecting(workload.namespace, workload.labels)

    def selecting(self, namespace: str, labels: Mapping[str, str]) -> list[PeerPolicy]:
        """Return every policy of a namespace whose selector these labels satisfy, in their order."""
        found = [
            ranked
            for key, value in labels.items()
            for ranked in self.by_label.get((namespace, key, value), ())
            if ranked[1].selector.items() <= labels.items()
        ]
        return [policy for _, policy in sorted(found, key=lambda ranked: ranked[0])]


def read_peer_policies(inventory: Inventory) -> PeerPolicies:
    """Order the PeerAuthentications of an environment; those with a selector in the root namespace are ignored."""
    root = inventory.mesh_config.root_namespace
    resources = sorted(inventory.of_kind(KIND), key=lambda r: (r.name, r.namespace))
    policies = tuple(_policy(resource, root) for resource in resources)
    of_namespace: dict[str, PeerPolicy] = {}
    by_label: dict[tuple[str, str, str], list[tuple[int, PeerPolicy]]] = {}
    losing = set()
    for rank, policy in enumerate(policies):
        namespace = policy.resource.namespace
        if policy.scope == "workload":
            # One label of the selector is enough to find the policy; `of_workload` compares the others.
            key, value = min(policy.selector.items())
            by_label.setdefault((namespace, key, value), []).append((rank, policy))
        elif policy.scope != "ignored" and of_namespace.setdefault(namespace, policy) is not policy:
            losing.add(policy.resource.index)
    grouped = {label: tuple(found) for label, found in by_label.items()}
    return PeerPolicies(of_namespace.get(root), of_namespace, grouped, policies, frozenset(losing))


def _policy(resource: Resource, root: str) -> PeerPolicy:
    spec = mapping(resource.content().get("spec"))
    selector = strings(mapping(spec.get("selector")).get("matchLabels"))
    in_root = resource.namespace == root
    scope = ("ignored" if in_root else "workload") if selector else ("mesh" if in_root else "namespace")
    ports = dict(_ports(spec.get("portLevelMtls")))
    modes = {port: mode for port, (_, mode) in ports.items()} if selector else {}
    keys = {port: key for port, (key, _) in ports.items()} if selector else {}
    return PeerPolicy(resource, scope, mode_of(spec.get("mtls")), selector, modes, keys)


def _ports(value: Any) -> Iterable[tuple[int, tuple[str, str]]]:
    for key, entry in mapping(value).items():
        if key.isdecimal() and len(key) < 6:
            yield int(key), (key, mode_of(entry))


def mode_of(mtls: Any) -> str:
    """Return the mode of an `mtls` block, "" when it inherits (UNSET, absent, unknown)."""
    mode = text(mapping(mtls).get("mode"))
    return mode if mode in MODES else ""
