"""Whether the proxies of a workload write an access log.

In: the inventory, the points at which policies act. Out: a `Decided` for each workload. Sources: Telemetry of the
workload (by labels or by targetRefs), the namespace and the root namespace in that order (`applicableTelemetries`: a
selector reaches the pods of its own namespace only); meshConfig.defaultProviders.accessLogging;
meshConfig.accessLogFile, which is empty by default. An EnvoyFilter that brings a log of its own counts as one.
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.authorization.attachment import Attachment, Attachments, Points, read_attachment
from meshlint.mesh.model import Decided, Inventory, Place, Workload
from meshlint.resources.digest import mapping, sequence
from meshlint.resources.resource import Resource

TELEMETRY = "telemetry.istio.io/Telemetry"
ENVOY_FILTER = "networking.istio.io/EnvoyFilter"
_LOG_FIELDS = (b"access_log", b"accessLog")


class AccessLogs:
    """Answer whether a workload is logged."""

    def __init__(self, inventory: Inventory, points: Points) -> None:
        self._config = inventory.mesh_config
        self._points = points
        root = inventory.mesh_config.root_namespace
        logging = (resource for resource in inventory.of_kind(TELEMETRY) if _entries(resource))
        attached = (read_attachment(resource, root) for resource in logging)
        self._attached = Attachments((attachment for attachment in attached if attachment is not None), root)
        self._filtered = {
            resource.namespace
            for resource in inventory.of_kind(ENVOY_FILTER)
            if any(field in resource.body for field in _LOG_FIELDS)
        }

    def of(self, workload: Workload) -> Decided:
        """Return whether the proxy of a workload writes an access log."""
        if self._filtered & {workload.namespace, self._config.root_namespace}:
            return Decided(True, "an EnvoyFilter adds an access log")
        nearest = self._nearest(workload)
        if nearest is None:
            return self._by_config()
        resource, entries = nearest
        off = [number for number, entry in enumerate(entries) if mapping(entry).get("disabled") is True]
        if len(off) < len(entries):
            return Decided(True, f"{resource.text} turns it on", Place(resource, "/spec/accessLogging", "access-log"))
        place = Place(resource, f"/spec/accessLogging/{off[0]}/disabled", "access-log")
        return Decided(False, f"{resource.text} disables it", place)

    def _nearest(self, workload: Workload) -> tuple[Resource, list[Any]] | None:
        home = workload.namespace
        found = [
            attachment
            for attachment in self._attached.on(self._points.of_workload(workload))
            if not attachment.selector or attachment.resource.namespace == home
        ]
        nearest = min(found, key=lambda attachment: _distance(attachment, home), default=None)
        return (nearest.resource, _entries(nearest.resource)) if nearest is not None else None

    def _by_config(self) -> Decided:
        content = self._config.content
        if content is None:
            return Decided(None, "no MeshConfig is in the manifests", None, "MeshConfig")
        if content.get("accessLogFile") or sequence(mapping(content.get("defaultProviders")).get("accessLogging")):
            return Decided(True, "meshConfig turns it on", self._config.place)
        because = "no Telemetry turns accessLogging on and meshConfig names neither a file nor a provider for it"
        return Decided(False, because)


def _entries(resource: Resource) -> list[Any]:
    return sequence(mapping(resource.content().get("spec")).get("accessLogging"))


def _distance(attachment: Attachment, home: str) -> int:
    """Order what speaks of the workload before what speaks of its namespace, and that before the mesh."""
    return 0 if not attachment.is_open else 1 if attachment.resource.namespace == home else 2
