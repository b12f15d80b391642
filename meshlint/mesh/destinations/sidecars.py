"""Connection pools on the server's side, which Sidecars set for the inbound traffic of workloads.

In: the inventory. Out: the place of the pool that limits a port. Source: Sidecar `inboundConnectionPool` and
`ingress[].connectionPool` of the one Sidecar that governs the workload, whether it sets a pool or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.mesh.destinations.limits import limits_pool
from meshlint.mesh.model import Inventory, Place, Workload
from meshlint.mesh.sidecar_scopes import KIND, SidecarScopes
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence
from meshlint.resources.resource import Resource


class _Pool(NamedTuple):
    resource: Resource
    default: Any
    ports: dict[int, tuple[int, Any]]


class InboundPools:
    """Answer which inbound pool limits a port of all workloads behind a service."""

    def __init__(self, inventory: Inventory) -> None:
        self._pools: dict[int, _Pool] = {}
        for resource in inventory.of_kind(KIND):
            spec = mapping(resource.content().get("spec"))
            ports = {}
            for position, item in enumerate(sequence(spec.get("ingress"))):
                number = mapping(mapping(item).get("port")).get("number")
                if isinstance(number, int) and mapping(item).get("connectionPool") is not None:
                    ports[number] = (position, mapping(item).get("connectionPool"))
            if spec.get("inboundConnectionPool") is not None or ports:
                self._pools[resource.index] = _Pool(resource, spec.get("inboundConnectionPool"), ports)
        self._scopes = SidecarScopes(inventory) if self._pools else None

    def of_port(self, workloads: Sequence[Workload], target: int | str, protocol: str | None) -> Place | None:
        """Return the pool of the first workload when every workload has one that limits the port."""
        if not self._pools or not workloads:
            return None
        places = [self._place(workload, target, protocol) for workload in workloads]
        return places[0] if all(place is not None for place in places) else None

    def _place(self, workload: Workload, target: int | str, protocol: str | None) -> Place | None:
        sidecar = self._scopes.governing(workload) if self._scopes is not None else None
        pool = self._pools.get(sidecar.index) if sidecar is not None else None
        if pool is not None:
            entry = pool.ports.get(target) if isinstance(target, int) else None
            if entry is not None and limits_pool(mapping(entry[1]), protocol):
                return Place(pool.resource, f"/spec/ingress/{entry[0]}/connectionPool", "breaker")
            if entry is None and limits_pool(mapping(pool.default), protocol):
                return Place(pool.resource, "/spec/inboundConnectionPool", "breaker")
        return None
