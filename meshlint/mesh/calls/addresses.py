"""Literal IP addresses that something is sent to.

In: an object, the workloads and ConfigMaps around it. Out: `Address`. Precision comes first: four numbers with dots may
be a version, a netmask or an address to listen on, so a text counts only with the form of a destination (a scheme, a
port) or under a name that says so; what no packet is sent to, and what stands for examples (RFC 5737), is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from meshlint.mesh.calls.calls import HOST_VARIABLE, config_maps_by_name, texts_of
from meshlint.mesh.model import Inventory, Place, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.kinds import ENVOY_BOOTSTRAP
from meshlint.resources.resource import Resource

_LOOKS = re.compile(rb"\d\.\d{1,3}\.\d|::")
_FORMED = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30}://(?:[^@/\s]{0,200}@)?)?"
    r"(?P<ip>(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?P<port>:\d{1,5}(?!\d))?(?P<prefix>/\d{1,3}(?![\w/]))?"
)
_MAY_HOLD_ONE = re.compile(
    r"\d\.\d{1,3}\.\d|\[[0-9A-Fa-f:.]{2}"
)  # of what `_FORMED` finds; far cheaper over long texts
_NO_DESTINATION = re.compile(
    r"BIND|LISTEN|NO_?PROXY|CIDR|SUBNET|NETMASK|MASK|RANGE|NETWORK|VERSION|ALLOW|WHITELIST|DENY|BLACKLIST|TRUSTED|"
    r"EXCLUDE|INCLUDE|ADVERTISE|POD_?IP|HOST_?IP|NODE_?IP|EXTERNAL_?IP|NAMESERVER|DNS|SOURCE",
    re.IGNORECASE,
)
_EXAMPLES = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "2001:0db8:")
_LONGEST = 65_536


class Address(NamedTuple):
    """Hold one literal address; an adapter gives an outside host a name of the mesh on purpose."""

    ip: str
    where: str
    place: Place
    is_adapter: bool = False


class Addresses:
    """Find the literal addresses of objects."""

    def __init__(self, inventory: Inventory) -> None:
        self._maps = config_maps_by_name(inventory)
        self._workloads = {workload.resource.index: workload for workload in inventory.workloads}

    def of(self, resource: Resource) -> Iterator[Address]:
        """Yield the addresses that an object sends to, each once."""
        found: Iterable[Address] = ()
        kind = f"{resource.group}/{resource.kind}"
        workload = self._workloads.get(resource.index)
        if workload is not None and not workload.external:
            found = self._of_workload(workload)
        elif _LOOKS.search(resource.body) is None:
            return
        elif kind == "networking.istio.io/ServiceEntry":
            found = _of_entry(resource)
        elif kind == "/Endpoints":
            found = _of_endpoints(resource)
        elif resource.group == ENVOY_BOOTSTRAP:
            found = _of_bootstrap(resource)
        seen: set[tuple[str, str]] = set()
        for address in found:
            if (address.ip, address.place.pointer) not in seen:
                seen.add((address.ip, address.place.pointer))
                yield address

    def _of_workload(self, workload: Workload) -> Iterator[Address]:
        for name, value, place in texts_of(workload, self._maps):
            for ip in destinations(name, value):
                yield Address(ip, name or "its arguments", place._replace(fact=f"address {ip}"))


def destinations(name: str, value: str) -> Iterator[str]:
    """Yield the addresses in a text that has the form of a destination, or whose name says that it is one."""
    if _MAY_HOLD_ONE.search(value) is None or _NO_DESTINATION.search(name):
        return
    says_host = HOST_VARIABLE.search(name.upper()) is not None
    for match in _FORMED.finditer(value[:_LONGEST]):
        if match["prefix"] and not match["scheme"]:
            continue  # a range of addresses
        bare = not match["scheme"] and not match["port"]
        if bare and not (says_host and match[0] == value.strip()):
            continue
        if is_destination(ip := match["ip"].strip("[]")):
            yield ip


def is_destination(ip: str) -> bool:
    """Tell whether a packet can be sent to the address and it stands for more than an example."""
    import ipaddress  # only where something looks like an address

    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    silent = (
        address.is_loopback
        or address.is_unspecified
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or ip.lower().startswith(_EXAMPLES)
        or ip.startswith(("0.", "255."))
    )
    return not silent


def _of_entry(resource: Resource) -> Iterator[Address]:
    spec = mapping(resource.content().get("spec"))
    names_host = text(spec.get("resolution")) == "STATIC"
    for position, item in enumerate(sequence(spec.get("endpoints"))):
        ip = text(mapping(item).get("address"))
        if is_destination(ip):
            place = Place(resource, f"/spec/endpoints/{position}/address", f"address {ip}")
            yield Address(ip, "its endpoints", place, names_host)


def _of_endpoints(resource: Resource) -> Iterator[Address]:
    for position, item in enumerate(sequence(resource.content().get("subsets"))):
        for index, entry in enumerate(sequence(mapping(item).get("addresses"))):
            ip = text(mapping(entry).get("ip"))
            if is_destination(ip):
                place = Place(resource, f"/subsets/{position}/addresses/{index}/ip", f"address {ip}")
                yield Address(ip, "its addresses", place, True)


def _of_bootstrap(resource: Resource) -> Iterator[Address]:
    from meshlint.mesh.envoy.shape import clusters  # a bootstrap is rare

    for cluster in clusters(resource.content()):
        name = text(cluster.value.get("name")) or "without a name"
        for ip, pointer in _cluster_addresses(cluster.value, cluster.pointer):
            if is_destination(ip):
                yield Address(ip, f"cluster {name}", Place(resource, pointer, f"address {ip}"))


def _cluster_addresses(cluster: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    from meshlint.mesh.envoy.shape import get, items

    assignment = mapping(get(cluster, "load_assignment"))
    key = "load_assignment" if "load_assignment" in cluster else "loadAssignment"
    for locality in items(assignment, "endpoints", f"{pointer}/{key}"):
        for host in items(locality.value, "lb_endpoints", locality.pointer):
            endpoint = mapping(host.value.get("endpoint"))
            address = mapping(endpoint.get("address"))
            name = "socket_address" if "socket_address" in address else "socketAddress"
            ip = text(mapping(address.get(name)).get("address"))
            yield ip, f"{host.pointer}/endpoint/address/{name}/address"
