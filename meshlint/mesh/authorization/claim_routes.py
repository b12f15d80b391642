"""Gateways whose routes ask for claims, so that a request without a token finds no route.

In: the inventory and the VirtualServices as read. Out: an answer for a workload. Source: Istio routes on the pseudo
headers `@request.auth.claims…`, which a request without a valid token does not have.
"""

from __future__ import annotations

from meshlint.mesh.model import Inventory, Workload
from meshlint.mesh.routing.virtual_services import Route, VirtualService, VirtualServices
from meshlint.resources.digest import mapping, strings

_GATEWAY = "networking.istio.io/Gateway"
_CLAIMS = "@request.auth."


class ClaimRoutes:
    """Tell which gateways let only requests with claims through."""

    def __init__(self, inventory: Inventory, virtual_services: VirtualServices) -> None:
        self._by_label: dict[tuple[str, str], list[tuple[dict[str, str], str]]] = {}
        for resource in inventory.of_kind(_GATEWAY):
            selector = strings(mapping(resource.content().get("spec")).get("selector"))
            if selector:
                entry = selector, f"{resource.namespace}/{resource.name}"
                self._by_label.setdefault(min(selector.items()), []).append(entry)
        self._bound: dict[str, list[VirtualService]] = {}
        for service in virtual_services.all:
            for gateway in service.gateways:
                self._bound.setdefault(gateway.full, []).append(service)

    def guard(self, workload: Workload) -> bool:
        """Tell whether a workload is a gateway and every route of it asks for a claim."""
        gateways = [
            name
            for label in workload.labels.items()
            for selector, name in self._by_label.get(label, ())
            if selector.items() <= workload.labels.items()
        ]
        routes = [route for name in gateways for service in self._bound.get(name, ()) for route in service.routes]
        return bool(routes) and all(map(_asks, routes))


def _asks(route: Route) -> bool:
    return (
        route.protocol == "http"
        and bool(route.matches)
        and all(any(key.startswith(_CLAIMS) for key in mapping(match.get("headers"))) for match in route.matches)
    )
