"""Which view answers which `target:`.

In: a target as a rule names it and the resolved mesh. Out: its targets, made on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.authorization_policies import authorization_targets
from meshlint.policy.views.files import file_targets, repository_targets
from meshlint.policy.views.gateways import gateway_targets
from meshlint.policy.views.kubernetes_routes import kubernetes_route_targets
from meshlint.policy.views.policies import bootstrap_targets, breaker_targets, object_targets, peer_targets
from meshlint.policy.views.rbac import role_targets
from meshlint.policy.views.request_authentications import token_targets
from meshlint.policy.views.routing import route_targets
from meshlint.policy.views.services import port_targets, service_targets
from meshlint.policy.views.values import Target
from meshlint.policy.views.workloads import mesh_targets, namespace_targets, workload_targets

__all__ = ["Target", "targets"]


def _edge_targets(mesh: Mesh) -> Iterable[Target]:
    """View every call; what resolves them is imported only for rules that ask."""
    from meshlint.policy.views.edges import edge_targets

    return edge_targets(mesh)


_WORDS = {
    "workload": workload_targets,
    "service": service_targets,
    "port": port_targets,
    "namespace": namespace_targets,
    "mesh": mesh_targets,
    "repository": repository_targets,
    "file": file_targets,
    "object": object_targets,
    "edge": _edge_targets,
}
_KINDS: dict[str, Callable[[Mesh, Sequence[str]], Iterable[Target]]] = {
    "security.istio.io/PeerAuthentication": peer_targets,
    "security.istio.io/AuthorizationPolicy": authorization_targets,
    "security.istio.io/RequestAuthentication": token_targets,
    "networking.istio.io/DestinationRule": breaker_targets,
    "networking.istio.io/Sidecar": breaker_targets,
    "rbac.authorization.k8s.io/Role": role_targets,
    "rbac.authorization.k8s.io/ClusterRole": role_targets,
    "networking.istio.io/VirtualService": route_targets,
    "networking.k8s.io/Ingress": route_targets,
    "networking.istio.io/Gateway": gateway_targets,
    "gateway.networking.k8s.io/HTTPRoute": kubernetes_route_targets,
    "gateway.networking.k8s.io/GRPCRoute": kubernetes_route_targets,
    "gateway.networking.k8s.io/TLSRoute": kubernetes_route_targets,
    "gateway.networking.k8s.io/TCPRoute": kubernetes_route_targets,
    "gateway.networking.k8s.io/UDPRoute": kubernetes_route_targets,
    "envoy.config.bootstrap.v3/Bootstrap": bootstrap_targets,
}
"""Which view fills the facts of a kind that has facts of its own (`vocabulary.KINDS`); the rest are plain objects."""


def targets(target: str | Sequence[str], mesh: Mesh) -> Iterable[Target]:
    """Return the targets of a word, or of a list of kinds (`group/Kind`), which share one set of facts."""
    if isinstance(target, str):
        return _WORDS[target](mesh)
    kinds = tuple(target)
    return _KINDS.get(kinds[0], object_targets)(mesh, kinds)
