"""The scene as SVG: frames with their boxes, lines with heads and words. It stands without any script.

In: a scene and its picture. Out: well-formed XML; every text in it is escaped. Classes carry what the style sheet of
the page colours and dashes; no element has a style of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meshlint.mesh.verdicts.verdict import MTLS
from meshlint.reports.frame import clean, counted
from meshlint.reports.graphs.boxes import Stop
from meshlint.reports.graphs.drawing import Node
from meshlint.reports.graphs.picture import Picture
from meshlint.reports.graphs.scene import Box, Bundle, Drawn, Frame, Scene, shortened
from meshlint.reports.graphs.verdicts import VERDICTS, WORDS, gravest

_CONTROL = "\ufffd"
_HEADS = {
    "broken": "M1 1 9 9M9 1 1 9",
    "tls": "M1 1 9 5 1 9z",
}
_DENSE = 120
"""Lines; beyond that those that are well protected step back."""
_ARROW = "M0 0 10 5 0 10z"


def svg_of(scene: Scene, shown: Picture, title: str) -> str:
    """Return the SVG element."""
    width, height = round(scene.size.width), round(scene.size.height)
    inner = _inner(scene, shown)
    dense = ' class="dense"' if len(scene.bundles or scene.drawn) > _DENSE else ""
    return "\n".join(
        [
            f'<svg id="map"{dense} xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}" role="group" aria-label="{escaped(title)}">',
            f"<defs>{''.join(_heads())}</defs>",
            '<g id="frames">',
            *(_frame(number, frame, shown, inner) for number, frame in enumerate(scene.frames)),
            "</g>",
            '<g id="lines">',
            *(_bundle(number, bundle) for number, bundle in enumerate(scene.bundles)),
            *(() if scene.folded else _lines(scene, shown)),
            "</g>",
            "</svg>",
        ]
    )


def escaped(text: str) -> str:
    """Return text as it may stand in an element or between double quotes; control characters are replaced."""
    told = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return "".join(char if char.isprintable() else _CONTROL for char in told)


def path_of(stops: Sequence[Stop]) -> str:
    """Return a line as path data: level at every stop, curved between two of them."""
    (_, x, y), *rest = [(round(a), round(b), round(c)) for a, b, c in stops]
    if not rest:
        left = round(stops[0][0])
        return f"M{left} {y}c0-20 {x - left}-20 {x - left} 0"
    parts = [f"M{x} {y}"]
    for enters, leaves, level in rest:
        if level != y:
            wide, middle = enters - x, (enters - x) // 2
            parts.append(f"c{middle} 0 {middle} {level - y} {wide} {level - y}")
            x = enters
        if leaves != x:
            parts.append(f"h{leaves - x}")
        x, y = leaves, level
    return "".join(parts).replace(" -", "-")


def _heads() -> Iterator[str]:
    for verdict in VERDICTS:
        yield (
            f'<marker id="{verdict}" class="{verdict}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
            f'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="{_HEADS.get(verdict, _ARROW)}"/>'
            "</marker>"
        )


def _inner(scene: Scene, shown: Picture) -> dict[int, list[str]] | None:
    """Return the verdicts of the lines that stay inside each namespace; None where none is folded."""
    if not scene.folded:
        return None
    home = {box.node: number for number, frame in enumerate(scene.frames) for box in frame.boxes}
    found: dict[int, list[str]] = {number: [] for number in range(len(scene.frames))}
    for line in shown.lines:
        if line.source in home and home[line.source] == home[line.target]:
            found[home[line.target]].append(line.verdict)
    return found


def _told_inside(count: int, verdicts: Sequence[str]) -> str:
    """Return how many nodes a folded namespace holds, and what is gravest between them."""
    nodes = counted(count, "node")
    worst = gravest(verdicts) if verdicts else MTLS
    return nodes if worst == MTLS else f"{nodes} · {verdicts.count(worst)} {WORDS[worst]} inside"


def _frame(number: int, frame: Frame, shown: Picture, inner: Mapping[int, Sequence[str]] | None) -> str:
    name = escaped(frame.name)
    width, height = round(frame.size.width), round(frame.size.height)
    back = f'<rect class="f" width="{width}" height="{height}" rx="12"/>'
    boxes = "".join(_box(box, shown) for box in frame.boxes)
    place = f'transform="translate({frame.x},{frame.y})"'
    if inner is None:
        return f'<g class="g" id="g{number}" {place}>{back}<text class="h" x="16" y="23">{name}</text>{boxes}</g>'
    closed, told = frame.closed, _told_inside(len(frame.boxes), inner[number])
    middle = round(closed.height / 2)
    return (
        f'<g class="g shut" id="g{number}" {place}><g class="closed t">'
        f'<rect class="f" width="{round(closed.width)}" height="{round(closed.height)}" rx="12"/>'
        f'<text class="h" x="16" y="{middle - 3}">+ {escaped(shortened(frame.name, closed.width - 44, 13))}</text>'
        f'<text class="s" x="16" y="{middle + 15}">{told}</text></g>'
        f'<g class="open">{back}<g class="t"><rect class="b" x="6" y="6" width="{width - 12}" height="24" rx="6"/>'
        f'<text class="h" x="16" y="23">− {name}</text></g>{boxes}</g></g>'
    )


def _box(box: Box, shown: Picture) -> str:
    node = shown.nodes[box.node]
    height = round(box.height)
    middle = height // 2
    classes = ["n", *([] if node.kind == "service" else [node.kind]), *_planes(node)]
    small = f'<text class="s" y="{middle + 13}">{escaped(box.subtitle)}</text>' if box.subtitle else ""
    return (
        f'<g class="{" ".join(classes)}" id="n{box.node}" transform="translate({round(box.x)},{round(box.y)})">'
        f'<rect width="{round(box.width)}" height="{height}"/>'
        f'<text y="{middle - 2 if box.subtitle else middle + 4}">{escaped(box.title)}</text>{small}</g>'
    )


def _planes(node: Node) -> list[str]:
    """Return the class of what takes no part in the mesh."""
    return ["bare"] if node.facts.get("dataplane") in (None, "none") else []


def _lines(scene: Scene, shown: Picture) -> Iterator[str]:
    for drawn in scene.drawn:
        stops = _stops(drawn, scene)
        verdict = shown.lines[drawn.line].verdict
        may = " may" if shown.lines[drawn.line].is_expected else ""
        yield _line(f"e{drawn.line}", verdict + may, stops, drawn)


def _stops(drawn: Drawn, scene: Scene) -> list[Stop]:
    """Return the stops of a line on the page; beside a frame that is narrower than its column it stays level."""
    owners = [owner for owner, _ in drawn.stops]
    found = []
    for position, (owner, stop) in enumerate(drawn.stops):
        enters, leaves, y = _on_page(owner, stop, scene)
        if owner >= 0:
            left, width = scene.columns[scene.frames[owner].column]
            ahead, behind = (left, left + width) if drawn.backwards else (left + width, left)
            leaves = ahead if owners[position + 1 : position + 2] not in ([], [owner]) else leaves
            enters = behind if position and owners[position - 1] != owner else enters
        found.append((enters, leaves, y))
    return found


def _on_page(owner: int, stop: Stop, scene: Scene) -> Stop:
    enters, leaves, y = stop
    if owner >= 0:
        frame = scene.frames[owner]
        return enters + frame.x, leaves + frame.x, y + frame.y
    passage = scene.passages[-1 - owner]
    left, width = scene.columns[passage.column]
    return left + enters * width, left + leaves * width, y + passage.y


def _bundle(number: int, bundle: Bundle) -> str:
    return _line(f"b{number}", bundle.verdict, bundle.stops, bundle)


def _line(name: str, verdict: str, stops: Sequence[Stop], drawn: Drawn | Bundle) -> str:
    words = ""
    if drawn.label and len(stops) > 1:
        start, end, y = stops[-1]
        x = round(end + 12 if drawn.backwards else start + 3)
        words = f'<text x="{x}" y="{round(y) - 4}">{escaped(drawn.label)}</text>'
    path = f'<path d="{path_of(stops)}"/>'
    return f'<g class="e {verdict}" id="{name}">{path}{words}</g>'
