"""Raw TCP ports that old servers or callers speak on, and whether somebody has decided about them.

In: the inventory and what the earlier resolvers found. Out: `LegacyPort` for each port that is legacy. A port is
legacy when its Service or workload says so, when the configuration says so, or when raw TCP crosses the border of the
mesh between two ends that are both known. Plain TCP between two meshed ends is carried by mTLS and is no fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meshlint.config.model import LegacySelector
from meshlint.mesh.exceptions import Exemption, declared, exemption_of
from meshlint.mesh.existence import Existence
from meshlint.mesh.legacy.adapters import Adapter, find_adapter
from meshlint.mesh.membership.membership import escaped
from meshlint.mesh.model import Decided, Inventory, Membership, Place, PortMode, Service, ServicePort, Workload
from meshlint.mesh.selection import PortId, Selection
from meshlint.records import NamedTuple

MARK = "meshlint.dev/legacy"
_STRICTNESS = {"DISABLE": 0, "PERMISSIVE": 1, "STRICT": 2}


class LegacyPort(NamedTuple):
    """Hold what is known of a legacy port; None with a text in `missing` where the manifests cannot tell."""

    because: str
    marked_by: Place | None
    server: str | None  # meshed, outside
    mode: str | None  # the strictest effective mode of its target ports; "" for a server without proxy
    adapter: Adapter
    exemption: Exemption
    missing: Mapping[str, str]


class Facts(NamedTuple):
    """Hold what the earlier resolvers found."""

    inventory: Inventory
    memberships: Sequence[Membership]
    selection: Selection
    modes: Mapping[int, tuple[PortMode, ...]]
    protocols: Mapping[PortId, Decided]
    callers: Mapping[PortId, Sequence[tuple[Workload, Place]]]
    existence: Existence


def resolve_legacy(facts: Facts, selectors: Sequence[LegacySelector], today: str) -> dict[PortId, LegacyPort]:
    """Return the legacy ports of all services."""
    by_namespace: dict[str, list[LegacySelector]] = {}
    for selector in selectors:
        by_namespace.setdefault(selector.namespace, []).append(selector)
    found: dict[PortId, LegacyPort] = {}
    for service in facts.inventory.services:
        if service.entry or service.external_name:
            continue
        for port in service.ports:
            legacy = _legacy(facts, service, port, by_namespace.get(service.namespace, ()), today)
            if legacy is not None:
                found[port.id] = legacy
    return found


def _legacy(
    facts: Facts, service: Service, port: ServicePort, selectors: Sequence[LegacySelector], today: str
) -> LegacyPort | None:
    protocol = facts.protocols[port.id].value
    if port.transport != "TCP" or protocol not in ("tcp", "undeclared"):
        return None
    workloads = facts.selection.workloads_of[service.id]
    selector = next((s for s in selectors if _selects(s, service, port, workloads)), None)
    server, missing = _server(facts, workloads)
    marked = _mark(service, workloads) or _configured(selector)
    if marked is None and protocol == "tcp":
        marked = _crossing(facts, port, server)
    if marked is None:
        return None
    mode, mode_missing = _mode(facts, port)
    missing |= mode_missing
    adapter = find_adapter(service, workloads, facts.inventory, facts.memberships, facts.selection, facts.existence)
    if adapter.missing:
        missing["adapter"] = adapter.missing
    exemption = _exemption(service, port, selector, today)
    return LegacyPort(marked[0], marked[1], server, mode, adapter, exemption, missing)


def _selects(selector: LegacySelector, service: Service, port: ServicePort, workloads: Sequence[Workload]) -> bool:
    if selector.folder.relative(service.resource.path) is None:
        return False
    if selector.ports and port.number not in selector.ports and port.target not in selector.ports:
        return False
    if selector.service is not None and selector.service != service.name:
        return False
    if selector.workload:
        return any(selector.workload.items() <= workload.labels.items() for workload in workloads)
    return True


def _mark(service: Service, workloads: Sequence[Workload]) -> tuple[str, Place | None] | None:
    for place in _annotated(service, workloads, MARK):
        return f"{place.text} says so", place
    return None


def _annotated(service: Service, workloads: Sequence[Workload], key: str) -> list[Place]:
    """Return the places where a Service or its workloads carry `key: "true"` as annotation or label."""
    found = []
    for field, values in (("annotations", service.annotations), ("labels", service.labels)):
        if values.get(key) == "true":
            found.append(Place(service.resource, f"/metadata/{field}/{escaped(key)}", "legacy"))
    for workload in workloads:
        places = (
            (f"{workload.template}/metadata/annotations", workload.annotations),
            (f"{workload.template}/metadata/labels", workload.labels),
            ("/metadata/annotations", workload.resource.annotations),
            ("/metadata/labels", workload.resource.labels),
        )
        for pointer, values in places:
            if values.get(key) == "true":
                found.append(Place(workload.resource, f"{pointer}/{escaped(key)}", "legacy"))
                break
    return found


def _configured(selector: LegacySelector | None) -> tuple[str, Place | None] | None:
    return None if selector is None else ("the configuration says so", None)


def _server(facts: Facts, workloads: Sequence[Workload]) -> tuple[str | None, dict[str, str]]:
    if not workloads:
        return None, {"server": "workloads behind the service"}
    answers = [facts.memberships[workload.id] for workload in workloads]
    if any(answer.meshed is False for answer in answers):
        return "outside", {}
    for answer in answers:
        if answer.meshed is None:
            return None, {"server": answer.missing}
    return "meshed", {}


def _crossing(facts: Facts, port: ServicePort, server: str | None) -> tuple[str, Place] | None:
    """Find a call of raw TCP between an end that is known to be inside and one that is known to be outside."""
    for workload, evidence in facts.callers.get(port.id, ()):
        caller = facts.memberships[workload.id].meshed
        if server == "meshed" and caller is False:
            return f"{workload.text}, which is outside the mesh, calls it", evidence
        if server == "outside" and caller is True:
            return f"its server is outside the mesh and {workload.text} calls it", evidence
    return None


def _mode(facts: Facts, port: ServicePort) -> tuple[str | None, dict[str, str]]:
    strictest = ""
    for endpoint in facts.selection.endpoints[port.id]:
        for mode in facts.modes.get(endpoint.workload.id, ()):
            if mode.number != endpoint.port or not mode.captured:
                continue
            if mode.mode is None:
                return None, {"mode": mode.missing}
            if not strictest or _STRICTNESS[mode.mode] > _STRICTNESS[strictest]:
                strictest = mode.mode
    return strictest, {}


def _exemption(service: Service, port: ServicePort, selector: LegacySelector | None, today: str) -> Exemption:
    """Return the exception that names exactly this port: on the Service, or in the configuration."""
    own = exemption_of(service.annotations, today)
    if own.state != "none":
        if own.ports is not None and not own.ports & {port.number, port.target}:
            return Exemption("none")
        return own
    if selector is not None and selector.ports and (selector.owner or selector.reason or selector.expires):
        return declared(selector.owner, selector.reason, selector.expires, today)
    return own


def fault_of(legacy: LegacyPort) -> str:
    """Return what goes wrong on an unsettled legacy port, in one clause."""
    plain = "calls to it are plain text because its server has no proxy"
    base = plain if legacy.server == "outside" else "its mode is STRICT and plain-text callers are cut off"
    if legacy.adapter.state == "missing":
        return f"{base}, and its adapter {legacy.adapter.name} does not exist"
    if legacy.adapter.state == "outside":
        return f"{base}, and its adapter {legacy.adapter.name} is itself outside the mesh"
    return base
