"""Which waypoint serves an ambient workload or Service, or that none does.

In: the inventory, who stands behind whom, what exists elsewhere. Out: `Served`. The label istio.io/use-waypoint counts
on the pod, on a Service of it and on the namespace; the nearer one wins, and `none` opts out. A waypoint that a label
names and the set does not hold may have been made by `istioctl waypoint apply`, which calls it `waypoint`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.kubernetes_gateways import KIND
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
        self._gateways = {(r.namespace, r.name): r.labels.get(FOR, "service") for r in inventory.of_kind(KIND)}

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
        return self._named(labels.get(USE_NAMESPACE) or namespace, name, purposes)._replace(
            namespace=labels.get(USE_NAMESPACE) or namespace
        )

    def _named(self, namespace: str, name: str, purposes: Sequence[str]) -> Served:
        purpose = self._gateways.get((namespace, name))
        if purpose is not None:
            return Served(purpose in purposes, f"Gateway {namespace}/{name} has {FOR}: {purpose}")
        absence = self._existence.absence("Gateway", namespace, name)
        if absence.missing is False:
            return Served(True)
        if absence.missing is None or name == _MADE:
            return Served(None, missing=absence.reason or f"Gateway {name} of namespace {namespace}")
        return Served(False, f"namespace {namespace} has no Gateway {name}")
