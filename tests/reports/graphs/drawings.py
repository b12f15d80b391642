"""Drawings for the tests of this room: of texts, through the whole pipeline, and of names alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent

from meshlint.errors import Location, Position
from meshlint.findings.judging import resolve_all
from meshlint.pipeline import Options, inputs_of, prepare
from meshlint.reports.graphs.drawing import Decision, Drawing, Link, Node, draw

ROOT = Path(__file__).parent.parent.parent.parent
PLACE = Location("mesh.yaml", Position(3, 5), Position(3, 9), "/spec")


def drawing_of(*paths: Path, root: Path | None = None) -> Drawing:
    """Draw what lies at some paths."""
    options = Options(tuple(map(str, paths)), root=str(root) if root else None, cached=False)
    resolved = resolve_all(inputs_of(prepare(options)))
    return draw(resolved.meshes, resolved.environments, resolved.locator, lambda path: ())


def drawing_of_texts(folder: Path, texts: Mapping[str, str]) -> Drawing:
    """Draw some texts, written below a folder."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return drawing_of(folder, root=folder)


def node(name: str, namespace: str = "shop", kind: str = "service") -> Node:
    """Return a node that stands behind nothing."""
    return Node(f"{kind}:{namespace}/{name}", kind, namespace, name, {"owners": [], "declared": True})


def link(source: Node, target: Node, verdict: str = "mtls", because: str = "both sides say so") -> Link:
    """Return a call on port 80."""
    return Link(
        source.id, target.id, "calls", 80, "", verdict, because, "mtls", "strict", "", "called", (PLACE,),
        (Decision("server", "PeerAuthentication shop/default", PLACE),),
    )  # fmt: skip


def drawing(nodes: Sequence[Node], calls: Sequence[tuple[int, int]], verdicts: Sequence[str] = ("mtls",)) -> Drawing:
    """Return a drawing of calls between nodes by number; verdicts are dealt out in turn."""
    links = [link(nodes[a], nodes[b], verdicts[turn % len(verdicts)]) for turn, (a, b) in enumerate(calls)]
    return Drawing(tuple(nodes), tuple(links))
