"""Services that call one another in a circle, where no call of the circle has a timeout.

In: chains. Out: `Circle` by the service that stands for it, the first by host. A timeout anywhere ends the wait, so
only hops without one make a circle here; callers are told apart by what they call, not by when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from meshlint.mesh.calls.chains import Chains, Hop, circles_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.records import NamedTuple


class Circle(NamedTuple):
    """Hold one way round: the names in order, the first repeated at the end, and the call that closes it."""

    names: tuple[str, ...]
    size: int  # of all services that reach one another
    place: Place


def untimed_circles(mesh: Mesh, chains: Chains) -> dict[int, Circle]:
    """Return the circles of an environment by the id of a service; each component of services gives one."""
    hops = [hop for hop in chains.hops if hop.is_request and hop.is_known and hop.policy.longest is None]
    out_of: dict[str, list[Hop]] = {}
    for hop in hops:
        out_of.setdefault(hop.source, []).append(hop)
    found = {}
    for component in circles_of(out_of, hops):
        if len(component) > 1:
            services = [mesh.inventory.services[int(node.partition(":")[2])] for node in component]
            first = min(services, key=lambda service: (service.host, service.id))
            way = _round(f"service:{first.id}", frozenset(component), out_of)
            names = tuple(chains.name(hop.source) for hop in way)
            found[first.id] = Circle((*names, names[0]), len(component), way[0].evidence)
    return found


def _round(start: str, component: Collection[str], out_of: dict[str, list[Hop]]) -> list[Hop]:
    """Return the shortest way from a node back to itself."""
    came: dict[str, Hop] = {}
    waiting = deque([start])
    while start not in came:
        node = waiting.popleft()
        for hop in out_of.get(node, ()):
            if hop.target in component and hop.target not in came:
                came[hop.target] = hop
                waiting.append(hop.target)
    way = [came[start]]
    while way[0].source != start:
        way.insert(0, came[way[0].source])
    return way
