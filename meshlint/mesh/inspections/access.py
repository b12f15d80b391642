"""Who may call a port, as the AuthorizationPolicies on its workload say.

In: the mesh, a workload and one of its ports. Out: `Access`: the union of the ALLOW rules, and every rule in the order
in which proxies ask: CUSTOM, DENY, ALLOW; AUDIT decides nothing. Source: the reference of AuthorizationPolicy. Rules
on HTTP admit nothing where only connections are seen, and deny there without their parts on HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.mesh.authorization.authorization import AuthPolicy, AuthRule, Part
from meshlint.mesh.gateways.waypoints import Waypoints
from meshlint.mesh.inspections.answers import Access, Clause
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, Workload

ORDER = ("CUSTOM", "DENY", "ALLOW", "AUDIT")
ANYONE = "anyone"
_BEFORE = {"CUSTOM": ", where an authorizer agrees", "DENY": ", whom no DENY rule turns away"}
_HTTP_SOURCES = ("requestPrincipals", "notRequestPrincipals", "remoteIpBlocks", "notRemoteIpBlocks")
_HTTP_OPERATIONS = ("methods", "notMethods", "paths", "notPaths", "hosts", "notHosts")
_CONNECTION_KEYS = ("source.ip", "source.namespace", "source.principal", "source.serviceAccount",
                    "destination.ip", "destination.port", "connection.sni")  # fmt: skip
_RAW = ("tcp", "mongo", "redis", "mysql", "tls", "https")
_SOURCE_WORDS = {
    "principals": "",
    "serviceAccounts": "service account ",
    "namespaces": "namespace ",
    "ipBlocks": "address ",
    "remoteIpBlocks": "original address ",
    "requestPrincipals": "token of ",
}


class Accesses:
    """Answer who may call the ports of workloads."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._waypoints = Waypoints(mesh.inventory, mesh.selection, mesh.existence)

    def of_port(self, workload: Workload, number: int, protocol: str | None) -> Access:
        """Answer for one port of a workload; where a waypoint serves, for those who come through it."""
        membership = self._mesh.memberships[workload.id]
        if membership.meshed is False:
            because = f"no proxy enforces AuthorizationPolicies: {membership.because}"
            return Access((ANYONE,), because, membership.decided_by, "", ())
        policies = self._mesh.authorization.on_workload(workload)
        served = self._served(workload)
        if served:
            policies = [policy for policy in policies if policy.attachment.targets]
        # A gateway ends TLS itself, so what its Service calls https may well be HTTP to its proxy.
        raw = served is False or (protocol in _RAW and membership.dataplane not in ("gateway", "waypoint"))
        access = self._asked(workload, number, policies, raw)
        if membership.meshed is not None:
            return access
        because = f"{access.because}, if it is in the mesh: the manifests do not say the {membership.missing}"
        return access._replace(value=None, because=because, missing=membership.missing)

    def at_ztunnel(self, workload: Workload, number: int) -> Access | None:
        """Answer what ztunnel asks behind a waypoint: policies with targetRefs are not for it."""
        if not self._served(workload):
            return None
        policies = self._mesh.authorization.on_workload(workload)
        own = [policy for policy in policies if not policy.attachment.targets]
        return self._asked(workload, number, own, raw=True)

    def _served(self, workload: Workload) -> bool | None:
        """Tell whether a waypoint serves an ambient workload; None for others and where nobody can tell."""
        if self._mesh.memberships[workload.id].dataplane != "ambient":
            return None
        return self._waypoints.of_workload(workload).served

    def _asked(self, workload: Workload, number: int, policies: Sequence[AuthPolicy], raw: bool) -> Access:
        clauses = tuple(_clauses(policies, number, raw))
        union = self._union(workload, policies, clauses, number)
        first = "".join(
            words for action, words in _BEFORE.items() if any(c.acts and c.action == action for c in clauses)
        )
        if union.value:
            union = union._replace(because=union.because + first)
        return Access(*union, clauses)

    def _union(
        self, workload: Workload, policies: Iterable[AuthPolicy], clauses: Iterable[Clause], number: int
    ) -> Decided:
        acting = [clause for clause in clauses if clause.acts]
        for clause in acting:
            if clause.action == "DENY" and clause.who == (ANYONE,) and not clause.what:
                return Decided((), f"{clause.decided_by.text} denies every request", clause.decided_by)
        allowing = [policy for policy in policies if policy.action == "ALLOW" and policy.enforced]
        admitting = [clause for clause in acting if clause.action == "ALLOW"]
        if not allowing:
            return self._nothing_allows(workload)
        if not admitting:
            first = Place(allowing[0].resource, "/spec", "access")
            return Decided((), f"{_listed(allowing)} by rules, and none of them admits port {number}", first)
        names = tuple(dict.fromkeys(who for clause in admitting for who in clause.who))
        texts = dict.fromkeys(clause.decided_by.text for clause in admitting)
        said = f"{' and '.join(texts)} {'allow' if len(texts) > 1 else 'allows'} it"
        return Decided(names, said, admitting[0].decided_by)

    def _nothing_allows(self, workload: Workload) -> Decided:
        homes = dict.fromkeys((workload.namespace, self._mesh.authorization.root))
        for home in homes:
            if self._mesh.existence.may_be_elsewhere("AuthorizationPolicy", home):
                missing = f"AuthorizationPolicies of namespace {home}"
                return Decided(None, f"the {missing} live elsewhere", None, missing)
        return Decided((ANYONE,), "no enforced ALLOW AuthorizationPolicy governs it", None)


def _listed(policies: list[AuthPolicy]) -> str:
    more = f" and {len(policies) - 1} more" if len(policies) > 1 else ""
    return f"{policies[0].resource.text}{more} {'allow' if more else 'allows'}"


def _clauses(policies: Iterable[AuthPolicy], number: int, raw: bool) -> Iterator[Clause]:
    ranked = sorted(policies, key=lambda p: ORDER.index(p.action) if p.action in ORDER else len(ORDER))
    for policy in ranked:
        for rule in policy.rules:
            if (clause := _clause(policy, rule, number, raw)) is not None:
                yield clause


def _clause(policy: AuthPolicy, rule: AuthRule, number: int, raw: bool) -> Clause | None:
    operations = [part for part in rule.operations if _fits(part, number)]
    if rule.operations and not operations:
        return None
    acts, because = policy.enforced, ""
    if policy.dry_run:
        because = "a dry run"
    elif not policy.enforced:
        because = "audit only" if policy.action == "AUDIT" else f"Istio knows no action {policy.action}"
    elif raw and is_on_http(rule):
        if policy.action == "ALLOW":
            acts, because = False, "its fields on HTTP match no connection, so it admits nothing here"
        else:
            because = "its fields on HTTP count for nothing here"
    who = tuple(dict.fromkeys(map(_source, rule.sources))) or (ANYONE,)
    what = "; ".join(filter(None, (*map(_operation, operations), *map(_condition, rule.conditions))))
    return Clause(policy.action, who, what, acts, because, Place(policy.resource, rule.pointer, "access"))


def _fits(operation: Part, number: int) -> bool:
    ports, others = operation.values.get("ports"), operation.values.get("notPorts", ())
    return (ports is None or str(number) in ports) and str(number) not in others


def is_on_http(rule: AuthRule) -> bool:
    """Tell whether a rule asks for more than connections show."""
    return (
        any(field in source.values for source in rule.sources for field in _HTTP_SOURCES)
        or any(field in part.values for part in rule.operations for field in _HTTP_OPERATIONS)
        or any(condition.key not in _CONNECTION_KEYS for condition in rule.conditions)
    )


def _source(source: Part) -> str:
    if not source.values:
        return ANYONE
    said = " and ".join(_field(field, values) for field, values in source.values.items())
    return f"{ANYONE}, {said}" if all(field.startswith("not") for field in source.values) else said


def _field(field: str, values: tuple[str, ...]) -> str:
    positive = field.removeprefix("not")
    positive = positive[:1].lower() + positive[1:]
    word = _SOURCE_WORDS.get(positive, f"{positive} ")
    said = " or ".join(values)
    return f"not {word}{said}" if field != positive else f"{word}{said}"


def _operation(operation: Part) -> str:
    shown = []
    for field, values in operation.values.items():
        if field not in ("ports", "notPorts"):
            said = ", ".join(values)
            shown.append(said if field in ("methods", "paths") else f"{field} {said}")
    return " ".join(shown)


def _condition(condition: Part) -> str:
    parts = []
    for field, values in condition.values.items():
        sign = "is not" if field == "notValues" else "is"
        parts.append(f"when {condition.key} {sign} {' or '.join(values)}")
    return " and ".join(parts)
