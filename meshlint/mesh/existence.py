"""Whether a thing that nobody in the set describes is missing, or only lives elsewhere.

In: the inventory, `externals:` and `complete:`. Out: answers. A namespace is described when its manifest, or any
Service or workload of it, or an object of the kind asked for, is in the set: only then is an absence a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from meshlint.config.model import External
from meshlint.mesh.generated import Generated, Maker
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple


class Absence(NamedTuple):
    """Judge a thing that the set does not show: `missing` is None where the manifests cannot tell, for `reason`."""

    missing: bool | None
    reason: str = ""


class Existence:
    """Answer questions about what is not in the set."""

    def __init__(
        self,
        inventory: Inventory,
        externals: Sequence[External] = (),
        complete: bool = False,
        unrendered: Collection[str] = (),
        templated: Collection[str] = (),
    ) -> None:
        self._inventory = inventory
        self._externals = tuple(externals)
        self._complete = complete
        self._unrendered = frozenset(unrendered)
        self._templated = tuple(sorted(templated))
        self._kinds_in: set[tuple[str, str]] | None = None
        self._homes: dict[str, dict[str, set[str]]] = {}
        self._generated: Generated | None = None

    def is_described(self, namespace: str, kind: str) -> bool:
        """Tell whether an object of `kind` that is not found in `namespace` is missing."""
        if kind in self._unrendered:
            return False
        if self._complete:
            return True
        inventory = self._inventory
        known = inventory.namespaces.get(namespace)
        if known is not None and known.resource is not None:
            return True
        if inventory.services_in.get(namespace) or inventory.workloads_in.get(namespace):
            return True
        if self._kinds_in is None:
            self._kinds_in = {(resource.namespace, resource.kind) for resource in inventory.resources}
        return (namespace, kind) in self._kinds_in

    def absence(self, kind: str, namespace: str, name: str, *, made: bool = False) -> Absence:
        """Judge an object of `kind` that was not found; `made` says that controllers make such objects too."""
        if self.is_external_object(kind, namespace, name):
            return Absence(False)
        if made:
            if maker := self.maker(namespace, name):
                return Absence(False) if maker.certain else Absence(None, f"objects that {maker.text} makes")
        if word := next((word for word in self._templated if f"-{word}-" in f"-{name}-"), ""):
            return Absence(None, f"objects that rendering {word} gives")
        elsewhere = self._namesakes(kind).get(name, set())
        # An object without namespace goes wherever it is applied, which may be where it is looked for.
        if elsewhere and (not namespace or "" in elsewhere):
            return Absence(None, f"namespace of {kind} {name}")
        if self.is_described(namespace, kind):
            return Absence(True)
        plural = f"{kind[:-1]}ies" if kind.endswith(("ry", "cy")) else f"{kind}s"
        return Absence(None, f"{plural} of namespace {namespace}" if namespace else f"namespace of {kind} {name}")

    def maker(self, namespace: str, name: str) -> Maker | None:
        """Return what makes, or may make, a thing of that name without a manifest."""
        if self._generated is None:
            self._generated = Generated(self._inventory)
        return self._generated.maker(namespace, name)

    def _namesakes(self, kind: str) -> dict[str, set[str]]:
        """Return name → namespaces of the objects of a kind."""
        if kind not in self._homes:
            homes: dict[str, set[str]] = {}
            for resource in self._inventory.resources:
                if resource.kind == kind:
                    homes.setdefault(resource.name, set()).add(resource.namespace)
            self._homes[kind] = homes
        return self._homes[kind]

    @property
    def is_complete(self) -> bool:
        """Tell whether the set is declared to be the whole cluster."""
        return self._complete

    def is_external_host(self, host: str) -> bool:
        """Tell whether the configuration says that the host exists elsewhere."""
        return any(external.covers_host(host) for external in self._externals)

    def is_external_object(self, kind: str, namespace: str, name: str) -> bool:
        """Tell whether the configuration says that the object exists elsewhere."""
        return any(external.covers_object(kind, namespace, name) for external in self._externals)

    def may_be_elsewhere(self, kind: str, namespace: str) -> bool:
        """Tell whether objects of a kind that are not in the set may be: declared elsewhere, or in a template."""
        return kind in self._unrendered or self.names_external_kind(kind, namespace)

    def names_external_kind(self, kind: str, namespace: str) -> bool:
        """Tell whether some object of the kind in the namespace is declared to live elsewhere."""
        return any(e.kind.lower() == kind.lower() and e.namespace in (namespace, "*") for e in self._externals)
