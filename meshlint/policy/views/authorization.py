"""Which AuthorizationPolicies govern workloads and namespaces, as rules see them.

In: the resolved mesh. Out: parts of the views of workloads and namespaces.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.authorization.attachment import Point
from meshlint.mesh.authorization.authorization import KIND
from meshlint.mesh.calls.callees import KnownCallers
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Workload
from meshlint.policy.views.values import View, shown, with_unknown
from meshlint.resources.kinds import ISTIO_GROUPS

_NO_CALLEES: View = {"callees": [], "nameless": ""}


class AuthorizationViews:
    """View what governs the workloads and namespaces of an environment."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._authorization = mesh.authorization
        self._callers = KnownCallers(mesh)
        self._root = mesh.inventory.mesh_config.root_namespace
        # Plain workloads of a repository that shows no mesh at all are nobody's to authorize.
        self._in_use = any(resource.group in ISTIO_GROUPS for resource in mesh.inventory.resources) or any(
            membership.meshed for membership in mesh.memberships
        )

    def of_workload(self, workload: Workload) -> View:
        """Return what governs a workload."""
        is_unplaced = not workload.namespace and workload.resource.placed_later
        return {
            "mesh_in_use": self._in_use,
            # Which policies govern a base is known where its overlays put it; here no namespace would be the right one.
            "covered": is_unplaced
            or self._lives_elsewhere(workload.namespace)
            or any(policy.enforced for policy in self._authorization.on_workload(workload)),
        }

    def of_namespace(self, namespace: str, workloads: Sequence[Workload]) -> View:
        """Return whether the workloads of a namespace deny by default."""
        members = [(w, self._mesh.memberships[w.id].meshed) for w in workloads]
        inside = [workload for workload, meshed in members if meshed is not False]
        bare = [
            workload.text
            for workload in inside
            if not self._admits_by_list(self._authorization.points.of_workload(workload))
        ]
        waypoints = self._authorization.points.waypoints_in(namespace)
        view: View = {
            "root_namespace": self._root,
            "bare": shown(bare),
            "all_covered": not bare and all(map(self._admits_by_list, waypoints)),
        }
        unknown = {}
        if any(meshed for _, meshed in members) or not inside:
            view["has_members"] = bool(inside)
        else:
            unknown["has_members"] = self._mesh.memberships[inside[0].id].missing
        if any(policy.denies_by_default for policy in self._authorization.of_whole(namespace)):
            view["denies_by_default"] = True
        elif self._lives_elsewhere(namespace):
            unknown["denies_by_default"] = f"AuthorizationPolicies of namespace {namespace} or {self._root}"
        else:
            view["denies_by_default"] = False
        view |= self._callees(namespace, waypoints) if not view.get("denies_by_default", True) else _NO_CALLEES
        return with_unknown(view, unknown)

    def _callees(self, namespace: str, waypoints: Sequence[Point]) -> View:
        """Return the services of a namespace that somebody with an identity is known to call, and who has none."""
        found = self._callers.of(namespace)
        rows = [
            {"name": service.name, "selector": service.selector, "principals": list(principals)}
            for service, principals in found.all
        ]
        between = [point.text for point in waypoints]  # behind a waypoint every caller has the identity of the waypoint
        return {"callees": rows, "nameless": shown([*found.nameless, *between])}

    def _lives_elsewhere(self, namespace: str) -> bool:
        kind = KIND.rpartition("/")[2]
        return any(self._mesh.existence.names_external_kind(kind, home) for home in (namespace, self._root))

    def _admits_by_list(self, point: Point) -> bool:
        return any(policy.enforced and policy.action == "ALLOW" for policy in self._authorization.on(point))
