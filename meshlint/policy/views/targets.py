"""Which view answers which `target:`.

In: a target as a rule names it and the resolved mesh. Out: its targets, made on demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.mesh.mesh import Mesh
from meshlint.policy.views.files import file_targets, repository_targets
from meshlint.policy.views.policies import bootstrap_targets, breaker_targets, object_targets, peer_targets
from meshlint.policy.views.services import port_targets, service_targets
from meshlint.policy.views.values import Target
from meshlint.policy.views.workloads import mesh_targets, namespace_targets, workload_targets

__all__ = ["Target", "targets"]

_WORDS = {
    "workload": workload_targets,
    "service": service_targets,
    "port": port_targets,
    "namespace": namespace_targets,
    "mesh": mesh_targets,
    "repository": repository_targets,
    "file": file_targets,
    "object": object_targets,
}
_BREAKER_KINDS = frozenset(("networking.istio.io/DestinationRule", "networking.istio.io/Sidecar"))


def targets(target: str | Sequence[str], mesh: Mesh) -> Iterable[Target]:
    """Return the targets of a word, or of a list of kinds (`group/Kind`), which share one set of facts."""
    if isinstance(target, str):
        return _WORDS[target](mesh)
    kinds = tuple(target)
    if kinds == ("security.istio.io/PeerAuthentication",):
        return peer_targets(mesh)
    if kinds == ("envoy.config.bootstrap.v3/Bootstrap",):
        return bootstrap_targets(mesh)
    if _BREAKER_KINDS.issuperset(kinds):
        return breaker_targets(mesh, kinds)
    return object_targets(mesh, kinds)
