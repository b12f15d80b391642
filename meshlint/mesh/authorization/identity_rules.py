"""Rules that ask who calls, on ports where the answer may be missing.

In: AuthorizationPolicies, the mode of every port. Out: `IdentityUse` for each field that names an identity. Without
mutual TLS a caller has no identity: positive fields match nobody and negative fields match everybody. On a port that
takes plain text only every use is empty; on one that takes both, a plaintext caller slips past a DENY that names
identities and through an ALLOW that only excludes some.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.mesh.authorization.attachment import Point
from meshlint.mesh.authorization.authorization import Authorization, AuthPolicy, AuthRule, Part
from meshlint.mesh.model import Place, PortMode, Workload
from meshlint.mesh.mtls.modes import MtlsFacts, UnseenModes
from meshlint.records import NamedTuple

_POSITIVE = ("principals", "namespaces", "serviceAccounts", "trustDomains")
_NEGATIVE = ("notPrincipals", "notNamespaces", "notServiceAccounts", "notTrustDomains")
_KEYS = ("source.principal", "source.namespace", "source.serviceAccount", "source.trustDomain", "connection.sni")
_PORT_KEY = "destination.port"


class IdentityUse(NamedTuple):
    """Say whether the identity in one field is there when it is asked for; `holds` is None when unknown."""

    field: str
    holds: bool | None
    because: str
    pointer: str
    decided_by: Place | None = None
    missing: str = ""


class IdentityRules:
    """Judge the identity fields of AuthorizationPolicies."""

    def __init__(self, authorization: Authorization, mtls: MtlsFacts, unseen: UnseenModes) -> None:
        self._authorization = authorization
        self._unseen = unseen
        self._mtls = mtls
        self._closed: dict[int, bool] = {}

    def uses(self, policy: AuthPolicy) -> list[IdentityUse]:
        """Return every use of an identity in an enforced policy."""
        if not policy.enforced:
            return []
        if policy.attachment.targets:
            return []  # such a policy acts at gateways and waypoints, whose callers PeerAuthentication does not judge
        found: list[IdentityUse] = []
        workloads: tuple[Workload, ...] | None = None
        for rule in policy.rules:
            fields = list(_fields(rule, policy.action))
            if not fields:
                continue
            if workloads is None:
                workloads = self._authorization.governed(policy.attachment)
            ports = list(self._ports(workloads, rule)) if workloads else list(self._unseen_ports(policy, rule))
            for field, pointer, slips in fields:
                missing = "" if ports or workloads else f"workloads that {policy.resource.text} governs"
                found.append(_judged(field, pointer, slips, ports, missing))
        return found

    def _ports(self, workloads: Iterable[Workload], rule: AuthRule) -> Iterator[tuple[str, PortMode, bool]]:
        """Yield the ports on which a rule acts, and whether another policy turns plaintext callers away there."""
        wanted, excluded = _ports_of(rule)
        for workload in workloads:
            for mode in self._mtls.modes_at(workload, wanted):
                if mode.captured and mode.number not in excluded:
                    yield workload.text, mode, self._is_closed(workload)

    def _unseen_ports(self, policy: AuthPolicy, rule: AuthRule) -> Iterator[tuple[str, PortMode, bool]]:
        """Yield what is in force on pods that the set does not show, as far as the selector tells."""
        attachment = policy.attachment
        if attachment.mesh_wide:
            return
        home, text = attachment.resource.namespace, f"what {attachment.resource.text} governs"
        wanted, excluded = _ports_of(rule)
        point = Point(text, home, attachment.selector, frozenset())
        closed = any(_denies_nobody(other) for other in self._authorization.on(point))
        for mode in self._unseen.of(home, attachment.selector, wanted, attachment.resource.text):
            if mode.number not in excluded:
                yield text, mode, closed

    def _is_closed(self, workload: Workload) -> bool:
        if workload.id not in self._closed:
            policies = self._authorization.on_workload(workload)
            self._closed[workload.id] = any(_denies_nobody(policy) for policy in policies)
        return self._closed[workload.id]


def _judged(
    field: str, pointer: str, slips: str, ports: Sequence[tuple[str, PortMode, bool]], missing: str
) -> IdentityUse:
    for text, mode, closed in ports:
        where = f"port {mode.number} of {text}" if mode.number else text
        if mode.mode == "DISABLE":
            because = f"{where} takes plain text only, because {mode.because}"
            return IdentityUse(field, False, because, pointer, mode.decided_by)
        if mode.mode == "PERMISSIVE" and slips and not closed:
            because = f"{where} takes plain text too, because {mode.because}, and a plaintext caller {slips}"
            return IdentityUse(field, False, because, pointer, mode.decided_by)
        missing = missing or mode.missing
    return IdentityUse(field, None if missing else True, "", pointer, None, missing)


def _fields(rule: AuthRule, action: str) -> Iterator[tuple[str, str, str]]:
    """Yield field, pointer and how a plaintext caller gets past it on a port that takes both, empty when he does not.

    An ALLOW asks for every part of a source and every condition, so one positive identity keeps plaintext callers out.
    """
    needed = any(part.key in _KEYS and "values" in part.values for part in rule.conditions)
    for source in rule.sources:
        positive = [field for field in _POSITIVE if field in source.values]
        negative = [field for field in _NEGATIVE if field in source.values]
        for field in positive:
            yield field, f"{source.pointer}/{field}", "" if action == "ALLOW" else _past(action)
        for field in negative:
            slips = action == "ALLOW" and not positive and not needed
            yield field, f"{source.pointer}/{field}", "is let in by it" if slips else ""
    anywhere = bool(rule.sources) and all(any(f in source.values for f in _POSITIVE) for source in rule.sources)
    for part in rule.conditions:
        if part.key not in _KEYS:
            continue
        if "values" in part.values:
            yield part.key, part.pointer, "" if action == "ALLOW" else _past(action)
        elif "notValues" in part.values:
            slips = action == "ALLOW" and not needed and not anywhere
            yield part.key, part.pointer, "is let in by it" if slips else ""


def _past(action: str) -> str:
    return "is not denied by it" if action == "DENY" else "is not sent to the authorizer by it"


def _ports_of(rule: AuthRule) -> tuple[frozenset[int], frozenset[int]]:
    """Return the ports that a rule is limited to, none for all, and those that it leaves out."""
    wanted: set[int] = set()
    limited = bool(rule.operations) and all("ports" in operation.values for operation in rule.operations)
    if limited:
        wanted = {number for operation in rule.operations for number in _numbers(operation, "ports")}
    for part in rule.conditions:
        if part.key == _PORT_KEY and "values" in part.values:
            named = _numbers(part, "values")
            wanted = wanted & named if limited else named
    only = rule.operations[0] if len(rule.operations) == 1 else None
    return frozenset(wanted), frozenset(_numbers(only, "notPorts")) if only is not None else frozenset()


def _numbers(part: Part, field: str) -> set[int]:
    return {int(value) for value in part.values.get(field, ()) if value.isdecimal() and len(value) < 6}


def _denies_nobody(policy: AuthPolicy) -> bool:
    """Tell whether a policy denies whoever has no identity, on every port and path."""
    if not policy.enforced or policy.action != "DENY":
        return False
    return any(
        not rule.operations and not rule.conditions and any(_is_nobody(source) for source in rule.sources)
        for rule in policy.rules
    )


def _is_nobody(source: Part) -> bool:
    return set(source.values) <= set(_NEGATIVE) and "*" in source.values.get("notPrincipals", ())
