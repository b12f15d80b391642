"""Which workloads stand behind a service, and on which of their ports.

In: the inventory. Out: `Selection`. A selector chooses pods of its own namespace by labels; an index by label keeps
the work linear. It knows nothing of mesh membership.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meshlint.mesh.model import Inventory, Service, Workload
from meshlint.records import NamedTuple

PortId = tuple[int, int]


class Endpoint(NamedTuple):
    """Pair a workload with the container port that serves; None when its name is not among the declared ports."""

    workload: Workload
    port: int | None


class Selection(NamedTuple):
    """Hold who serves what."""

    endpoints: dict[PortId, tuple[Endpoint, ...]]
    workloads_of: dict[int, tuple[Workload, ...]]  # service id → workloads
    services_of: dict[int, tuple[int, ...]]  # workload id → service ids


class LabelIndex:
    """Find the workloads of a namespace that carry all labels of a selector."""

    def __init__(self, workloads: Sequence[Workload]) -> None:
        self._workloads = workloads
        self._by_label: dict[tuple[str, str], list[int]] = {}
        for position, workload in enumerate(workloads):
            for label in workload.labels.items():
                self._by_label.setdefault(label, []).append(position)

    def matching(self, selector: Mapping[str, str]) -> list[Workload]:
        """Return the workloads that match; an empty selector matches all of them."""
        if not selector:
            return list(self._workloads)
        rows = [self._by_label.get(label) for label in selector.items()]
        if not all(rows):
            return []
        candidates = (self._workloads[position] for position in min((row for row in rows if row), key=len))
        return [workload for workload in candidates if selector.items() <= workload.labels.items()]


def label_indexes(inventory: Inventory) -> dict[str, LabelIndex]:
    """Return namespace → index of its workloads."""
    return {namespace: LabelIndex(workloads) for namespace, workloads in inventory.workloads_in.items()}


def select_endpoints(inventory: Inventory, indexes: Mapping[str, LabelIndex]) -> Selection:
    """Resolve the selectors of all services."""
    endpoints: dict[PortId, tuple[Endpoint, ...]] = {}
    workloads_of: dict[int, tuple[Workload, ...]] = {}
    services_of: dict[int, list[int]] = {}
    for service in inventory.services:
        chosen = _chosen(service, indexes)
        workloads_of[service.id] = tuple(chosen)
        for workload in chosen:
            services_of.setdefault(workload.id, []).append(service.id)
        for port in service.ports:
            endpoints[port.id] = tuple(Endpoint(workload, target_port(workload, port.target)) for workload in chosen)
    return Selection(endpoints, workloads_of, {key: tuple(found) for key, found in services_of.items()})


def _chosen(service: Service, indexes: Mapping[str, LabelIndex]) -> list[Workload]:
    if not service.selector or service.external_name:
        return []  # a Service without selector has its Endpoints written by somebody else
    index = indexes.get(service.namespace)
    return index.matching(service.selector) if index is not None else []


def target_port(workload: Workload, target: int | str) -> int | None:
    """Resolve a targetPort against the declared container ports; a number needs no declaration."""
    if isinstance(target, int):
        return target
    for container in workload.containers:
        for number, name, _ in container.ports:
            if name == target:
                return number
    return None
