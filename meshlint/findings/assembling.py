"""From judgements to findings: located, named, hidden behind their causes, suppressed.

In: what the engine said of every environment. Out: `Verdicts`. A fault that several environments share is one finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from meshlint.findings.causes import hide_effects
from meshlint.findings.finding import Finding, Related, Subject, Unsettled
from meshlint.findings.fingerprints import with_fingerprints
from meshlint.findings.locating import Address, Locator, parse_address
from meshlint.findings.suppressions.matching import Matcher
from meshlint.findings.suppressions.suppressions import Suppression
from meshlint.policy.judgement import Fault, Undecided
from meshlint.policy.rule import CompiledRule
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource

WITHIN_OBJECTS = ("duplicate-key", "both-spellings")
"""What can be wrong with a text and leave the object readable around it."""


class Verdicts(NamedTuple):
    """Hold what is reported."""

    findings: tuple[Finding, ...]
    suppressed: tuple[tuple[Finding, Suppression], ...]
    undecided: tuple[Unsettled, ...]


class Assembler:
    """Make findings of faults."""

    def __init__(
        self,
        rules: Mapping[str, CompiledRule],
        resources: Sequence[Resource],
        locator: Locator,
        files: Sequence[str],
    ) -> None:
        self._rules = rules
        self._resources = resources
        self._locator = locator
        self._files = files  # by source: the path that reports print, empty for what is no file
        self._homes: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        for resource in resources:
            key = (resource.api_version, resource.kind, resource.namespace, resource.name)
            self._homes.setdefault(key, (resource.file, resource.document))
        self._in_file: dict[str, list[Resource]] = {}

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
        home = self.home(subject)
        related = tuple(Related(text, self._locator.at(place)) for text, place in fault.related if place)
        location = self._locator.at(fault.place)
        return Finding(
            rule.id, rule.name, fault.severity, rule.confidence, fault.message, fault.help, subject, location,
            related, rule.controls, "", fault.cause, home, rule.target == "edge", rule.pack,
            self._fix(rule, fault), fault.plans, rule.target == "repository",
        )  # fmt: skip

    def _fix(self, rule: CompiledRule, fault: Fault) -> tuple[bool, str] | None:
        """Return the fix that applies; none where the text is not that of the file, as with standard input."""
        if rule.fix is None or fault.fix < 0:
            return None
        address = parse_address(fault.place)
        if address.resource >= 0:
            resource = self._resources[address.resource]
            if resource.path != self._files[resource.file]:
                return None
        return rule.fix[0], rule.fix[1][fault.fix][0]

    def home(self, subject: Subject) -> tuple[int, int] | None:
        """Return the file and the document of an object, by index; None for what is no object of the run."""
        return self._homes.get((subject.api_version, subject.kind, subject.namespace, subject.name))

    def _subject(self, subject: Sequence[str] | None, place: str) -> Subject:
        """Return the object of a finding; targets that are no object take the owner of the value at fault."""
        if subject is not None:
            return Subject(*subject)
        address = parse_address(place)
        resource = self._resources[address.resource] if address.resource >= 0 else self._around(address)
        if resource is None:
            return Subject("", "File", "", address.path)
        return Subject(resource.api_version, resource.kind, resource.namespace, resource.name)

    def _around(self, address: Address) -> Resource | None:
        """Return the object in whose text a place stands, when its document was read and holds no other."""
        if not address.fact.startswith(WITHIN_OBJECTS):
            return None
        if not self._in_file:
            for resource in self._resources:
                self._in_file.setdefault(resource.path, []).append(resource)
        before = [r for r in self._in_file.get(address.path, ()) if r.line <= address.span[0]]
        opened = max((r.line for r in before), default=0)
        around = [r for r in before if r.line == opened]
        return around[0] if len(around) == 1 else None

    def unsettled(self, undecided: Iterable[Undecided]) -> tuple[Unsettled, ...]:
        """Name the objects that could not be judged."""
        rows = {
            Unsettled(item.rule_id, self._subject(item.subject, item.place), item.missing, self._path(item))
            for item in undecided
            if item.subject is not None or item.place
        }
        return tuple(sorted(rows))

    def _path(self, item: Undecided) -> str:
        """Return the file that holds what could not be judged."""
        if not item.place:
            return ""
        address = parse_address(item.place)
        return self._resources[address.resource].path if address.resource >= 0 else address.path


def settle(findings: Sequence[Finding], matcher: Matcher) -> tuple[list[Finding], list[tuple[Finding, Suppression]]]:
    """Hide effects, name the rest, and take out what is suppressed."""
    spoken = with_fingerprints(hide_effects(findings, matcher.is_mandatory))
    kept, suppressed = [], []
    for finding in spoken:
        suppression = matcher.of(finding)
        if suppression is None:
            kept.append(finding)
        else:
            suppressed.append((finding, suppression))
    return kept, suppressed
