"""The services that a DestinationRule's host names, wildcards included.

In: the inventory. Out: `RuleServices`. A wildcard that starts at a dot, as nearly all do, is looked up by that suffix,
so that many rules with wildcards cost no more than many services.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.hosts import matches
from meshlint.mesh.model import Inventory, Service


class RuleServices:
    """Answer which services a host of a rule covers."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._below: dict[str, list[Service]] | None = None

    def of(self, host: str) -> Sequence[Service]:
        """Return the services of a full host, or all that fall under a wildcard."""
        if not host.startswith("*"):
            return self._inventory.service_at.get(host, ())
        if not host.startswith("*."):
            return [service for service in self._inventory.services if matches(host, service.host.lower())]
        if self._below is None:
            self._below = _by_suffix(self._inventory.services)
        return self._below.get(host[1:], ())


def _by_suffix(services: Sequence[Service]) -> dict[str, list[Service]]:
    found: dict[str, list[Service]] = {}
    for service in services:
        rest = service.host.lower()
        while "." in rest:
            rest = rest.partition(".")[2]
            found.setdefault(f".{rest}", []).append(service)
    return found
