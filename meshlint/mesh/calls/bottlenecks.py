"""Services that everything behind them is reached through.

In: chains. Out: `Bottleneck` by service id. Entry points are gateways and Ingresses; a service is one when every way
from outside to several others passes it (it dominates them in the graph of calls), and when one pod is all that stands
there, or nothing limits what is sent to it.
"""

from __future__ import annotations

from meshlint.mesh.calls.chains import Chains
from meshlint.mesh.calls.digraphs import immediate_dominators
from meshlint.mesh.calls.ingresses import ingress_edges
from meshlint.mesh.calls.timed_calls import HTTP
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service
from meshlint.records import NamedTuple

_OUTSIDE = "outside:"
_SHOWN = 4


class Bottleneck(NamedTuple):
    """Describe a service that others are reached through."""

    behind: int
    names: tuple[str, ...]  # the first of them
    is_alone: bool  # one pod serves it, for certain
    is_unguarded: bool  # no breaker governs a port of it, for certain


def bottlenecks(mesh: Mesh, chains: Chains) -> dict[int, Bottleneck]:
    """Return the services that every way from outside to some other passes."""
    dominators = immediate_dominators(_OUTSIDE, _ways(mesh, chains))
    below: dict[str, list[str]] = {}
    for node, above in dominators.items():
        below.setdefault(above, []).append(node)
    counts = _sizes(dominators)
    found = {}
    for node, nearest in below.items():
        kind, _, number = node.partition(":")
        if kind == "service" and counts.get(node):
            service = mesh.inventory.services[int(number)]
            names = tuple(sorted(chains.name(other) for other in nearest)[:_SHOWN])
            found[service.id] = Bottleneck(counts[node], names, _is_alone(service, mesh), _is_unguarded(service, mesh))
    return found


def _ways(mesh: Mesh, chains: Chains) -> dict[str, list[str]]:
    """Return the successors of every node, with one node for all that is outside."""
    found: dict[str, list[str]] = {_OUTSIDE: []}
    for hop in chains.hops:
        found.setdefault(hop.source, []).append(hop.target)
    for edge in ingress_edges(mesh.inventory):
        found.setdefault(edge.source, []).append(edge.target)
    found[_OUTSIDE] = [node for node in found if node.startswith(("gateway:", "ingress:"))]
    return found


def _sizes(dominators: dict[str, str]) -> dict[str, int]:
    """Return how many services stand behind each node; whoever is numbered later is added first."""
    sizes: dict[str, int] = {}
    for node in reversed(dominators):
        own = sizes.get(node, 0) + node.startswith("service:")
        sizes[dominators[node]] = sizes.get(dominators[node], 0) + own
    return sizes


def _is_alone(service: Service, mesh: Mesh) -> bool:
    workloads = mesh.selection.workloads_of[service.id]
    return len(workloads) == 1 and workloads[0].replicas == 1


def _is_unguarded(service: Service, mesh: Mesh) -> bool:
    ports = [port for port in service.ports if mesh.protocols[port.id].value in HTTP]
    return bool(ports) and all(mesh.breakers.of_port(port.id).exists is False for port in ports)
