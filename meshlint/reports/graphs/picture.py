"""A drawing as people see it: workloads and Gateways folded into the service before them, one line between two nodes.

In: a drawing. Out: `Picture`: groups, nodes and lines by number. A line shows the gravest verdict of its links.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.records import NamedTuple
from meshlint.reports.graphs.drawing import Drawing, Link, Node
from meshlint.reports.graphs.sections import home_of
from meshlint.reports.graphs.verdicts import WORDS, gravest

OUTSIDE = "outside the mesh"
UNSTATED = "no namespace stated"
_PLANES = {
    "none": "no proxy",
    "unknown": "proxy unknown",
    "mixed": "some without proxy",
    "sidecar": "sidecar",
    "ambient": "ambient",
    "gateway": "gateway",
    "waypoint": "waypoint",
}


class Line(NamedTuple):
    """Join two nodes of a picture, by their numbers, for all links between them."""

    source: int
    target: int
    verdict: str
    links: tuple[Link, ...]

    @property
    def is_expected(self) -> bool:
        """Tell whether nothing is known to make the call; policies only let it happen."""
        return all(link.known_by == "expected" for link in self.links)

    @property
    def ports(self) -> str:
        """Return the ports in one word."""
        numbers = sorted({link.port for link in self.links if link.port is not None})
        return ",".join(map(str, numbers[:3])) + (",…" if len(numbers) > 3 else "")

    @property
    def label(self) -> str:
        """Return ports and verdict."""
        words = WORDS[self.verdict]
        return f"may call, {words}" if self.is_expected else f"{self.ports} {words}".strip()


class Picture(NamedTuple):
    """Hold what is drawn; `groups` are names with the numbers of their nodes."""

    nodes: tuple[Node, ...]
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    lines: tuple[Line, ...]
    folded: tuple[tuple[Node, ...], ...]  # by node: the workloads that it stands for


def picture(drawing: Drawing) -> Picture:
    """Fold a drawing."""
    known = {node.id for node in drawing.nodes}
    homes = {node.id: home if (home := home_of(node)) in known else node.id for node in drawing.nodes}
    nodes = tuple(node for node in drawing.nodes if homes[node.id] == node.id)
    number = {node.id: position for position, node in enumerate(nodes)}
    folded: list[list[Node]] = [[] for _ in nodes]
    for node in drawing.nodes:
        for home in node.facts.get("services", ()):
            if home in number:
                folded[number[home]].append(node)
    groups: dict[str, list[int]] = {}
    for position, node in enumerate(nodes):
        groups.setdefault(group_of(node), []).append(position)
    between: dict[tuple[int, int], list[Link]] = {}
    for link in drawing.links:
        pair = number[homes[link.source]], number[homes[link.target]]
        if pair[0] != pair[1] or link.known_by != "expected":  # that something may call itself says nothing
            between.setdefault(pair, []).append(link)
    lines = [
        Line(source, target, gravest(link.mtls for link in links), tuple(links))
        for (source, target), links in sorted(between.items())
    ]
    ordered = tuple((name, tuple(members)) for name, members in sorted(groups.items()))
    return Picture(nodes, ordered, tuple(lines), tuple(map(tuple, folded)))


def group_of(node: Node) -> str:
    """Return the heading under which a node stands."""
    if node.kind == "host" and (not node.namespace or node.facts.get("external")):
        return OUTSIDE
    return node.namespace or ("" if node.kind == "mesh" else UNSTATED)


def subtitle_of(node: Node, folded: Sequence[Node]) -> str:
    """Return the small line below a name: what it is, and how it takes part in the mesh."""
    told = [f"{item.facts['object']} {item.name}" for item in folded if item.kind == "gateway"]
    if told:
        return told[0] if len(told) == 1 else f"{len(told)} Gateways"
    plane = _PLANES.get(node.facts.get("dataplane") or "", "")
    if node.kind == "service":
        return plane if folded else "no workload here"
    if node.kind == "workload":
        return f"{node.facts['object']} · {plane}"
    if node.kind == "namespace":
        return "any workload there"
    if node.kind == "host":
        return "host" if node.facts.get("declared") else "host, not declared"
    return {"gateway": "Gateway", "ingress": "Ingress"}.get(node.kind, "")
