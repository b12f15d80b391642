"""Which object somebody means by a kind and a name.

In: the words of the caller, the mesh. Out: `Found`, or the candidates, or the words there are. Kinds may be written as
kubectl takes them: kind, plural, short name, with or without the group; `workload` stands for whatever makes pods.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service, Workload
from meshlint.records import NamedTuple
from meshlint.resources.kinds import POD_TEMPLATES, is_mesh_policy_kind
from meshlint.resources.resource import Resource

_SHORT = {
    "apps/Deployment": ("deploy",),
    "apps/StatefulSet": ("sts",),
    "apps/DaemonSet": ("ds",),
    "apps/ReplicaSet": ("rs",),
    "batch/CronJob": ("cj",),
    "/Pod": ("po",),
    "/Service": ("svc",),
    "/Namespace": ("ns",),
    "/ServiceAccount": ("sa",),
    "/ConfigMap": ("cm",),
    "argoproj.io/Rollout": ("ro",),
    "networking.k8s.io/Ingress": ("ing",),
    "networking.k8s.io/NetworkPolicy": ("netpol",),
    "security.istio.io/PeerAuthentication": ("pa",),
    "security.istio.io/AuthorizationPolicy": ("ap",),
    "security.istio.io/RequestAuthentication": ("ra",),
    "networking.istio.io/DestinationRule": ("dr",),
    "networking.istio.io/VirtualService": ("vs",),
    "networking.istio.io/ServiceEntry": ("se",),
    "networking.istio.io/WorkloadEntry": ("we",),
    "networking.istio.io/WorkloadGroup": ("wg",),
    "networking.istio.io/Gateway": ("gw",),
    "networking.istio.io/Sidecar": (),
    "networking.istio.io/EnvoyFilter": (),
    "networking.istio.io/ProxyConfig": (),
    "extensions.istio.io/WasmPlugin": (),
    "telemetry.istio.io/Telemetry": (),
    "gateway.networking.k8s.io/Gateway": ("gtw",),
    "gateway.networking.k8s.io/HTTPRoute": (),
    "gateway.networking.k8s.io/GRPCRoute": (),
    "gateway.networking.k8s.io/TCPRoute": (),
    "gateway.networking.k8s.io/TLSRoute": (),
}
_WORKLOAD = ("workload", "workloads", "wl")


class Found(NamedTuple):
    """Hold the object that is meant; a namespace may be known by name only."""

    sort: str  # workload, service, namespace, policy, object
    kind: str
    namespace: str
    name: str
    resource: Resource | None
    workload: Workload | None = None
    service: Service | None = None

    @property
    def text(self) -> str:
        """Return the object as messages name it."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def candidates(mesh: Mesh, kind: str) -> Iterator[Found]:
    """Yield every object of a kind as the caller writes it."""
    word = kind.lower()
    inventory = mesh.inventory
    makers = {workload.resource.index: workload for workload in inventory.workloads}
    if word in _WORKLOAD:
        yield from (_of_workload(workload) for workload in inventory.workloads)
        return
    services = {service.resource.index: service for service in inventory.services if not service.entry}
    for name, resources in inventory.kinds.items():
        if word in words_of(name) and name != "/Namespace":
            for resource in resources:
                yield _found(resource, makers.get(resource.index), services.get(resource.index))
    if word in words_of("/Namespace"):
        for namespace in inventory.namespaces.values():
            yield Found("namespace", "Namespace", "", namespace.name, namespace.resource)


def _of_workload(workload: Workload) -> Found:
    return _found(workload.resource, workload, None)


def _found(resource: Resource, workload: Workload | None, service: Service | None) -> Found:
    is_policy = is_mesh_policy_kind(resource.group, resource.kind)
    sort = "workload" if workload else "service" if service else "policy" if is_policy else "object"
    return Found(sort, resource.kind, resource.namespace, resource.name, resource, workload, service)


def matching(found: Iterator[Found], name: str) -> list[Found]:
    """Return those of a name, `namespace/name` or the name alone; `/name` is one that states no namespace."""
    namespace, slash, short = name.rpartition("/")
    return [one for one in found if one.name == short and (not slash or one.namespace == namespace)]


def words_of(kind: str) -> frozenset[str]:
    """Return how a `group/Kind` may be written."""
    group, _, name = kind.rpartition("/")
    singular = name.lower()
    plural = singular[:-1] + "ies" if singular.endswith("y") else singular + ("es" if singular.endswith("s") else "s")
    words = {singular, plural, *_SHORT.get(kind, ())}
    if group:
        words |= {f"{singular}.{group}", f"{plural}.{group}"}
    return frozenset(words)


def known_words(mesh: Mesh) -> set[str]:
    """Return the words for kinds that somebody may have meant: those that are known and those of the set."""
    kinds = {*_SHORT, *POD_TEMPLATES, *mesh.inventory.kinds}
    short = {word for kind in kinds for word in words_of(kind) if "." not in word}
    return short | {"workload"}


def is_known(mesh: Mesh, kind: str) -> bool:
    """Tell whether a word names a kind, whether the set holds such objects or not."""
    word = kind.lower()
    kinds = {*_SHORT, *POD_TEMPLATES, *mesh.inventory.kinds}
    return word in _WORKLOAD or any(word in words_of(name) for name in kinds)
