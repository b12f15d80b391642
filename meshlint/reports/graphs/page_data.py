"""What the panel of the page tells, as small as it goes: rows in place of objects, every text once.

In: a picture and its scene. Out: plain values for JSON; `page/page.js` reads them by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meshlint.errors import Location
from meshlint.reports.frame import clean
from meshlint.reports.graphs.drawing import Link, Node
from meshlint.reports.graphs.picture import Picture
from meshlint.reports.graphs.scene import Scene
from meshlint.reports.graphs.verdicts import VERDICTS, WORDS

_FACTS = ("Host", "Ports", "Data plane", "Workloads", "Replicas", "Owners")


class _Tables:
    """Number what is told more than once: texts, and reasons with those who decided."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.reasons: dict[tuple[Any, ...], int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self.texts.setdefault(clean(text), len(self.texts))

    def reason(self, link: Link) -> int:
        """Return the number of a verdict with its reason."""
        decided = tuple(
            (self.number(one.side), self.number(one.text), *self.spot(one.location)) for one in link.decided_by
        )
        told = (VERDICTS.index(link.mtls), self.number(link.because), decided)
        return self.reasons.setdefault(told, len(self.reasons))

    def spot(self, place: Location) -> tuple[int, int, int]:
        """Return a place as path, line and column."""
        return self.number(place.path), place.start.line, place.start.column


def page_data(shown: Picture, scene: Scene) -> dict[str, Any]:
    """Return everything that the script needs beside the SVG; texts stand in it by their numbers."""
    tables = _Tables()
    data: dict[str, Any] = {
        "words": [[verdict, WORDS[verdict]] for verdict in VERDICTS],
        "facts": _FACTS,
        "nodes": [
            [*map(tables.number, (node.kind, node.namespace, node.name)), _facts(node, folded, tables)]
            for node, folded in zip(shown.nodes, shown.folded, strict=True)
        ],
        "lines": [
            [
                line.source,
                line.target,
                VERDICTS.index(line.verdict),
                tables.number(line.ports),
                [_link(link, tables) for link in line.links],
                *([1] if line.is_expected else ()),
            ]
            for line in shown.lines
        ],
    }
    if scene.folded:
        data["bundles"] = [bundle.lines for bundle in scene.bundles]
        data["fold"] = _fold(scene)
    return {**data, "reasons": list(tables.reasons), "text": list(tables.texts)}


def _fold(scene: Scene) -> dict[str, Any]:
    """Return what `page/fold.js` needs to place frames and to draw lines again."""
    lines: dict[int, dict[str, Any]] = {}
    for drawn in scene.drawn:
        stops = [round(value, 1) for owner, stop in drawn.stops for value in (owner, *stop)]
        lines[drawn.line] = {"stops": stops, "label": clean(drawn.label), "back": drawn.backwards}
    return {
        "frames": [
            [frame.x, frame.y, *map(round, (*frame.size, *frame.closed)), frame.column,
             [box.node for box in frame.boxes], clean(frame.name)]
            for frame in scene.frames
        ],
        "ways": [[passage.column, round(passage.y)] for passage in scene.passages],
        "columns": [[round(left), round(width)] for left, width in scene.columns],
        "lines": [lines[number] for number in sorted(lines)],
    }  # fmt: skip


def _facts(node: Node, folded: Sequence[Node], tables: _Tables) -> list[Any]:
    facts = node.facts
    ports = ", ".join(f"{port['number']} {port['protocol'] or ''}".strip() for port in facts.get("ports", ()))
    behind = ", ".join(_behind(workload, node.name) for workload in folded)
    replicas, host = facts.get("replicas"), facts.get("host", "")
    told = [
        "" if host == node.name or host.startswith(f"{node.name}.{node.namespace}.svc.cluster.local") else host,
        ports,
        facts.get("dataplane") or "",
        behind,
        "" if replicas is None else str(replicas),
        " ".join(facts.get("owners", ())),
    ]
    place = [tables.number(facts["path"]), facts["line"]] if "path" in facts else []
    return [[tables.number(text) for text in told], *place]


def _behind(workload: Node, service: str) -> str:
    kind = workload.facts["object"]
    return kind if workload.name == service else f"{kind} {workload.name}"


def _link(link: Link, tables: _Tables) -> list[Any]:
    """Return a link as reason, port, kind, how it is known, where, and what is seldom: subset and environments."""
    places = [tables.spot(place) for place in link.evidence]
    seldom = [link.subset, ", ".join(link.environments)]
    return [
        tables.reason(link), link.port or 0, tables.number(link.kind), tables.number(link.known_by), places,
        *(map(tables.number, seldom) if any(seldom) else ()),
    ]  # fmt: skip
