"""The rules of a run: ours and those of its packs.

In: our catalogue, the words of `--rules`, the settings as soon as they are read. Out: the rules that a configuration
may speak of, one catalogue. Hot path: without packs nothing more is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.cache import Cache
from meshlint.config.model import KnownRule, Settings
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.selection.selection import known_rules

if TYPE_CHECKING:
    from meshlint.policy.packs.pack import Pack


class Library:
    """Read the packs of a run when its settings are known; `packs` takes the place of all that are named."""

    def __init__(
        self, ours: Catalogue, given: Sequence[str], root: str | None, cache: Cache, packs: Sequence[Pack] | None = None
    ) -> None:
        self._ours = ours
        self._given = given
        self._root = root
        self._cache = cache
        self._is_open = packs is None
        self.packs: tuple[Pack, ...] = tuple(packs or ())

    def known(self, settings: Settings) -> list[KnownRule]:
        """Return the rules that a configuration may speak of.

        Raises ConfigErrors, UsageError and RuleErrors for packs that are not there or hold mistakes.
        """
        if self._is_open and (settings.packs or self._given):
            from meshlint.policy.packs.references import packs_named

            self.packs = tuple(packs_named(settings, self._given, self._root, self._cache, self._ours))
        rules = (*self._ours.rules, *(rule for pack in self.packs for rule in pack.catalogue.rules))
        return known_rules(rules)

    def catalogue(self, settings: Settings) -> Catalogue:
        """Return one catalogue of all rules.

        Raises RuleErrors with both places of what two packs claim.
        """
        if settings.path is None:  # then nobody has asked what it may speak of
            self.known(settings)
        if not self.packs:
            return self._ours
        from meshlint.policy.packs.joining import joined, refuse_softened

        whole = joined(self._ours, self.packs)
        if settings.mandatory:
            refuse_softened(self.packs, settings, known_rules(whole.rules))
        return whole
