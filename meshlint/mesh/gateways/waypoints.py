"""Which waypoint serves an ambient workload or Service, or that none does.

In: the inventory, who stands behind whom, what exists elsewhere. Out: `Served`. The label istio.io/use-waypoint counts
on the pod, on a Service of it and on the namespace; the nearer one wins, and `none` opts out. A waypoint that a label
names and the set does not hold may have been made by `istioctl waypoint apply`, which calls it `waypoint`. Source:
`fetchWaypointForTarget`, `makeAllowedRoutes` and the traffic types of istiod's ambient index.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.kubernetes_gateways import KubernetesGateway, KubernetesGateways, Listener
from meshlint.mesh.model import Inventory, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple

USE = "istio.io/use-waypoint"
USE_NAMESPACE = "istio.io/use-waypoint-namespace"
FOR = "istio.io/waypoint-for"
FOR_SERVICES = frozenset(("service", "all"))
FOR_WORKLOADS = frozenset(("workload", "all"))
FOR_ANY = FOR_SERVICES | FOR_WORKLOADS
_MADE = "waypoint"
_ENTRY_CLASSES = ("istio", "istio-remote")
"""Classes of Istio itself whose proxies stand at an edge and listen for no HBONE."""


class Served(NamedTuple):
    """Say whether a waypoint serves; `served` is None where the manifests cannot tell, for `missing`."""

    served: bool | None
    because: str = ""
    missing: str = ""
    waypoint: str = ""  # namespace/name, where a label names one

    @property
    def namespace(self) -> str:
        """Return where the waypoint lives."""
        return self.waypoint.partition("/")[0]

    @property
    def is_enrolled(self) -> bool:
        """Tell whether a label names a waypoint and nothing says that this one cannot serve."""
        return bool(self.waypoint) and self.served is not False


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
        answers = [self._led(workload.labels, workload.namespace, FOR_ANY), *(map(self.of_service, services))]
        return max(answers, key=lambda answer: (answer.served is True, answer.served is None))

    def of_service(self, service: Service) -> Served:
        """Judge a Service."""
        return self._led(service.labels, service.namespace, FOR_SERVICES)

    def of_namespace(self, namespace: str) -> Served:
        """Judge a Service of the namespace that says nothing itself."""
        return self._led({}, namespace, FOR_SERVICES)

    def _led(self, own: Mapping[str, str], namespace: str, purposes: Collection[str]) -> Served:
        known = self._inventory.namespaces.get(namespace)
        if USE not in own and (known is None or not known.is_described):
            return Served(None, missing=f"labels of namespace {namespace}")
        labels = own if USE in own or known is None else known.labels
        name = labels.get(USE, "")
        if name in ("", "none"):
            return Served(False, f"{USE} is none" if name else f"nothing has the label {USE}")
        return self.named(namespace, labels.get(USE_NAMESPACE) or namespace, name, purposes)

    def named(
        self, user: str, namespace: str, name: str, purposes: Collection[str], *, made_by_hand: bool = True
    ) -> Served:
        """Judge the waypoint that a label names, for a user in namespace `user`.

        `made_by_hand` says that `istioctl` may have made one even where the set is said to be the whole cluster.
        """
        waypoint = f"{namespace}/{name}"
        gateway = self._gateways.named(namespace, name)
        if gateway is not None:
            return self._taken(gateway, user, purposes)._replace(waypoint=waypoint)
        absence = self._existence.absence("Gateway", namespace, name)
        if absence.missing is False:
            return Served(True, waypoint=waypoint)
        by_hand = name == _MADE and (made_by_hand or not self._existence.is_complete)
        if absence.missing is None or by_hand:
            missing = absence.reason or f"Gateway {name} of namespace {namespace}"
            return Served(None, missing=missing, waypoint=waypoint)
        return Served(False, f"namespace {namespace} has no Gateway {name}", waypoint=waypoint)

    def _taken(self, gateway: KubernetesGateway, user: str, purposes: Collection[str]) -> Served:
        if gateway.class_name in _ENTRY_CLASSES and not gateway.is_waypoint:
            return Served(False, f"{gateway.resource.text} is of class {gateway.class_name}, which is no waypoint")
        if not gateway.is_waypoint and FOR not in gateway.resource.labels:
            return Served(None, missing=f"what Gateways of class {gateway.class_name} are")
        listener = next((x for x in gateway.listeners if x.protocol == "HBONE"), None)
        own = gateway.resource.namespace
        admission = self._gateways.admission_of_namespace(own, listener or _DEFAULT, user)
        if admission.admitted is False:
            return Served(False, f"{gateway.resource.text} admits no users from namespace {user}")
        purpose = gateway.resource.labels.get(FOR, "service")
        if purpose not in purposes:
            stated = f"has {FOR}: {purpose}" if FOR in gateway.resource.labels else "is for Services only"
            return Served(False, f"{gateway.resource.text} {stated}")
        return Served(admission.admitted, missing=admission.missing)


_DEFAULT = Listener("mesh", 15008, "HBONE", (), "Same", {}, "", "")
"""What counts for a waypoint that states no listener for HBONE."""
