"""Whether what an object selects or targets is there.

In: the inventory, what exists elsewhere, how objects are attached. Out: `Match` for each selector and each targetRef.
Pods are derived from every object that makes them; controllers add labels of their own, and operators, kustomizations
and installers make pods that no manifest shows: there the answer is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from meshlint.mesh.authorization.attachment import Attachment, Points, TargetRef, read_attachment
from meshlint.mesh.authorization.authorization import Scopes
from meshlint.mesh.existence import Existence
from meshlint.mesh.inventory.inventory import SYSTEM_NAMESPACES
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings, text
from meshlint.resources.kinds import GATEWAY_API_GROUPS, ISTIO_GROUPS, POD_TEMPLATES, qualified
from meshlint.resources.resource import Resource

_GROUP = "networking.istio.io/WorkloadGroup"
_MAKERS = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
_ADDED_BY_CONTROLLERS = frozenset(
    (
        "pod-template-hash", "controller-revision-hash", "pod-template-generation", "rollouts-pod-template-hash",
        "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "job-name", "controller-uid",
        "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "istio.io/rev", "security.istio.io/tlsMode", "sidecar.istio.io/inject", "topology.istio.io/network",
        "service.istio.io/canonical-name", "service.istio.io/canonical-revision", "deployment", "deploymentconfig",
        "acme.cert-manager.io/http01-solver",
    )
)  # fmt: skip
"""Labels that pods get from their controllers or the injector, so that no pod template needs to hold them."""

_INSTALLED = frozenset(
    (
        "istiod", "pilot", "ingressgateway", "egressgateway", "eastwestgateway", "istio-ingressgateway",
        "istio-egressgateway", "istio-eastwestgateway", "istio-cni-node", "ztunnel",
    )
)  # fmt: skip
"""Values of `app` and `istio` on the pods of the default install."""

_TARGET_KINDS = {
    ("gateway.networking.k8s.io", "Gateway"): "gateway.networking.k8s.io/Gateway",
    ("", "Service"): "/Service",
    ("core", "Service"): "/Service",
    ("networking.istio.io", "ServiceEntry"): "networking.istio.io/ServiceEntry",
}


class Match(NamedTuple):
    """Say whether a selector or targetRef finds something; `found` is None where the manifests cannot tell."""

    text: str
    found: bool | None
    because: str
    pointer: str
    missing: str = ""


class SelectorMatches:
    """Answer what objects select and target."""

    def __init__(self, inventory: Inventory, points: Points, existence: Existence) -> None:
        self._inventory = inventory
        self._points = points
        self._existence = existence
        self._scopes = Scopes(inventory, points)
        self._root = inventory.mesh_config.root_namespace
        self._others: dict[str, list[Mapping[str, str]]] | None = None
        self._vendors = _vendors(inventory.resources)
        self._names = {
            kind: {(r.namespace, r.name) for r in inventory.of_kind(kind)} for kind in _TARGET_KINDS.values()
        }

    def of(self, resource: Resource) -> list[Match]:
        """Return the answers for one object; nothing for kinds that select nothing, or for empty selectors."""
        attachment = read_attachment(resource, self._root)
        if attachment is None or self._is_inert(resource):
            return []
        found = [match for target in attachment.targets if (match := self._target(target, resource)) is not None]
        if attachment.selector or attachment.expressions:
            found.append(self._selector(attachment))
        return found

    def _is_inert(self, resource: Resource) -> bool:
        if resource.kind == "PeerAuthentication":
            return resource.namespace == self._root  # such a policy is ignored whatever it selects
        return resource.kind == "Service" and "externalName" in mapping(resource.content().get("spec"))

    def _selector(self, attachment: Attachment) -> Match:
        named = {key: value for key, value in attachment.selector.items() if key not in _ADDED_BY_CONTROLLERS}
        stripped = attachment._replace(selector=named)
        words = ", ".join(f"{key}={value}" for key, value in sorted(attachment.selector.items()))
        said = f"the selector {words}" if words else "the selector"
        if self._scopes.selected(stripped) or any(map(stripped.selects, self._other_labels(attachment))):
            return Match(said, True, "", attachment.pointer)
        home = attachment.resource.namespace
        missing = self._reason(stripped, home)
        if missing:
            return Match(said, None, "", attachment.pointer, missing)
        scope = "the set" if attachment.mesh_wide else f"namespace {home}" if home else "the set without a namespace"
        return Match(said, False, f"no pod template of {scope} carries these labels", attachment.pointer)

    def _other_labels(self, attachment: Attachment) -> Iterator[Mapping[str, str]]:
        """Yield the labels of what is no workload of the set: WorkloadGroups, the proxies of Gateways."""
        if self._others is None:
            self._others = {}
            for group in self._inventory.of_kind(_GROUP):
                labels = strings(mapping(mapping(group.content().get("spec")).get("metadata")).get("labels"))
                self._others.setdefault(group.namespace, []).append(labels)
            for point in self._points.gateways():
                self._others.setdefault(point.namespace, []).append(point.labels)
        homes = self._others if attachment.mesh_wide else (attachment.resource.namespace,)
        for home in homes:
            yield from self._others.get(home, ())

    def _reason(self, attachment: Attachment, home: str) -> str:
        """Return why a selector that finds nothing may still find pods, empty when it cannot."""
        values = sorted(set(attachment.selector.values()))
        # A Service often ships apart from its pods, so even a whole cluster says nothing where it shows none of them.
        settled = self._existence.is_complete and attachment.resource.kind != "Service"
        return (
            self._made_elsewhere(attachment, home, values)
            or self._unplaced(attachment, home)
            or ("" if settled else self._unseen(attachment, home))
        )

    def _made_elsewhere(self, attachment: Attachment, home: str, values: Iterable[str]) -> str:
        if home in SYSTEM_NAMESPACES:
            return f"pods that the platform runs in namespace {home}"
        for key, value in attachment.selector.items():
            if key in ("app", "istio") and value in _INSTALLED and (home == self._root or attachment.mesh_wide):
                return "pods of the default install"
            if (key, value) in self._inventory.added_labels:
                return "labels that a kustomization adds"
            if vendor := self._vendors.get((home, _domain(key))):
                return f"pods that {vendor} makes"
        for value in values:
            if any(self._existence.is_external_object(kind, home, value) for kind in _MAKERS):
                return f"pods of {value}, which live elsewhere"
            if maker := self._existence.maker(home, value):
                return f"pods that {maker.text} makes"
        return ""

    def _unplaced(self, attachment: Attachment, home: str) -> str:
        """Tell whether fitting pods, or the object itself, state no namespace and may be meant for each other."""
        if attachment.mesh_wide:
            return ""
        everywhere = attachment._replace(mesh_wide=True)
        for workload in self._scopes.selected(everywhere):
            if not home or not workload.namespace:
                return f"namespace of {attachment.resource.text if not home else workload.text}"
        return ""

    def _unseen(self, attachment: Attachment, home: str) -> str:
        if attachment.mesh_wide:
            return "workloads of namespaces that are not in the manifests"
        if not self._inventory.workloads_in.get(home):
            return f"workloads of namespace {home}" if home else "workloads that state no namespace"
        return ""

    def _target(self, target: TargetRef, resource: Resource) -> Match | None:
        kind = _TARGET_KINDS.get((target.group, target.kind))
        home = resource.namespace
        if kind is None:
            return None  # other kinds are the business of the schema; classes stand outside of namespaces
        said = f"the targetRef {target.kind} {target.name}"
        if (home, target.name) in self._names[kind]:
            return Match(said, True, "", target.pointer)
        absence = self._existence.absence(target.kind, home, target.name, made=target.kind == "Service")
        if absence.missing is None:
            return Match(said, None, "", target.pointer, absence.reason)
        because = f"namespace {home} has no {target.kind} {target.name}" if home else f"there is no such {target.kind}"
        return Match(said, not absence.missing, because, target.pointer)


def _vendors(resources: Iterable[Resource]) -> dict[tuple[str, str], str]:
    """Return, by namespace and vendor domain, an object of a vendor's own kind, whose controller may make pods."""
    found: dict[tuple[str, str], str] = {}
    for resource in resources:
        known = resource.group in ISTIO_GROUPS | GATEWAY_API_GROUPS or resource.group.endswith("k8s.io")
        if "." in resource.group and not known and qualified(resource.group, resource.kind) not in POD_TEMPLATES:
            found.setdefault((resource.namespace, _domain(resource.group + "/")), resource.text)
    return found


def _domain(key: str) -> str:
    """Return the last two parts of the domain of a label or group, so that both of a vendor are one."""
    return ".".join(text(key.partition("/")[0] if "/" in key else "").split(".")[-2:])
