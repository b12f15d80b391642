"""The shares that routes write beside their destinations.

In: a VirtualService. Out: `Weights` of each route that states one. Istio takes the numbers as ratios, whatever they add
up to, and sends everything to a single destination (`applyWeightedCluster`, `applySingleCluster`).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.routing.virtual_services import Route, VirtualService
from meshlint.records import NamedTuple


class Weights(NamedTuple):
    """Hold the weights of one route; a destination that states none has 0 beside others."""

    route: Route
    values: tuple[int, ...]

    @property
    def pointer(self) -> str:
        """Return where the weights stand: the number itself when there is one, else the list."""
        base = f"{self.route.pointer}/route"
        return f"{base}#" if len(self.values) > 1 else f"{base}/0/weight"


def weights_of(service: VirtualService) -> Iterator[Weights]:
    """Yield the weights of every route that states any."""
    for route in service.routes:
        stated = [target.weight for target in route.targets if target.kind == "routes"]
        if any(weight is not None for weight in stated):
            yield Weights(route, tuple(weight or 0 for weight in stated))
