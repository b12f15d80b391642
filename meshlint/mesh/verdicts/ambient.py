"""What ztunnel sends for an ambient client, and the waypoint on the way.

In: the mesh, a service, an endpoint. Out: `Sending` for the direct way; whether a waypoint takes the call first.
ztunnel knows neither DestinationRules nor auto-mTLS: it tunnels to whom it can, and passes the rest through as it is
(src/proxy/outbound.rs). A sidecar takes a tunnel only in installs that switch ISTIO_META_ENABLE_HBONE on.
"""

from __future__ import annotations

from meshlint.mesh.gateways.waypoints import Served, Waypoints
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service
from meshlint.mesh.verdicts.sending import HBONE, PLAIN, Sending
from meshlint.mesh.verdicts.servers import Server
from meshlint.resources.digest import mapping, text

_HBONE = "ISTIO_META_ENABLE_HBONE"
SIDECAR_TUNNEL = f"proxyMetadata {_HBONE} of the MeshConfig"  # as a missing fact
_INSTALLS = ("install.istio.io/IstioOperator", "sailoperator.io/Istio")


class Ambient:
    """Answer for ambient clients."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._waypoints: Waypoints | None = None
        self._sidecars_tunnel = _sidecars_tunnel(mesh)
        # An assumed MeshConfig holds what somebody was asked about, and says nothing of how proxies were installed.
        self._missing = "MeshConfig" if mesh.inventory.mesh_config.content is None else SIDECAR_TUNNEL

    def waypoint(self, service: Service) -> Served:
        """Tell whether a waypoint takes the calls to a service."""
        if self._waypoints is None:
            self._waypoints = Waypoints(self._mesh.inventory, self._mesh.selection, self._mesh.existence)
        return self._waypoints.of_service(service)

    def direct(self, server: Server) -> Sending:
        """Return what ztunnel sends to an endpoint without a waypoint."""
        if server.dataplane == "ambient":
            return Sending(HBONE, f"{server.text} is in ambient")
        if server.dataplane == "sidecar":
            if server.tunnel or self._sidecars_tunnel:
                return Sending(HBONE, f"the sidecar of {server.text} takes HBONE")
            because = f"ztunnel reaches the sidecar of {server.text} in plain text, because it takes no HBONE"
            missing = self._missing if self._sidecars_tunnel is None else ""
            return Sending(PLAIN, because, None, "ambient-no-hbone", missing=missing)
        return Sending(PLAIN, f"{server.text} has no proxy", server.place, "no-proxy-server")


def _sidecars_tunnel(mesh: Mesh) -> bool | None:
    """Tell whether sidecars take HBONE; None where no MeshConfig is in the set."""
    for kind in _INSTALLS:
        for resource in mesh.inventory.of_kind(kind):
            spec = mapping(resource.content().get("spec"))
            if "ambient" in (text(spec.get("profile")), text(mapping(spec.get("values")).get("profile"))):
                return True
    config = mesh.inventory.mesh_config
    metadata = mapping(mapping(mapping(config.content).get("defaultConfig")).get("proxyMetadata"))
    if _HBONE in metadata:
        return metadata[_HBONE] in ("true", True)
    return None if config.place is None else False
