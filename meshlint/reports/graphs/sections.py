"""The part of a drawing that somebody wants to see: a namespace, the surroundings of a service, some verdicts.

In: a drawing and a `Section`. Out: a smaller drawing. A service and the workloads behind it stay together.
"""

from __future__ import annotations

from collections.abc import Collection

from meshlint.errors import UsageError
from meshlint.records import NamedTuple
from meshlint.reports.graphs.drawing import MESH, Drawing, Link, Node
from meshlint.spelling import did_you_mean


class Section(NamedTuple):
    """Say what to show; empty fields narrow nothing."""

    namespaces: tuple[str, ...] = ()
    around: str = ""  # an id, `namespace/name`, or a name that only one node bears
    depth: int = 1
    only: tuple[str, ...] = ()  # verdicts


def home_of(node: Node) -> str:
    """Return the node that stands for this one in a picture.

    That is the first service before a workload, or before the proxy that a Gateway configures.
    """
    services = node.facts.get("services")
    return services[0] if services else node.id


def narrowed(drawing: Drawing, section: Section) -> Drawing:
    """Return what the section asks for.

    Raises UsageError for a service or namespace that does not exist.
    """
    if section.namespaces:
        drawing = _of_namespaces(drawing, section.namespaces)
    if section.around:
        drawing = _around(drawing, section.around, section.depth)
    if section.only:
        links = [link for link in drawing.links if link.mtls in section.only]
        drawing = _kept(drawing, links, ())
    return drawing


def _of_namespaces(drawing: Drawing, wanted: Collection[str]) -> Drawing:
    known = {node.namespace for node in drawing.nodes if node.namespace}
    for name in wanted:
        if name not in known:
            raise UsageError(f"there is no namespace {name} in the graph", help=did_you_mean(name, known))
    inside = {node.id for node in drawing.nodes if node.namespace in wanted}
    return _kept(drawing, [link for link in drawing.links if link.source in inside or link.target in inside], inside)


def _kept(drawing: Drawing, links: Collection[Link], nodes: Collection[str]) -> Drawing:
    """Keep the links, their ends, and the nodes named; with each what stands behind or before it."""
    homes = {node.id: home_of(node) for node in drawing.nodes}
    wanted = {homes[end] for link in links for end in (link.source, link.target)} | {homes[node] for node in nodes}
    kept = tuple(node for node in drawing.nodes if homes[node.id] in wanted)
    return Drawing(kept, tuple(links))


def _around(drawing: Drawing, around: str, depth: int) -> Drawing:
    homes = {node.id: home_of(node) for node in drawing.nodes}
    beside: dict[str, set[str]] = {}
    for link in drawing.links:
        source, target = homes[link.source], homes[link.target]
        if MESH not in (source, target):  # everybody is its neighbour
            beside.setdefault(source, set()).add(target)
            beside.setdefault(target, set()).add(source)
    near = edge = {homes[_named(drawing, around)]}
    for _ in range(depth):
        edge = {other for node in edge for other in beside.get(node, ())} - near
        if not edge:
            break
        near = near | edge
    inside = {node for node, home in homes.items() if home in near}
    links = [link for link in drawing.links if link.target in inside and (link.source in inside or link.source == MESH)]
    return _kept(drawing, links, inside)


def _named(drawing: Drawing, word: str) -> str:
    """Return the node that a word means, services before what stands behind them."""
    for names in (
        lambda node: node.id,
        lambda node: f"{node.namespace}/{node.name}",
        lambda node: node.name,
    ):
        found = [node for node in drawing.nodes if names(node) == word]
        services = [node for node in found if node.kind == "service"] or found
        if len({home_of(node) for node in services}) == 1:
            return services[0].id
        if services:
            several = ", ".join(node.id for node in services)
            raise UsageError(f"{word} means several things: {several}", help="write the namespace, too: NS/NAME")
    known = {node.name for node in drawing.nodes}
    known |= {f"{node.namespace}/{node.name}" for node in drawing.nodes if node.namespace}
    raise UsageError(f"there is no service {word} in the graph", help=did_you_mean(word, known))
