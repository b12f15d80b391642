"""Subsets of a DestinationRule, and whether any endpoint of its host carries their labels.

In: the inventory, who stands behind whom, the routing. Out: `SubsetFact`. Endpoints are the pods that the Service's own
selector takes in its own namespace, WorkloadEntries and WorkloadGroups, and the inline endpoints of a ServiceEntry.
Labels that nodes, controllers or the injector add at run time are not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from meshlint.mesh.destinations.destination_rules import DestinationRule, Subset
from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Inventory, Service
from meshlint.mesh.routing.progressive import Progressive
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings

_RUNTIME_PREFIXES = ("topology.", "failure-domain.", "service.istio.io/", "node.kubernetes.io/", "node-role.")
_RUNTIME_LABELS = frozenset(
    (
        "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "security.istio.io/tlsMode", "istio.io/rev",
        "pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash", "pod-template-generation",
        "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "batch.kubernetes.io/job-name",
    )
)  # fmt: skip
_ANYWHERE = ("NONE", "DYNAMIC_DNS")
"""Resolutions that send requests where the caller says, whatever labels an endpoint has."""

_POD_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "Pod", "WorkloadEntry", "WorkloadGroup")

Labels = Mapping[str, str]


class SubsetFact(NamedTuple):
    """Say whether a subset has endpoints; None where the manifests cannot tell, for `missing`."""

    subset: Subset
    matched: bool | None
    because: str = ""
    missing: str = ""


class _Endpoints(NamedTuple):
    """Hold the labels of the known endpoints; `missing` says what keeps the list from being whole."""

    labels: tuple[Labels, ...]
    missing: str = ""


class SubsetEndpoints:
    """Answer which subsets select something."""

    def __init__(
        self, inventory: Inventory, selection: Selection, existence: Existence, progressive: Progressive
    ) -> None:
        self._selection = selection
        self._existence = existence
        self._progressive = progressive
        self._added = inventory.added_labels
        self._elsewhere: dict[str, bool] = {}
        self._groups: dict[str, list[Labels]] = {}
        for resource in inventory.of_kind("networking.istio.io/WorkloadGroup"):
            spec = mapping(resource.content().get("spec"))
            labels = strings(mapping(spec.get("metadata")).get("labels"))
            labels |= strings(mapping(spec.get("template")).get("labels"))
            self._groups.setdefault(resource.namespace, []).append(labels)

    def of(self, rule: DestinationRule, services: Sequence[Service]) -> list[SubsetFact]:
        """Judge the subsets of a rule whose host leads to these services; none is judged where labels do not count."""
        resource = rule.resource
        written = (resource.namespace, resource.name) in self._progressive.destination_rules
        if not services or written or any(_takes_any(service) for service in services):
            return [SubsetFact(subset, True) for subset in rule.subsets]
        endpoints = [self._endpoints(service) for service in services]
        return [self._judged(subset, services, endpoints) for subset in rule.subsets]

    def _judged(self, subset: Subset, services: Sequence[Service], endpoints: Sequence[_Endpoints]) -> SubsetFact:
        fact = _judged(subset, services, endpoints)
        if fact.matched is False and not self._added.isdisjoint(subset.labels.items()):
            return SubsetFact(subset, None, missing=f"labels that rendering adds to the pods of {services[0].text}")
        return fact

    def _endpoints(self, service: Service) -> _Endpoints:
        found: list[Labels] = [workload.labels for workload in self._selection.workloads_of[service.id]]
        if service.entry:
            found += _inline(service)
        if service.selector:
            groups = self._groups.get(service.namespace, ())
            found += [labels for labels in groups if service.selector.items() <= labels.items()]
        return _Endpoints(tuple(found), self._lack(service, found))

    def _may_be_elsewhere(self, namespace: str) -> bool:
        if namespace not in self._elsewhere:
            kinds = (self._existence.may_be_elsewhere(kind, namespace) for kind in _POD_KINDS)
            self._elsewhere[namespace] = any(kinds)
        return self._elsewhere[namespace]

    def _lack(self, service: Service, found: Sequence[Labels]) -> str:
        if self._may_be_elsewhere(service.namespace):
            return f"workloads of namespace {service.namespace}"
        if not service.entry and not service.selector:
            return f"endpoints of {service.text}"
        if service.selector and not found and not self._existence.is_complete:
            return f"workloads behind {service.text}"
        return ""


def _takes_any(service: Service) -> bool:
    if service.entry:
        return service.resolution in _ANYWHERE and not _inline(service)
    return service.type == "ExternalName"


def _inline(service: Service) -> list[Labels]:
    spec = mapping(service.resource.content().get("spec"))
    return [strings(mapping(item).get("labels")) for item in sequence(spec.get("endpoints"))]


def _judged(subset: Subset, services: Sequence[Service], endpoints: Sequence[_Endpoints]) -> SubsetFact:
    wanted = {key: value for key, value in subset.labels.items() if not is_runtime(key)}
    if not wanted or any(wanted.items() <= labels.items() for part in endpoints for labels in part.labels):
        return SubsetFact(subset, True)
    if missing := next((part.missing for part in endpoints if part.missing), ""):
        return SubsetFact(subset, None, missing=missing)
    known = [labels for part in endpoints for labels in part.labels]
    return SubsetFact(subset, False, _because(wanted, services[0], known))


def _because(wanted: Labels, service: Service, known: Sequence[Labels]) -> str:
    if not known:
        return f"{service.text} has no endpoints"
    key = next((key for key, value in wanted.items() if all(labels.get(key) != value for labels in known)), "")
    if not key:
        return f"no endpoint of {service.text} has all of them"
    values = _few(sorted({labels[key] for labels in known if key in labels}))
    return f"the endpoints of {service.text} have {f'{key} {values}' if values else f'no label {key}'}"


def _few(items: Iterable[str]) -> str:
    rows = list(items)
    return " or ".join(rows[:4]) + (" and others" if len(rows) > 4 else "")


def is_runtime(key: str) -> bool:
    """Tell whether nodes, controllers or the injector add a label at run time."""
    return key in _RUNTIME_LABELS or key.startswith(_RUNTIME_PREFIXES)
