"""Servers of Gateways that want the same port of the same proxies for the same host.

In: the Gateways. Out: `Conflict` for each server that has rivals. Source: `MergeGateways` of istiod. Plain-text HTTP
servers of a port share one table of routes; TLS servers are told apart by the names that they list, a repeated one is
skipped; servers of other protocols cannot share a port, and the older Gateway keeps it. It knows no VirtualService.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from meshlint.mesh.gateways.gateways import ANY, Gateways, Server, ServerHost
from meshlint.records import NamedTuple

_HARMLESS = frozenset((("redirect", "redirect"), ("mutual", "mutual")))
_SHOWN = 3
_Port = tuple[object, int, str]
_Entry = tuple[Server, ServerHost]


class Conflict(NamedTuple):
    """Say which host of a server others claim too, and what becomes of them."""

    server: Server
    host: ServerHost
    rivals: tuple[_Entry, ...]  # the first few
    outcome: str
    covers: bool  # one host only covers the other, and both are served


class _Bucket:
    """Hold the servers of one port of one set of proxies, by host, kind and namespace."""

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self._at: dict[str, dict[str, dict[str, list[_Entry]]]] = {}

    def add(self, entry: _Entry) -> None:
        """Take in one host of a server."""
        server, host = entry
        self.entries.append(entry)
        self._at.setdefault(host.host, {}).setdefault(_kind(server), {}).setdefault(host.namespace, []).append(entry)

    def rivals(self, entry: _Entry) -> Iterator[_Entry]:
        """Yield the hosts of other servers that equal or cover this one."""
        server, host = entry
        for name in (host.host, *_covering(host.host)):
            for kind, places in self._at.get(name, {}).items():
                if (_kind(server), kind) in _HARMLESS:
                    continue
                if name != host.host and server.layer == "tls" and kind in ("tls", "mutual"):
                    continue  # the most exact name of the handshake decides
                for place in places if host.namespace == ANY else (host.namespace, ANY):
                    yield from (other for other in places.get(place, ()) if _is_other(other[0], server))


def find_conflicts(gateways: Gateways) -> dict[int, tuple[Conflict, ...]]:
    """Return the conflicts of each Gateway, by the index of its resource."""
    buckets: dict[_Port, _Bucket] = {}
    for gateway in gateways.all:
        # Where the set holds no pods, equal selectors still take the same ones.
        groups: set[object] = {("pod", workload.id) for workload in gateway.workloads}
        where = gateway.resource.namespace if gateways.scoped else ""
        groups.add((where, frozenset(gateway.selector.items())))
        for server in gateway.servers:
            for group in groups if server.number else ():
                bucket = buckets.setdefault((group, server.number, server.bind), _Bucket())
                for host in server.hosts:
                    bucket.add((server, host))
    found: dict[tuple[int, int], dict[tuple[int, int], tuple[_Entry, _Entry]]] = {}
    for bucket in buckets.values():
        for entry in bucket.entries:
            for rival in islice(bucket.rivals(entry), _SHOWN):
                _note(found, entry, rival)
                _note(found, rival, entry)
    conflicts: dict[int, list[Conflict]] = {}
    for rows in found.values():
        conflict = _conflict(list(rows.values()))
        conflicts.setdefault(conflict.server.resource.index, []).append(conflict)
    return {index: tuple(sorted(rows, key=lambda row: row.server.position)) for index, rows in conflicts.items()}


def _is_other(one: Server, other: Server) -> bool:
    """Tell whether two servers live side by side; one object that stands in two files is one, and said elsewhere."""
    if one.resource is other.resource:
        return one.position != other.position
    return one.resource.identity != other.resource.identity


def _note(
    found: dict[tuple[int, int], dict[tuple[int, int], tuple[_Entry, _Entry]]], entry: _Entry, rival: _Entry
) -> None:
    rows = found.setdefault((entry[0].resource.index, entry[0].position), {})
    if len(rows) < _SHOWN:
        rows.setdefault((rival[0].resource.index, rival[0].position), (entry, rival))


def _conflict(rows: list[tuple[_Entry, _Entry]]) -> Conflict:
    weight, outcome, (server, host) = max(
        ((*_outcome(mine, other), mine) for mine, other in rows), key=lambda row: row[0]
    )
    return Conflict(server, host, tuple(rival for _, rival in rows), outcome, weight == 0)


def _outcome(mine: _Entry, other: _Entry) -> tuple[int, str]:
    """Return what becomes of two servers, with the weight of it."""
    layers = (mine[0].layer, other[0].layer)
    if layers[0] != layers[1]:
        return 3, f"{layers[0]} and {layers[1]} cannot share a port, so that only the older one is served"
    if layers[0] != "http":
        why = "a port has one tcp server, so that " if layers[0] == "tcp" else ""
        return 2, f"{why}only the older one is served"
    if mine[1].host == other[1].host:
        return 1, "their routes are joined, those of the older first"
    return 0, f"requests for {max(mine[1].host, other[1].host, key=_exactness)} go by the more exact one"


def _exactness(host: str) -> tuple[bool, int]:
    return not host.startswith("*"), len(host)


def _kind(server: Server) -> str:
    if server.layer == "http":
        return "redirect" if server.redirects else "http"
    return "mutual" if server.is_mutual else server.layer


def _covering(host: str) -> Iterable[str]:
    """Return the wildcards that cover a host."""
    if host == "*":
        return
    rest = host.removeprefix("*.")
    while "." in rest:
        rest = rest.partition(".")[2]
        yield f"*.{rest}"
    yield "*"
