"""Which waypoint serves a workload or service, and which label names it.

In: the mesh. Out: a fact whose value is `namespace/name`, empty where none serves. Whether it serves is the answer of
`gateways.waypoints`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from meshlint.mesh.gateways.waypoints import USE, USE_NAMESPACE, Served, Waypoints
from meshlint.mesh.membership.membership import escaped
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service, Workload

_Home = tuple[str, Mapping[str, str], Place | None]
"""Who carries labels, the labels, and where they stand."""


def waypoint_of_workload(mesh: Mesh, workload: Workload) -> Decided:
    """Return the waypoint of a workload."""
    membership = mesh.memberships[workload.id]
    if membership.meshed is None:
        return Decided(None, membership.because, membership.decided_by, membership.missing)
    if membership.dataplane != "ambient":
        return Decided("", "it is not in ambient", membership.decided_by)
    services = [mesh.inventory.services[number] for number in mesh.selection.services_of.get(workload.id, ())]
    place = Place(workload.resource, f"{workload.template}/metadata/labels", "waypoint")
    homes = [("it", workload.labels, place), *map(_of_service, services), _of_namespace(mesh, workload.namespace)]
    return _fact(_waypoints(mesh).of_workload(workload), homes, workload.namespace)


def waypoint_of_service(mesh: Mesh, service: Service) -> Decided:
    """Return the waypoint of a service."""
    workloads = mesh.selection.workloads_of[service.id]
    if workloads and not any(mesh.memberships[workload.id].dataplane == "ambient" for workload in workloads):
        return Decided("", "no workload behind it is known to be in ambient")
    homes = [_of_service(service), _of_namespace(mesh, service.namespace)]
    return _fact(_waypoints(mesh).of_service(service), homes, service.namespace)


def _waypoints(mesh: Mesh) -> Waypoints:
    return Waypoints(mesh.inventory, mesh.selection, mesh.existence)


def _of_service(service: Service) -> _Home:
    return service.text, service.labels, Place(service.resource, "/metadata/labels", "waypoint")


def _of_namespace(mesh: Mesh, name: str) -> _Home:
    namespace = mesh.inventory.namespaces.get(name)
    if namespace is None:
        return f"namespace {name}", {}, None
    resource = namespace.resource
    place = Place(resource, "/metadata/labels", "waypoint") if resource is not None else None
    return f"namespace {name}", namespace.labels, place


def _fact(served: Served, homes: Iterable[_Home], namespace: str) -> Decided:
    if served.served is None:
        return Decided(None, f"the manifests do not say the {served.missing}", None, served.missing)
    if not served.served:
        return Decided("", served.because)
    for who, labels, place in homes:
        if (name := labels.get(USE, "none")) != "none":
            there = place._replace(pointer=f"{place.pointer}/{escaped(USE)}") if place is not None else None
            home = labels.get(USE_NAMESPACE) or namespace
            return Decided(f"{home}/{name}", f"{who} has the label {USE}={name}", there)
    return Decided("", "nothing names one")
