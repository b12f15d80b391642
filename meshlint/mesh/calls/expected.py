"""Edges of AuthorizationPolicies: who is expected to call, because an ALLOW names them.

In: the mesh. Out: `Edge`s of kind `expects`. A service account stands for the workloads that run under it, a namespace
for itself; what names many (a wildcard, an account of half a namespace, a policy for a whole namespace) is a node of
the namespace or nothing, so that a policy never joins everybody with everybody. An expectation is no call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from meshlint.mesh.authorization.attachment import TargetRef
from meshlint.mesh.authorization.authorization import AuthPolicy, AuthRule, Part
from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Workload
from meshlint.resources.digest import sequence

_PRINCIPAL = re.compile(r"(?P<domain>.+)/ns/(?P<namespace>[^/*]+)/sa/(?P<account>[^/]+)")
_LOCAL = "cluster.local"
_CONDITIONS = {
    "source.principal": "principals",
    "source.serviceAccount": "serviceAccounts",
    "source.namespace": "namespaces",
}
_MOST = 16
"""More workloads than this at one end are shown as their namespace."""


def expected_edges(mesh: Mesh) -> Iterator[Edge]:
    """Yield whom the ALLOW policies of an environment name, and the services that they name them for."""
    accounts, services = _Accounts(mesh), _services(mesh)
    for policy in mesh.authorization.policies:
        if policy.action != "ALLOW" or policy.dry_run:
            continue
        named = list(_named(policy, accounts))
        for target in _targets(policy, mesh, services) if named else ():
            for source, pointer in named:
                place = Place(policy.resource, pointer, "expects")
                yield Edge(source, target, "expects", None, place)


def _named(policy: AuthPolicy, accounts: _Accounts) -> Iterator[tuple[str, str]]:
    """Yield the node and the place of every caller that a policy names."""
    for rule in policy.rules:
        for part, values in _parts(rule):
            # The parts of a source are joined by AND, so the closest one says enough.
            field = next((f for f in ("principals", "serviceAccounts", "namespaces") if f in values), "")
            where = "values" if part.key else field
            for position, value in enumerate(values.get(field, ())):
                for node in accounts.nodes(field, value, policy.resource.namespace):
                    yield node, f"{part.pointer}/{where}/{position}"


def _parts(rule: AuthRule) -> Iterator[tuple[Part, Mapping[str, tuple[str, ...]]]]:
    for part in rule.sources:
        yield part, part.values
    for part in rule.conditions:
        if part.key in _CONDITIONS:
            yield part, {_CONDITIONS[part.key]: part.values.get("values", ())}


class _Accounts:
    """Find the nodes of callers by what a policy calls them."""

    def __init__(self, mesh: Mesh) -> None:
        config = mesh.inventory.mesh_config
        aliases = sequence((config.content or {}).get("trustDomainAliases"))
        known = {_LOCAL, config.trust_domain, *(alias for alias in aliases if isinstance(alias, str))}
        self._domains = known if config.content is not None else None  # unknown: any may be ours
        self._workloads: dict[tuple[str, str], list[Workload]] = {}
        for workload in mesh.inventory.workloads:
            self._workloads.setdefault((workload.namespace, workload.service_account), []).append(workload)

    def nodes(self, field: str, value: str, home: str) -> Sequence[str]:
        """Return the nodes of one value of a field; a pattern of many namespaces has none."""
        if field == "namespaces":
            return [] if "*" in value else [f"namespace:{value}"]
        if field == "serviceAccounts":
            namespace, slash, name = value.rpartition("/")
            return self._of_account(namespace if slash else home, name)
        match = _PRINCIPAL.fullmatch(value)
        if match is None or not self._is_ours(match["domain"]):
            return []
        if "*" in match["account"]:
            return [f"namespace:{match['namespace']}"]
        return self._of_account(match["namespace"], match["account"])

    def _is_ours(self, domain: str) -> bool:
        return self._domains is None or "*" in domain or domain in self._domains

    def _of_account(self, namespace: str, name: str) -> Sequence[str]:
        workloads = self._workloads.get((namespace, name), ())
        if len(workloads) > _MOST:
            return [f"namespace:{namespace}"]
        return [f"workload:{workload.id}" for workload in workloads]


def _services(mesh: Mesh) -> dict[tuple[str, str, str], list[str]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for service in mesh.inventory.services:
        kind = "ServiceEntry" if service.entry else "Service"
        found.setdefault((kind, service.namespace, service.name), []).append(f"service:{service.id}")
    return found


def _targets(policy: AuthPolicy, mesh: Mesh, services: Mapping[tuple[str, str, str], Sequence[str]]) -> Sequence[str]:
    """Return the services that a policy is for; one for a whole namespace is for the namespace."""
    attachment, home = policy.attachment, policy.resource.namespace
    if attachment.targets:
        return [node for target in attachment.targets for node in _of_reference(target, home, services)]
    if attachment.is_open:
        return [] if attachment.mesh_wide else [f"namespace:{home}"]
    governed = mesh.authorization.governed(attachment)
    if len(governed) > _MOST:
        return [f"namespace:{name}" for name in sorted({workload.namespace for workload in governed})]
    found: dict[str, None] = {}
    for workload in governed:
        numbers = mesh.selection.services_of.get(workload.id, ())
        found.update(dict.fromkeys([f"service:{number}" for number in numbers] or [f"workload:{workload.id}"]))
    return list(found)


def _of_reference(
    target: TargetRef, home: str, services: Mapping[tuple[str, str, str], Sequence[str]]
) -> Sequence[str]:
    if target.kind == "Gateway":
        return [f"gateway:{home}/{target.name}"]
    return services.get((target.kind, home, target.name), ())
