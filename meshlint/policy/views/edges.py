"""Calls and what protects them, as rules see them.

In: the resolved mesh. Out: targets of `edge`: every call that the manifests name, the call that any client with a
proxy may make to a service port, and those that break for servers that no manifest shows. A finding on an edge belongs
to the owner of the value at fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.calls.named_hosts import is_called
from meshlint.mesh.hosts import namespace_named
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place, Service
from meshlint.mesh.selection import PortId
from meshlint.mesh.verdicts.clients import Client
from meshlint.mesh.verdicts.resolved import ResolvedEdge, general_edges, resolved_edges
from meshlint.mesh.verdicts.unseen import unseen_edges
from meshlint.mesh.verdicts.verdict import UNKNOWN, Part, Verdict
from meshlint.mesh.verdicts.verdicts import Verdicts
from meshlint.policy.views.exceptions import excepted_ports
from meshlint.policy.views.values import Target, View, place_view, with_unknown

_KEPT = 5_000  # views of verdicts; edges that share one mostly stand near each other


def edge_targets(mesh: Mesh) -> Iterator[Target]:
    """View every call."""
    verdicts = Verdicts(mesh)
    views = _Views(mesh)
    told: dict[int, Verdict] = {}
    # Who is only expected to call may never do so, and the general client comes next.
    for resolved in resolved_edges(mesh, verdicts, with_expected=False):
        if not resolved.edge.source.startswith("mesh:"):
            if resolved.edge.port is not None:
                told[id(resolved.verdict)] = resolved.verdict
            yield Target(views.of(resolved), None)
    for resolved in general_edges(mesh, verdicts):
        if id(resolved.verdict) not in told:  # a caller that is known stands for those who are told the same
            yield Target(views.of(resolved), None)
    for resolved in unseen_edges(mesh, verdicts):
        yield Target(views.of(resolved), None)


class _Views:
    """Make the views of one mesh; edges that share a verdict share its view."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._is_excepted = excepted_ports(mesh)
        self._clients: dict[int, tuple[Client, View]] = {}
        self._parts: dict[int, tuple[Verdict, list[View]]] = {}

    def of(self, resolved: ResolvedEdge) -> View:
        """Return the view of one edge."""
        edge, client, service, verdict, is_known, target = resolved
        ports = [p.id for p in service.ports if edge.port in (None, p.number)] if service is not None else []
        protocols = {self._mesh.protocols[port].value or "" for port in ports}
        number = f" port {edge.port}" if edge.port is not None else ""
        view: View = {
            "text": f"{client.text} → {target}{number}",
            "place": place_view(_place(resolved)),
            "evidence": place_view(edge.evidence),
            "kind": edge.kind,
            "is_known": is_known,
            "names_address": _names_address(resolved),
            "client": self._client_of(client),
            "server": _server(self._mesh, service, edge.target, target),
            "target_text": f"{target}{number}",
            "port": edge.port or 0,
            "subset": edge.subset,
            "protocol": next((p for p in ("https", "tls") if p in protocols), min(protocols, default="")),
            "because": verdict.because,
            "parts": self._parts_of(verdict),
            "is_legacy": any(self._is_legacy(port) for port in ports),
            "is_excepted": any(self._is_excepted(port) for port in ports),
        }
        if verdict.mtls == UNKNOWN:
            return with_unknown(view, {"mtls": verdict.missing, "step": verdict.missing})
        return view | {"mtls": verdict.mtls, "step": verdict.step}

    def _is_legacy(self, port: PortId) -> bool:
        legacy = self._mesh.legacy.get(port)
        return legacy is not None and legacy.exemption.state != "complete"

    def _client_of(self, client: Client) -> View:
        known = self._clients.get(id(client))
        if known is None:
            known = self._clients[id(client)] = (client, _client(client))
        return known[1]

    def _parts_of(self, verdict: Verdict) -> list[View]:
        known = self._parts.get(id(verdict))
        if known is None:
            if len(self._parts) >= _KEPT:
                self._parts.clear()
            rows = [_part(part) for part in verdict.parts] or [_whole(verdict)]
            known = self._parts[id(verdict)] = (verdict, rows)  # holds the verdict, so that its id stays its own
        return known[1]


def _place(resolved: ResolvedEdge) -> Place:
    """Return what tells of the call; where nobody knows its verdict, its client: one question, however it is known."""
    workload = resolved.client.workload
    if resolved.verdict.mtls == UNKNOWN and workload is not None:
        return Place(workload.resource, "/metadata/name", "calls")
    return resolved.edge.evidence


def _names_address(resolved: ResolvedEdge) -> bool:
    """Tell a host that is surely connected to from one that a text may only mention."""
    edge, client = resolved.edge, resolved.client
    if resolved.service is not None or edge.spot is not None or client.workload is None:
        return True
    return is_called(edge.evidence, client.workload)


def _client(client: Client) -> View:
    resource = client.workload.resource if client.workload is not None else None
    view: View = {
        "text": client.text,
        "kind": resource.kind if resource is not None else client.text.partition(" ")[0],
        "namespace": client.namespace,
        "name": resource.name if resource is not None else "",
        "dataplane": client.dataplane,
    }
    if client.dataplane == "unknown":
        return with_unknown(view, {"meshed": client.missing})
    return view | {"meshed": client.dataplane != "none"}


def _server(mesh: Mesh, service: Service | None, node: str, text: str) -> View:
    if service is None:
        kind, _, name = node.partition(":")
        if kind == "namespace":
            return {"text": text, "kind": "Namespace", "namespace": name, "name": name}
        return {"text": text, "kind": "", "namespace": namespace_named(mesh.inventory, name), "name": name}
    resource = service.resource
    return {"text": service.text, "kind": resource.kind, "namespace": service.namespace, "name": service.name}


def _whole(verdict: Verdict) -> View:
    return _part(
        Part(
            "", None, verdict.mtls, verdict.because, verdict.sends, verdict.accepts, verdict.step,
            verdict.client_decided, verdict.server_decided, verdict.at_fault, verdict.missing, verdict.server_meshed,
        )
    )  # fmt: skip


def _part(part: Part) -> View:
    at_fault, decided = part.at_fault, (part.client_decided, part.server_decided)
    view: View = {
        "server": part.server,
        "because": part.because,
        "sends": part.sends,
        "accepts": part.accepts,
        "client_decided": place_view(part.client_decided),
        "server_decided": place_view(part.server_decided),
        "decided": [place_view(place) for place in decided if place is not None and place != at_fault],
        "at_fault": place_view(at_fault),
        "broken_at": place_view(_as_broken(at_fault)),
    }
    missing: dict[str, str] = {}
    if part.mtls == UNKNOWN:
        missing["mtls"] = part.missing
    else:
        view["mtls"] = part.mtls
    if part.step or part.mtls != UNKNOWN:
        view["step"] = part.step
    else:
        missing["step"] = part.missing
    if part.server_meshed is None:
        missing["meshed"] = part.missing or "membership of the servers"
    else:
        view["meshed"] = part.server_meshed
    return with_unknown(view, missing)


def _as_broken(place: Place | None) -> Place | None:
    """Give an outage a cause of its own: what merely weakens a call at the same place must not hide it."""
    return place._replace(fact=f"calls broken by {place.fact}") if place is not None else None
