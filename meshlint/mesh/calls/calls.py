"""Which services a workload calls, as far as its environment, arguments and configuration files say.

In: the inventory. Out: `Call` for each host name found. Precision comes first: a bare word counts only when it names a
Service of the workload's own namespace and its form (a scheme, a port) or the name of its variable says that it is a
host. Nothing is executed or resolved outside the set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from meshlint.errors import Location
from meshlint.mesh.hosts import resolve_called_host
from meshlint.mesh.model import Inventory, Place, Service, Workload
from meshlint.mesh.selection import PortId
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_SEPARATORS = re.compile(r"[\s,;|\"'()\[\]{}<>=]+")
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30}(?::[a-z0-9]{1,20})?)://)?"
    r"(?:[^@/\s]{0,200}@)?"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})){0,10})\.?"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<rest>[/?#].*)?"
)
HOST_VARIABLE = re.compile(
    r"(?:^|[_.-])(?:HOSTS?|HOSTNAME|ADDR|ADDRESS|URLS?|URI|ENDPOINTS?|SERVICE|SVC|BROKERS?|SERVERS?|UPSTREAM|TARGET)$"
)
SCHEME_PORTS = {
    "http": 80, "ws": 80, "https": 443, "wss": 443, "postgres": 5432, "postgresql": 5432, "mysql": 3306,
    "redis": 6379, "mongodb": 27017, "amqp": 5672, "amqps": 5671, "nats": 4222, "ldap": 389, "ftp": 21,
}  # fmt: skip
_LONGEST_VALUE = 65_536
_KNOWN_TOKENS = 50_000  # the same words stand in the files of many workloads


class Call(NamedTuple):
    """Say that a workload names a host; `services` is empty for hosts outside the set."""

    workload: Workload
    host: str
    services: tuple[Service, ...]
    ports: tuple[PortId, ...]
    evidence: Place
    spot: Location | None = None  # in the text of a program; `evidence` is the workload then


class Unattributed(NamedTuple):
    """Name a call of a known service that is given to no workload."""

    host: str
    spot: Location
    reason: str


Reached = dict[tuple[str, str], tuple[Service, ...]]
"""The services behind a host, as workloads of a namespace reach it: asked once a run."""


class _Address(NamedTuple):
    host: str
    port: int | None
    has_form: bool  # a scheme or a port: it is an address and no mere word


def find_calls(inventory: Inventory) -> Iterator[Call]:
    """Yield what every workload calls, in the order of workloads and of their texts."""
    maps = config_maps_by_name(inventory)
    reached: Reached = {}
    for workload in inventory.workloads:
        seen: set[tuple[str, tuple[PortId, ...]]] = set()
        for name, value, place in texts_of(workload, maps):
            for call in _calls_in(workload, name, value, place, inventory, reached):
                if (call.host, call.ports) not in seen:
                    seen.add((call.host, call.ports))
                    yield call


def config_maps_by_name(inventory: Inventory) -> dict[tuple[str, str], Resource]:
    """Return the ConfigMaps by namespace and name."""
    return {(resource.namespace, resource.name): resource for resource in inventory.of_kind("/ConfigMap")}


def texts_of(workload: Workload, maps: dict[tuple[str, str], Resource]) -> Iterator[tuple[str, str, Place]]:
    """Yield name, value and place of every text that configures a workload: environment, arguments, ConfigMaps."""
    resource = workload.resource
    for container in workload.containers:
        for name, value, position in container.env:
            yield name, value, Place(resource, f"{container.pointer}/env/{position}/value", "call")
        for value, where in container.arguments:
            name, _, after = value.partition("=")
            place = Place(resource, f"{container.pointer}/{where}", "call")
            yield (name.lstrip("-"), after, place) if after else ("", value, place)
    if maps and b"configMap" in resource.body:
        for config in dict.fromkeys(_config_maps(workload)):
            found = maps.get((workload.namespace, config))
            if found is not None:
                for key, value in mapping(found.content().get("data")).items():
                    escaped = key.replace("~", "~0").replace("/", "~1")
                    yield key, text(value), Place(found, f"/data/{escaped}", "call")


def _config_maps(workload: Workload) -> Iterator[str]:
    pod = mapping(mapping(workload.resource.content().get("template")).get("spec"))
    for item in sequence(pod.get("volumes")):
        yield text(mapping(mapping(item).get("configMap")).get("name"))
    for item in sequence(pod.get("containers")):
        for source in sequence(mapping(item).get("envFrom")):
            yield text(mapping(mapping(source).get("configMapRef")).get("name"))
        for variable in sequence(mapping(item).get("env")):
            reference: Any = mapping(mapping(variable).get("valueFrom")).get("configMapKeyRef")
            yield text(mapping(reference).get("name"))


def _calls_in(
    workload: Workload, name: str, value: str, place: Place, inventory: Inventory, reached: Reached
) -> Iterator[Call]:
    bare = value.strip() if HOST_VARIABLE.search(name.upper()) is not None else ""  # may stand without any form
    for token in _SEPARATORS.split(value[:_LONGEST_VALUE]):
        if "." not in token and ":" not in token and token != bare:
            continue  # a mere word, as most of a configuration file are
        address = _address(token)
        if address is None or ("." not in address.host and not address.has_form and token != bare):
            continue
        asked = address.host, workload.namespace
        services = reached.get(asked)
        if services is None:
            services = reached[asked] = resolve_called_host(inventory, *asked)
        if services:
            ports = tuple(port for service in services for port in called_ports(service, address.port))
            yield Call(workload, services[0].host, services, ports, place)
        elif "://" in token and "." in address.host and not address.host.replace(".", "").isdecimal():
            yield Call(workload, address.host.lower(), (), (), place)


@lru_cache(_KNOWN_TOKENS)
def _address(token: str) -> _Address | None:
    if len(token) < 2 or len(token) > 2000:
        return None
    match = _ADDRESS.fullmatch(token.removeprefix("jdbc:"))
    if match is None:
        return None
    scheme, port = match["scheme"], match["port"]
    number = int(port) if port else SCHEME_PORTS.get(scheme.lower()) if scheme else None
    return _Address(match["host"], number, bool(scheme or port))


def called_ports(service: Service, number: int | None) -> list[PortId]:
    """Return the port that is called; a service with a single port needs no number."""
    if number is None:
        return [service.ports[0].id] if len(service.ports) == 1 else []
    return [port.id for port in service.ports if port.number == number]
