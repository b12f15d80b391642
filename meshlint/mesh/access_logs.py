"""Whether the proxies of a workload write an access log.

In: the inventory. Out: a `Decided` for each workload. Sources: Telemetry of the workload, the namespace and the root
namespace in that order; meshConfig.defaultProviders.accessLogging; meshConfig.accessLogFile, which is empty by default.
An EnvoyFilter that brings a log of its own counts as one.
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.model import Decided, Inventory, Place, Workload
from meshlint.resources.digest import mapping, sequence, strings
from meshlint.resources.resource import Resource

TELEMETRY = "telemetry.istio.io/Telemetry"
ENVOY_FILTER = "networking.istio.io/EnvoyFilter"
_LOG_FIELDS = (b"access_log", b"accessLog")


class AccessLogs:
    """Answer whether a workload is logged."""

    def __init__(self, inventory: Inventory) -> None:
        self._config = inventory.mesh_config
        self._in: dict[str, list[tuple[dict[str, str], Resource, list[Any]]]] = {}
        for resource in inventory.of_kind(TELEMETRY):
            spec = mapping(resource.content().get("spec"))
            entries = sequence(spec.get("accessLogging"))
            selector = strings(mapping(spec.get("selector")).get("matchLabels"))
            targets = bool(sequence(spec.get("targetRefs")) or mapping(spec.get("targetRef")))
            if entries and not targets:
                self._in.setdefault(resource.namespace, []).append((selector, resource, entries))
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
        own = self._in.get(workload.namespace, ())
        for selector, resource, entries in own:
            if selector and selector.items() <= workload.labels.items():
                return resource, entries
        root = self._in.get(self._config.root_namespace, ())
        return next(((resource, entries) for selector, resource, entries in (*own, *root) if not selector), None)

    def _by_config(self) -> Decided:
        content = self._config.content
        if content is None:
            return Decided(None, "no MeshConfig is in the manifests", None, "MeshConfig")
        if content.get("accessLogFile") or sequence(mapping(content.get("defaultProviders")).get("accessLogging")):
            return Decided(True, "meshConfig turns it on", self._config.place)
        because = "no Telemetry turns accessLogging on and meshConfig names neither a file nor a provider for it"
        return Decided(False, because)
