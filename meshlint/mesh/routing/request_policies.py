"""How long a request may take and how often it is tried again, by the route that takes it.

In: routes as written, the MeshConfig. Out: `RequestPolicy`. Sources: `TranslateRouteDefault` and `retry.ConvertPolicy`
of istiod. Without a word a request has no timeout and two retries; MeshConfig.defaultHttpRetryPolicy says otherwise; a
delegate takes from its root what it does not state itself; `0s` means none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.mesh.model import Inventory, Place
from meshlint.mesh.routing.bound_routes import BoundRoute
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource
from meshlint.resources.schemas.durations import milliseconds

_DEFAULT_ATTEMPTS = 2
_BEFORE_ARRIVAL = frozenset(("connect-failure", "refused-stream", "reset-before-request"))
"""Conditions under which no server has seen the request, so that another try adds no work."""


class RequestPolicy(NamedTuple):
    """Hold what is in force on a route; durations are milliseconds, None is no limit."""

    timeout: float | None
    timeout_by: Place | None
    attempts: int  # after the first try
    per_try: float | None
    multiplies: bool  # a retry may follow on a try that a server has worked on
    retries_by: Place | None  # None: the default of the mesh

    @property
    def requests(self) -> int:
        """Return how many requests one of them may become."""
        return 1 + self.attempts if self.multiplies else 1

    @property
    def longest(self) -> float | None:
        """Return how long a caller may wait, None when nothing limits it."""
        if self.timeout is not None:
            return self.timeout
        return (1 + self.attempts) * self.per_try if self.per_try is not None else None


class RequestPolicies:
    """Answer for routes of both APIs."""

    def __init__(self, inventory: Inventory) -> None:
        default = mapping((inventory.mesh_config.content or {}).get("defaultHttpRetryPolicy"))
        self._policies: dict[tuple[int, str, int, str], RequestPolicy] = {}
        self.default = _retried(default, None) if default else _retried({"attempts": _DEFAULT_ATTEMPTS}, None)

    def of(self, bound: BoundRoute) -> RequestPolicy:
        """Return the policy of a route of a VirtualService; only HTTP has one."""
        holder, root = bound.holder.resource.index, bound.root.resource.index
        question = holder, bound.route.pointer, root, bound.root_route.pointer
        if question not in self._policies:
            self._policies[question] = self._of(bound)
        return self._policies[question]

    def _of(self, bound: BoundRoute) -> RequestPolicy:
        policy = self.default
        if retries := _stated(bound, "retries"):
            policy = _retried(mapping(retries[0]), retries[1])
        if timeout := _stated(bound, "timeout"):
            limit = _limit(timeout[0])
            policy = policy._replace(timeout=limit, timeout_by=timeout[1] if limit is not None else None)
        return policy

    def of_rule(self, route: Resource, rule: Mapping[str, Any], pointer: str) -> RequestPolicy:
        """Return the policy of a rule of an HTTPRoute or GRPCRoute."""
        timeouts, retry = mapping(rule.get("timeouts")), rule.get("retry")
        policy = self.default
        per_try = _limit(timeouts.get("backendRequest"))
        if isinstance(retry, dict):
            stated = retry.get("attempts", _DEFAULT_ATTEMPTS)
            codes = ",".join(str(code) for code in sequence(retry.get("codes")))
            policy = _retried({"attempts": stated, "retryOn": codes}, Place(route, f"{pointer}/retry"))
            policy = policy._replace(per_try=per_try)
        for field in ("request", "backendRequest"):
            if (limit := _limit(timeouts.get(field))) is not None and policy.timeout is None:
                policy = policy._replace(
                    timeout=limit, timeout_by=Place(route, f"{pointer}/timeouts/{field}", "timeout")
                )
        return policy


def _stated(bound: BoundRoute, field: str) -> tuple[Any, Place] | None:
    for holder, route in ((bound.holder, bound.route), (bound.root, bound.root_route)):
        if (value := route.written.get(field)) is not None:
            return value, Place(holder.resource, f"{route.pointer}/{field}", field)
    return None


def _retried(retries: Mapping[str, Any], place: Place | None) -> RequestPolicy:
    attempts = retries.get("attempts", 0)
    count = attempts if isinstance(attempts, int) and not isinstance(attempts, bool) and attempts > 0 else 0
    conditions = {word.strip() for word in text(retries.get("retryOn")).split(",") if word.strip()}
    multiplies = count > 0 and (not conditions or not conditions <= _BEFORE_ARRIVAL)
    return RequestPolicy(None, None, count, _limit(retries.get("perTryTimeout")), multiplies, place)


def _limit(value: Any) -> float | None:
    """Return a duration above zero; anything else sets no limit."""
    found = milliseconds(value) if isinstance(value, str) else 0.0
    return found if found > 0 else None


def shown_duration(value: float) -> str:
    """Write milliseconds as a manifest would."""
    return f"{value / 1000:g}s" if value >= 1000 else f"{value:g}ms"
