"""The circuit breaker that governs each service port, for the clients that can be told apart.

In: the inventory and earlier answers. Out: `BreakerFacts`. A breaker is a limit on connections or requests, or an
outlier detection that can eject; it works in the client's proxy, so it depends on which DestinationRule that client
sees. The general client lives in the service's own namespace; callers that are known are asked about one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.destinations.clients import Applies, Clients
from meshlint.mesh.destinations.destination_rules import DestinationRule, DestinationRules, Governing, port_entry
from meshlint.mesh.destinations.limits import NO_BLOCKS, Blocks, blocks_of, breaks, limits_pool, overlaid
from meshlint.mesh.destinations.sidecars import InboundPools
from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Decided, Inventory, Membership, Place, Service, ServicePort, Workload
from meshlint.mesh.selection import PortId, Selection
from meshlint.records import NamedTuple

USE_WAYPOINT = "istio.io/use-waypoint"
FACT = "breaker"


class Breaker(NamedTuple):
    """Answer for one service port; `where` names the clients that lack a breaker when not all do."""

    exists: bool | None
    because: str
    decided_by: Place | None
    where: str = ""
    missing: str = ""


class BreakerFacts(NamedTuple):
    """Hold the answers, and what they were made of."""

    by_port: Mapping[PortId, Breaker]
    rules: DestinationRules
    defaults: Blocks

    def of_port(self, port: PortId) -> Breaker:
        """Return the breaker of a service port."""
        return self.by_port[port]


class _Question(NamedTuple):
    """Hold what the answer for one port depends on."""

    service: Service
    port: ServicePort
    protocol: str | None
    endpoints: int | None


def resolve_breakers(
    inventory: Inventory,
    selection: Selection,
    memberships: Sequence[Membership],
    protocols: Mapping[PortId, Decided],
    graph: Graph,
    existence: Existence,
) -> BreakerFacts:
    """Resolve every port of every service."""
    rules = DestinationRules(inventory)
    defaults = blocks_of(inventory.mesh_config.default_traffic_policy)
    pools, clients = InboundPools(inventory), Clients(memberships, graph)
    found: dict[PortId, Breaker] = {}
    for service in inventory.services:
        workloads = selection.workloads_of[service.id]
        stranded = _without_waypoint(service, workloads, inventory, memberships)
        if stranded and clients.apply_rules(service) is not Applies.NOT_ALL:
            stranded = ""  # they apply the rules themselves
        count = endpoint_count(workloads)
        for port in service.ports:
            question = _Question(service, port, protocols[port.id].value, count)
            if stranded:
                found[port.id] = Breaker(False, stranded, _idle(question, rules))
                continue
            inbound = pools.of_port(workloads, port.target, question.protocol)
            if inbound is not None:
                found[port.id] = Breaker(True, f"{inbound.text} limits its inbound connections", inbound)
                continue
            callers = {
                workload.namespace: workload.text
                for workload, _ in graph.callers.get(port.id, ())
                if memberships[workload.id].meshed and workload.namespace != service.namespace
            }
            answer = _answer(question, rules, defaults, callers, graph)
            found[port.id] = _unless_elsewhere(answer, service, existence)
    return BreakerFacts(found, rules, defaults)


def _unless_elsewhere(answer: Breaker, service: Service, existence: Existence) -> Breaker:
    """Leave open what rules may add that are not in the set; a template is asked only where nothing governs."""
    if answer.exists:
        return answer
    elsewhere = existence.names_external_kind("DestinationRule", service.namespace)
    if not elsewhere and (answer.decided_by or not existence.may_be_elsewhere("DestinationRule", service.namespace)):
        return answer
    missing = f"DestinationRules of namespace {service.namespace}"
    because = f"the {missing} {'live elsewhere' if elsewhere else 'may be in a template that was not rendered'}"
    return Breaker(None, because, None, "", missing)


def endpoint_count(workloads: Sequence[Workload]) -> int | None:
    """Return how many endpoints a service has, None when the manifests do not say."""
    total = 0
    for workload in workloads:
        if workload.replicas is None:
            return None
        total += workload.replicas
    return total or None  # scaled to zero in the manifest means that somebody else scales it


def _without_waypoint(
    service: Service, workloads: Sequence[Workload], inventory: Inventory, memberships: Sequence[Membership]
) -> str:
    """Say why no DestinationRule applies: ztunnel knows none, only a waypoint does."""
    if not workloads or any(memberships[workload.id].dataplane != "ambient" for workload in workloads):
        return ""
    namespace = inventory.namespaces.get(service.namespace)
    label = service.labels.get(USE_WAYPOINT) or (namespace.labels.get(USE_WAYPOINT) if namespace else None)
    if label and label != "none":
        return ""
    return "it is in ambient without a waypoint, and ztunnel applies no DestinationRule"


def _idle(question: _Question, rules: DestinationRules) -> Place | None:
    """Return the rule that would break circuits if somebody applied it: what it lacks is the waypoint."""
    governing = rules.governing(question.service, question.service.namespace)
    if governing is None:
        return None
    blocks, place = _in_force(governing.policy_rule, question.port)
    return place._replace(fact="waypoint") if breaks(blocks, question.protocol, question.endpoints) else None


def _answer(
    question: _Question,
    rules: DestinationRules,
    defaults: Blocks,
    callers: Mapping[str, str],
    graph: Graph,
) -> Breaker:
    """Ask for the general client, then for each namespace from which a workload with a proxy calls."""
    service = question.service
    general = _for_client(question, rules.governing(service, service.namespace), defaults, graph)
    if not general.exists:
        covered = sorted(
            namespace
            for namespace in rules.namespaces_of(service)
            if _for_client(question, rules.governing(service, namespace), defaults, graph).exists
        )
        where = f" for clients outside namespace {', '.join(covered)}" if covered else ""
        return general._replace(where=where)
    for namespace, caller in callers.items():
        special = _for_client(question, rules.governing(service, namespace), defaults, graph)
        if not special.exists:
            return special._replace(where=f" for {caller}")
    return general


def _for_client(question: _Question, governing: Governing | None, defaults: Blocks, graph: Graph) -> Breaker:
    _, port, protocol, endpoints = question
    if governing is None:
        if breaks(defaults, protocol, endpoints):
            return Breaker(True, "meshConfig.defaultTrafficPolicy sets one", None)
        return Breaker(False, "no DestinationRule governs the host", None)
    rule = governing.policy_rule
    blocks, place = _in_force(rule, port)
    if breaks(overlaid(blocks, defaults), protocol, endpoints):
        return Breaker(True, f"{rule.text} sets one", place)
    if _all_subsets_break(question, governing, blocks, defaults, graph):
        return Breaker(True, f"every subset of {rule.text} that is routed to sets one", place)
    return Breaker(False, _lack(rule, port, blocks, protocol), place)


def _in_force(rule: DestinationRule, port: ServicePort) -> tuple[Blocks, Place]:
    """Return the blocks for a port: an entry of `portLevelSettings` replaces everything above it."""
    entry = port_entry(rule.policy, port.number)
    if entry is not None:
        pointer = f"/spec/trafficPolicy/portLevelSettings/{entry[0]}"
        return blocks_of(entry[1]), Place(rule.resource, pointer, f"{FACT}:port {port.number}")
    return blocks_of(rule.policy), Place(rule.resource, "/spec/trafficPolicy", FACT)


def subset_blocks(subset_policy: object, top: Blocks, port: int | None) -> Blocks:
    """Return the blocks of a subset: its own, block by block over those of the rule; a port entry replaces its own."""
    policy = subset_policy if isinstance(subset_policy, dict) else None
    entry = port_entry(policy, port) if port is not None else None
    own = blocks_of(entry[1]) if entry is not None else blocks_of(policy)
    return overlaid(own, top)


def _all_subsets_break(question: _Question, governing: Governing, top: Blocks, defaults: Blocks, graph: Graph) -> bool:
    """Tell whether all routes lead to subsets that have a breaker of their own, so that the host itself is unused."""
    routed = graph.routes.subsets_of.get(question.service.host.lower(), frozenset())
    if not routed or "" in routed:
        return False
    policies = {subset.name: subset.policy for _, subset in governing.subsets}
    for name in routed:
        blocks = subset_blocks(policies.get(name), top, question.port.number)
        if not breaks(overlaid(blocks, defaults), question.protocol, question.endpoints):
            return False
    return True


def _lack(rule: DestinationRule, port: ServicePort, blocks: Blocks, protocol: str | None) -> str:
    if blocks == NO_BLOCKS:
        if port_entry(rule.policy, port.number) is not None:
            return f"{rule.text} replaces its policy for port {port.number} and sets no limits there"
        return f"{rule.text} sets neither connection limits nor outlier detection"
    if blocks.outlier is not None and not limits_pool(blocks.pool, protocol):
        return f"the outlier detection of {rule.text} can never eject an endpoint"
    return f"{rule.text} sets no limit that counts for {protocol or 'this'} traffic"
