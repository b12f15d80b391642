"""An inspection for people: a tree, each fact with its reason and the place of what decided it.

In: an inspection and what it is written on. Out: text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.findings.inspecting import Inspected, Inspection
from meshlint.mesh.inspections.answers import (
    Access,
    Endpoint,
    Exposure,
    NamespaceAnswer,
    PolicyAnswer,
    Reach,
    ServedPort,
    ServiceAnswer,
    WorkloadAnswer,
    WorkloadPort,
)
from meshlint.mesh.model import Decided, Place
from meshlint.reports.inspections.tree import Line, Paper, drawn
from meshlint.reports.inspections.words import Words

__all__ = ["Paper", "render"]


def render(inspection: Inspection, paper: Paper) -> str:
    """Return the tree of the first environment, and of the others what differs."""
    words = Words(inspection.at)
    first, *others = [_whole(inspected, words) for inspected in inspection.answers]
    out = [*drawn(first, paper)]
    for other in others:
        differing = tuple(line for line in other.children if line not in first.children)
        out += ["", *drawn(other._replace(text=f"{other.text}, where it differs", children=differing), paper)]
    return "\n".join(out) + "\n"


def _whole(inspected: Inspected, words: Words) -> Line:
    found = inspected.found
    place = words.at(Place(found.resource, "/metadata/name")) if found.resource is not None else None
    where = f" in environment {inspected.environment}" if inspected.environment else ""
    lines = (*_answer(inspected, words), *words.ending(inspected))
    return Line(f"{found.text}{where}", "", place, lines, "bold")


def _answer(inspected: Inspected, words: Words) -> Iterator[Line]:
    answer = inspected.answer
    if isinstance(answer, WorkloadAnswer):
        return _workload(answer, words)
    if isinstance(answer, ServiceAnswer):
        return _service(answer, words)
    if isinstance(answer, NamespaceAnswer):
        return _namespace(answer, words)
    return _policy(answer, words)


def _workload(answer: WorkloadAnswer, words: Words) -> Iterator[Line]:
    yield _plane(answer.membership, words)
    if not answer.identity.value:
        yield words.fact("service account", answer.service_account)
    yield words.fact("identity", answer.identity)
    if answer.waypoint.value or answer.membership.value == "ambient":
        yield words.fact("waypoint", answer.waypoint)
    for port in answer.ports:
        yield _port(port, words)
    if not answer.ports:
        yield Line("ports: none", "no container declares one and no Service leads to it")
    yield from (words.fact("checks tokens of", fact) for fact in answer.request_authentication)
    yield from words.connections("called by", answer.callers)
    yield from words.connections("calls", answer.calls)
    yield from (words.fact("exception", fact) for fact in answer.exceptions)


def _plane(membership: Decided, words: Words) -> Line:
    shown = "none, it is outside the mesh" if membership.value == "none" else ""
    return words.fact("data plane", membership, shown)


def _port(port: WorkloadPort, words: Words) -> Line:
    name = " ".join(filter(None, (f"port {port.number}", port.name, f"({port.protocol or port.transport})")))
    below = [*_who(port.who_may_call, port.at_ztunnel, words), *(_exposure(one, words) for one in port.services)]
    return words.mtls(name, port.mtls, below)


def _who(access: Access, at_ztunnel: Access | None, words: Words, of: str = "") -> Iterator[Line]:
    if at_ztunnel is None:
        yield words.access(access, f"who may call{of}")
    else:
        yield words.access(access, f"who may call{of} through the waypoint")
        yield words.access(at_ztunnel, f"whom ztunnel lets in{of} behind it")


def _exposure(exposure: Exposure, words: Words) -> Line:
    below = [words.fact("protocol", exposure.protocol), words.breaker(exposure.breaker)]
    below += map(words.rule, exposure.governed_by)
    if exposure.legacy is not None:
        below.append(words.legacy(exposure.legacy))
    below += map(words.route, exposure.routes)
    return Line(f"served as {exposure.object.text} port {exposure.port}", "", None, tuple(below))


def _service(answer: ServiceAnswer, words: Words) -> Iterator[Line]:
    yield Line(f"host: {answer.host} ({answer.type})")
    yield words.fact("visible to", answer.visible_to)
    if answer.waypoint.value != "":
        yield words.fact("waypoint", answer.waypoint)
    yield from (_served(port, words) for port in answer.ports)
    yield from words.connections("called by", answer.callers)


def _served(port: ServedPort, words: Words) -> Line:
    name = " ".join(filter(None, (f"port {port.number}", port.name)))
    below = [words.breaker(port.breaker), *map(words.rule, port.governed_by)]
    if port.legacy is not None:
        below.append(words.legacy(port.legacy))
    below += [_endpoint(endpoint, words) for endpoint in port.endpoints]
    below += _accesses(port.endpoints, words)
    below += map(words.route, port.routes)
    if not port.endpoints:
        below.append(Line("endpoints: none among the paths"))
    return words.fact(name, port.protocol, children=below)


def _endpoint(endpoint: Endpoint, words: Words) -> Line:
    port = f" port {endpoint.port}" if endpoint.port is not None else ""
    name = f"endpoint {endpoint.object.text}{port}"
    if endpoint.mtls is None:
        return Line(f"{name}: none of its containers declares the target port")
    return words.mtls(name, endpoint.mtls)


def _accesses(endpoints: Sequence[Endpoint], words: Words) -> Iterator[Line]:
    """Yield who may call, once for endpoints that agree."""
    agreeing: dict[tuple[Access, Access | None], list[str]] = {}
    for endpoint in endpoints:
        if endpoint.who_may_call is not None:
            agreeing.setdefault((endpoint.who_may_call, endpoint.at_ztunnel), []).append(endpoint.object.text)
    for (access, at_ztunnel), names in agreeing.items():
        yield from _who(access, at_ztunnel, words, "" if len(agreeing) == 1 else f" {', '.join(names)}")


def _namespace(answer: NamespaceAnswer, words: Words) -> Iterator[Line]:
    yield words.fact("labels", answer.labels)
    yield words.fact("injection", answer.injection)
    yield words.fact("mTLS mode", answer.mtls)
    yield words.fact("default deny", answer.default_deny)
    yield words.fact("Sidecar", answer.sidecar)
    yield words.fact("waypoint", answer.waypoint)
    rows = []
    for member in answer.workloads:
        mode = f", weakest port {member.weakest.mode or 'unknown'}" if member.weakest is not None else ""
        plane = member.membership.value or "unknown"
        place = words.at(Place(member.object, "/metadata/name"))
        rows.append(Line(f"{member.object.text}: data plane {plane}{mode}", "", place))
    yield Line("workloads:" if rows else "workloads: none among the paths", "", None, tuple(rows))
    policies = [Line(policy.text, "", words.at(policy)) for policy in answer.policies]
    yield Line("policies:" if policies else "policies: none", "", None, tuple(policies))


def _policy(answer: PolicyAnswer, words: Words) -> Iterator[Line]:
    yield words.fact("meant for", answer.scope)
    rows = tuple(_reach(reach, words) for reach in answer.governs)
    if rows or answer.scope.value != "":
        yield Line("in force for:" if rows else "in force for: nothing among the paths", "", None, rows)
    yield from (Line(host.host, "", None, tuple(_service(host, words))) for host in answer.hosts)
    if answer.calls:
        yield from words.connections("calls", answer.calls)
    yield from (words.fact("exception", fact) for fact in answer.exceptions)


def _reach(reach: Reach, words: Words) -> Line:
    return words.fact(reach.name, reach.in_force)
