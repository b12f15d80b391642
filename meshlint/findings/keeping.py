"""What is kept of a judgement where different rules hold in different places.

In: areas, the resources, what the engine says. Out: a judgement in which every fault, question and count belongs to a
place where its rule is in force, with the severity that it has there. A fault belongs to the file that it points to and
to the namespace of its object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from meshlint.findings.locating import parse_address
from meshlint.findings.suppressions.suppressions import Suppression
from meshlint.policy.judgement import Failure, Fault, Judgement, Undecided
from meshlint.policy.selection.areas import Areas
from meshlint.policy.selection.selection import ActiveRule
from meshlint.resources.resource import Resource

if TYPE_CHECKING:
    from meshlint.policy.views.values import Subject, Target


class Keeper:
    """Judge in as many passes as there are parameters, and keep of each what holds at its place."""

    def __init__(self, areas: Areas, resources: Sequence[Resource]) -> None:
        self._areas = areas
        self._resources = resources
        paths = dict.fromkeys(resource.path for resource in resources)
        namespaces = dict.fromkeys(["", *(home(resource) for resource in resources)])
        self._passes = areas.variants(paths, namespaces)
        self._everywhere: frozenset[str] | None = None
        self._in_files: dict[str, list[Resource]] = {}
        for resource in resources:
            self._in_files.setdefault(resource.path, []).append(resource)

    def judged(self, wanted: Callable[[ActiveRule], bool], judge: Callable[[list[ActiveRule]], Judgement]) -> Judgement:
        """Judge by the rules that are wanted, by each with all of its parameters."""
        kept = []
        for rules in self._passes:
            chosen = [active for active in rules if wanted(active)]
            if chosen:
                by_id = {active.rule.id: active for active in chosen}
                kept.append(self._kept(judge(chosen), by_id.__getitem__))
        return _joined(kept)

    def counts(self, active: ActiveRule, target: Target) -> bool:
        """Tell whether a judgement of a target is one that a rule in force there made."""
        return self._in_force(active, target.subject, target.view["place"]["place"]) is not None

    def held(self, item: Suppression) -> frozenset[str]:
        """Return the ids of the rules that held wherever a suppression speaks."""
        if item.kind == "config":
            ids = self._everywhere = self._everywhere or self._areas.everywhere()
        else:
            homes = {home(resource) for resource in self._in_files.get(item.path, ())} or {""}
            held = [frozenset(self._areas.at(item.path, namespace)) for namespace in homes]
            ids = held[0].intersection(*held[1:])
        return ids

    def _kept(self, judgement: Judgement, active: Callable[[str], ActiveRule]) -> Judgement:
        faults: list[Fault] = []
        for fault in judgement.faults:
            own = self._in_force(active(fault.rule_id), fault.subject, fault.place)
            if own is not None:
                faults.append(fault._replace(severity=own.severity) if own.severity else fault)
        undecided = [
            item
            for item in judgement.undecided
            if self._in_force(active(item.rule_id), item.subject, item.place) is not None
        ]
        return judgement._replace(faults=faults, undecided=undecided)

    def _in_force(self, active: ActiveRule, subject: Subject | None, place: str) -> ActiveRule | None:
        """Return the rule as it holds at a place; None where it does not, or does with other parameters."""
        path, namespace = self._home_of(subject, place)
        own = self._areas.at(path, namespace).get(active.rule.id)
        return own if own is not None and own.params == active.params else None

    def _home_of(self, subject: Subject | None, place: str) -> tuple[str, str]:
        address = parse_address(place) if place else None
        resource = self._resources[address.resource] if address is not None and address.resource >= 0 else None
        path = resource.path if resource is not None else address.path if address is not None else ""
        if subject is not None:
            _, kind, namespace, name = subject
            return path, name if kind == "Namespace" else namespace
        return path, home(resource) if resource is not None else ""


def home(resource: Resource) -> str:
    """Return the namespace that an object belongs to; a Namespace belongs to itself."""
    return resource.name if resource.kind == "Namespace" else resource.namespace


def _joined(judgements: Iterable[Judgement]) -> Judgement:
    """Put the judgements of several passes together."""
    faults: list[Fault] = []
    undecided: list[Undecided] = []
    evaluated: dict[str, int] = {}
    settled: dict[str, dict[str, int]] = {}
    failures: list[Failure] = []
    for judgement in judgements:
        faults += judgement.faults
        undecided += judgement.undecided
        failures += judgement.failures
        for rule, count in judgement.evaluated.items():
            evaluated[rule] = evaluated.get(rule, 0) + count
        for rule, counts in judgement.settled.items():
            row = settled.setdefault(rule, {})
            for namespace, count in counts.items():
                row[namespace] = row.get(namespace, 0) + count
    return Judgement(faults, undecided, evaluated, settled, failures)
