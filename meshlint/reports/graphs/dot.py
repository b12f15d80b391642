"""The drawing for Graphviz.

In: a drawing. Out: DOT text, all names quoted.
"""

from __future__ import annotations

from meshlint.reports.frame import clean
from meshlint.reports.graphs.drawing import Drawing, Node
from meshlint.reports.graphs.formats import Setting
from meshlint.reports.graphs.picture import picture

_SHAPES = {
    "service": "shape=box, style=rounded",
    "workload": "shape=box",
    "gateway": "shape=cds",
    "ingress": "shape=cds",
    "host": "shape=box, style=dashed",
    "namespace": "shape=folder",
    "mesh": "shape=plaintext",
}
_STYLES = {
    "broken": 'color="#be123c", fontcolor="#be123c", style="dashed,bold", arrowhead=tee',
    "plaintext": 'color="#c2410c", fontcolor="#c2410c", style=dashed',
    "mixed": 'color="#7c3aed", fontcolor="#7c3aed", style="dashed,bold"',
    "unknown": 'color="#6b7280", fontcolor="#6b7280", style=dotted',
    "tls": 'color="#2563eb", fontcolor="#2563eb", style=solid, arrowhead=empty',
    "mtls": 'color="#15803d", fontcolor="#15803d", style=solid',
}


def render(drawing: Drawing, setting: Setting) -> str:
    """Return the directed graph."""
    shown = picture(drawing)
    out = [f"digraph {quoted(setting.title)} {{", "  rankdir=LR;", '  node [fontname="sans-serif", fontsize=11];']
    out.append('  edge [fontname="sans-serif", fontsize=9];')
    for number, (name, members) in enumerate(shown.groups):
        if name:
            out.append(f"  subgraph cluster_{number} {{")
            out.append(f"    label={quoted(name)};")
        out += [f"    n{member} [label={quoted(shown.nodes[member].name)}, {_shape(shown.nodes[member])}];"
                for member in members]  # fmt: skip
        if name:
            out.append("  }")
    for line in shown.lines:
        style = _STYLES[line.verdict]
        out.append(f"  n{line.source} -> n{line.target} [label={quoted(line.label)}, {style}];")
    return "\n".join([*out, "}"]) + "\n"


def quoted(text: str) -> str:
    """Return a quoted string; a backslash of a name is a backslash and begins no escape of Graphviz."""
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shape(node: Node) -> str:
    return _SHAPES[node.kind]
