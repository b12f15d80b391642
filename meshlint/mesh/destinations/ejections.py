"""Outlier detection that may eject every endpoint of a pool.

In: a rule, its services, what routes use. Out: `Ejection`. Sources: `applyOutlierDetection` of istiod, which makes
`minHealthPercent` the panic threshold of Envoy (0, that is no panic, when unset), and `DetectorImpl::ejectHost`, which
since Envoy 1.28 (Istio 1.20) counts the ejection at hand and before that let one endpoint go beyond the limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeGuard

from meshlint.mesh.destinations.destination_rules import DestinationRule
from meshlint.mesh.destinations.levels import Level, is_used, levels_of
from meshlint.mesh.destinations.limits import can_eject
from meshlint.mesh.destinations.load_balancing import failover_fields
from meshlint.mesh.model import Inventory, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, text

_AUTOSCALERS = (
    ("autoscaling/HorizontalPodAutoscaler", "minReplicas", 1),
    ("keda.sh/ScaledObject", "minReplicaCount", 0),
)
_DEFAULT_PERCENT = 10


class Ejection(NamedTuple):
    """Describe how far a level lets ejection go; `endpoints` is None where the manifests do not count them."""

    level: Level
    percent: float
    endpoints: int | None
    pointer: str

    @property
    def leaves_one(self) -> bool:
        """Tell whether an endpoint is left in every release of Envoy."""
        return self.endpoints is not None and self.percent * self.endpoints <= 100 * (self.endpoints - 1)


class Ejections:
    """Answer how far outlier detection may go; counts of autoscalers are read once."""

    def __init__(self, inventory: Inventory, selection: Selection) -> None:
        self._inventory = inventory
        self._selection = selection
        self._minimum: dict[tuple[str, str, str], int | None] | None = None

    def of(self, rule: DestinationRule, services: Sequence[Service], routed: Collection[str]) -> Iterator[Ejection]:
        """Yield the levels whose outlier detection ejects without a floor."""
        for level in levels_of(rule):
            outlier = level.own.get("outlierDetection")
            if isinstance(outlier, dict) and can_eject(outlier, None) and is_used(level, services, routed):
                floor = outlier.get("minHealthPercent")
                if _is_number(floor) and floor > 0:
                    continue  # Envoy then sends to ejected endpoints rather than to none
                if not failover_fields(level.block("loadBalancer")):
                    yield self._ejection(level, outlier, services)

    def _ejection(self, level: Level, outlier: dict[str, Any], services: Sequence[Service]) -> Ejection:
        percent = outlier.get("maxEjectionPercent")
        pointer = f"{level.pointer}/outlierDetection"
        endpoints = self._count(services[0], level) if len(services) == 1 else None
        if not _is_number(percent):
            return Ejection(level, _DEFAULT_PERCENT, endpoints, pointer)
        return Ejection(level, float(percent), endpoints, f"{pointer}/maxEjectionPercent")

    def _count(self, service: Service, level: Level) -> int | None:
        """Return how many endpoints there are at the least, None where the manifests do not say."""
        labels = level.subset.labels if level.subset is not None else {}
        total = 0
        for workload in self._selection.workloads_of[service.id]:
            if labels.items() <= workload.labels.items():
                replicas = self._replicas(workload)
                if replicas is None:
                    return None
                total += replicas
        return total or None

    def _replicas(self, workload: Workload) -> int | None:
        if workload.replicas is not None:
            return workload.replicas
        if self._minimum is None:
            self._minimum = _minimum_replicas(self._inventory)
        return self._minimum.get((workload.namespace, workload.resource.kind, workload.name))


def _minimum_replicas(inventory: Inventory) -> dict[tuple[str, str, str], int | None]:
    """Return namespace, kind and name of what an autoscaler scales → how far down it goes, None for nothing."""
    found: dict[tuple[str, str, str], int | None] = {}
    for kind, field, default in _AUTOSCALERS:
        for resource in inventory.of_kind(kind):
            spec = mapping(resource.content().get("spec"))
            target = mapping(spec.get("scaleTargetRef"))
            stated = spec.get(field, default)
            count = stated if isinstance(stated, int) and not isinstance(stated, bool) and stated > 0 else None
            found[resource.namespace, text(target.get("kind")) or "Deployment", text(target.get("name"))] = count
    return found


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
