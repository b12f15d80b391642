"""AuthorizationPolicies as rules see them.

In: the resolved mesh. Out: targets of that kind. What is not settled is absent and named in `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.authorization.authorization import AuthPolicy
from meshlint.mesh.authorization.identities import CallerAnswer, Identities, values_of
from meshlint.mesh.authorization.identity_rules import IdentityRules, IdentityUse
from meshlint.mesh.authorization.selector_matches import SelectorMatches
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.mtls.modes import UnseenModes
from meshlint.policy.views.values import Target, View, identity_view, place_view, subject_of, with_unknown
from meshlint.resources.resource import Resource

_FIELDS = {
    "namespace": ("namespaces", "notNamespaces"),
    "principal": ("principals", "notPrincipals"),
    "account": ("serviceAccounts", "notServiceAccounts"),
    "domain": ("trustDomains", "notTrustDomains"),
}


class _Context:
    """Hold what the facts of all policies of an environment rest on."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh
        self.authorization = mesh.authorization
        unseen = UnseenModes(mesh.inventory, mesh.policies, mesh_policy_elsewhere=mesh.mesh_policy_elsewhere)
        self.rules = IdentityRules(mesh.authorization, mesh.mtls, unseen)
        self.identities = Identities(mesh.inventory, mesh.existence)
        self.matches = SelectorMatches(mesh.inventory, mesh.authorization.points, mesh.existence)


def authorization_targets(mesh: Mesh, _kinds: Sequence[str]) -> Iterator[Target]:
    """View every AuthorizationPolicy."""
    context = _Context(mesh)
    for policy in mesh.authorization.policies:
        view = identity_view(policy.resource)
        view |= {
            "action": policy.action,
            "enforced": policy.enforced,
            "reaches_nothing": _reaches_nothing(policy, context),
            "governed": _governed(policy, context),
            "allow_all": [_empty_rule(policy, rule.pointer) for rule in policy.rules if rule.is_empty],
            "identity_uses": [_use(policy, use) for use in context.rules.uses(policy)],
            "callers": list(_callers(policy, context.identities)),
        }
        yield Target(view, subject_of(policy.resource))


def _reaches_nothing(policy: AuthPolicy, context: _Context) -> bool:
    """Tell whether it is certain that the policy never acts: nothing is there, or waypoints alone that ignore it."""
    matches = context.matches.of(policy.resource)
    if matches and all(match.found is False for match in matches):
        return True
    if policy.attachment.targets or not policy.attachment.selector:
        return False
    points = context.authorization.points
    waypoints = [p for p in points.waypoints_in(policy.resource.namespace) if policy.attachment.selects(p.labels)]
    return bool(waypoints) and not context.authorization.governed(policy.attachment)


def _governed(policy: AuthPolicy, context: _Context) -> list[str]:
    """Name what a policy with a selector or targetRefs governs; one for a whole namespace is bound to nothing."""
    if policy.attachment.is_open:
        return []
    home = policy.resource.namespace
    targets = [f"{target.kind} {home}/{target.name}" for target in policy.attachment.targets]
    return targets or [workload.text for workload in context.authorization.governed(policy.attachment)]


def _empty_rule(policy: AuthPolicy, pointer: str) -> View:
    number = int(pointer.rpartition("/")[2]) + 1
    return {"text": f"rule {number}", "place": place_view(Place(policy.resource, pointer, "allow-all"))}


def _use(policy: AuthPolicy, use: IdentityUse) -> View:
    view: View = {
        "text": use.field,
        "because": use.because,
        "decided_by": place_view(use.decided_by),
        "place": place_view(Place(policy.resource, use.pointer, use.field)),
    }
    return with_unknown(view, {"holds": use.missing}) if use.holds is None else view | {"holds": use.holds}


def _callers(policy: AuthPolicy, identities: Identities) -> Iterator[View]:
    home = policy.resource.namespace
    for rule in policy.rules:
        for source in rule.sources:
            for what, fields in _FIELDS.items():
                for field, position, value in values_of(source.values, fields):
                    pointer = f"{source.pointer}/{field}/{position}"
                    yield _caller(policy.resource, pointer, field, value, _answer(identities, what, value, home))


def _answer(identities: Identities, what: str, value: str, home: str) -> CallerAnswer:
    if what == "namespace":
        return identities.namespace(value)
    if what == "principal":
        return identities.principal(value)
    return identities.account(value, home) if what == "account" else identities.domain(value)


def _caller(resource: Resource, pointer: str, field: str, value: str, answer: CallerAnswer) -> View:
    view: View = {
        "text": f"{field} {value}",
        "because": answer.because,
        "place": place_view(Place(resource, pointer, f"{field} {value}")),
    }
    return with_unknown(view, {"occurs": answer.missing}) if answer.occurs is None else view | {"occurs": answer.occurs}
