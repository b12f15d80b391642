"""The routes of VirtualServices where they act: with the hosts and gateways of the VirtualService that holds them.

In: VirtualServices as read. Out: `BoundRoute`s. A route that hands over to a delegate stands for the routes of the
delegate (`mergeVirtualServicesIfNeeded` of istiod); a VirtualService without hosts acts only that way. Gateways are
those that the route's matches leave of the gateways bound. Nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.routing.virtual_services import MESH, Route, Target, VirtualService, VirtualServices, gateway_name
from meshlint.records import NamedTuple
from meshlint.resources.digest import sequence


class BoundRoute(NamedTuple):
    """Hold one route: `holder` states it, `root` names the hosts; they differ where a delegate holds it."""

    holder: VirtualService
    route: Route
    root: VirtualService
    root_route: Route  # that hands over, or the route itself
    gateways: tuple[str, ...]  # `mesh` or namespace/name

    @property
    def acts_in_mesh(self) -> bool:
        """Tell whether sidecars and waypoints follow it."""
        return MESH in self.gateways

    @property
    def ports(self) -> frozenset[int]:
        """Return the ports that it is limited to; none means every port."""
        limits = [_ports(route) for route in (self.route, self.root_route)]
        known = [limit for limit in limits if limit]
        return frozenset.intersection(*known) if known else frozenset()

    @property
    def live_targets(self) -> Iterator[Target]:
        """Yield the destinations and mirrors that get requests: no weight of 0 beside others, no mirror of 0 %."""
        is_split = any(target.weight for target in self.route.targets if target.kind == "routes")
        for target in self.route.targets:
            idle = target.copied <= 0 if target.kind == "mirrors" else is_split and not target.weight
            if not idle:
                yield target


class BoundRoutes:
    """Hold the routes that act in an environment; they are found when somebody asks first."""

    def __init__(self, services: VirtualServices) -> None:
        self._services = services
        self._all: tuple[BoundRoute, ...] | None = None

    def __iter__(self) -> Iterator[BoundRoute]:
        """Yield every route that acts, in the order of files."""
        if self._all is None:
            self._all = tuple(bound_routes(self._services))
        return iter(self._all)


def bound_routes(services: VirtualServices) -> Iterator[BoundRoute]:
    """Yield every route that acts, in the order of files; a delegate that is not in the set gives none."""
    named = services.named()
    for root in services.all:
        bound = tuple(dict.fromkeys(gateway.full for gateway in root.gateways))
        for route in root.routes if root.hosts else ():
            gateways = _left(route, root.namespace, bound)
            if route.delegate is None:
                yield BoundRoute(root, route, root, route, tuple(gateways))
            elif holder := named.get((route.delegate.namespace, route.delegate.name)):
                for inner in holder.routes:
                    left = tuple(_left(inner, holder.namespace, gateways))
                    yield BoundRoute(holder, inner, root, route, left)


def _left(route: Route, namespace: str, bound: Sequence[str]) -> Sequence[str]:
    """Return the gateways that some match leaves; a match that names none leaves all."""
    if not any("gateways" in match for match in route.matches):
        return bound
    named: set[str] = set()
    for match in route.matches:
        stated = [item for item in sequence(match.get("gateways")) if isinstance(item, str)]
        if not stated:
            return bound
        named.update(gateway_name(item, namespace) for item in stated)
    return [item for item in bound if item in named]


def _ports(route: Route) -> frozenset[int]:
    ports = [match.get("port") for match in route.matches]
    return frozenset(port for port in ports if isinstance(port, int)) if all(map(_is_port, ports)) else frozenset()


def _is_port(value: object) -> bool:
    return isinstance(value, int) and value > 0
