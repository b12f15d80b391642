"""How many requests one may become, where a route tries it again and the services behind it do the same.

In: chains. Out: `Retried` for every route of a VirtualService that states retries. The product runs over the
components of the graph, so that it is finite: inside a circle nothing is multiplied. A retry budget on the destination
bounds what a proxy tries again, and such a hop counts once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from meshlint.mesh.calls.chains import Chains, Hop, circles_of
from meshlint.mesh.hosts import full_name
from meshlint.mesh.model import Inventory
from meshlint.mesh.routing.request_policies import RequestPolicy
from meshlint.mesh.routing.routing import Routing
from meshlint.mesh.routing.virtual_services import Route, VirtualService
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text

_SHOWN = 8
_DESTINATION_RULE = "networking.istio.io/DestinationRule"


class Peak(NamedTuple):
    """Say how many requests reach the end of a chain for one at its start; `before` is what arrives at the route."""

    before: int
    requests: int
    chain: str
    end: str
    circular: bool


class Retried(NamedTuple):
    """Hold the retries of one route; `peak` is None where no chain leads through it."""

    route: Route
    policy: RequestPolicy
    budgeted: bool
    peak: Peak | None


class Amplification:
    """Multiply along the chains of an environment."""

    def __init__(self, chains: Chains, budgeted: Collection[str]) -> None:
        self._chains = chains
        self._budgeted = budgeted
        nodes = dict.fromkeys(node for hop in chains.hops for node in (hop.source, hop.target))
        self._circles = circles_of(nodes, chains.hops)
        self._home = {node: number for number, circle in enumerate(self._circles) for node in circle}
        self._up = [1] * len(self._circles)
        self._before: dict[int, Hop] = {}
        self._down = [1] * len(self._circles)
        self._after: dict[int, Hop] = {}
        self._multiply()
        self._at: dict[tuple[int, str], list[Hop]] = {}
        for hop in chains.hops:
            if (place := hop.policy.retries_by) is not None and self._home[hop.source] != self._home[hop.target]:
                self._at.setdefault((place.resource.index, place.pointer), []).append(hop)

    def requests(self, hop: Hop) -> int:
        """Return how many requests a hop makes of one."""
        return 1 if hop.target in self._budgeted else hop.policy.requests

    def _leaving(self, number: int) -> Iterator[tuple[Hop, int]]:
        for node in self._circles[number]:
            for hop in self._chains.out_of.get(node, ()):
                if (there := self._home[hop.target]) != number:
                    yield hop, there

    def _multiply(self) -> None:
        for number in reversed(range(len(self._circles))):  # what is called comes first
            for hop, there in self._leaving(number):
                if (value := self._up[number] * self.requests(hop)) > self._up[there]:
                    self._up[there], self._before[there] = value, hop
        for number in range(len(self._circles)):
            for hop, there in self._leaving(number):
                value = self.requests(hop) * self._down[there]
                if hop.policy.retries_by is None and value > self._down[number]:
                    self._down[number], self._after[number] = value, hop

    def peak(self, index: int, pointer: str) -> Peak | None:
        """Return where the retries at a place lead to most requests: past it only what states nothing multiplies."""
        hops = self._at.get((index, pointer), ())
        best = max(hops, key=self._total, default=None)
        if best is None:
            return None
        way = self._way(best)
        names = [self._chains.name(node) for node in way]
        is_circular = any(len(self._circles[self._home[node]]) > 1 for node in way)
        return Peak(self._up[self._home[best.source]], self._total(best), " → ".join(names), names[-1], is_circular)

    def _total(self, hop: Hop) -> int:
        home, there = self._home[hop.source], self._home[hop.target]
        return self._up[home] * self.requests(hop) * self._down[there]

    def _way(self, hop: Hop) -> list[str]:
        """Return the nodes from the start of a chain to its end, the nearest of a long one."""
        way = [hop.source, hop.target]
        while (before := self._before.get(self._home[way[0]])) is not None and len(way) < _SHOWN:
            way[:0] = [before.source] if before.target == way[0] else [before.source, before.target]
        while (after := self._after.get(self._home[way[-1]])) is not None and len(way) < 2 * _SHOWN:
            way += [after.target] if after.source == way[-1] else [after.source, after.target]
        return way


class RouteRetries:
    """Answer what retries the routes of a VirtualService state."""

    def __init__(self, routing: Routing, amplification: Amplification, budgets: Collection[str]) -> None:
        self._stated: dict[int, dict[str, Retried]] = {}
        for bound in routing.bound:
            policy = routing.policies.of(bound)
            place = policy.retries_by
            if place is None or bound.route.protocol != "http" or not policy.attempts:
                continue
            rows = self._stated.setdefault(place.resource.index, {})
            if place.pointer not in rows:
                hosts = [target.host.full for target in bound.live_targets if target.kind == "routes"]
                budgeted = bool(hosts) and all(host in budgets for host in hosts)
                peak = amplification.peak(place.resource.index, place.pointer)
                stating = bound.route if place.resource is bound.holder.resource else bound.root_route
                rows[place.pointer] = Retried(stating, policy, budgeted, peak)

    def of(self, service: VirtualService) -> list[Retried]:
        """Return the routes that state retries."""
        return list(self._stated.get(service.resource.index, {}).values())


def hosts_with_budget(inventory: Inventory) -> frozenset[str]:
    """Return the full hosts for which some DestinationRule sets a retry budget."""
    found = set()
    for resource in inventory.of_kind(_DESTINATION_RULE):
        if b"retryBudget" in resource.body:
            spec = mapping(resource.content().get("spec"))
            blocks = [
                spec.get("trafficPolicy"),
                *(mapping(s).get("trafficPolicy") for s in sequence(spec.get("subsets"))),
            ]
            if any("retryBudget" in mapping(block) for block in blocks):
                found.add(full_name(text(spec.get("host")), resource.namespace, inventory.mesh_config.domain))
    return frozenset(found)
