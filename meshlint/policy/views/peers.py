"""What keeps a PeerAuthentication, or a part of it, from acting, as rules see it.

In: a PeerAuthentication and the resolved mesh. Out: a part of its view.
"""

from __future__ import annotations

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.mtls.peer_authentication import PeerPolicy
from meshlint.mesh.mtls.peer_ports import PeerPorts, PortEntry
from meshlint.mesh.mtls.peer_rivals import rivalries
from meshlint.mesh.selection import LabelIndex
from meshlint.policy.views.values import View, place_view, shown, with_unknown


class PeerFaults:
    """View what is at fault with the PeerAuthentications of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        self._rivals = rivalries(mesh.inventory, mesh.policies)
        self._ports = PeerPorts(mesh.inventory, mesh.selection)
        root = mesh.inventory.mesh_config.root_namespace
        self._of_root = LabelIndex(mesh.inventory.workloads_in.get(root, ()))

    def view(self, policy: PeerPolicy) -> View:
        """Return the facts of one PeerAuthentication."""
        rivalry = self._rivals.get(policy.resource.index)
        others = rivalry.others if rivalry is not None else ()
        return {
            "rivals": [place_view(Place(other, "/metadata/name")) for other in others],
            "rivals_text": shown([other.text for other in others]),
            "rivals_share": rivalry.scope if rivalry is not None else "",
            "rivals_agree": rivalry is not None and rivalry.agree,
            "port_entries": [_entry(row, policy) for row in self._ports.entries(policy)],
            "selector_at": place_view(Place(policy.resource, "/spec/selector#")),
            "selects_in_root": self._selected_in_root(policy),
        }

    def _selected_in_root(self, policy: PeerPolicy) -> str:
        if policy.scope != "ignored":
            return ""
        return shown([workload.text for workload in self._of_root.matching(policy.selector)])


def _entry(row: PortEntry, policy: PeerPolicy) -> View:
    place = place_view(Place(policy.resource, row.pointer))
    view: View = {"text": row.text, "because": row.because, "target": row.target, "place": place}
    return with_unknown(view, {"acts": row.missing}) if row.acts is None else view | {"acts": row.acts}
