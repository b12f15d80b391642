"""Endpoints with a proxy that a label declares to be plain text.

In: an object, the workloads, who is in the mesh. Out: `PlainLabel`. Sources: `GetTLSModeFromEndpointLabels` (any value
but `istio` makes clients send plain text), `getTLSModeFromWorkloadEntry`, `workloadEntryFromGroup` (labels of the
group's metadata win over those of its template). A label that the template itself sets is kept by the injector.
Gateways and ambient pods are told apart otherwise, so the label changes nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.membership.membership import TLS_MODE, escaped
from meshlint.mesh.model import Inventory, Membership, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

_GROUP = "networking.istio.io/WorkloadGroup"
_ENTRY = "networking.istio.io/WorkloadEntry"
_SERVICE = "networking.istio.io/ServiceEntry"


class PlainLabel(NamedTuple):
    """Say which endpoint the label is on; `missing` says why nobody can tell whether a proxy runs there."""

    text: str
    value: str
    pointer: str
    missing: str = ""


class PlainLabels:
    """Answer which objects switch encryption off by that label."""

    def __init__(self, inventory: Inventory, memberships: Sequence[Membership]) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._workloads: dict[int, Workload] | None = None  # by the index of the resource; most runs never ask

    def of(self, resource: Resource) -> Iterator[PlainLabel]:
        """Yield the labels of one object that turn clients away from encryption."""
        if b"tlsMode" not in resource.body and TLS_MODE not in resource.labels:
            return
        kind = qualified(resource.group, resource.kind)
        if kind == _SERVICE:
            yield from _of_endpoints(resource)
        elif kind == _GROUP:
            yield from _of_group(resource)
        elif (workload := self._workload(resource)) is not None:
            yield from self._of_entry(workload) if kind == _ENTRY else self._of_pods(workload)

    def _workload(self, resource: Resource) -> Workload | None:
        if self._workloads is None:
            self._workloads = {workload.resource.index: workload for workload in self._inventory.workloads}
        return self._workloads.get(resource.index)

    def _of_entry(self, entry: Workload) -> Iterator[PlainLabel]:
        value = entry.labels.get(TLS_MODE)
        if entry.service_account and _is_plain(value):
            yield PlainLabel("a virtual machine with a proxy", value or "", f"/spec/labels/{escaped(TLS_MODE)}")

    def _of_pods(self, workload: Workload) -> Iterator[PlainLabel]:
        value, member = workload.labels.get(TLS_MODE), self._memberships[workload.id]
        if _is_plain(value) and member.dataplane in ("sidecar", "unknown"):
            pointer = f"{workload.template}/metadata/labels/{escaped(TLS_MODE)}"
            yield PlainLabel("pods with a proxy", value or "", pointer, member.missing)


def _is_plain(value: str | None) -> bool:
    return value is not None and value != "istio"


def _of_group(resource: Resource) -> Iterator[PlainLabel]:
    """Judge the machines that register with a group: without an account they get plain text anyhow."""
    spec = mapping(resource.content().get("spec"))
    if not text(mapping(spec.get("template")).get("serviceAccount")):
        return
    for field in ("metadata", "template"):
        value = strings(mapping(spec.get(field)).get("labels")).get(TLS_MODE)
        if value is not None:
            if _is_plain(value):
                pointer = f"/spec/{field}/labels/{escaped(TLS_MODE)}"
                yield PlainLabel("virtual machines with a proxy", value, pointer)
            return


def _of_endpoints(resource: Resource) -> Iterator[PlainLabel]:
    """Judge the endpoints of a ServiceEntry; those of hosts outside the mesh are never encrypted by proxies."""
    spec = mapping(resource.content().get("spec"))
    if spec.get("location") != "MESH_INTERNAL":
        return
    for position, item in enumerate(sequence(spec.get("endpoints"))):
        endpoint = mapping(item)
        value = strings(endpoint.get("labels")).get(TLS_MODE)
        if text(endpoint.get("serviceAccount")) and _is_plain(value):
            pointer = f"/spec/endpoints/{position}/labels/{escaped(TLS_MODE)}"
            yield PlainLabel(f"endpoint {text(endpoint.get('address')) or position + 1}", value or "", pointer)
