"""The drawing for people at a terminal, and for `grep` in a pipe: who calls whom, by namespace of the caller.

In: a drawing. Out: text. In a pipe a link is one line; on a terminal its reason stands below it, broken at the width.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from meshlint.records import NamedTuple
from meshlint.reports.frame import clean, counted, painted
from meshlint.reports.graphs.drawing import Drawing, Link, Node
from meshlint.reports.graphs.formats import Setting
from meshlint.reports.graphs.picture import Picture, group_of, picture
from meshlint.reports.graphs.verdicts import VERDICTS, WORDS

_COLOURS = {"broken": "error", "plaintext": "error", "mixed": "warning", "unknown": "frame"}
_WIDEST_CALL = 48  # columns; what is longer pushes its own line to the right only


class _Row(NamedTuple):
    call: str
    verdict: str
    because: str


def render(drawing: Drawing, setting: Setting) -> str:
    """Return the listing."""
    folded = picture(drawing)
    sections: dict[str, list[_Row]] = {}
    for line in folded.lines:
        source, target = folded.nodes[line.source], folded.nodes[line.target]
        group = group_of(source) if source.kind != "mesh" else source.name
        alike: dict[tuple[str, str], list[Link]] = {}
        for link in line.links:
            alike.setdefault((link.mtls, link.because), []).append(link)
        for (verdict, because), links in alike.items():
            row = _Row(clean(_call(source, target, links)), verdict, clean(because))
            sections.setdefault(group, []).append(row)
    out: list[str] = []
    for group, rows in sorted(sections.items(), key=_mesh_last):
        out += [painted(clean(group), "bold", setting.coloured), *_listing(rows, setting), ""]
    return "\n".join([*out, _summary(drawing, folded)]) + "\n"


def _mesh_last(section: tuple[str, list[_Row]]) -> tuple[bool, str]:
    return section[1][0].call.startswith("*"), section[0]


def _call(source: Node, target: Node, links: Sequence[Link]) -> str:
    """Return who calls whom: on which ports, to which subsets where all go to some, how it is known if not called."""
    at_home = source.namespace == target.namespace or not target.namespace or target.kind == "host"
    name = target.name if at_home else f"{target.namespace}/{target.name}"
    ports = ",".join(str(port) for port in sorted({link.port for link in links if link.port is not None}))
    subsets = sorted({link.subset for link in links})
    start = {"mesh": "*", "namespace": "any workload"}.get(source.kind, source.name)
    known = list(dict.fromkeys(link.known_by for link in links))
    told = "" if "called" in known else f" ({', '.join(known)})"
    shown = f" subset {', '.join(subsets)}" if all(subsets) else ""
    return f"{start} -> {name}{':' if ports else ''}{ports}{shown}{told}"


def _listing(rows: Sequence[_Row], setting: Setting) -> Iterator[str]:
    wide = min(max(len(row.call) for row in rows), _WIDEST_CALL)
    room = max(len(WORDS[row.verdict]) for row in rows)
    for row in rows:
        word = WORDS[row.verdict]
        shown = painted(word, _COLOURS[row.verdict], setting.coloured) if row.verdict in _COLOURS else word
        line = f"  {row.call.ljust(wide)}  {shown}"
        if not setting.width:
            yield f"{line}{' ' * (room - len(word))}  {row.because}".rstrip()
            continue
        yield line
        yield from textwrap.wrap(row.because, max(setting.width, 40), initial_indent=" " * 6, subsequent_indent=" " * 6)


def _summary(drawing: Drawing, folded: Picture) -> str:
    counts = Counter(link.mtls for link in drawing.links)
    services = sum(1 for node in folded.nodes if node.kind == "service")
    told = [f"{counts[verdict]} {WORDS[verdict]}" for verdict in VERDICTS if counts[verdict]]
    found = f"{counted(services, 'service')}, {counted(len(drawing.links), 'link')}"
    return f"{found}{': ' if told else ''}{', '.join(told)}"
