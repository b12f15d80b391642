"""Walk an Envoy configuration: clusters, listeners, filters, wherever a bootstrap or a fragment holds them.

In: plain values. Out: items with their pointers. Wrong types count as absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence


class Item(NamedTuple):
    """Pair a mapping with its pointer."""

    value: dict[str, Any]
    pointer: str


def field(value: Any, name: str) -> tuple[str, Any] | None:
    """Return key and value of a proto field in either spelling; None when it is absent or null."""
    values = mapping(value)
    head, *rest = name.split("_")
    for key in (name, head + "".join(part.capitalize() for part in rest)):
        if values.get(key) is not None:
            return key, values[key]
    return None


def get(value: Any, name: str) -> Any:
    """Return the value of a proto field in either spelling, None when it is absent."""
    found = field(value, name)
    return found[1] if found is not None else None


def items(value: Any, name: str, pointer: str) -> Iterator[Item]:
    """Yield the mappings of a repeated field."""
    found = field(value, name)
    if found is not None:
        for position, item in enumerate(sequence(found[1])):
            if isinstance(item, dict):
                yield Item(item, f"{pointer}/{found[0]}/{position}")


def _typed(content: dict[str, Any], kind: str) -> Iterator[Item]:
    """Yield the resources of a discovery response whose type ends in `kind`."""
    for item in items(content, "resources", ""):
        if str(item.value.get("@type", "")).endswith(f".{kind}"):
            yield item


def clusters(content: dict[str, Any]) -> Iterator[Item]:
    """Yield every cluster."""
    static = field(content, "static_resources")
    if static is not None:
        yield from items(static[1], "clusters", f"/{static[0]}")
    yield from items(content, "clusters", "")
    yield from _typed(content, "Cluster")


def listeners(content: dict[str, Any]) -> Iterator[Item]:
    """Yield every listener."""
    static = field(content, "static_resources")
    if static is not None:
        yield from items(static[1], "listeners", f"/{static[0]}")
    yield from items(content, "listeners", "")
    yield from _typed(content, "Listener")


def filter_chains(content: dict[str, Any]) -> Iterator[tuple[Item, Item]]:
    """Yield every filter chain with its listener."""
    for listener in listeners(content):
        for chain in items(listener.value, "filter_chains", listener.pointer):
            yield listener, chain
        default = field(listener.value, "default_filter_chain")
        if default is not None and isinstance(default[1], dict):
            yield listener, Item(default[1], f"{listener.pointer}/{default[0]}")


def filters(content: dict[str, Any]) -> Iterator[tuple[Item, Item]]:
    """Yield every network filter with its listener."""
    for listener, chain in filter_chains(content):
        for item in items(chain.value, "filters", chain.pointer):
            yield listener, item


def configuration(item: Item) -> Item:
    """Return the configuration of a filter: `typed_config`, else the removed `config`."""
    for name in ("typed_config", "config"):
        found = field(item.value, name)
        if found is not None and isinstance(found[1], dict):
            return Item(found[1], f"{item.pointer}/{found[0]}")
    return Item({}, item.pointer)


def name_of(item: Item, kind: str) -> str:
    """Return how messages name an item."""
    name = item.value.get("name")
    return f"{kind} {name}" if isinstance(name, str) and name else f"a {kind} without a name"
