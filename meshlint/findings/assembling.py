"""From judgements to findings: located, named, hidden behind their causes, suppressed.

In: what the engine said of every environment. Out: `Verdicts`. A fault that several environments share is one finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from meshlint.findings.causes import hide_effects
from meshlint.findings.finding import Finding, Related, Subject, Unsettled
from meshlint.findings.fingerprints import with_fingerprints
from meshlint.findings.locating import Locator, parse_address
from meshlint.findings.suppressions import Matcher, Suppression
from meshlint.policy.judgement import Fault, Undecided
from meshlint.policy.rule import CompiledRule
from meshlint.resources.resource import Resource


class Verdicts(NamedTuple):
    """Hold what is reported."""

    findings: tuple[Finding, ...]
    suppressed: tuple[tuple[Finding, Suppression], ...]
    undecided: tuple[Unsettled, ...]


class Assembler:
    """Make findings of faults."""

    def __init__(self, rules: Mapping[str, CompiledRule], resources: Sequence[Resource], locator: Locator) -> None:
        self._rules = rules
        self._resources = resources
        self._locator = locator
        self._homes: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        for resource in resources:
            key = (resource.api_version, resource.kind, resource.namespace, resource.name)
            self._homes.setdefault(key, (resource.file, resource.document))

    def findings(self, faults: Iterable[Fault]) -> list[Finding]:
        """Locate faults and name them; faults of several environments that agree become one."""
        faults = list(dict.fromkeys(faults))
        self._locator.prepare(fault.place for fault in faults)
        self._locator.prepare(place for fault in faults for _, place in fault.related)
        found: dict[tuple[object, ...], Finding] = {}
        for fault in faults:
            finding = self._finding(fault)
            found.setdefault((finding.rule, finding.resource, finding.cause, finding.location), finding)
        return sorted(found.values(), key=lambda finding: finding.order)

    def _finding(self, fault: Fault) -> Finding:
        rule = self._rules[fault.rule_id]
        subject = self._subject(fault.subject, fault.place)
        home = self._homes.get((subject.api_version, subject.kind, subject.namespace, subject.name))
        related = tuple(Related(text, self._locator.at(place)) for text, place in fault.related if place)
        location = self._locator.at(fault.place)
        return Finding(
            rule.id, rule.name, fault.severity, rule.confidence, fault.message, fault.help, subject, location,
            related, rule.controls, "", fault.cause, home,
        )  # fmt: skip

    def _subject(self, subject: Sequence[str] | None, place: str) -> Subject:
        """Return the object of a finding; targets that are no object take the owner of the value at fault."""
        if subject is not None:
            return Subject(*subject)
        address = parse_address(place)
        if address.resource < 0:
            return Subject("", "File", "", address.path)
        resource = self._resources[address.resource]
        return Subject(resource.api_version, resource.kind, resource.namespace, resource.name)

    def unsettled(self, undecided: Iterable[Undecided]) -> tuple[Unsettled, ...]:
        """Name the objects that could not be judged."""
        rows = {
            Unsettled(item.rule_id, self._subject(item.subject, item.place), item.missing)
            for item in undecided
            if item.subject is not None or item.place
        }
        return tuple(sorted(rows))


def settle(findings: Sequence[Finding], matcher: Matcher) -> tuple[list[Finding], list[tuple[Finding, Suppression]]]:
    """Hide effects, name the rest, and take out what is suppressed."""
    spoken = with_fingerprints(hide_effects(findings))
    kept, suppressed = [], []
    for finding in spoken:
        suppression = matcher.of(finding)
        if suppression is None:
            kept.append(finding)
        else:
            suppressed.append((finding, suppression))
    return kept, suppressed
