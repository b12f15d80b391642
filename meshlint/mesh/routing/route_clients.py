"""Whose requests a VirtualService routes: the namespaces of sidecars that follow it, or of its gateways' proxies.

In: the inventory and who sees what. Out: namespaces. Gateways take VirtualServices that are exported to the namespace
of their *pods*, wherever the Gateway object stands (`VirtualServicesForGateway`).
"""

from __future__ import annotations

from meshlint.mesh.model import Inventory
from meshlint.mesh.routing.virtual_services import MESH, VirtualService
from meshlint.mesh.selection import LabelIndex
from meshlint.mesh.visibility import Export, Visibility
from meshlint.resources.digest import mapping, strings

GATEWAY = "networking.istio.io/Gateway"
KUBERNETES_GATEWAY = "gateway.networking.k8s.io/Gateway"


class RouteClients:
    """Answer where the clients of routes live."""

    def __init__(self, inventory: Inventory, visibility: Visibility) -> None:
        self._visibility = visibility
        index = LabelIndex(inventory.workloads)
        self._homes: dict[str, frozenset[str]] = {}
        for resource in inventory.of_kind(GATEWAY):
            selector = strings(mapping(resource.content().get("spec")).get("selector"))
            pods = index.matching(selector) if selector else []
            self._homes[f"{resource.namespace}/{resource.name}"] = frozenset(pod.namespace for pod in pods)
        for resource in inventory.of_kind(KUBERNETES_GATEWAY):
            self._homes[f"{resource.namespace}/{resource.name}"] = frozenset((resource.namespace,))

    def export(self, service: VirtualService) -> Export:
        """Return where a VirtualService is seen."""
        return self._visibility.of("VirtualService", service.export_to, service.namespace)

    def homes(self, gateway: str) -> frozenset[str]:
        """Return the namespaces of the proxies of a gateway `namespace/name`; empty when the set does not tell."""
        return self._homes.get(gateway, frozenset())

    def exists(self, gateway: str) -> bool:
        """Tell whether the set holds the gateway, of whichever API."""
        return gateway in self._homes

    def of(self, service: VirtualService) -> tuple[str, ...]:
        """Return namespaces whose clients follow a VirtualService for certain; empty when nobody can say.

        Of the mesh, its own namespace speaks for all that see it.
        """
        export = self.export(service)
        if service.binds_mesh:
            return (service.namespace,) if export.reaches(service.namespace) else tuple(sorted(export.namespaces))
        gateways = [gateway.full for gateway in service.gateways if gateway.full != MESH]
        if not all(map(self.homes, gateways)):
            return ()
        found = frozenset().union(*map(self.homes, gateways))
        return tuple(sorted(home for home in found if export.reaches(home)))
