"""Policies on HTTP for ambient workloads that no waypoint serves, where only ztunnel reads them.

In: the inventory, memberships, waypoints. Out: `Unserved` for each AuthorizationPolicy or RequestAuthentication that
reaches such a workload. Source: istiod's conversion of policies for ztunnel, which leaves out what is not about
connections.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from meshlint.mesh.authorization.reach import Reach
from meshlint.mesh.gateways.kubernetes_gateways import KIND as KUBERNETES_GATEWAY
from meshlint.mesh.gateways.waypoint_labels import is_gateway
from meshlint.mesh.gateways.waypoints import Served, Waypoints
from meshlint.mesh.membership.membership import DATAPLANE
from meshlint.mesh.model import Inventory, Membership, Place, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource

AUTHORIZATION = "security.istio.io/AuthorizationPolicy"
AUTHENTICATION = "security.istio.io/RequestAuthentication"
_SOURCE = ("requestPrincipals", "notRequestPrincipals", "remoteIpBlocks", "notRemoteIpBlocks")
_OPERATION = ("methods", "notMethods", "paths", "notPaths", "hosts", "notHosts")
_OF_CONNECTIONS = (
    "source.ip",
    "source.namespace",
    "source.principal",
    "source.serviceAccount",
    "destination.ip",
    "destination.port",
)


_Row = tuple[str, Resource, Served]


class Unserved(NamedTuple):
    """Describe a policy on HTTP and a workload that it is meant for; `served` is None where nobody can tell."""

    text: str  # the workload, or the Service
    served: bool | None
    because: str
    missing: str
    effect: str
    place: Place
    there: Place  # of the workload or Service


class AmbientPolicies:
    """Answer for the policies of an environment."""

    def __init__(
        self,
        inventory: Inventory,
        memberships: Sequence[Membership],
        selection: Selection,
        waypoints: Waypoints,
        reach: Reach,
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._selection = selection
        self._waypoints = waypoints
        self._reach = reach
        self._services = {(s.namespace, s.name): s for s in inventory.services if not s.entry}
        self._wide: dict[str, _Row | None] = {}
        self._shows_ambient = shows_ambient(inventory, memberships)

    def of(self, resource: Resource) -> Iterator[Unserved]:
        """Yield one row for a policy that nobody, or perhaps nobody, enforces in full."""
        found = http_field(resource) if self._shows_ambient else None
        if found is None:
            return
        spec = mapping(resource.content().get("spec"))
        refs = [mapping(item) for item in (spec.get("targetRef"), *sequence(spec.get("targetRefs"))) if item]
        worst = self._of_targets(resource, refs) if refs else self._of_workloads(resource, spec)
        if worst is not None and worst[2].served is not True:
            name, target, served = worst
            place, there = Place(resource, found, "waypoint"), Place(target, "/metadata/name")
            yield Unserved(name, served.served, served.because, served.missing, _effect(resource, spec), place, there)

    def _of_targets(self, resource: Resource, refs: Sequence[Mapping[str, Any]]) -> _Row | None:
        rows = []
        for ref in refs:
            service = self._services.get((resource.namespace, text(ref.get("name"))))
            if service is not None and ref.get("kind") == "Service" and self._is_ambient(service):
                rows.append((service.text, service.resource, self._waypoints.of_service(service)))
        return _worst(rows)

    def _is_ambient(self, service: Service) -> bool:
        if workloads := self._selection.workloads_of.get(service.id, ()):
            return any(self._memberships[workload.id].dataplane == "ambient" for workload in workloads)
        namespace = self._inventory.namespaces.get(service.namespace)
        return namespace is not None and namespace.is_described and namespace.labels.get(DATAPLANE) == "ambient"

    def _of_workloads(self, resource: Resource, spec: Mapping[str, Any]) -> _Row | None:
        selector = strings(mapping(spec.get("selector")).get("matchLabels"))
        namespace = resource.namespace
        if selector:
            return self._judged(self._reach.of(namespace, selector))
        if namespace not in self._wide:
            self._wide[namespace] = self._judged(self._reach.of(namespace, {}))
        return self._wide[namespace]

    def _judged(self, workloads: Sequence[Workload]) -> _Row | None:
        return _worst(row for workload in workloads if (row := self._workload(workload)) is not None)

    def _workload(self, workload: Workload) -> _Row | None:
        membership = self._memberships[workload.id]
        if is_gateway(workload):
            return None
        if membership.dataplane == "unknown":
            return workload.text, workload.resource, Served(None, missing=membership.missing)
        if membership.dataplane != "ambient":
            return None
        return workload.text, workload.resource, self._waypoints.of_workload(workload)


def _worst(rows: Iterable[_Row]) -> _Row | None:
    """Return the first row that is known to be unserved, else the first that nobody knows, else nothing of interest."""
    found: _Row | None = None
    for row in rows:
        if row[2].served is False:
            return row
        if row[2].served is None and found is None:
            found = row
    return found


def shows_ambient(inventory: Inventory, memberships: Sequence[Membership]) -> bool:
    """Tell whether anything in the set is about ambient; without that nobody wants to hear of it."""
    if any(membership.dataplane == "ambient" for membership in memberships) or inventory.of_kind(KUBERNETES_GATEWAY):
        return True
    return any(namespace.labels.get(DATAPLANE) == "ambient" for namespace in inventory.namespaces.values())


def http_field(resource: Resource) -> str | None:
    """Return the pointer of the first field that ztunnel cannot read; None when all are about connections."""
    spec = mapping(resource.content().get("spec"))
    if resource.kind == "RequestAuthentication":
        return "/spec/jwtRules#" if "jwtRules" in spec else "/metadata/name"
    for position, item in enumerate(sequence(spec.get("rules"))):
        rule, base = mapping(item), f"/spec/rules/{position}"
        found = chain(
            _set(rule.get("from"), "source", _SOURCE, f"{base}/from"),
            _set(rule.get("to"), "operation", _OPERATION, f"{base}/to"),
            _conditions(rule.get("when"), f"{base}/when"),
        )
        if pointer := next(found, None):
            return pointer
    return None


def _set(value: Any, key: str, fields: Sequence[str], base: str) -> Iterator[str]:
    for position, item in enumerate(sequence(value)):
        block = mapping(mapping(item).get(key))
        yield from (f"{base}/{position}/{key}/{field}#" for field in fields if sequence(block.get(field)))


def _conditions(value: Any, base: str) -> Iterator[str]:
    for position, item in enumerate(sequence(value)):
        key = text(mapping(item).get("key"))
        if key and key not in _OF_CONNECTIONS:
            yield f"{base}/{position}/key"


def _effect(resource: Resource, spec: Mapping[str, Any]) -> str:
    if resource.kind == "RequestAuthentication":
        return "no token is looked at"
    action = text(spec.get("action")) or "ALLOW"
    if action == "ALLOW":
        return "rules with such fields allow nothing, and what only they allow is refused"
    return f"rules with nothing but such fields are left out of the {action}"
