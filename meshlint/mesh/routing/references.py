"""References to hosts: what a name in a route or a policy leads to, or whether it leads nowhere.

In: the inventory, who sees what, what exists elsewhere. Out: `HostAnswer`. Names expand as in Istio: without a dot
into the namespace of the referring object, everything else is literal. Wildcards of ServiceEntries match on label
boundaries. Whether an unknown host is a fault is for rules to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.existence import Existence
from meshlint.mesh.hosts import full_name
from meshlint.mesh.model import Inventory, Service
from meshlint.mesh.visibility import Visibility
from meshlint.records import NamedTuple

_ENTRY = "ServiceEntry"


class HostAnswer(NamedTuple):
    """Say what a host leads to; `found` is None where the manifests cannot tell, for the reason in `missing`."""

    host: str  # full
    found: bool | None
    services: tuple[Service, ...] = ()  # those that the clients see, or when none is seen those that hide
    because: str = ""  # for a host that is not found
    missing: str = ""
    in_cluster: bool = True  # the name is one that a Service of the cluster would have


class HostReferences:
    """Answer where hosts lead."""

    def __init__(self, inventory: Inventory, visibility: Visibility, existence: Existence) -> None:
        self._inventory = inventory
        self._visibility = visibility
        self._existence = existence
        self._domain = inventory.mesh_config.domain
        self._root = inventory.mesh_config.root_namespace
        self._answers: dict[tuple[str, str, tuple[str, ...]], HostAnswer] = {}

    def find(self, written: str, namespace: str, clients: Sequence[str] | None = None) -> HostAnswer:
        """Resolve a host of an object of `namespace` for clients of some namespaces.

        `clients` defaults to the namespace of the object; an empty list asks for any client at all.
        """
        asking = (namespace,) if clients is None else tuple(clients)
        question = (written, namespace, asking)
        if question not in self._answers:  # one host is named again and again
            self._answers[question] = self._found(full_name(written, namespace, self._domain), namespace, asking)
        return self._answers[question]

    def _found(self, host: str, namespace: str, asking: Sequence[str]) -> HostAnswer:
        hidden: tuple[Service, ...] = ()
        for services in self._candidates(host):
            seen = tuple(service for service in services if self._is_seen(service, asking))
            if seen:
                return HostAnswer(host, True, seen)
            hidden = hidden or services
        if hidden:
            scope = self._visibility.of_service(hidden[0])
            because = f"{hidden[0].text} is exported to {scope.text} only"
            return HostAnswer(host, False, hidden, because, in_cluster=self.address(host) is not None)
        return self._absent(host, namespace)

    def address(self, host: str) -> tuple[str, str] | None:
        """Return namespace and name of the Service that a full host would belong to, None for other hosts."""
        suffix = f".svc.{self._domain}"
        if not host.endswith(suffix):
            return None
        name, dot, namespace = host.removesuffix(suffix).partition(".")
        return (namespace, name) if dot and "." not in namespace and name and name != "*" else None

    def _candidates(self, host: str) -> Iterator[tuple[Service, ...]]:
        at = self._inventory.service_at
        if host in at:
            yield at[host]
        rest = host.removeprefix("*.")
        while "." in rest:
            rest = rest.partition(".")[2]
            if found := at.get(f"*.{rest}"):
                yield found

    def _is_seen(self, service: Service, clients: Sequence[str]) -> bool:
        export = self._visibility.of_service(service)
        return any(map(export.reaches, clients)) if clients else not export.is_empty

    def _absent(self, host: str, namespace: str) -> HostAnswer:
        if self._existence.is_external_host(host):
            return HostAnswer(host, True)
        address = self.address(host)
        if address is not None:
            absence = self._existence.absence("Service", *address, made=True)
            found = None if absence.missing is None else not absence.missing
            because = (
                f"namespace {address[0]} has no Service {address[1]}" if address[0] else f"no Service {address[1]}"
            )
            return HostAnswer(host, found, (), because if absence.missing else "", absence.reason)
        if meant := self._half_qualified(host):
            return HostAnswer(host, False, (), f"Istio expands names without a dot only, and the Service is {meant}")
        return self._absent_outside(host, namespace)._replace(in_cluster=False)

    def _absent_outside(self, host: str, namespace: str) -> HostAnswer:
        """Judge a name that no Service of this cluster can have: only a ServiceEntry makes it a host."""
        if ".svc." in host or host.endswith((".global", ".clusterset.local")):
            return HostAnswer(host, None, missing=f"hosts of the cluster of {host}")
        # An entry may stand in any namespace; those where it is usual have to be known.
        for place in dict.fromkeys((namespace, self._root)):
            if not self._existence.is_described(place, _ENTRY):
                return HostAnswer(host, None, missing=f"ServiceEntries of namespace {place}")
        return HostAnswer(host, False, (), "no ServiceEntry names it")

    def _half_qualified(self, host: str) -> str:
        """Return the full name of the Service that `name.namespace` or more of a full name seems to mean."""
        name, _, rest = host.partition(".")
        namespace, _, rest = rest.partition(".")
        if not f"svc.{self._domain}.".startswith(f"{rest}." if rest else ""):
            return ""
        full = f"{name}.{namespace}.svc.{self._domain}"
        return full if full in self._inventory.service_at else ""
