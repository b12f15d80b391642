"""Which view answers which `target:`.

In: a target as a rule names it and the resolved mesh. Out: its targets, made on demand. A view of single kinds is
imported when an object of these kinds is there: a hook that looks at one file has most of them to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.files import file_targets, repository_targets
from meshlint.policy.views.objects import object_targets
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
_KINDS = {
    "security.istio.io/PeerAuthentication": "policies.peer_targets",
    "security.istio.io/AuthorizationPolicy": "authorization_policies.authorization_targets",
    "security.istio.io/RequestAuthentication": "request_authentications.token_targets",
    "networking.istio.io/DestinationRule": "policies.breaker_targets",
    "networking.istio.io/Sidecar": "policies.breaker_targets",
    "rbac.authorization.k8s.io/Role": "rbac.role_targets",
    "rbac.authorization.k8s.io/ClusterRole": "rbac.role_targets",
    "networking.istio.io/VirtualService": "routing.route_targets",
    "networking.k8s.io/Ingress": "routing.route_targets",
    "networking.istio.io/Gateway": "gateways.gateway_targets",
    "gateway.networking.k8s.io/HTTPRoute": "kubernetes_routes.kubernetes_route_targets",
    "gateway.networking.k8s.io/GRPCRoute": "kubernetes_routes.kubernetes_route_targets",
    "gateway.networking.k8s.io/TLSRoute": "kubernetes_routes.kubernetes_route_targets",
    "gateway.networking.k8s.io/TCPRoute": "kubernetes_routes.kubernetes_route_targets",
    "gateway.networking.k8s.io/UDPRoute": "kubernetes_routes.kubernetes_route_targets",
    "envoy.config.bootstrap.v3/Bootstrap": "policies.bootstrap_targets",
}
"""Which function of which view fills the facts of a kind that has facts of its own (`vocabulary.KINDS`); the rest are
plain objects."""


def targets(target: str | Sequence[str], mesh: Mesh) -> Iterable[Target]:
    """Return the targets of a word, or of a list of kinds (`group/Kind`), which share one set of facts."""
    if isinstance(target, str):
        return _WORDS[target](mesh)
    kinds = tuple(target)
    if not any(mesh.inventory.of_kind(kind) for kind in kinds):
        return ()
    return view_of(kinds[0])(mesh, kinds)


def view_of(kind: str) -> Callable[[Mesh, Sequence[str]], Iterable[Target]]:
    """Return the function that views the objects of a kind."""
    if kind not in _KINDS:
        return object_targets
    module, function = _KINDS[kind].split(".")
    found: Callable[[Mesh, Sequence[str]], Iterable[Target]]
    found = getattr(import_module(f"meshlint.policy.views.{module}"), function)
    return found
