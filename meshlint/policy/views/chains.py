"""Chains of calls as rules see them.

In: the resolved mesh. Out: parts of the views of services and VirtualServices; made once for all of an environment.
"""

from __future__ import annotations

from meshlint.mesh.calls.amplification import Amplification, Retried, RouteRetries, hosts_with_budget
from meshlint.mesh.calls.bottlenecks import Bottleneck, bottlenecks
from meshlint.mesh.calls.chains import chains_of
from meshlint.mesh.calls.circles import Circle, untimed_circles
from meshlint.mesh.calls.patience import Outlived, outlived_calls
from meshlint.mesh.calls.timed_calls import TimedCalls, TimedPort
from meshlint.mesh.hosts import resolve_host
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service
from meshlint.mesh.routing.request_policies import shown_duration
from meshlint.mesh.routing.virtual_services import VirtualService
from meshlint.policy.views.values import View, place_view, with_unknown

_SHOWN = 8


class ServiceChains:
    """View what chains say of services."""

    def __init__(self, mesh: Mesh) -> None:
        chains = chains_of(mesh)
        self._timed = TimedCalls(mesh)
        self._circles = untimed_circles(mesh, chains)
        self._bottlenecks = bottlenecks(mesh, chains)

    def view(self, service: Service) -> View:
        """Return the facts of one service."""
        circle, bottleneck = self._circles.get(service.id), self._bottlenecks.get(service.id)
        return {
            "timed_ports": [_timed(service, row) for row in self._timed.of(service)],
            "circles": [_circle(circle)] if circle is not None else [],
            "bottlenecks": [_bottleneck(bottleneck)] if bottleneck is not None else [],
        }


def _circle(circle: Circle) -> View:
    shown = circle.names if len(circle.names) <= _SHOWN else (*circle.names[: _SHOWN - 2], "…", circle.names[-1])
    return {"text": " → ".join(shown), "size": circle.size, "place": place_view(circle.place)}


def _bottleneck(row: Bottleneck) -> View:
    more = f" and {row.behind - len(row.names)} more" if row.behind > len(row.names) else ""
    weak = "has one replica" if row.is_alone else "has no circuit breaker" if row.is_unguarded else ""
    both = f"{weak} and no circuit breaker" if row.is_alone and row.is_unguarded else weak
    return {"text": ", ".join(row.names) + more, "behind": row.behind, "weakness": both}


def _timed(service: Service, row: TimedPort) -> View:
    view: View = {
        "text": f"{service.text} port {row.port.number}",
        "service": f"{service.namespace}/{service.name}",
        "protocol": row.protocol,
        "caller": row.caller,
        "streams": row.streams,
        "because": row.timing.because,
        "routes": [place_view(place) for place in row.timing.routes],
        "only_port": len(service.ports) == 1,
        "place": place_view(row.place),
    }
    unknown = {}
    for key, value, missing in (
        ("called", row.called, row.missing),
        ("limited", row.timing.limited, row.timing.missing),
    ):
        if value is None:
            unknown[key] = missing
        else:
            view[key] = value
    return with_unknown(view, unknown)


class RouteChains:
    """View what chains say of VirtualServices."""

    def __init__(self, mesh: Mesh) -> None:
        chains = chains_of(mesh)
        budgets = hosts_with_budget(mesh.inventory)
        services = {f"service:{s.id}" for host in budgets for s in resolve_host(mesh.inventory, host, "")}
        self._retries = RouteRetries(mesh.routing, Amplification(chains, services), budgets)
        self._outlived = outlived_calls(chains)

    def view(self, service: VirtualService) -> View:
        """Return the facts of one VirtualService."""
        return {
            "retries": [_retried(row) for row in self._retries.of(service)],
            "outlived": [_outlived(row) for row in self._outlived.get(service.resource.index, ())],
        }


NO_CHAINS: View = {"retries": [], "outlived": []}
"""What an object without routes of its own has."""


def _retried(row: Retried) -> View:
    policy, peak = row.policy, row.peak
    timeout, spent = policy.timeout, policy.attempts * (policy.per_try or 0.0)
    return {
        "text": row.route.text,
        "attempts": policy.attempts,
        "multiplies": policy.multiplies,
        "budgeted": row.budgeted,
        "overruns": timeout is not None and spent > timeout,
        "per_try": shown_duration(policy.per_try) if policy.per_try else "",
        "timeout": shown_duration(timeout) if timeout else "",
        "before": peak.before if peak is not None else 0,
        "requests": peak.requests if peak is not None else 0,
        "chain": peak.chain if peak is not None else "",
        "peak": peak.end if peak is not None else "",
        "circular": peak is not None and peak.circular,
        "place": place_view(policy.retries_by),
    }


def _outlived(row: Outlived) -> View:
    tries = f"{row.tries} tries, " if row.tries > 1 else ""
    return {
        "text": row.called,
        "service": row.service,
        "wait": f"{tries}{shown_duration(row.wait)}",
        "callers_wait": shown_duration(row.callers_wait),
        "place": place_view(row.place),
        "there": place_view(Place(row.there.resource, row.there.pointer)),
    }
