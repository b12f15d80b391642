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

_FACTS = ("Host", "Ports", "Data plane", "Workloads", "Replicas", "Owners", "Declared at")


class _Texts:
    """Number texts, each once."""

    def __init__(self) -> None:
        self.all: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self.all.setdefault(clean(text), len(self.all))


def page_data(shown: Picture, scene: Scene) -> dict[str, Any]:
    """Return everything that the script needs beside the SVG."""
    texts = _Texts()
    data: dict[str, Any] = {
        "words": WORDS,
        "facts": _FACTS,
        "nodes": [
            [node.kind, clean(node.namespace), clean(node.name), _facts(node, folded)]
            for node, folded in zip(shown.nodes, shown.folded, strict=True)
        ],
        "lines": [
            [line.source, line.target, line.verdict, line.ports, [_link(link, texts) for link in line.links]]
            for line in shown.lines
        ],
    }
    if scene.folded:
        data["bundles"] = [bundle.lines for bundle in scene.bundles]
        data["fold"] = _fold(scene)
    return {**data, "text": list(texts.all)}


def _fold(scene: Scene) -> dict[str, Any]:
    """Return what `page/fold.js` needs to place frames and to draw lines again."""
    lines: dict[int, dict[str, Any]] = {}
    for drawn in scene.drawn:
        stops = [round(value, 1) for owner, stop in drawn.stops for value in (owner, *stop)]
        lines[drawn.line] = {"stops": stops, "label": clean(drawn.label), "back": drawn.backwards}
    return {
        "verdicts": VERDICTS,
        "frames": [
            [frame.x, frame.y, *map(round, (*frame.size, *frame.closed)), frame.column,
             [box.node for box in frame.boxes], clean(frame.name)]
            for frame in scene.frames
        ],
        "ways": [[passage.column, round(passage.y)] for passage in scene.passages],
        "columns": [[round(left), round(width)] for left, width in scene.columns],
        "lines": [lines[number] for number in sorted(lines)],
    }  # fmt: skip


def _facts(node: Node, folded: Sequence[Node]) -> list[str]:
    facts = node.facts
    ports = ", ".join(f"{port['number']} {port['protocol'] or ''}".strip() for port in facts.get("ports", ()))
    behind = ", ".join(f"{workload.facts['object']} {workload.name}" for workload in folded)
    replicas = facts.get("replicas")
    told = [
        "" if facts.get("host") == node.name else facts.get("host", ""),
        ports,
        facts.get("dataplane") or "",
        behind,
        "" if replicas is None else str(replicas),
        " ".join(facts.get("owners", ())),
        f"{facts['path']}:{facts['line']}" if "path" in facts else "",
    ]
    return [clean(text) for text in told]


def _link(link: Link, texts: _Texts) -> list[Any]:
    return [
        link.port or 0,
        clean(link.subset),
        link.kind,
        link.mtls,
        texts.number(link.because),
        link.known_by,
        clean(", ".join(link.environments)),
        [_spot(place, texts) for place in link.evidence],
        [[one.side, clean(one.text), *_spot(one.location, texts)] for one in link.decided_by],
    ]


def _spot(place: Location, texts: _Texts) -> list[int]:
    return [texts.number(place.path), place.start.line, place.start.column]
