"""The words of the mesh: what a workload, a service, a port, a policy and a decision are.

In: nothing. Out: immutable types that the inventory fills and the resolvers answer with. They know resources (for
places) and no rule. A resolved fact is a `Decided`: the value, one clause that says why, and the place that decided.
"""

from __future__ import annotations

from typing import Any

from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource


class Place(NamedTuple):
    """Point to a field of an object; `fact` names what it decides and is part of a finding's cause."""

    resource: Resource
    pointer: str = ""  # JSON pointer inside the object; a trailing "#" means the key, not the value
    fact: str = ""

    @property
    def text(self) -> str:
        """Return the object as messages name it."""
        return self.resource.text


class Decided(NamedTuple):
    """Hold a resolved fact; `value` is None exactly when `missing` says what the manifests do not tell."""

    value: Any
    because: str = ""
    decided_by: Place | None = None  # None: an absence or a built-in default decided
    missing: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether the manifests settle the fact."""
        return self.value is not None


class Container(NamedTuple):
    """Describe one container of a pod template (init containers included only when they are sidecars)."""

    name: str
    image: str
    ports: tuple[tuple[int, str, str], ...]  # containerPort, name, protocol (TCP, UDP, SCTP)
    env: tuple[tuple[str, str, int], ...]  # name, literal value, position
    arguments: tuple[tuple[str, str], ...]  # value, where below the container: "args/0"
    pointer: str  # "/spec/template/spec/containers/0"


class Workload(NamedTuple):
    """Describe anything that makes pods: the resource, its pod template and where the template stands."""

    id: int  # index into Inventory.workloads
    resource: Resource
    namespace: str
    name: str
    labels: dict[str, str]  # of the pod template
    annotations: dict[str, str]  # of the pod template
    template: str  # pointer of the pod template ("" for a Pod)
    service_account: str
    replicas: int | None
    host_network: bool
    containers: tuple[Container, ...]
    external: bool = False  # WorkloadEntry or inline endpoint: a VM

    @property
    def text(self) -> str:
        """Return the workload as messages name it."""
        return self.resource.text


class ServicePort(NamedTuple):
    """Describe one port of a service; `id` is (service id, position)."""

    id: tuple[int, int]
    number: int
    name: str
    transport: str  # TCP, UDP, SCTP
    app_protocol: str | None
    target: int | str  # targetPort; the service port itself when unset
    pointer: str


class Service(NamedTuple):
    """Describe a Kubernetes Service, or a host of a ServiceEntry (`entry` true)."""

    id: int  # index into Inventory.services
    resource: Resource
    namespace: str
    name: str
    host: str  # name.namespace.svc.<domain>, or the host of the entry
    selector: dict[str, str]
    ports: tuple[ServicePort, ...]
    type: str  # ClusterIP, NodePort, LoadBalancer, ExternalName
    headless: bool
    external_name: str
    annotations: dict[str, str]
    labels: dict[str, str]
    entry: bool = False
    mesh_external: bool = False  # ServiceEntry MESH_EXTERNAL (the default) or ExternalName
    resolution: str = ""  # of a ServiceEntry
    export_to: tuple[str, ...] = ()  # as stated: `exportTo`, or the annotation of a Service

    @property
    def text(self) -> str:
        """Return the service as messages name it."""
        return self.resource.text


class Namespace(NamedTuple):
    """Describe a namespace: `resource` is None when only other objects mention it; labels count only when stated."""

    name: str
    labels: dict[str, str]
    annotations: dict[str, str]
    resource: Resource | None
    assumed: bool  # labels come (also) from `assume:` in the configuration
    patched: bool = False  # a kustomization changes it, so that its manifest is not the last word

    @property
    def is_described(self) -> bool:
        """Tell whether the labels are known: a manifest or an assumption states them."""
        return (self.resource is not None and not self.patched) or self.assumed


class MeshConfig(NamedTuple):
    """Hold what the MeshConfig says; defaults are Istio's (istio.mesh.v1alpha1.MeshConfig)."""

    root_namespace: str = "istio-system"
    trust_domain: str = "cluster.local"
    domain: str = "cluster.local"
    enable_auto_mtls: bool = True
    outbound_traffic_policy: str = "ALLOW_ANY"
    default_destination_rule_export_to: tuple[str, ...] = ("*",)
    default_traffic_policy: dict[str, Any] | None = None
    enable_namespaces_by_default: bool = False
    content: dict[str, Any] | None = None
    place: Place | None = None  # None: no MeshConfig in the set
    assumed: bool = False


class Inventory(NamedTuple):
    """List the declared objects of one environment, indexed; nothing here is resolved yet."""

    resources: tuple[Resource, ...]
    namespaces: dict[str, Namespace]
    workloads: tuple[Workload, ...]
    workloads_in: dict[str, tuple[Workload, ...]]
    services: tuple[Service, ...]
    services_in: dict[str, tuple[Service, ...]]
    service_at: dict[str, tuple[Service, ...]]  # lower-case host → services (wildcard hosts of entries too)
    kinds: dict[str, tuple[Resource, ...]]  # "group/Kind" ("/Service" for the core group) → resources
    mesh_config: MeshConfig
    added_labels: frozenset[tuple[str, str]] = frozenset()  # what pods may get when kustomizations are rendered

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        """Return the objects of `group/Kind` in the order of files."""
        return self.kinds.get(kind, ())


class Membership(NamedTuple):
    """Say whether a workload is in the mesh, and by which data plane (reference: injection webhook, CNI selectors)."""

    dataplane: str  # sidecar, ambient, gateway, waypoint, none, unknown
    because: str
    decided_by: Place | None = None
    missing: str = ""  # for unknown: what the manifests don't say
    namespace_wide: bool = False  # the namespace's labels decided, not the pod's own

    @property
    def meshed(self) -> bool | None:
        """Tell whether a proxy or ztunnel stands in the path; None when unknown."""
        return None if self.dataplane == "unknown" else self.dataplane != "none"


class PortMode(NamedTuple):
    """Hold the effective PeerAuthentication mode of one workload port."""

    number: int
    name: str
    transport: str
    mode: str | None  # STRICT, PERMISSIVE, DISABLE; None when unknown
    because: str
    decided_by: Place | None
    level: str  # port, workload, namespace, mesh, default
    captured: bool  # inbound traffic of this port reaches the proxy
    service_ports: tuple[tuple[int, int], ...] = ()  # ServicePort ids that lead here
    missing: str = ""
