"""The verdict of a call, from client to port.

In: the resolved mesh, a client, a service port. Out: `Verdict`.
"""

from __future__ import annotations

from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.verdicts.verdict import Verdict, unknown


class Verdicts:
    """Answer what protects calls; made for those who ask, and never while a mesh is built."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def of_edge(self, edge: Edge) -> Verdict:
        """Return the verdict of one edge of the graph."""
        return unknown(f"verdict of {edge.target}")
