"""The declared objects of one environment, read once and indexed.

In: resources, and what the configuration assumes. Out: `Inventory`. Nothing is resolved here: which workload is in
the mesh, which policy governs it and where a host leads are questions for the resolvers. Manifests hold nulls and
wrong types anywhere; what has the wrong type counts as absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from meshlint.mesh.inventory.meshconfig import read_mesh_config
from meshlint.mesh.inventory.services import read_entry, read_service
from meshlint.mesh.inventory.workloads import read_endpoint, read_workload
from meshlint.mesh.model import Inventory, Namespace, Service, Workload
from meshlint.resources.digest import mapping, pod_template_pointer, text
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

_Placed = TypeVar("_Placed", Workload, Service)

SYSTEM_NAMESPACES = frozenset(("kube-system", "kube-public", "kube-node-lease", "local-path-storage"))
"""Namespaces that Istio's injector never touches (pkg/kube/inject: IgnoredNamespaces)."""


def build_inventory(
    resources: Sequence[Resource],
    assumed_labels: Mapping[str, Mapping[str, str]] | None = None,
    assumed_mesh_config: Mapping[str, Any] | None = None,
    *,
    patched_namespaces: frozenset[str] = frozenset(),
) -> Inventory:
    """Index the objects of one environment; the assumptions are those of the configuration (`assume:`)."""
    kinds: dict[str, list[Resource]] = {}
    for resource in resources:
        kinds.setdefault(qualified(resource.group, resource.kind), []).append(resource)
    mesh_config = read_mesh_config(kinds, assumed_mesh_config)
    workloads = _workloads(resources, kinds)
    services = _services(kinds, mesh_config.domain)
    return Inventory(
        resources=tuple(resources),
        namespaces=_namespaces(resources, kinds.get("/Namespace", ()), assumed_labels or {}, patched_namespaces),
        workloads=tuple(workloads),
        workloads_in=_grouped(workloads),
        services=tuple(services),
        services_in=_grouped(services),
        service_at=_by_host(services),
        kinds={kind: tuple(found) for kind, found in kinds.items()},
        mesh_config=mesh_config,
    )


def _workloads(resources: Sequence[Resource], kinds: Mapping[str, Sequence[Resource]]) -> list[Workload]:
    found: list[Workload] = []
    scaled = _scaled(kinds)
    for resource in resources:
        if resource.kind == "WorkloadEntry" and resource.group == "networking.istio.io":
            found.append(read_endpoint(len(found), resource))
            continue
        template = template_of(resource)
        if template is None:
            continue
        workload = read_workload(len(found), resource, template)
        if workload is not None:
            is_scaled = (resource.namespace, resource.kind, resource.name) in scaled
            found.append(workload._replace(replicas=None) if is_scaled else workload)
    return found


def _scaled(kinds: Mapping[str, Sequence[Resource]]) -> set[tuple[str, str, str]]:
    """Return namespace, kind and name of what an autoscaler scales: its `replicas` is only where it starts."""
    found = set()
    for kind in ("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"):
        for resource in kinds.get(kind, ()):
            target = mapping(mapping(resource.content().get("spec")).get("scaleTargetRef"))
            found.add((resource.namespace, text(target.get("kind")) or "Deployment", text(target.get("name"))))
    return found


def template_of(resource: Resource) -> str | None:
    """Return the pointer of the pod template of a resource; None when it makes no pods."""
    known = pod_template_pointer(resource.group, resource.kind, {})
    if known is not None:
        return known
    # The digest keeps `template` at the top only for objects that it recognised as makers of pods.
    return "/spec/template" if b"template" in resource.body and _kept_template(resource) else None


def _kept_template(resource: Resource) -> bool:
    content = resource.content()
    return "workloadRef" in content and isinstance(content.get("template"), dict)


def _services(kinds: Mapping[str, Sequence[Resource]], domain: str) -> list[Service]:
    found: list[Service] = []
    for resource in kinds.get("/Service", ()):
        found.append(read_service(len(found), resource, domain))
    for resource in kinds.get("networking.istio.io/ServiceEntry", ()):
        for service in read_entry(len(found), resource):
            found.append(service)
    return found


def _grouped(items: Sequence[_Placed]) -> dict[str, tuple[_Placed, ...]]:
    """Group by namespace, by name inside it: what lists them must not depend on the order of files."""
    groups: dict[str, list[_Placed]] = {}
    for item in sorted(items, key=lambda item: (item.name, item.resource.kind)):
        groups.setdefault(item.namespace, []).append(item)
    return {namespace: tuple(found) for namespace, found in groups.items()}


def _by_host(services: Sequence[Service]) -> dict[str, tuple[Service, ...]]:
    hosts: dict[str, list[Service]] = {}
    for service in services:
        hosts.setdefault(service.host.lower(), []).append(service)
    return {host: tuple(found) for host, found in hosts.items()}


def _namespaces(
    resources: Sequence[Resource],
    manifests: Sequence[Resource],
    assumed: Mapping[str, Mapping[str, str]],
    patched: frozenset[str],
) -> dict[str, Namespace]:
    stated = {resource.name: resource for resource in manifests}
    names = {resource.namespace for resource in resources if resource.namespace} | set(stated) | set(assumed)
    found: dict[str, Namespace] = {}
    for name in sorted(names):
        resource = stated.get(name)
        labels = dict(resource.labels) if resource is not None else {}
        labels.update(assumed.get(name, {}))
        annotations = resource.annotations if resource is not None else {}
        found[name] = Namespace(
            name, labels, annotations, resource, name in assumed, not patched.isdisjoint((name, "*"))
        )
    return found
