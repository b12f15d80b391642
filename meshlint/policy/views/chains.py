"""Chains of calls as rules see them.

In: the resolved mesh. Out: parts of the views of services and VirtualServices; made once for all of an environment.
"""

from __future__ import annotations

from meshlint.mesh.calls.timed_calls import TimedCalls, TimedPort
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service
from meshlint.policy.views.values import View, place_view, with_unknown


class ServiceChains:
    """View what chains say of services."""

    def __init__(self, mesh: Mesh) -> None:
        self._timed = TimedCalls(mesh)

    def view(self, service: Service) -> View:
        """Return the facts of one service."""
        return {"timed_ports": [_timed(service, row) for row in self._timed.of(service)]}


def _timed(service: Service, row: TimedPort) -> View:
    view: View = {
        "text": f"{service.text} port {row.port.number}",
        "service": f"{service.namespace}/{service.name}",
        "protocol": row.protocol,
        "caller": row.caller,
        "streams": row.streams,
        "because": row.timing.because,
        "place": place_view(row.place),
    }
    unknown = {}
    for key, value, missing in (
        ("called", row.called, row.missing),
        ("limited", row.timing.limited, row.timing.missing),
    ):
        if value is None:
            unknown[key] = missing
        else:
            view[key] = value
    return with_unknown(view, unknown)
