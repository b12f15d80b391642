"""Which waypoint serves an ambient workload or Service, or that none does.

In: the inventory, who stands behind whom, what exists elsewhere. Out: `Served`. The label istio.io/use-waypoint counts
on the pod, on a Service of it and on the namespace; the nearer one wins, and `none` opts out. A waypoint that a label
names and the set does not hold may have been made by `istioctl waypoint apply`, which calls it `waypoint`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.kubernetes_gateways import KubernetesGateways
from meshlint.mesh.model import Inventory, Service, Workload
from meshlint.mesh.selection import Selection

USE = "istio.io/use-waypoint"
USE_NAMESPACE = "istio.io/use-waypoint-namespace"
FOR = "istio.io/waypoint-for"
_MADE = "waypoint"
_ANY = ("service", "workload", "all")


class Served(NamedTuple):
    """Say whether a waypoint serves; `served` is None where the manifests cannot tell, for `missing`."""

    served: bool | None
    because: str = ""
    missing: str = ""
    namespace: str = ""  # where the waypoint lives


class Waypoints:
    """Answer who is served by a waypoint."""

    def __init__(self, inventory: Inventory, selection: Selection, existence: Existence) -> None:
        self._inventory = inventory
        self._selection = selection
        self._existence = existence
        self._gateways = KubernetesGateways(inventory)

    def of_workload(self, workload: Workload) -> Served:
        """Judge a workload: its own waypoint, and those of the Services that lead to it."""
        ids = self._selection.services_of.get(workload.id, ())
        services = [self._inventory.services[id_] for id_ in ids]
        answers = [self._led(workload.labels, workload.namespace), *(map(self.of_service, services))]
        return max(answers, key=lambda answer: (answer.served is True, answer.served is None))

    def of_service(self, service: Service) -> Served:
        """Judge a Service."""
        return self._led(service.labels, service.namespace)

    def before_service(self, service: Service) -> Served:
        """Judge whether calls to a Service pass a waypoint: one for workloads only does not count."""
        return self._led(service.labels, service.namespace, ("service", "all"))

    def _led(self, own: Mapping[str, str], namespace: str, purposes: Sequence[str] = _ANY) -> Served:
        known = self._inventory.namespaces.get(namespace)
        if USE not in own and (known is None or not known.is_described):
            return Served(None, missing=f"labels of namespace {namespace}")
        labels = own if USE in own or known is None else known.labels
        name = labels.get(USE, "")
        if name in ("", "none"):
            return Served(False, f"{USE} is none" if name else f"nothing has the label {USE}")
        home = labels.get(USE_NAMESPACE) or namespace
        return self._named(home, name, purposes, namespace)._replace(namespace=home)

    def _named(self, namespace: str, name: str, purposes: Sequence[str], served: str) -> Served:
        gateway = self._gateways.named(namespace, name)
        if gateway is not None:
            purpose = gateway.resource.labels.get(FOR, "service")
            if purpose not in purposes:
                return Served(False, f"Gateway {namespace}/{name} has {FOR}: {purpose}")
            if namespace == served:
                return Served(True)
            return Served(*self._gateways.admits(gateway, served))
        absence = self._existence.absence("Gateway", namespace, name)
        if absence.missing is False:
            return Served(True)
        if absence.missing is None or name == _MADE:
            return Served(None, missing=absence.reason or f"Gateway {name} of namespace {namespace}")
        return Served(False, f"namespace {namespace} has no Gateway {name}")
