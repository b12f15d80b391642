"""Listeners of raw Envoy configuration that Envoy refuses.

In: plain values. Out: `BareListener`. Source: Envoy's ListenerImpl: "error adding listener: no filter chains specified"
for every listener over TCP; UDP, internal and API listeners are built in other ways.
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.envoy.shape import get, items, listeners
from meshlint.records import NamedTuple

_OTHER_WAYS = ("default_filter_chain", "udp_listener_config", "api_listener", "internal_listener")


class BareListener(NamedTuple):
    """Name a listener that has nothing to do with what it accepts."""

    name: str
    pointer: str


def bare_listeners(content: dict[str, Any]) -> tuple[BareListener, ...]:
    """Return the listeners without a filter chain."""
    found = []
    for listener in listeners(content):
        chains = list(items(listener.value, "filter_chains", listener.pointer))
        if not chains and all(get(listener.value, way) is None for way in _OTHER_WAYS) and not _is_udp(listener.value):
            name = listener.value.get("name")
            pointer = f"{listener.pointer}/name" if isinstance(name, str) else listener.pointer
            found.append(BareListener(name if isinstance(name, str) else "", pointer))
    return tuple(found)


def _is_udp(listener: dict[str, Any]) -> bool:
    address = get(get(listener, "address") or {}, "socket_address") or {}
    return isinstance(address, dict) and address.get("protocol") == "UDP"
