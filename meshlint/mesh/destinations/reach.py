"""Traffic policies that reach no client.

In: DestinationRules, who sees them, the known clients of their hosts, routes. Out: `Unapplied`. Sources: the lookup of
istiod (`destinationRule`: the client's namespace, the service's, the root), `exportTo`, and subsets, which take effect
only where a route names them. Clients are never all known: what one could live in leaves the question open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.calls.edges import Graph
from meshlint.mesh.destinations.destination_rules import DestinationRule, Subset
from meshlint.mesh.destinations.known_clients import KnownClients
from meshlint.mesh.existence import Existence
from meshlint.mesh.model import Inventory, Membership, Service
from meshlint.mesh.routing.progressive import Progressive
from meshlint.mesh.routing.routing import Routing
from meshlint.mesh.selection import Selection
from meshlint.records import NamedTuple

_POD_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "Pod")
_ROUTES = "VirtualService"


class Unapplied(NamedTuple):
    """Say what reaches nobody and why; `missing` says why the manifests cannot tell."""

    text: str
    because: str
    pointer: str
    missing: str = ""


class Reach:
    """Answer which policies reach a client."""

    def __init__(
        self,
        inventory: Inventory,
        memberships: Sequence[Membership],
        selection: Selection,
        graph: Graph,
        routing: Routing,
        existence: Existence,
        progressive: Progressive,
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._selection = selection
        self._graph = graph
        self._routing = routing
        self._existence = existence
        self._progressive = progressive
        self._clients: KnownClients | None = None  # most rules are not in doubt
        self._labels: dict[str, list[tuple[bool, frozenset[str]]]] | None = None

    def of(self, rule: DestinationRule) -> Iterator[Unapplied]:
        """Yield the policies of a rule that reach nobody, or of which nobody can say it."""
        policies = [subset for subset in rule.subsets if subset.policy]
        if rule.host.startswith("*") or not (rule.policy or policies):
            return
        services = self._inventory.service_at.get(rule.host, ())
        homes = {service.namespace for service in services}
        if not services:
            address = self._routing.references.address(rule.host)
            if address is None:
                return  # a name outside the cluster that no entry shows: nobody knows where its clients look
            homes = {address[0]}
        if rule.resource.namespace and not rule.selector and all(homes):
            found = self._of_rule(rule, services, homes)
            if found is not None:
                yield found
                return
        routed = self._graph.routes.subsets_of.get(rule.host, frozenset())
        idle = [subset for subset in policies if subset.name not in routed]
        if idle and not self._is_driven(rule):
            missing = self._missing_routes({*homes, rule.resource.namespace})
            for subset in idle:
                yield _of_subset(rule, subset, missing or self._unplaced(rule, subset))

    def _of_rule(self, rule: DestinationRule, services: Sequence[Service], homes: set[str]) -> Unapplied | None:
        own, root = rule.resource.namespace, self._inventory.mesh_config.root_namespace
        export = self._routing.visibility.of("DestinationRule", rule.export_to, own)
        on_path = own in homes or own == root
        if on_path and export.everywhere:
            return None
        reached = export.namespaces if on_path else frozenset((own,))
        known = self._all_clients().of(rule.host, services)
        if known & reached or (on_path and not known):
            return None  # exported to the namespaces of its clients, or to those where they have to be expected
        text = f"reaches no client of {rule.host}"
        where = f"namespace {', '.join(sorted(known))}"
        if on_path:
            because, pointer = f"it is exported to {export.text} and its clients live in {where}", "/spec/exportTo"
        else:
            because = f"clients in {where} look in their own namespace, in {', '.join(sorted(homes))} and in {root}"
            pointer = "/metadata/namespace"
        return Unapplied(text, because, pointer, self._open(rule.host, services, reached, known))

    def _all_clients(self) -> KnownClients:
        if self._clients is None:
            self._clients = KnownClients(self._inventory, self._memberships, self._graph, self._routing)
        return self._clients

    def _open(self, host: str, services: Sequence[Service], reached: frozenset[str], known: set[str]) -> str:
        """Return what the manifests do not tell and would settle whether a client lives where the rule reaches."""
        behind = {workload.id for service in services for workload in self._selection.workloads_of[service.id]}
        for namespace in sorted(reached):
            if self._may_call(namespace, behind):
                return f"what the workloads of namespace {namespace} call"
            if any(self._may_be_elsewhere(kind, namespace) for kind in _POD_KINDS):
                return f"workloads of namespace {namespace}"
        return self._all_clients().missing(host) or ("" if known else f"clients of {host}")

    def _may_call(self, namespace: str, behind: set[int]) -> bool:
        """Tell whether a proxy of the namespace may be a client: any that does not stand behind the host itself."""
        if namespace in self._all_clients().doors:
            return True
        workloads = self._inventory.workloads_in.get(namespace, ())
        return any(w.id not in behind and self._memberships[w.id].meshed is not False for w in workloads)

    def _is_driven(self, rule: DestinationRule) -> bool:
        """Tell whether a controller writes the rule, or the routes to its host."""
        written = self._progressive
        if (rule.resource.namespace, rule.resource.name) in written.destination_rules:
            return True
        if written.writes_host(rule.host, self._inventory.mesh_config.domain):
            return True
        if not written.virtual_services:
            return False
        return any(
            (service.namespace, service.resource.name) in written.virtual_services
            and any(target.host.full == rule.host for target in service.targets)
            for service in self._routing.virtual_services.all
        )

    def _missing_routes(self, namespaces: set[str]) -> str:
        for namespace in sorted(namespaces):
            if self._may_be_elsewhere(_ROUTES, namespace):
                return f"{_ROUTES}s of namespace {namespace}" if namespace else f"namespace of the {_ROUTES}s"
        return ""

    def _unplaced(self, rule: DestinationRule, subset: Subset) -> str:
        """Return what is not known where a route to a host of that name, or the rule, states no namespace."""
        if self._labels is None:
            self._labels = {}
            for host, names in self._graph.routes.subsets_of.items():
                label, _, rest = host.partition(".")
                self._labels.setdefault(label, []).append((rest.startswith("."), names))
        label = rule.host.partition(".")[0]
        for nowhere, names in self._labels.get(label, ()):
            if subset.name in names and (nowhere or not rule.resource.namespace):
                return f"namespace of the routes to {label}" if nowhere else f"namespace of {rule.text}"
        return ""

    def _may_be_elsewhere(self, kind: str, namespace: str) -> bool:
        return not self._existence.is_described(namespace, kind) or self._existence.may_be_elsewhere(kind, namespace)


def _of_subset(rule: DestinationRule, subset: Subset, missing: str) -> Unapplied:
    text = f"has a policy for subset {subset.name} of {rule.host} that nothing takes"
    return Unapplied(text, "no route points to the subset", f"{subset.pointer}/trafficPolicy#", missing)
