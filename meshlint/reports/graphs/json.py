"""The drawing for programs: every node and link, nothing folded; additions only.

In: a drawing. Out: text, byte-identical for the same input.
"""

from __future__ import annotations

from typing import Any

from meshlint import __version__
from meshlint.findings.finding import plain_location
from meshlint.reports.graphs.drawing import Drawing, Link, Node
from meshlint.reports.graphs.formats import Setting


def render(drawing: Drawing, _setting: Setting) -> str:
    """Return the drawing as JSON."""
    import json

    document = {
        "version": 1,
        "tool": {"name": "meshlint", "version": __version__},
        "nodes": [_node(node) for node in drawing.nodes],
        "edges": [_edge(link) for link in drawing.links],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _node(node: Node) -> dict[str, Any]:
    return {"id": node.id, "kind": node.kind, "namespace": node.namespace, "name": node.name, **node.facts}


def _edge(link: Link) -> dict[str, Any]:
    return {
        "source": link.source,
        "target": link.target,
        "kind": link.kind,
        "port": link.port,
        "subset": link.subset,
        "mtls": link.mtls,
        "because": link.because,
        "sends": link.sends,
        "accepts": link.accepts,
        "missing": link.missing or None,
        "known_by": link.known_by,
        "evidence": [plain_location(place) for place in link.evidence],
        "decided_by": [
            {"side": one.side, "object": one.text, "location": plain_location(one.location)} for one in link.decided_by
        ],
        "environments": list(link.environments),
    }
