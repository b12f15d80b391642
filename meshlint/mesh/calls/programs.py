"""Calls in the sources of programs, and whose they are.

In: programs as text, the inventory. Out: `Call`s, and `Unattributed` for those that no evidence gives to a workload.
Evidence is the name of a folder on the way to the file: that of a workload, of a Service before it, of its app label or
of its image. Where names speak for different programs, or none speaks, nobody is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.errors import Location
from meshlint.mesh.calls.calls import SCHEME_PORTS, Call, Unattributed, called_ports
from meshlint.mesh.calls.literals import Literal, literals_of
from meshlint.mesh.hosts import resolve_called_host
from meshlint.mesh.model import Inventory, Place, Service, Workload
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple
from meshlint.sources.programs import Program

_APP_LABELS = ("app", "app.kubernetes.io/name", "k8s-app")
_STOCK = frozenset({
    "redis", "valkey", "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "nginx", "httpd",
    "traefik", "haproxy", "envoy", "kafka", "zookeeper", "rabbitmq", "nats", "memcached", "elasticsearch",
    "opensearch", "cassandra", "minio", "vault", "consul", "etcd", "busybox", "alpine", "debian", "ubuntu",
    "prometheus", "grafana", "curl", "node", "python", "golang", "openjdk",
})  # fmt: skip
"""Images that come from elsewhere: a folder of such a name holds its client or its configuration."""
_EXAMPLES = (".example", ".example.com", ".example.org", ".example.net", ".invalid", ".test", ".localhost")
_NOBODY = "no folder above bears the name of a workload, its service, app or image"
_SEVERAL = "the folders above bear the names of different programs"


class ProgramFile(NamedTuple):
    """Hold what a program says of addresses."""

    path: str
    folders: tuple[str, ...]
    literals: tuple[Literal, ...]


def take_programs(programs: Iterable[Program]) -> tuple[ProgramFile, ...]:
    """Keep of programs what may be a call."""
    taken = (ProgramFile(p.path, p.folders, tuple(literals_of(p.text, p.suffix))) for p in programs)
    return tuple(file for file in taken if file.literals)


class ProgramCalls:
    """Attribute the calls of programs to the workloads of an environment."""

    def __init__(self, inventory: Inventory, selection: Selection) -> None:
        self._inventory = inventory
        self._selection = selection
        self._named: dict[str, set[int]] = {}
        for workload in inventory.workloads:
            for name in self._names(workload) if not workload.external else ():
                self._named.setdefault(_plain(name), set()).add(workload.id)
        self._services = {service.name for service in inventory.services if not service.entry}
        self.calls: list[Call] = []
        self.unattributed: list[Unattributed] = []

    def _names(self, workload: Workload) -> Iterator[str]:
        images = [_repository(container.image) for container in workload.containers]
        if images and all(image.rpartition("/")[2] in _STOCK for image in images):
            return
        yield workload.name
        yield from (workload.labels[key] for key in _APP_LABELS if key in workload.labels)
        yield from (name for image in images if (name := image.rpartition("/")[2]) not in _STOCK)
        for number in self._selection.services_of.get(workload.id, ()):
            yield self._inventory.services[number].name

    def take(self, file: ProgramFile) -> None:
        """Add the calls of one file."""
        workloads, reason = self._owners(file.folders)
        for literal in file.literals:
            spot = Location(file.path, literal.start, literal.end)
            if workloads:
                self.calls.extend(call for w in workloads if (call := self._call(w, literal, spot)) is not None)
            elif self._is_known(literal):
                self.unattributed.append(Unattributed(literal.host, spot, reason))

    def _owners(self, folders: Sequence[str]) -> tuple[list[Workload], str]:
        """Return the workloads that run what lies in a folder, several only when they share an image."""
        groups = [group for folder in folders if (group := self._named.get(_plain(folder)))]
        if not groups:
            return [], _NOBODY
        workloads = [self._inventory.workloads[number] for number in sorted(set.intersection(*groups))]
        if not workloads:
            return [], _SEVERAL
        images = [{_repository(container.image) for container in workload.containers} for workload in workloads]
        return (workloads, "") if len(workloads) == 1 or set.intersection(*images) else ([], _SEVERAL)

    def _call(self, workload: Workload, literal: Literal, spot: Location) -> Call | None:
        services = resolve_called_host(self._inventory, literal.host, workload.namespace)
        place = Place(workload.resource, "/metadata/name", "call")
        if not services:
            is_outside = literal.scheme and literal.used and _is_outside(literal.host)
            return Call(workload, literal.host, (), (), place, spot) if is_outside else None
        if not (literal.scheme or _is_address(literal, services)):
            return None
        if any(workload in self._selection.workloads_of[service.id] for service in services):
            return None  # a program that names itself tells others where it is
        number = literal.port or SCHEME_PORTS.get(literal.scheme)
        ports = tuple(port for service in services for port in called_ports(service, number))
        return Call(workload, services[0].host, services, ports, place, spot)

    def _is_known(self, literal: Literal) -> bool:
        """Tell whether an address is that of a service, whoever calls it."""
        services = resolve_called_host(self._inventory, literal.host, "")
        if services:
            return bool(literal.scheme) or _is_address(literal, services)
        return bool(literal.scheme) and literal.host in self._services


def program_calls(
    inventory: Inventory, selection: Selection, files: Iterable[ProgramFile]
) -> tuple[tuple[Call, ...], tuple[Unattributed, ...]]:
    """Return the calls of programs, the first of each kind, and what is attributed to nobody."""
    found = ProgramCalls(inventory, selection)
    for file in files:
        found.take(file)
    distinct: dict[object, Call] = {}
    for call in found.calls:
        distinct.setdefault((call.workload.id, call.host, call.ports), call)
    return tuple(distinct.values()), tuple(found.unattributed)


def notes_on(unattributed: Iterable[Unattributed]) -> Iterator[str]:
    """Yield one sentence for each reason why calls were left aside."""
    groups: dict[str, list[Unattributed]] = {}
    for item in unattributed:
        groups.setdefault(item.reason, []).append(item)
    for reason, items in groups.items():
        first = items[0]
        count = "1 call in a program is" if len(items) == 1 else f"{len(items)} calls in programs are"
        where = f"{first.spot.path}:{first.spot.start.line}:{first.spot.start.column} names {first.host}"
        more = f", and {len(items) - 1} more" if len(items) > 1 else ""
        yield f"{count} attributed to no workload ({where}{more}): {reason}"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _repository(image: str) -> str:
    """Return an image without its tag and digest."""
    name = image.partition("@")[0]
    before, colon, after = name.rpartition(":")
    return before if colon and "/" not in after else name


def _is_address(literal: Literal, services: Sequence[Service]) -> bool:
    """Tell whether a text without scheme is the address of a service: a port that it has, or a full name."""
    if literal.port is not None:
        return any(port.number == literal.port for service in services for port in service.ports)
    return ".svc" in literal.host or any(service.entry for service in services)


def _is_outside(host: str) -> bool:
    is_name = "." in host and not host.replace(".", "").isdecimal()
    return is_name and not f".{host}".endswith(_EXAMPLES)
