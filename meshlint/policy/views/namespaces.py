"""What the proxies of a namespace let out and write down, as rules see it.

In: the workloads of a namespace and the resolved mesh. Out: parts of its view. Workloads for which the same object
decides the same are one entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from meshlint.mesh.access_logs import AccessLogs
from meshlint.mesh.membership.membership import INJECTION
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Workload
from meshlint.mesh.sidecar_scopes import SidecarScopes
from meshlint.policy.views.values import View, place_view, with_unknown

_SHOWN = 3

_INJECTED = (INJECTION, "enabled")
_AMBIENT = ("istio.io/dataplane-mode", "ambient")
_REVISION = "istio.io/rev"


def outbound_views(workloads: Sequence[Workload], mesh: Mesh, scopes: SidecarScopes) -> list[View]:
    """Return the outbound policies of the workloads with a sidecar; gateways are where traffic is to leave."""
    found = (workload for workload in workloads if mesh.memberships[workload.id].dataplane == "sidecar")
    return _grouped(found, scopes.outbound, "mode")


def access_log_views(workloads: Sequence[Workload], mesh: Mesh, logs: AccessLogs) -> list[View]:
    """Return whether the proxies of the workloads write an access log; ztunnel writes one by itself."""
    proxies = ("sidecar", "gateway", "waypoint")
    found = (workload for workload in workloads if mesh.memberships[workload.id].dataplane in proxies)
    return _grouped(found, logs.of, "on")


def _grouped(workloads: Iterable[Workload], ask: Callable[[Workload], Decided], field: str) -> list[View]:
    groups: dict[Decided, list[str]] = {}
    for workload in workloads:
        groups.setdefault(ask(workload), []).append(workload.text)
    views: list[View] = []
    for decided, names in groups.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        view: View = {
            "text": ", ".join(names[:_SHOWN]) + more,
            "because": decided.because,
            "decided_by": place_view(decided.decided_by),
        }
        if decided.value is None:
            views.append(with_unknown(view, {field: decided.missing}))
        else:
            views.append(view | {field: decided.value})
    return views


def usual_label(mesh: Mesh) -> tuple[str, str]:
    """Return the label by which most namespaces join the mesh; where none or as many have another: istio-injection."""
    pairs = Counter(
        (key, value)
        for namespace in mesh.inventory.namespaces.values()
        for key, value in namespace.labels.items()
        if (key == _REVISION and value) or (key, value) in (_INJECTED, _AMBIENT)
    )
    first, second = [*pairs.most_common(2), (_INJECTED, 0), (_INJECTED, 0)][:2]
    return first[0] if first[1] > second[1] else _INJECTED
