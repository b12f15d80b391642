"""The drawing as a Mermaid flowchart, for Markdown that renders it.

In: a drawing. Out: text. Every sign that could mean something to Mermaid is written as an entity.
"""

from __future__ import annotations

from meshlint.reports.frame import clean
from meshlint.reports.graphs.drawing import Drawing, Node
from meshlint.reports.graphs.formats import Setting
from meshlint.reports.graphs.picture import picture

_PLAIN = frozenset(" .,-_/:@")
_SHAPES = {
    "service": "[]",
    "workload": "[]",
    "gateway": "{{}}",
    "ingress": "{{}}",
    "host": "([])",
    "namespace": "[[]]",
    "mesh": "(())",
}
_STYLES = {
    "broken": "stroke:#be123c,stroke-width:2px,stroke-dasharray:8 3 2 3",
    "plaintext": "stroke:#c2410c,stroke-width:2px,stroke-dasharray:6 4",
    "mixed": "stroke:#7c3aed,stroke-width:2px,stroke-dasharray:12 4",
    "unknown": "stroke:#6b7280,stroke-dasharray:2 3",
    "tls": "stroke:#2563eb",
    "mtls": "stroke:#15803d",
}


def render(drawing: Drawing, _setting: Setting) -> str:
    """Return the flowchart."""
    shown = picture(drawing)
    out = ["flowchart LR"]
    for number, (name, members) in enumerate(shown.groups):
        if name:
            out.append(f'  subgraph g{number}["{escaped(name)}"]')
        out += [f"    n{member}{_shape(shown.nodes[member])}" for member in members]
        if name:
            out.append("  end")
    out += [f'  n{line.source} -->|"{escaped(line.label)}"| n{line.target}' for line in shown.lines]
    by_verdict: dict[str, list[str]] = {}
    for number, line in enumerate(shown.lines):
        by_verdict.setdefault(line.verdict, []).append(str(number))
    out += [f"  linkStyle {','.join(numbers)} {_STYLES[verdict]}" for verdict, numbers in sorted(by_verdict.items())]
    return "\n".join(out) + "\n"


def escaped(text: str) -> str:
    """Return text as it may stand between quotes."""
    return "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in clean(text))


def _shape(node: Node) -> str:
    shape = _SHAPES[node.kind]
    half = len(shape) // 2
    return f'{shape[:half]}"{escaped(node.name)}"{shape[half:]}'
