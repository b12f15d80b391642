"""Which inbound ports of a workload never reach its proxy.

In: a workload and its membership. Out: port numbers. Source: the traffic.sidecar.istio.io annotations; ztunnel knows
none of them except the annotation that switches inbound capture off as a whole. The sidecar's own ports for metrics
and health are never redirected (injection-template.yaml), so a Service for them says nothing of the application.
"""

from __future__ import annotations

from collections.abc import Container

from meshlint.mesh.model import Membership, Workload

EXCLUDED = "traffic.sidecar.istio.io/excludeInboundPorts"
INCLUDED = "traffic.sidecar.istio.io/includeInboundPorts"
BYPASS = "ambient.istio.io/bypass-inbound-capture"
_OWN_PORTS = frozenset((15020, 15021, 15090))


class _Everything:
    """Contain every port."""

    def __contains__(self, port: object) -> bool:
        return True


class _AllBut:
    """Contain every port except those named."""

    def __init__(self, ports: frozenset[int]) -> None:
        self._ports = ports

    def __contains__(self, port: object) -> bool:
        return port not in self._ports


def uncaptured_ports(workload: Workload, membership: Membership) -> Container[int]:
    """Return the ports whose inbound traffic goes past the proxy; exclusion wins over inclusion."""
    annotations = workload.annotations
    if membership.dataplane == "ambient":
        return _Everything() if annotations.get(BYPASS) == "true" else frozenset()
    excluded = _ports(annotations.get(EXCLUDED, "")) | _OWN_PORTS
    included = annotations.get(INCLUDED)
    if included is None or included.strip() == "*":
        return excluded
    return _AllBut(_ports(included) - excluded)


def _ports(value: str) -> frozenset[int]:
    return frozenset(int(item) for item in value.split(",") if item.strip().isdecimal() and len(item) < 10)
