"""Which Sidecar governs a workload, and what it lets out.

In: the inventory. Out: the Sidecar of a workload; its outbound traffic policy as a `Decided` mode. Sources: istiod's
`getSidecarScope` (one with a matching selector beats that of the namespace, which beats that of the root namespace)
and `Sidecar.outboundTrafficPolicy`, whose mode is REGISTRY_ONLY when the block is there and names none.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.mesh.model import Decided, Inventory, Place, Workload
from meshlint.resources.digest import mapping, strings, text
from meshlint.resources.resource import Resource

KIND = "networking.istio.io/Sidecar"


class SidecarScopes:
    """Answer which Sidecar governs a workload."""

    def __init__(self, inventory: Inventory) -> None:
        self._config = inventory.mesh_config
        self._in: dict[str, list[tuple[dict[str, str], Resource]]] = {}
        for resource in inventory.of_kind(KIND):
            selector = mapping(mapping(resource.content().get("spec")).get("workloadSelector"))
            self._in.setdefault(resource.namespace, []).append((strings(selector.get("labels")), resource))

    def governing(self, workload: Workload) -> Resource | None:
        """Return the Sidecar of a workload, None when none governs it."""
        return self.of_client(workload.namespace, workload.labels)

    def of_client(self, namespace: str, labels: Mapping[str, str]) -> Resource | None:
        """Return the Sidecar of a client of a namespace with these labels."""
        own = self._in.get(namespace, ())
        for selector, resource in own:
            if selector and selector.items() <= labels.items():
                return resource
        root = self._in.get(self._config.root_namespace, ())
        return next((resource for selector, resource in (*own, *root) if not selector), None)

    def outbound(self, workload: Workload) -> Decided:
        """Return the mode of the outbound traffic policy of a workload, with what decided it."""
        return self.outbound_of(self.governing(workload))

    def outbound_of(self, sidecar: Resource | None) -> Decided:
        """Return the mode for those whom a Sidecar governs, None for those without one."""
        policy = mapping(sidecar.content().get("spec")).get("outboundTrafficPolicy") if sidecar is not None else None
        if sidecar is not None and isinstance(policy, dict):
            return self._stated(sidecar, policy)
        config = self._config
        if config.content is None:
            return Decided(None, "no MeshConfig is in the manifests", None, "MeshConfig")
        stated = text(mapping(config.content.get("outboundTrafficPolicy")).get("mode"))
        assumed = " (assumed in the configuration)" if config.assumed else ""
        place = config.place._replace(fact="outbound") if config.place is not None else None
        if not stated:
            because = f"meshConfig{assumed} names no outboundTrafficPolicy and the default is ALLOW_ANY"
            return Decided(config.outbound_traffic_policy, because, place)
        return Decided(stated, f"meshConfig.outboundTrafficPolicy{assumed} is {stated}", place)

    def _stated(self, sidecar: Resource, policy: dict[str, object]) -> Decided:
        mode = text(policy.get("mode")) or "REGISTRY_ONLY"
        pointer = "/spec/outboundTrafficPolicy" + ("/mode" if "mode" in policy else "")
        because = f"{sidecar.text} says {mode}"
        if self._config.content is not None and self._config.outbound_traffic_policy == "REGISTRY_ONLY":
            because += " in a mesh that is REGISTRY_ONLY" if mode != "REGISTRY_ONLY" else ""
        return Decided(mode, because, Place(sidecar, pointer, "outbound"))
