"""Where calls enter: the proxies behind Gateways and Ingresses.

In: the mesh. Out: lookups by namespace and name. Only proxies that Istio runs are known; what another controller runs
may be in the mesh or not.
"""

from __future__ import annotations

from meshlint.mesh.gateways.gateways import Gateways
from meshlint.mesh.gateways.kubernetes_gateways import GROUP, KubernetesGateways
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Workload
from meshlint.resources.digest import mapping, text
from meshlint.resources.resource import Resource

_CLASS = "kubernetes.io/ingress.class"
_CONTROLLER = "istio.io/"


class Entries:
    """Answer what stands behind an entry."""

    def __init__(self, mesh: Mesh, gateways: Gateways) -> None:
        inventory = mesh.inventory
        self.kubernetes = KubernetesGateways(inventory)
        self._pods: dict[tuple[str, str], tuple[Workload, ...]] = {
            (gateway.resource.namespace, gateway.resource.name): gateway.workloads for gateway in gateways.all
        }
        self._classes = {
            resource.name
            for resource in inventory.of_kind(f"{GROUP}/GatewayClass")
            if text(mapping(resource.content().get("spec")).get("controllerName")).startswith(_CONTROLLER)
        }
        self._ingresses: dict[tuple[str, str], Resource] = {
            (resource.namespace, resource.name): resource for resource in inventory.of_kind("networking.k8s.io/Ingress")
        }

    def pods_of(self, namespace: str, name: str) -> tuple[Workload, ...]:
        """Return the pods of the set that an Istio Gateway configures."""
        return self._pods.get((namespace, name), ())

    def is_istio(self, class_name: str) -> bool:
        """Tell whether Istio runs the proxies of a GatewayClass."""
        return class_name.startswith("istio") or class_name in self._classes

    def ingress_class(self, namespace: str, name: str) -> str:
        """Return the class that an Ingress states, empty when it states none."""
        resource = self._ingresses.get((namespace, name))
        if resource is None:
            return ""
        stated = text(mapping(resource.content().get("spec")).get("ingressClassName"))
        return stated or resource.annotations.get(_CLASS, "")
