"""What an inspection answers, as types: one for each sort of object, made of facts that name what decided them.

In: nothing. Out: immutable types; their fields are the keys of the JSON report, in its order. A fact is a `Decided`; an
object is its `Resource`.
"""

from __future__ import annotations

from meshlint.errors import Location
from meshlint.mesh.model import Decided, Place
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource


class Step(NamedTuple):
    """Say what one level has to say about the mode of a port; `mode` is empty where it says nothing."""

    level: str  # port, workload, namespace, mesh
    mode: str
    because: str
    decided_by: Place | None


class Mtls(NamedTuple):
    """Hold the mode of a port: STRICT, PERMISSIVE, DISABLE; NONE without a proxy, GATEWAY where a listener decides."""

    mode: str | None
    because: str
    decided_by: Place | None
    missing: str
    steps: tuple[Step, ...]  # from the nearest level to the farthest


class RouteFacts(NamedTuple):
    """Describe one route that leads to a port of a service; `object` is None for the default without any route."""

    object: Resource | None
    name: str
    through: tuple[str, ...]  # gateways, `mesh` for the proxies of callers
    timeout: Decided | None
    retries: Decided | None
    place: Place | None


class Clause(NamedTuple):
    """Hold one rule of an AuthorizationPolicy in words; `acts` is False for AUDIT and dry runs."""

    action: str
    who: tuple[str, ...]
    what: str
    acts: bool
    because: str  # why it does not act on this port, or acts otherwise than written
    decided_by: Place


class Access(NamedTuple):
    """Say who may call a port: a list of names, empty for nobody, None where the manifests cannot tell."""

    value: tuple[str, ...] | None
    because: str
    decided_by: Place | None
    missing: str
    rules: tuple[Clause, ...]  # in the order in which proxies ask them


class Legacy(NamedTuple):
    """Describe a port of raw TCP that old peers speak on; `value` is the state of its exception."""

    value: str  # none, complete, incomplete, expired
    because: str
    decided_by: Place | None
    server: str | None  # meshed, outside
    adapter: str
    adapter_state: str | None


class Rule(NamedTuple):
    """Name the DestinationRule that clients of one namespace see; the value is empty where they see none."""

    clients_of: str
    value: str | None
    because: str
    decided_by: Place | None
    missing: str


class Exposure(NamedTuple):
    """Describe one port of a service that leads to a workload."""

    object: Resource
    host: str
    port: int
    name: str
    protocol: Decided
    breaker: Decided
    governed_by: tuple[Rule, ...]
    legacy: Legacy | None
    routes: tuple[RouteFacts, ...]


class WorkloadPort(NamedTuple):
    """Describe one port of a workload."""

    number: int
    name: str
    protocol: str | None
    transport: str
    mtls: Mtls
    who_may_call: Access  # through the waypoint where one serves
    at_ztunnel: Access | None  # what ztunnel asks behind a waypoint, of the waypoint and of whoever passes it by
    services: tuple[Exposure, ...]


class Protection(NamedTuple):
    """Hold the verdict of an edge: mtls, plaintext, tls, broken, mixed; None where nobody can know."""

    value: str | None
    because: str
    decided_by: Place | None  # what a person would change, else what decided on the client's side, else the server's
    missing: str
    client_decided: Place | None
    server_decided: Place | None


class Connection(NamedTuple):
    """Describe one edge seen from an object: the other end, how it is known, and what protects it."""

    name: str
    object: Resource | None
    port: int | None
    subset: str
    kind: str
    known_by: str
    mtls: Protection
    evidence: Place
    spot: Location | None  # in the text of a program, where that is the evidence


class WorkloadAnswer(NamedTuple):
    """Answer for a workload."""

    membership: Decided
    service_account: Decided
    identity: Decided
    waypoint: Decided
    ports: tuple[WorkloadPort, ...]
    request_authentication: tuple[Decided, ...]
    callers: tuple[Connection, ...]
    calls: tuple[Connection, ...]
    exceptions: tuple[Decided, ...]


class Endpoint(NamedTuple):
    """Name a workload behind a port of a service, with the mode that its port is in."""

    object: Resource
    port: int | None
    membership: Decided
    mtls: Mtls | None
    who_may_call: Access | None
    at_ztunnel: Access | None


class ServedPort(NamedTuple):
    """Describe one port of a service."""

    number: int
    name: str
    target: int | str
    protocol: Decided
    breaker: Decided
    governed_by: tuple[Rule, ...]
    legacy: Legacy | None
    endpoints: tuple[Endpoint, ...]
    routes: tuple[RouteFacts, ...]


class ServiceAnswer(NamedTuple):
    """Answer for a service, or for one host of a ServiceEntry."""

    host: str
    type: str
    visible_to: Decided
    waypoint: Decided
    ports: tuple[ServedPort, ...]
    callers: tuple[Connection, ...]


class Member(NamedTuple):
    """Name a workload of a namespace with its membership and the weakest mode of its ports."""

    object: Resource
    membership: Decided
    weakest: Mtls | None


class NamespaceAnswer(NamedTuple):
    """Answer for a namespace."""

    labels: Decided
    injection: Decided
    mtls: Decided
    default_deny: Decided
    sidecar: Decided
    waypoint: Decided
    workloads: tuple[Member, ...]
    policies: tuple[Place, ...]


class Reach(NamedTuple):
    """Say of one thing whether the policy is in force for it, and what governs in its stead where it is not."""

    name: str
    object: Resource | None
    in_force: Decided  # True, False, or None where the manifests cannot tell


class PolicyAnswer(NamedTuple):
    """Answer for a policy, or for any other object."""

    scope: Decided
    governs: tuple[Reach, ...]
    hosts: tuple[ServiceAnswer, ...]  # of a ServiceEntry
    calls: tuple[Connection, ...]  # of a gateway or Ingress
    exceptions: tuple[Decided, ...]


Answer = WorkloadAnswer | ServiceAnswer | NamespaceAnswer | PolicyAnswer
