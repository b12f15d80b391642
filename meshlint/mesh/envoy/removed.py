"""Fields of Envoy's v2 API, which Envoy no longer accepts.

In: plain values. Out: `RemovedField` at the very key. Source: Envoy refuses such configuration when it starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from meshlint.mesh.envoy.shape import Item, clusters, configuration, field, filter_chains, filters, items, name_of
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping

_V2_TYPE = re.compile(r"type\.googleapis\.com/envoy\.(?:api\.v2|config\.(?:[a-z0-9_]+\.)*v2(?:alpha\d*)?)\.")
_OLD_NAMES = {
    "envoy.http_connection_manager": "envoy.filters.network.http_connection_manager",
    "envoy.tcp_proxy": "envoy.filters.network.tcp_proxy",
    "envoy.router": "envoy.filters.http.router",
    "envoy.lua": "envoy.filters.http.lua",
    "envoy.cors": "envoy.filters.http.cors",
    "envoy.fault": "envoy.filters.http.fault",
    "envoy.ext_authz": "envoy.filters.http.ext_authz",
    "envoy.redis_proxy": "envoy.filters.network.redis_proxy",
    "envoy.mongo_proxy": "envoy.filters.network.mongo_proxy",
}
_DEEPEST = 100_000


class RemovedField(NamedTuple):
    """Name a removed field, what it stands in, and the form that replaced it."""

    pointer: str
    field: str
    where: str
    instead: str


def removed_fields(content: dict[str, Any]) -> tuple[RemovedField, ...]:
    """Return every use of the v2 API, in the order of the document's parts."""
    found = [*_bootstrap(content), *_clusters(content), *_chains(content), *_filters(content), *_types(content)]
    return tuple(dict.fromkeys(found))


def _at(item: Item, name: str, where: str, instead: str) -> Iterator[RemovedField]:
    found = field(item.value, name)
    if found is not None:
        yield RemovedField(f"{item.pointer}/{found[0]}", found[0], where, instead)


def _bootstrap(content: dict[str, Any]) -> Iterator[RemovedField]:
    if field(content, "static_resources") or field(content, "admin") or field(content, "node"):
        yield from _at(Item(content, ""), "runtime", "the bootstrap", "`layered_runtime`")


def _clusters(content: dict[str, Any]) -> Iterator[RemovedField]:
    for cluster in clusters(content):
        where = name_of(cluster, "cluster")
        yield from _at(cluster, "hosts", where, "`load_assignment` with the same addresses")
        yield from _at(cluster, "tls_context", where, "`transport_socket` with an UpstreamTlsContext")


def _chains(content: dict[str, Any]) -> Iterator[RemovedField]:
    for listener, chain in filter_chains(content):
        where = f"a filter chain of {name_of(listener, 'listener')}"
        yield from _at(chain, "tls_context", where, "`transport_socket` with a DownstreamTlsContext")


def _filters(content: dict[str, Any]) -> Iterator[RemovedField]:
    for listener, item in filters(content):
        yield from _filter(item, f"{name_of(item, 'filter')} of {name_of(listener, 'listener')}")
        manager = configuration(item)
        for inner in items(manager.value, "http_filters", manager.pointer):
            yield from _filter(inner, f"{name_of(inner, 'HTTP filter')} of {name_of(listener, 'listener')}")


def _filter(item: Item, where: str) -> Iterator[RemovedField]:
    yield from _at(item, "config", where, "`typed_config` with the type of the filter")
    name = item.value.get("name")
    if isinstance(name, str) and name in _OLD_NAMES and not field(item.value, "typed_config"):
        yield RemovedField(f"{item.pointer}/name", f"the name {name}", where, f"{_OLD_NAMES[name]} with `typed_config`")


def _types(content: dict[str, Any]) -> Iterator[RemovedField]:
    """Find `@type` of a v2 package anywhere, without recursion."""
    stack: list[tuple[Any, str]] = [(content, "")]
    seen = 0
    while stack and seen < _DEEPEST:
        value, pointer = stack.pop()
        seen += 1
        if isinstance(value, dict):
            kind = mapping(value).get("@type")
            if isinstance(kind, str) and _V2_TYPE.match(kind):
                name = kind.rpartition("/")[2]
                yield RemovedField(
                    f"{pointer}/@type", f"the type {name}", "the configuration", "the type of the v3 package"
                )
            stack += [(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}") for key, item in value.items()]
        elif isinstance(value, list):
            stack += [(item, f"{pointer}/{position}") for position, item in enumerate(value)]
