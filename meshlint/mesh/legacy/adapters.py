"""The adapter of a legacy service: something inside the mesh that stands in front of it.

In: a service, its workloads and the inventory. Out: `Adapter`. `meshlint.dev/adapter` names a Service, a workload, a
Gateway or the host of a ServiceEntry; it counts when that thing exists and is in the mesh.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Inventory, Membership, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple

ADAPTER = "meshlint.dev/adapter"
_GATEWAYS = ("networking.istio.io/Gateway", "gateway.networking.k8s.io/Gateway")


class Adapter(NamedTuple):
    """Say what became of a named adapter: none, found, missing, outside; None when it cannot be told."""

    state: str | None
    name: str = ""
    missing: str = ""


def find_adapter(
    service: Service,
    workloads: Sequence[Workload],
    inventory: Inventory,
    memberships: Sequence[Membership],
    selection: Selection,
    existence: Existence,
) -> Adapter:
    """Resolve the adapter that a service or its workloads name."""
    name = _named(service, workloads)
    if not name:
        return Adapter("none")
    namespace, plain = _address(name, service.namespace)
    services = _services(name, namespace, plain, inventory)
    if services:
        return _judged(name, services, memberships, selection)
    for workload in inventory.workloads_in.get(namespace, ()):
        if workload.name == plain:
            return _of_members(name, [memberships[workload.id]])
    if any(r.namespace == namespace and r.name == plain for kind in _GATEWAYS for r in inventory.of_kind(kind)):
        return Adapter("found", name)
    if existence.is_external_host(name) or existence.is_external_object("Service", namespace, plain):
        return Adapter("found", name)
    if existence.is_described(namespace, "Service"):
        return Adapter("missing", name)
    return Adapter(None, name, f"objects of namespace {namespace}")


def _named(service: Service, workloads: Sequence[Workload]) -> str:
    carriers = [service.annotations, service.labels]
    for workload in workloads:
        carriers += [workload.annotations, workload.resource.annotations, workload.labels]
    return next((values[ADAPTER].strip() for values in carriers if values.get(ADAPTER, "").strip()), "")


def _address(name: str, namespace: str) -> tuple[str, str]:
    """Split `namespace/name`, `name.namespace` and `name.namespace.svc…`; a bare name stays at home."""
    if "/" in name:
        before, _, after = name.partition("/")
        return before, after
    parts = name.split(".")
    return (parts[1], parts[0]) if len(parts) == 2 or parts[2:3] == ["svc"] else (namespace, name)


def _services(name: str, namespace: str, plain: str, inventory: Inventory) -> list[Service]:
    found = list(inventory.service_at.get(name.lower(), ()))
    return found or [s for s in inventory.services_in.get(namespace, ()) if s.name == plain]


def _judged(name: str, services: Sequence[Service], memberships: Sequence[Membership], selection: Selection) -> Adapter:
    if any(service.entry for service in services):
        return Adapter("found", name)
    members = [memberships[w.id] for service in services for w in selection.workloads_of[service.id]]
    return _of_members(name, members)


def _of_members(name: str, members: Sequence[Membership]) -> Adapter:
    if any(member.meshed for member in members):
        return Adapter("found", name)
    if not members:
        return Adapter(None, name, f"workloads behind {name}")
    unknown = next((member.missing for member in members if member.meshed is None), "")
    return Adapter(None, name, unknown) if unknown else Adapter("outside", name)
