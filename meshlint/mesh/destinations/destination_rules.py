"""DestinationRules, and which of them governs a host for a client.

In: the inventory. Out: `DestinationRules`. Sources: `setDestinationRules`, `destinationRule`, `mergeDestinationRule`
and `MostSpecificHostMatch` of istiod: the client's namespace, the service's, the root; the first namespace with any
host match decides, and the most specific host in it. Creation times are absent, so ties fall back to the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from meshlint.mesh.hosts import full_name
from meshlint.mesh.model import Inventory, Service
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource

KIND = "networking.istio.io/DestinationRule"


class Subset(NamedTuple):
    """Hold one subset: its labels, policy and where it stands."""

    name: str
    labels: dict[str, str]
    policy: dict[str, Any] | None
    pointer: str


class DestinationRule(NamedTuple):
    """Hold one DestinationRule; `host` is full, `policy` None when the rule has none."""

    resource: Resource
    host: str
    export_to: tuple[str, ...]
    selector: dict[str, str]
    policy: dict[str, Any] | None
    subsets: tuple[Subset, ...]

    @property
    def text(self) -> str:
        """Return the rule as messages name it."""
        return self.resource.text


class Governing(NamedTuple):
    """Hold the rules of one host in one namespace, merged: the first top-level policy wins, subsets are united."""

    rules: tuple[DestinationRule, ...]

    @property
    def policy_rule(self) -> DestinationRule:
        """Return the rule whose top-level policy counts."""
        return next((rule for rule in self.rules if rule.policy is not None), self.rules[0])

    @property
    def subsets(self) -> tuple[tuple[DestinationRule, Subset], ...]:
        """Return the subsets in force; the first definition of a name wins."""
        found: dict[str, tuple[DestinationRule, Subset]] = {}
        for rule in self.rules:
            for subset in rule.subsets:
                found.setdefault(subset.name, (rule, subset))
        return tuple(found.values())


class DestinationRules:
    """Answer which rules govern a host."""

    def __init__(self, inventory: Inventory) -> None:
        config = inventory.mesh_config
        self._root = config.root_namespace
        self.all = tuple(read_rule(resource, inventory) for resource in inventory.of_kind(KIND))
        self._exact: dict[tuple[str, str], list[DestinationRule]] = {}
        self._wild: dict[str, list[DestinationRule]] = {}  # by what follows the star
        for rule in sorted(self.all, key=lambda rule: (not rule.selector, rule.resource.name)):
            namespace = rule.resource.namespace
            if rule.host.startswith("*"):
                self._wild.setdefault(rule.host[1:], []).append(rule)
            else:
                self._exact.setdefault((namespace, rule.host), []).append(rule)
        self._holders: dict[str, set[str]] = {}
        for namespace, host in self._exact:
            self._holders.setdefault(host, set()).add(namespace)
        self._default_export = config.default_destination_rule_export_to
        self._distinguished: dict[str, frozenset[str] | None] = {}

    def namespaces_of(self, service: Service) -> set[str]:
        """Return the namespaces that hold a rule for the host, other than the service's and the root."""
        return self._homes(service.host.lower()) - {service.namespace, self._root}

    def _homes(self, host: str) -> set[str]:
        return self._holders.get(host, set()) | {rule.resource.namespace for rule in self._covering(host)}

    def _covering(self, host: str) -> list[DestinationRule]:
        """Return the rules whose wildcard matches a host: its endings are looked up, however many rules there are."""
        if not self._wild:
            return []
        rows = (self._wild.get(host[start:], ()) for start in range(len(host) + 1))
        return [rule for row in rows for rule in row]

    def distinguishes(self, service: Service, client: str) -> bool:
        """Tell whether clients of a namespace may obey other rules for a service than clients of most namespaces."""
        host = service.host.lower()
        if host not in self._distinguished:
            homes = self._homes(host)
            rows = (*(self._exact.get((home, host), ()) for home in homes), self._covering(host))
            limited = any(_exports(rule) - {"*"} for row in rows for rule in row)
            self._distinguished[host] = None if limited else frozenset(homes | ({self._root} if homes else set()))
        homes_of = self._distinguished[host]
        return homes_of is None or client in homes_of

    def governing(self, service: Service, client: str, labels: Mapping[str, str] | None = None) -> Governing | None:
        """Return the rules in force for the clients of a namespace that carry these labels.

        Without labels the client is one that no workloadSelector matches. The first namespace with any match decides,
        also when nothing in it is meant for the client.
        """
        host = service.host.lower()
        if not self._wild and host not in self._holders:
            return None  # as for most services of most meshes
        own = self._most_specific(client, host, self._is_local)
        if own:
            return _chosen(own, labels)
        for namespace in dict.fromkeys((service.namespace, self._root)):
            found = self._most_specific(namespace, host, self._is_exported)
            # Visibility is asked after the most specific host was taken, as istiod does.
            if visible := [group for group in _merged(found) if self._reaches(group[0], client)]:
                return Governing(tuple(visible[-1]))
        return None

    def _most_specific(
        self, namespace: str, host: str, counts: Callable[[DestinationRule], bool]
    ) -> list[DestinationRule]:
        """Return the rules of a namespace with the most specific host that matches, among those that count."""
        exact = self._exact.get((namespace, host))
        if exact and (found := [rule for rule in exact if counts(rule)]):
            return found
        wild = [rule for rule in self._covering(host) if rule.resource.namespace == namespace and counts(rule)]
        longest = max((len(rule.host) for rule in wild), default=0)
        return [rule for rule in wild if len(rule.host) == longest]

    def _is_local(self, rule: DestinationRule) -> bool:
        """Tell whether clients of the rule's own namespace find it there first; the root offers them private ones."""
        if rule.resource.namespace == self._root:
            return self._is_private(rule)
        exported = _exports(rule)
        return not exported or bool({".", "*", rule.resource.namespace} & exported)

    def _is_exported(self, rule: DestinationRule) -> bool:
        return not self._is_private(rule)

    def _is_private(self, rule: DestinationRule) -> bool:
        exported = _exports(rule)
        if not exported:
            return "." in self._default_export
        return exported in ({"."}, {rule.resource.namespace})

    def _reaches(self, rule: DestinationRule, client: str) -> bool:
        exported = _exports(rule)
        return not exported or "*" in exported or client in exported


def _exports(rule: DestinationRule) -> frozenset[str]:
    """Return what `exportTo` states; a rule for some workloads is private to its namespace."""
    return frozenset((".",)) if rule.selector else frozenset(rule.export_to)


def _merged(rules: Sequence[DestinationRule]) -> list[list[DestinationRule]]:
    """Merge rules of one host as `mergeDestinationRule` does; a group is seen by whoever sees its first rule.

    A rule joins an earlier one of the same exports, or of narrower ones. It stands by itself too when the last of the
    earlier rules is not like it, which is how istiod leaves its loop.
    """
    groups: list[list[DestinationRule]] = []
    for rule in rules:
        apart = True
        for group in groups:
            exported, other = _exports(rule), _exports(group[0])
            clashes = rule.selector and group[0].selector and rule.selector != group[0].selector
            if clashes or (exported != other and not (other and exported >= other)):
                apart = True
                continue
            group.append(rule)
            apart = bool(rule.selector) != bool(group[0].selector)
        if apart:
            groups.append([rule])
    return groups


def _chosen(rules: Sequence[DestinationRule], labels: Mapping[str, str] | None) -> Governing | None:
    """Return the group whose selector matches the client, else the last one without a selector."""
    groups = _merged(rules)
    for group in groups:
        if group[0].selector and labels is not None and group[0].selector.items() <= labels.items():
            return Governing(tuple(group))
    general = [group for group in groups if not group[0].selector]
    return Governing(tuple(general[-1])) if general else None


def read_rule(resource: Resource, inventory: Inventory) -> DestinationRule:
    """Read one DestinationRule; wrong types count as absent."""
    spec = mapping(resource.content().get("spec"))
    policy = spec.get("trafficPolicy")
    return DestinationRule(
        resource,
        full_name(text(spec.get("host")), resource.namespace, inventory.mesh_config.domain),
        tuple(item for item in sequence(spec.get("exportTo")) if isinstance(item, str)),
        strings(mapping(spec.get("workloadSelector")).get("matchLabels")),
        policy if isinstance(policy, dict) else None,
        tuple(_subsets(spec.get("subsets"))),
    )


def _subsets(value: Any) -> Iterable[Subset]:
    for position, item in enumerate(sequence(value)):
        subset = mapping(item)
        policy = subset.get("trafficPolicy")
        yield Subset(
            text(subset.get("name")),
            strings(subset.get("labels")),
            policy if isinstance(policy, dict) else None,
            f"/spec/subsets/{position}",
        )


def port_entry(policy: dict[str, Any] | None, number: int) -> tuple[int, dict[str, Any]] | None:
    """Return position and content of the `portLevelSettings` entry for a service port."""
    entries: Sequence[Any] = sequence(mapping(policy).get("portLevelSettings"))
    for position, item in enumerate(entries):
        entry = mapping(item)
        wanted = mapping(entry.get("port")).get("number")
        if wanted == number and not isinstance(wanted, bool):
            return position, entry
    return None
