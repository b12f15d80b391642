"""Roles that grant writes on the mesh's security policy, as rules see them.

In: the resolved mesh. Out: targets of the kinds Role and ClusterRole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.authorization.rbac import policy_writers
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.ownership.model import listed
from meshlint.policy.views.values import Target, identity_view, place_view, subject_of

_SHOWN = 3


def role_targets(mesh: Mesh, kinds: Sequence[str]) -> Iterator[Target]:
    """View every role of the kinds asked for that grants writes on security policy."""
    for writers in policy_writers(mesh.inventory):
        if f"{writers.resource.group}/{writers.resource.kind}" not in kinds:
            continue
        view = identity_view(writers.resource)
        view["is_own"] = writers.is_own
        view["verbs"] = listed(writers.verbs)
        view["groups"] = listed(writers.groups)
        view["grants_at"] = place_view(writers.place)
        view["bound"] = [{"text": bound.text, "place": place_view(bound.place)} for bound in writers.bound]
        view["bound_at"] = [bound["place"] for bound in view["bound"]]
        view["bound_names"] = _names([bound.text for bound in writers.bound])
        yield Target(view, subject_of(writers.resource))


def _names(names: Sequence[str]) -> str:
    if not names:
        return "whoever is bound to it"
    shown = tuple(dict.fromkeys(names))
    return listed(shown) if len(shown) <= _SHOWN else f"{', '.join(shown[:_SHOWN])} and {len(shown) - _SHOWN} more"
