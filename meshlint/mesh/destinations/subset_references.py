"""Subsets that routes name, and whether a DestinationRule defines them for some client of the route.

In: VirtualServices, DestinationRules and who sees what. Out: `SubsetUse` for each. A client takes the rule of its own
namespace, else of the service's, else of the root; a route is sound when one of its clients gets the subset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.destinations.destination_rules import DestinationRule, DestinationRules, Governing
from meshlint.mesh.existence import Existence
from meshlint.mesh.hosts import matches
from meshlint.mesh.model import Inventory, Place, Service
from meshlint.mesh.routing.progressive import Progressive
from meshlint.mesh.routing.references import HostAnswer
from meshlint.mesh.routing.route_clients import RouteClients
from meshlint.mesh.routing.routing import Routing
from meshlint.mesh.routing.virtual_services import Target, VirtualService
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

_RULE = "DestinationRule"


class SubsetUse(NamedTuple):
    """Say whether a subset that a route names is defined; None where the manifests cannot tell, for `missing`."""

    subset: str
    host: str
    defined: bool | None
    because: str
    missing: str
    place: Place


class _Question(NamedTuple):
    service: VirtualService
    target: Target
    host: Service  # the one of the set, else a stand-in
    clients: tuple[str, ...]  # certain ones


class SubsetReferences:
    """Answer whether routed subsets are defined."""

    def __init__(
        self,
        inventory: Inventory,
        routing: Routing,
        rules: DestinationRules,
        existence: Existence,
        clients: RouteClients,
        progressive: Progressive,
    ) -> None:
        self._domain = inventory.mesh_config.domain
        self._root = inventory.mesh_config.root_namespace
        self._references = routing.references
        self._rules = rules
        self._existence = existence
        self._clients = clients
        self._progressive = progressive
        self._private = [rule for rule in rules.all if rule.selector]
        self._unplaced: dict[str, list[DestinationRule]] = {}
        for rule in rules.all:
            self._unplaced.setdefault(rule.host.partition(".")[0], []).append(rule)

    def of(self, service: VirtualService) -> Iterator[SubsetUse]:
        """Yield the subsets that a VirtualService names; whether the host exists is another question."""
        clients = self._clients.of(service)
        for target in service.targets:
            if not target.subset or self._progressive.writes_host(target.host.full, self._domain):
                continue
            answer = self._references.find(target.host.written, service.namespace, clients)
            host = answer.services[0] if answer.services else self._stand_in(answer, service.resource)
            yield self._judged(_Question(service, target, host, clients))

    def _stand_in(self, answer: HostAnswer, resource: Resource) -> Service:
        """Return a Service for a host that the set does not show, as the rules about it would see it."""
        namespace, name = self._references.address(answer.host) or (resource.namespace, answer.host)
        return Service(-1, resource, namespace, name, answer.host, {}, (), "ClusterIP", False, "", {}, {})

    def _judged(self, question: _Question) -> SubsetUse:
        target, host = question.target, question.host
        place = Place(question.service.resource, f"{target.pointer}/subset", f"subset {target.subset} of {host.host}")
        if self._is_defined(question):
            return SubsetUse(target.subset, host.host, True, "", "", place)
        missing = self._open_question(question)
        if missing:
            return SubsetUse(target.subset, host.host, None, "", missing, place)
        return SubsetUse(target.subset, host.host, False, self._because(question), "", place)

    def _is_defined(self, question: _Question) -> bool:
        subset, host = question.target.subset, question.host
        for client in self._plausible(question):
            governing = self._rules.governing(host, client)
            if governing is not None and any(found.name == subset for _, found in governing.subsets):
                return True
        name = host.host.lower()
        return any(matches(rule.host, name) and _defines(rule, subset) for rule in self._private)

    def _plausible(self, question: _Question) -> Sequence[str]:
        """Return namespaces whose clients may follow the route: the certain ones, then those that hold a rule."""
        host, service = question.host, question.service
        export = self._clients.export(service)
        further = [service.namespace, host.namespace, self._root, *sorted(self._rules.namespaces_of(host))]
        if question.clients and not service.binds_mesh:
            return question.clients
        return list(dict.fromkeys((*question.clients, *(name for name in further if export.reaches(name)))))

    def _open_question(self, question: _Question) -> str:
        """Return what the manifests do not tell and would settle the matter, else nothing."""
        host, home = question.host, question.service.namespace
        for namespace in dict.fromkeys((home, host.namespace)):
            if self._existence.may_be_elsewhere(_RULE, namespace):
                return f"{_RULE}s of namespace {namespace}"
        label = host.host.partition(".")[0].lower()
        for rule in self._unplaced.get(label, ()):
            namespace = rule.resource.namespace
            if namespace != home and not (namespace and home) and _defines(rule, question.target.subset):
                return f"namespace of {rule.text}" if home else f"namespace of {question.service.resource.text}"
        if not self._existence.is_described(host.namespace, _RULE):
            return f"{_RULE}s of namespace {host.namespace}" if host.namespace else f"namespace of Service {host.name}"
        return ""

    def _governing(self, question: _Question) -> Governing | None:
        """Return the rules that the first client takes for whom there are any."""
        found = (self._rules.governing(question.host, client) for client in self._plausible(question))
        return next((governing for governing in found if governing is not None), None)

    def _because(self, question: _Question) -> str:
        governing = self._governing(question)
        if governing is None:
            return "no DestinationRule governs the host"
        names = [found.name for _, found in governing.subsets]
        return f"{governing.rules[0].text} defines {', '.join(names[:5]) or 'no subset'}"


def _defines(rule: DestinationRule, subset: str) -> bool:
    return any(found.name == subset for found in rule.subsets)
