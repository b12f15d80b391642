"""RequestAuthentications, and whether anything demands the tokens that they check.

In: RequestAuthentications, which policies govern a proxy, the routes of gateways. Out: `TokenDemand`. Source: a
request without a token passes a RequestAuthentication; only an AuthorizationPolicy that asks for a request principal
or a claim, or that denies requests without one, turns it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh.authorization.attachment import Attachment, Point, read_attachment
from meshlint.mesh.authorization.authorization import Authorization, AuthPolicy, AuthRule
from meshlint.mesh.authorization.claim_routes import ClaimRoutes
from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Inventory, Membership, Place, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence
from meshlint.resources.resource import Resource

KIND = "security.istio.io/RequestAuthentication"
_CLAIMS = "request.auth."


class TokenDemand(NamedTuple):
    """Say where tokens are checked and not demanded; `missing` names what leaves that open where nothing is found."""

    checks: bool  # it has a rule for tokens
    lacking: tuple[str, ...]
    places: tuple[Place, ...]  # of the workloads among them
    missing: str = ""


class _Spot(NamedTuple):
    point: Point
    workload: Workload | None


class TokenDemands:
    """Judge RequestAuthentications."""

    def __init__(
        self,
        inventory: Inventory,
        memberships: tuple[Membership, ...],
        authorization: Authorization,
        existence: Existence,
        claims: ClaimRoutes,
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._authorization = authorization
        self._existence = existence
        self._claims = claims
        self._root = inventory.mesh_config.root_namespace
        self._gateways = {(point.namespace, point.text): point for point in authorization.points.gateways()}

    def of(self, resource: Resource) -> TokenDemand:
        """Return what a RequestAuthentication checks in vain."""
        attachment = read_attachment(resource, self._root)
        assert attachment is not None  # the kind has a selector
        if not sequence(mapping(resource.content().get("spec")).get("jwtRules")):
            return TokenDemand(False, (), ())
        spots = list(self._spots(attachment))
        if not spots:
            return self._unseen(attachment)
        lacking = [spot for spot in spots if not self._is_demanded(spot)]
        if lacking and (elsewhere := self._elsewhere(lacking)):
            return TokenDemand(True, (), (), elsewhere)
        places = tuple(Place(spot.workload.resource, "/metadata/name") for spot in lacking if spot.workload is not None)
        return TokenDemand(True, tuple(spot.point.text for spot in lacking), places)

    def _spots(self, attachment: Attachment) -> Iterator[_Spot]:
        points = self._authorization.points
        if attachment.targets:
            for target in attachment.targets:
                yield from self._targeted(target.kind, attachment.resource.namespace, target.name)
            return
        for workload in self._authorization.governed(attachment):
            # ztunnel checks no tokens: in ambient only what is attached to a waypoint acts.
            if self._memberships[workload.id].dataplane not in ("none", "ambient"):
                yield _Spot(points.of_workload(workload), workload)
        home = None if attachment.mesh_wide else attachment.resource.namespace
        for point in self._gateways.values():
            if not point.is_waypoint and home in (None, point.namespace) and attachment.selects(point.labels):
                yield _Spot(point, None)

    def _targeted(self, kind: str, namespace: str, name: str) -> Iterator[_Spot]:
        if kind == "Gateway" and (point := self._gateways.get((namespace, f"Gateway {namespace}/{name}"))):
            yield _Spot(point, None)
        elif kind == "Service":
            for service in self._inventory.services_in.get(namespace, ()):
                if service.name == name:
                    references = self._authorization.points.before_service(service)
                    yield _Spot(Point(service.text, namespace, {}, references, is_waypoint=True), None)

    def _is_demanded(self, spot: _Spot) -> bool:
        policies = [policy for policy in self._authorization.on(spot.point) if policy.enforced]
        if any(map(_demands, policies)):
            return True
        allowing = [policy for policy in policies if policy.action == "ALLOW"]
        if allowing and not any(policy.rules for policy in allowing):
            return True  # nothing passes at all
        return spot.workload is not None and self._claims.guard(spot.workload)

    def _unseen(self, attachment: Attachment) -> TokenDemand:
        """Judge by the selector alone where none of the pods is in the set: what it says fits all of them."""
        home = attachment.resource.namespace
        point = Point("", home, attachment.selector, frozenset(attachment.references()))
        if any(_demands(policy) for policy in self._authorization.on(point) if policy.enforced):
            return TokenDemand(True, (), ())
        return TokenDemand(True, (), (), f"workloads that {attachment.resource.text} governs")

    def _elsewhere(self, spots: Iterable[_Spot]) -> str:
        homes = dict.fromkeys((*(spot.point.namespace for spot in spots), self._root))
        for home in homes:
            if self._existence.names_external_kind("AuthorizationPolicy", home):
                return f"AuthorizationPolicies of namespace {home}"
        return ""


def _demands(policy: AuthPolicy) -> bool:
    """Tell whether a policy turns away requests without a token, or leaves the decision to an authorizer."""
    if policy.action == "CUSTOM":
        return bool(policy.rules)
    if policy.action == "DENY":
        return any(rule.is_empty or _names_token(rule, "notRequestPrincipals", "notValues") for rule in policy.rules)
    return any(_names_token(rule, "requestPrincipals", "values") for rule in policy.rules)


def _names_token(rule: AuthRule, field: str, values: str) -> bool:
    return any(field in source.values for source in rule.sources) or any(
        part.key.startswith(_CLAIMS) and values in part.values for part in rule.conditions
    )
