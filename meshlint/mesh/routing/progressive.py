"""What Flagger and Argo Rollouts write: VirtualServices whose weights they move, hosts and subsets that they own.

In: the inventory. Out: `Progressive`. Sources: Flagger's Canary (`targetRef`, `service.name`) and the `trafficRouting`
of a Rollout. What a controller writes is not what the manifest says, so rules about it hold their tongue.
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text

_CANARY = "flagger.app/Canary"
_ROLLOUT = "argoproj.io/Rollout"


class Progressive(NamedTuple):
    """Hold namespace and name of what controllers write."""

    virtual_services: frozenset[tuple[str, str]]
    destination_rules: frozenset[tuple[str, str]]
    services: frozenset[tuple[str, str]]

    def writes_host(self, host: str, domain: str) -> bool:
        """Tell whether a full host belongs to a Service whose traffic a controller moves."""
        name, _, rest = host.removesuffix(f".svc.{domain}").partition(".")
        return (rest, name) in self.services


def read_progressive(inventory: Inventory) -> Progressive:
    """Read the Canaries and Rollouts of an environment."""
    services: set[tuple[str, str]] = set()
    virtual_services: set[tuple[str, str]] = set()
    rules: set[tuple[str, str]] = set()
    for resource in inventory.of_kind(_CANARY):
        spec, home = mapping(resource.content().get("spec")), resource.namespace
        name = text(mapping(spec.get("service")).get("name")) or text(mapping(spec.get("targetRef")).get("name"))
        services |= {(home, name), (home, f"{name}-primary"), (home, f"{name}-canary")}
        virtual_services.add((home, name))
        rules |= {(home, f"{name}-primary"), (home, f"{name}-canary")}
    for resource in inventory.of_kind(_ROLLOUT):
        canary, home = mapping(mapping(resource.content().get("strategy")).get("canary")), resource.namespace
        istio = mapping(mapping(canary.get("trafficRouting")).get("istio"))
        virtual_services |= {_address(name, home) for name in _virtual_services(istio)}
        if istio:
            services |= {(home, text(canary.get(field))) for field in ("stableService", "canaryService")}
            rules.add((home, text(mapping(istio.get("destinationRule")).get("name"))))
    return Progressive(frozenset(virtual_services), frozenset(rules), frozenset(services))


def _virtual_services(istio: dict[str, Any]) -> list[str]:
    named = [istio.get("virtualService"), *sequence(istio.get("virtualServices"))]
    return [text(mapping(item).get("name")) for item in named]


def _address(name: str, home: str) -> tuple[str, str]:
    """Split `name.namespace`, which Argo Rollouts accepts."""
    plain, _, namespace = name.partition(".")
    return namespace or home, plain
