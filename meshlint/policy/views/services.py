"""Services and their ports as rules see them.

In: the resolved mesh. Out: targets. What is not settled is absent and named in `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.legacy.legacy import LegacyPort, fault_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Service, ServicePort
from meshlint.policy.views.chains import ServiceChains
from meshlint.policy.views.values import NOWHERE, Target, View, identity_view, place_view, subject_of, with_unknown

_NOT_LEGACY: View = {
    "is_legacy": False,
    "because": "",
    "server": "",
    "mode": "",
    "adapter": "none",
    "adapter_name": "",
    "excepted": False,
    "fault": "",
    "marked_by": NOWHERE,
}
_CONTROL_PLANE = ("istiod", "istio-pilot", "pilot", "istio-sidecar-injector", "istio-galley", "istio-policy")
_MANAGED_NAMESPACES = frozenset(("kube-system", "kube-public", "kube-node-lease", "gke-system", "gke-managed-system"))


def service_targets(mesh: Mesh) -> Iterator[Target]:
    """View every service."""
    chains = ServiceChains(mesh)
    for service in mesh.inventory.services:
        yield Target(_service(service, mesh) | chains.view(service), subject_of(service.resource))


def port_targets(mesh: Mesh) -> Iterator[Target]:
    """View every port of every service."""
    for service in mesh.inventory.services:
        whole, subject = _service(service, mesh), subject_of(service.resource)
        for port in service.ports:
            yield Target(_port(service, port, whole, mesh), subject)


def _service(service: Service, mesh: Mesh) -> View:
    members = [mesh.memberships[workload.id] for workload in mesh.selection.workloads_of[service.id]]
    view = identity_view(service.resource)
    view["host"] = service.host
    view["type"] = service.type
    view["headless"] = service.headless
    view["is_external"] = service.entry or bool(service.external_name) or service.type == "ExternalName"
    view["is_gateway"] = bool(members) and all(m.dataplane in ("gateway", "waypoint") for m in members)
    view["is_infrastructure"] = is_infrastructure(service)
    if any(member.meshed for member in members):
        view["meshed"] = True
    elif members and all(member.meshed is False for member in members):
        view["meshed"] = False
    elif members:
        missing = next(member.missing for member in members if member.meshed is None)
        return with_unknown(view, {"meshed": missing})
    else:
        return with_unknown(view, {"meshed": f"workloads behind {service.text}"})
    return view


def is_infrastructure(service: Service) -> bool:
    """Tell the services of the control plane and of managed platforms, which nobody in the repository owns."""
    labels = service.labels
    return (
        "istio" in labels
        or labels.get("release") == "istio"
        or labels.get("app") in _CONTROL_PLANE
        or labels.get("gateway.istio.io/managed", "") != ""
        or service.namespace in _MANAGED_NAMESPACES
        or service.host.startswith("kubernetes.default.svc.")
    )


def _port(service: Service, port: ServicePort, whole: View, mesh: Mesh) -> View:
    return {
        "text": f"{service.text} port {port.number}",
        "place": place_view(Place(service.resource, port.pointer, "port")),
        "service": whole,
        "number": port.number,
        "name": port.name,
        "transport": port.transport,
        "protocol": _decided(mesh.protocols[port.id]),
        "breaker": _breaker(port, mesh),
        "legacy": _legacy(mesh.legacy.get(port.id)),
    }


def _decided(fact: Decided) -> View:
    view: View = {"because": fact.because, "decided_by": place_view(fact.decided_by)}
    if fact.value is None:
        return with_unknown(view, {"value": fact.missing})
    return view | {"value": fact.value}


def _breaker(port: ServicePort, mesh: Mesh) -> View:
    breaker = mesh.breakers.of_port(port.id)
    view: View = {
        "because": breaker.because,
        "where": breaker.where,
        "decided_by": place_view(breaker.decided_by),
    }
    if breaker.exists is None:
        return with_unknown(view, {"exists": breaker.missing})
    return view | {"exists": breaker.exists}


def _legacy(legacy: LegacyPort | None) -> View:
    if legacy is None:
        return _NOT_LEGACY
    view: View = {
        "is_legacy": True,
        "because": legacy.because,
        "adapter_name": legacy.adapter.name,
        "excepted": legacy.exemption.state == "complete",
        "fault": fault_of(legacy),
        "marked_by": place_view(legacy.marked_by),
    }
    settled = {"server": legacy.server, "mode": legacy.mode, "adapter": legacy.adapter.state}
    view |= {name: value for name, value in settled.items() if value is not None}
    return with_unknown(view, dict(legacy.missing))
