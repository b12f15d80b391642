"""Policy objects as rules see them: PeerAuthentications, DestinationRules, Sidecars, Envoy bootstraps.

In: the resolved mesh. Out: targets of the kinds that a rule names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.destinations.breaker_rules import Context, rule_facts
from meshlint.mesh.envoy import bare_listeners, cluster_faults, removed_fields
from meshlint.mesh.exceptions import Exemption, exemption_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.mtls.modes import Opening
from meshlint.mesh.mtls.peer_authentication import PeerPolicy
from meshlint.policy.views.balancing import RuleBalancing
from meshlint.policy.views.client_tls import client_tls_of, plain_text_views
from meshlint.policy.views.exceptions import excepted
from meshlint.policy.views.peers import PeerFaults
from meshlint.policy.views.routing import RuleRouting
from meshlint.policy.views.rule_tls import RuleTls
from meshlint.policy.views.tuning import tuning_views
from meshlint.policy.views.values import NOWHERE, Target, View, exemption_view, identity_view, place_view, subject_of
from meshlint.resources.resource import Resource

_MESH_NAMES = ("mesh", "global", "cluster-wide", "clusterwide")


def peer_targets(mesh: Mesh, _kinds: Sequence[str]) -> Iterator[Target]:
    """View every PeerAuthentication."""
    opened: dict[int, list[Opening]] = {}
    for opening in mesh.mtls.openings:
        opened.setdefault(opening.policy.index, []).append(opening)
    faults = PeerFaults(mesh)
    for policy in sorted(mesh.policies.all, key=lambda policy: policy.resource.index):
        view = _peer(policy, opened.get(policy.resource.index, ()), mesh) | faults.view(policy)
        yield Target(view, subject_of(policy.resource))


def _peer(policy: PeerPolicy, openings: Sequence[Opening], mesh: Mesh) -> View:
    exemption = exemption_of(policy.resource.annotations, mesh.today)
    rows = [_opened(opening, exemption, mesh) for opening in openings]
    unsettled = [row for row in rows if not row["excepted"]]
    looks = _looks_mesh_wide(policy, mesh)
    view = identity_view(policy.resource)
    view |= {
        "scope": policy.scope,
        "mode": policy.mode,
        "root_namespace": mesh.inventory.mesh_config.root_namespace,
        "looks_mesh_wide": bool(looks),
        "looks_because": looks,
        "cut_off": _cut_off(mesh) if looks and policy.mode == "STRICT" else "",
        "opened": rows,
        "unsettled": unsettled,
        "unsettled_text": _shortened(list(dict.fromkeys(f"{row['what']} of {row['text']}" for row in unsettled))),
        "unsettled_mode": unsettled[0]["mode"] if unsettled else "",
        "unsettled_because": unsettled[0]["because"] if unsettled else "",
        "unsettled_at": unsettled[0]["place"] if unsettled else NOWHERE,
        "unsettled_targets": [row["target"] for row in unsettled if row["target"]["place"]],
        "exemption": exemption_view(exemption),
    }
    return view


def _cut_off(mesh: Mesh) -> str:
    from meshlint.policy.views.outsiders import cut_off_by_mesh  # few meshes have such a policy

    return cut_off_by_mesh(mesh)


def _shortened(items: Sequence[str], limit: int = 3) -> str:
    return ", ".join(items[:limit]) + (f" and {len(items) - limit} more" if len(items) > limit else "")


def _opened(opening: Opening, exemption: Exemption, mesh: Mesh) -> View:
    workload = opening.workload
    settled, because = _settlement(opening, exemption, mesh)
    return {
        "text": workload.text if workload is not None else f"namespace {opening.policy.namespace}",
        "what": "all ports" if opening.port is None else f"port {opening.port}",
        "mode": opening.mode,
        "level": opening.level,
        "excepted": settled,
        "because": because,
        "place": place_view(Place(opening.policy, opening.pointer, "mtls")),
        "target": place_view(Place(workload.resource, "/metadata/name", "") if workload is not None else None),
    }


def _settlement(opening: Opening, exemption: Exemption, mesh: Mesh) -> tuple[bool, str]:
    """Tell whether a declared exception covers an opening, and what is wrong when it does not."""
    if opening.port is not None and opening.workload is not None:
        for mode in mesh.mtls.modes.get(opening.workload.id, ()):
            if mode.number == opening.port and excepted(mode, mesh):
                return True, exemption.because
    if exemption.state != "complete":
        return False, exemption.because
    if opening.port is None:
        return False, "an exception can name single ports only"
    return False, f"its exception names other ports than {opening.port}"


def _looks_mesh_wide(policy: PeerPolicy, mesh: Mesh) -> str:
    """Return why a policy of one namespace reads like one of the mesh, empty when it does not."""
    if policy.selector or policy.scope != "namespace" or mesh.policies.mesh is not None or mesh.mesh_policy_elsewhere:
        return ""
    namespace = policy.resource.namespace
    sounds = any(word in policy.resource.name.lower() for word in _MESH_NAMES)
    workloads = mesh.inventory.workloads_in.get(namespace, ())
    governs = any(mesh.memberships[workload.id].meshed is not False for workload in workloads)
    if namespace in ("", "default"):
        if governs and not sounds:
            return ""
        return "it states no namespace" if not namespace else "it stands in namespace default"
    if workloads or not mesh.existence.is_described(namespace, "Namespace"):
        return ""
    if sounds or policy.resource.name == "default":
        return f"it is named like a mesh policy and namespace {namespace} has no workloads"
    return ""


def breaker_targets(mesh: Mesh, kinds: Sequence[str]) -> Iterator[Target]:
    """View the DestinationRules and Sidecars that a rule asks for."""
    resources = [resource for kind in kinds for resource in mesh.inventory.of_kind(kind)]
    if not resources:
        return
    context = Context(mesh.inventory, mesh.selection, mesh.protocols, mesh.breakers, mesh.graph)
    routing, tls, balancing = RuleRouting(mesh), client_tls_of(mesh), RuleBalancing(mesh)
    settings = RuleTls(mesh)
    for resource in resources:
        view = _breaker_rule(resource, context)
        view["tuning"] = tuning_views(resource, mesh)
        view["plain_text"] = plain_text_views(resource, mesh, tls)
        view |= routing.view(resource)
        view |= balancing.view(resource.index) | settings.view(resource.index)
        yield Target(view, subject_of(resource))


def _breaker_rule(resource: Resource, context: Context) -> View:
    facts = rule_facts(resource, context)
    view = identity_view(resource)
    view["host"] = facts.host
    view["dropped"] = [
        {"text": d.text, "because": d.because, "place": place_view(Place(resource, d.pointer, d.fact))}
        for d in facts.dropped
    ]
    view["limits"] = [
        {
            "text": limit.field,
            "value": str(limit.value),
            "number": float(limit.value),
            "routed": limit.routed,
            "place": place_view(Place(resource, limit.pointer)),
        }
        for limit in facts.limits
    ]
    return view


def bootstrap_targets(mesh: Mesh, _kinds: Sequence[str]) -> Iterator[Target]:
    """View every Envoy bootstrap."""
    for resource in mesh.inventory.of_kind("envoy.config.bootstrap.v3/Bootstrap"):
        content = resource.content()
        view = identity_view(resource, "/")
        view["removed"] = [
            {
                "field": found.field,
                "where": found.where,
                "instead": found.instead,
                "place": place_view(Place(resource, f"{found.pointer}#", f"{found.where}: {found.field}")),
            }
            for found in removed_fields(content)
        ]
        view["bare_listeners"] = [
            {
                "text": f"listener {found.name}" if found.name else "a listener without a name",
                "name": found.name,
                "place": place_view(Place(resource, found.pointer, f"listener {found.name}")),
            }
            for found in bare_listeners(content)
        ]
        view["breaker_faults"] = [
            {
                "cluster": found.cluster,
                "infrastructure": found.infrastructure,
                "text": found.text,
                "place": place_view(Place(resource, found.pointer, f"breaker of {found.cluster}")),
            }
            for found in cluster_faults(content)
        ]
        yield Target(view, subject_of(resource))
