"""Which suppression takes a finding out.

In: suppressions, the words of rules, findings. Out: the suppression of a finding, and what every suppression was good
for. What has expired, cannot be read, or opens a port without owner, reason and expiry takes nothing out, and nothing
takes out what a mandatory rule says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.findings.finding import Finding
from meshlint.findings.suppressions.suppressions import LEGACY_RULES, Suppression
from meshlint.policy.selection.rule_words import RuleWords

MandatoryAt = Callable[[str], frozenset[str]]
"""The ids of the rules whose findings in a file nothing takes out."""


def nothing_mandatory(_path: str) -> frozenset[str]:
    """Return that nothing is mandatory."""
    return frozenset()


class Matcher:
    """Decide which suppression takes a finding out, and remember which were used."""

    def __init__(
        self, suppressions: Sequence[Suppression], words: RuleWords, today: str, mandatory_at: MandatoryAt
    ) -> None:
        self.all = tuple(suppressions)
        self.used: set[int] = set()
        self.refused: dict[int, set[str]] = {}  # suppressions that met findings of mandatory rules
        self._words = words
        self._today = today
        self._mandatory_at = mandatory_at
        self._by_key: dict[tuple[object, ...], list[int]] = {}
        for position, suppression in enumerate(self.all):
            for word in dict.fromkeys(suppression.rules):
                for key in _keys(suppression):
                    self._by_key.setdefault((word, *key), []).append(position)

    def of(self, finding: Finding) -> Suppression | None:
        """Return the suppression of a finding; the first that covers it is the one that is used."""
        for position in self._candidates(finding):
            suppression = self.all[position]
            if suppression.is_expired(self._today) or not suppression.covers(finding):
                continue
            if self.is_mandatory(finding):
                self.refused.setdefault(position, set()).add(finding.rule)
                continue
            self.used.add(position)
            if suppression.mistake:
                continue  # nobody can tell until when it holds
            if finding.rule in LEGACY_RULES and not suppression.is_complete:
                continue  # an incomplete exception opens nothing
            return suppression
        return None

    def is_mandatory(self, finding: Finding) -> bool:
        """Tell whether nothing may take a finding out."""
        return finding.rule in self._mandatory_at(finding.location.path)

    def named_mandatory(self, position: int) -> tuple[str, ...]:
        """Return the mandatory rules that a suppression names one by one, or would have silenced by a wider word."""
        suppression = self.all[position]
        exact = [] if suppression.foreign else [w for w in suppression.rules if not self._words.is_wide(w)]
        named = {rule for word in exact for rule in self._words.ids_of(word)}
        named &= self._mandatory_at(suppression.path)
        return tuple(sorted(named | self.refused.get(position, set())))

    def _candidates(self, finding: Finding) -> Iterable[int]:
        """Return the suppressions that may cover a finding, in their order."""
        keys: list[tuple[object, ...]] = [
            ("config",),
            ("path", finding.location.path),
            ("line", finding.location.path, finding.location.start.line),
            ("object", finding.resource),
        ]
        if finding.home is not None:
            keys += [("file", finding.home[0]), ("document", *finding.home)]
        words = self._words.words_of(finding.rule)
        return sorted({at for word in words for key in keys for at in self._by_key.get((word, *key), ())})


def _keys(suppression: Suppression) -> list[tuple[object, ...]]:
    """Return what a finding has to share with a suppression to be covered by it."""
    if suppression.kind == "config":
        return [("config",)]
    if suppression.subject is not None:
        return [("object", suppression.subject)]
    if suppression.whole_file:
        return [("path", suppression.path), ("file", suppression.file)]
    return [
        ("line", suppression.path, suppression.line),
        ("document", suppression.file, suppression.document),
    ]
