"""Which ports a declared exception covers.

In: the resolved mesh. Out: answers that several views share.
"""

from __future__ import annotations

from collections.abc import Callable

from meshlint.mesh.exceptions import exemption_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import PortMode


def excepted(mode: PortMode, mesh: Mesh) -> bool:
    """Tell whether a complete, unexpired exception names exactly this port: on the policy that opens it.

    Only an entry of `portLevelMtls` is limited to a port, so nothing wider is ever excepted.
    """
    if mode.level != "port" or mode.decided_by is None:
        return False
    own = exemption_of(mode.decided_by.resource.annotations, mesh.today)
    if own.state == "complete":
        return own.ports is None or mode.number in own.ports
    return any(_service_excepts(port, mesh) for port in mode.service_ports)


def excepted_ports(mesh: Mesh) -> Callable[[tuple[int, int]], bool]:
    """Return what tells whether a complete, unexpired exception names a service port or the ports behind it."""
    named: set[tuple[int, int]] = set()
    for modes in mesh.mtls.modes.values():
        for mode in modes:
            if mode.service_ports and excepted(mode, mesh):
                named.update(mode.service_ports)
    return lambda port: port in named or _service_excepts(port, mesh)


def _service_excepts(port: tuple[int, int], mesh: Mesh) -> bool:
    legacy = mesh.legacy.get(port)
    return legacy is not None and legacy.exemption.state == "complete"
