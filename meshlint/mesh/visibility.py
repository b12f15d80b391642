"""Who sees what: `exportTo` on the side of the owner, the Sidecar's `egress` on the side of the client.

In: the inventory. Out: `Export` of a thing and the imports of a namespace. Sources: `initServiceRegistry`,
`initVirtualServices` and `setDestinationRules` of istiod for exports (defaults honour `.` and `*` only), `SidecarScope`
for imports. It knows no route and no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from meshlint.mesh.hosts import meets
from meshlint.mesh.model import Inventory, Service
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence
from meshlint.resources.resource import Resource

SIDECAR = "networking.istio.io/Sidecar"
EVERYWHERE = "*"
"""Stands for a namespace that no manifest mentions: a client that nobody thought of."""

_DEFAULTS = {
    "Service": "defaultServiceExportTo",
    "ServiceEntry": "defaultServiceExportTo",
    "VirtualService": "defaultVirtualServiceExportTo",
    "DestinationRule": "defaultDestinationRuleExportTo",
}


class Export(NamedTuple):
    """Say in which namespaces a thing is seen."""

    everywhere: bool
    namespaces: frozenset[str] = frozenset()

    def reaches(self, namespace: str) -> bool:
        """Tell whether clients of the namespace see it; EVERYWHERE asks for a namespace that nobody names."""
        return self.everywhere or namespace in self.namespaces

    def meets(self, other: Export) -> bool:
        """Tell whether some namespace sees both."""
        if self.everywhere or other.everywhere:
            return not (self.is_empty or other.is_empty)
        return not self.namespaces.isdisjoint(other.namespaces)

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody sees it."""
        return not self.everywhere and not self.namespaces

    @property
    def text(self) -> str:
        """Return the scope in one clause."""
        if self.everywhere:
            return "every namespace"
        return f"namespace {', '.join(sorted(self.namespaces))}" if self.namespaces else "no namespace"


def exported(stated: Sequence[str], own: str, default: Sequence[str] = (EVERYWHERE,)) -> Export:
    """Return the export of a thing of namespace `own`; an empty list takes the mesh's default."""
    if not stated:
        if "." in default:
            return Export(False, frozenset((own,)))
        return Export(EVERYWHERE in default)
    if EVERYWHERE in stated:
        return Export(True)
    if "~" in stated:
        return Export(False)
    return Export(False, frozenset(own if name == "." else name for name in stated))


class _Import(NamedTuple):
    """One entry of a Sidecar's egress hosts."""

    namespace: str
    host: str


class Visibility:
    """Answer who sees whom in one environment."""

    def __init__(self, inventory: Inventory) -> None:
        config = mapping(inventory.mesh_config.content)
        self._defaults = {kind: _strings(config.get(field)) or (EVERYWHERE,) for kind, field in _DEFAULTS.items()}
        self._root = inventory.mesh_config.root_namespace
        self._imports: dict[str, tuple[_Import, ...] | None] = {}
        self._special: dict[int, tuple[_Import, ...] | None] = {}
        for resource in inventory.of_kind(SIDECAR):
            spec = mapping(resource.content().get("spec"))
            if not mapping(mapping(spec.get("workloadSelector")).get("labels")):
                # Of two such Sidecars the older one counts, and ages are unknown: what either imports is imported.
                self._imports[resource.namespace] = self._joined(resource, spec)
        self.restricted = tuple(sorted(self._imports))
        """The namespaces whose clients have a Sidecar of their own."""

    def _joined(self, resource: Resource, spec: dict[str, Any]) -> tuple[_Import, ...] | None:
        found = _imports(spec, resource.namespace if resource.namespace != self._root else ".")
        if resource.namespace not in self._imports:
            return found
        before = self._imports[resource.namespace]
        return None if found is None or before is None else (*before, *found)

    def of(self, kind: str, stated: Sequence[str], namespace: str) -> Export:
        """Return the export of a VirtualService, DestinationRule, Service or ServiceEntry."""
        return exported(stated, namespace, self._defaults[kind])

    def of_service(self, service: Service) -> Export:
        """Return the export of a Service (by its annotation) or of a host of a ServiceEntry."""
        return exported(service.export_to, service.namespace, self._defaults["Service"])

    def imports(self, client: str, owner: str, hosts: Iterable[str]) -> bool:
        """Tell whether clients of a namespace take in what `owner` says about one of the hosts.

        A Sidecar with a selector holds for some clients only; the rest of its namespace is asked about here.
        """
        entries = self._imports[client] if client in self._imports else self._imports.get(self._root)
        return _takes_in(entries, client, owner, tuple(hosts))

    def imports_through(self, sidecar: Resource, client: str, owner: str, hosts: Iterable[str]) -> bool:
        """Tell the same of the clients that one Sidecar with a selector governs."""
        if sidecar.index not in self._special:
            spec = mapping(sidecar.content().get("spec"))
            self._special[sidecar.index] = _imports(spec, sidecar.namespace)
        return _takes_in(self._special[sidecar.index], client, owner, tuple(hosts))


def _takes_in(entries: Sequence[_Import] | None, client: str, owner: str, names: Sequence[str]) -> bool:
    if entries is None:
        return True
    for entry in entries:
        covers = client == owner if entry.namespace == "." else entry.namespace in ("*", owner)
        if covers and any(meets(entry.host, name) for name in names):
            return True
    return False


def _imports(spec: dict[str, Any], own: str) -> tuple[_Import, ...] | None:
    """Return what a Sidecar imports, None for everything; the root's `.` means each client's own namespace."""
    listeners = [mapping(item) for item in sequence(spec.get("egress"))]
    if not listeners:
        return None
    found = []
    for listener in listeners:
        for written in _strings(listener.get("hosts")):
            namespace, slash, host = written.lower().partition("/")
            if not slash:
                return None  # refused by Istio; what was meant is not ours to guess
            found.append(_Import(own if namespace == "." else namespace, host))
    return tuple(found)


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in sequence(value) if isinstance(item, str))
