"""The verdict of a call, from client to port.

In: the resolved mesh, a client, a service port. Out: `Verdict`, remembered for all clients that nothing tells apart.
What the manifests leave open is tried in each way that it can be: only where all ways lead to one verdict it is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from meshlint.mesh.calls.edges import Edge
from meshlint.mesh.destinations.subset_endpoints import is_runtime
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service, ServicePort
from meshlint.mesh.sidecar_scopes import SidecarScopes
from meshlint.mesh.verdicts.ambient import Ambient
from meshlint.mesh.verdicts.clients import PROXIED, Client, Clients
from meshlint.mesh.verdicts.judging import judged
from meshlint.mesh.verdicts.outside import external, unknown_host
from meshlint.mesh.verdicts.sending import PLAIN, ClientSide, Sending
from meshlint.mesh.verdicts.servers import Server, ServerSide
from meshlint.mesh.verdicts.verdict import UNKNOWN, Part, Verdict, unknown, verdict_of

_Key = tuple[object, ...]


class Verdicts:
    """Answer what protects calls; made for those who ask, and never while a mesh is built."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._rules, scopes = mesh.breakers.rules, SidecarScopes(mesh.inventory)
        self.clients = Clients(mesh, self._rules)
        self._servers = ServerSide(mesh, scopes, self.clients.gateways)
        self._side = ClientSide(mesh, self._rules, scopes)
        self._ambient = Ambient(mesh)
        planes = {member.dataplane for member in mesh.memberships}
        self._worlds = ("sidecar", "none", *(("ambient",) if "ambient" in planes else ()))
        self._known: dict[_Key, Verdict] = {}

    def of_edge(self, edge: Edge) -> Verdict:
        """Return the verdict of one edge of the graph; an edge without a port speaks of all ports."""
        kind, _, name = edge.target.partition(":")
        if kind == "host":
            clients = self.clients.of_node(edge.source, "")
            return unknown_host(name, clients[0], edge, self._mesh, self._side)
        if kind == "namespace":
            return unknown(f"services of namespace {name} that are called")
        if kind != "service":
            return unknown(f"proxy in front of {edge.target}")
        service = self._mesh.inventory.services[int(name)]
        clients = self.clients.of_node(edge.source, service.namespace)
        answers = [self.between(client, service, edge.port, edge.subset) for client in clients]
        return _agreed(answers, next((client.missing for client in clients if client.missing), ""))

    def between(self, client: Client, service: Service, number: int | None = None, subset: str = "") -> Verdict:
        """Return the verdict of calls of a client to one port of a service, or to all of them."""
        if service.external_name:
            aliased = [s for s in self._mesh.inventory.service_at.get(service.external_name.lower(), ()) if not s.entry]
            if aliased:
                return self.between(client, aliased[0], number, subset)
        ports = [port for port in service.ports if number in (None, port.number)]
        if number is None:
            ports = [port for port in ports if port.transport == "TCP"] or ports
        if not ports:
            return unknown(f"port {number} of {service.text}" if number is not None else f"ports of {service.text}")
        answers = [self._at(client, service, port, subset) for port in ports]
        if len({answer.mtls for answer in answers}) == 1:
            return answers[0]
        return verdict_of([part for port, answer in zip(ports, answers, strict=True) for part in _parts(port, answer)])

    def _at(self, client: Client, service: Service, port: ServicePort, subset: str) -> Verdict:
        apart = client.dataplane in PROXIED and self._side.distinguishes(client, service)
        key = (client.key(client.namespace if apart else ""), port.id, subset)
        if key not in self._known:
            self._known[key] = self._answer(client, service, port, subset)
        return self._known[key]

    def _answer(self, client: Client, service: Service, port: ServicePort, subset: str) -> Verdict:
        if port.transport == "UDP":
            place = client.place
            return Verdict("plaintext", "its transport is UDP, which no proxy carries", PLAIN, "plain", "udp", place)
        servers, missing = self._behind(client, service, port, subset)
        if all(server.outside for server in servers) and (servers or service.external_name):
            sendings = self._side.of(client, service, port, subset, servers) if client.dataplane in PROXIED else []
            return external(service, port, self._mesh.protocols[port.id].value, sendings)
        if not servers:
            return unknown(missing, f"the {missing} are not in the manifests")
        answers: list[Verdict] = []
        for plane, far in product(self._planes(client.dataplane), self._planes_of(servers)):
            near = client.assumed(plane)
            supposed = [_supposed(server, far) for server in servers]
            answers.extend(self._in_world(near, service, port, subset, supposed))
        lacking = client.missing or next((s.missing for s in servers if s.dataplane == "unknown"), "")
        return _agreed(answers, lacking)

    def to_servers(self, client: Client, service: Service, port: ServicePort, servers: Sequence[Server]) -> Verdict:
        """Return the verdict of calls of a sidecar to endpoints that the caller describes."""
        answers = [
            verdict_of([judged(sending, server, None) for server in servers])
            for sending in self._side.of(client, service, port, "", servers)
        ]
        return _agreed(answers, client.missing)

    def _behind(self, client: Client, service: Service, port: ServicePort, subset: str) -> tuple[Sequence[Server], str]:
        """Return the endpoints of a port, or of a subset of it, and what keeps them from being known."""
        found = self._servers.of(service, port)
        governing = self._rules.governing(service, client.namespace, client.labels) if subset else None
        named = [item for _, item in governing.subsets if item.name == subset] if governing is not None else []
        if not named:
            return found.all, found.missing
        wanted = {key: value for key, value in named[0].labels.items() if not is_runtime(key)}
        chosen = [server for server in found.all if wanted.items() <= server.labels.items()]
        return chosen, found.missing or f"workloads of subset {subset} of {service.text}"

    def _planes(self, plane: str) -> Sequence[str]:
        return self._worlds if plane == "unknown" else (plane,)

    def _planes_of(self, servers: Sequence[Server]) -> Sequence[str]:
        return self._worlds if any(server.dataplane == "unknown" for server in servers) else ("",)

    def _in_world(
        self, client: Client, service: Service, port: ServicePort, subset: str, servers: Sequence[Server]
    ) -> Iterator[Verdict]:
        """Yield the verdicts where everybody's data plane is known or assumed."""
        protocol = self._mesh.protocols[port.id].value
        if client.dataplane == "none":
            because = f"the client has no proxy, because {client.because}"
            plain = Sending(PLAIN, because, client.place, "no-proxy-client")
            yield verdict_of([judged(plain, server, protocol) for server in servers])
        elif client.dataplane == "ambient":
            yield from self._from_ambient(service, port, subset, servers)
        else:
            for sending in self._side.of(client, service, port, subset, servers):
                yield verdict_of([judged(sending, server, protocol) for server in servers])

    def _from_ambient(
        self, service: Service, port: ServicePort, subset: str, servers: Sequence[Server]
    ) -> Iterator[Verdict]:
        """Follow a call through ztunnel: to the waypoint of the service, which is a client in its turn, or direct."""
        served = self._ambient.waypoint(service)
        if served.served is not False:
            waypoint = Client("its waypoint", served.namespace, "waypoint", "", None)
            yield from self._in_world(waypoint, service, port, subset, servers)
        if served.served is not True:
            protocol = self._mesh.protocols[port.id].value
            yield verdict_of([judged(self._ambient.direct(server), server, protocol) for server in servers])


def _supposed(server: Server, plane: str) -> Server:
    return server._replace(dataplane=plane, assumed=True) if server.dataplane == "unknown" else server


def _parts(port: ServicePort, verdict: Verdict) -> Sequence[Part]:
    if verdict.parts:
        return verdict.parts
    return (
        Part(
            f"port {port.number}", port.number, verdict.mtls, verdict.because, verdict.sends, verdict.accepts,
            verdict.step, verdict.client_decided, verdict.server_decided, verdict.at_fault, verdict.missing,
            verdict.server_meshed,
        ),
    )  # fmt: skip


def _agreed(answers: Sequence[Verdict], missing: str) -> Verdict:
    """Return the answer on which all agree; where they differ, nobody knows."""
    if not answers:
        return unknown(missing)
    if len(answers) == 1:
        return answers[0]
    if len({answer.mtls for answer in answers}) == 1:
        return answers[0]
    told = next((answer.missing for answer in answers if answer.mtls == UNKNOWN), "")
    return unknown(missing or told or "MeshConfig")
