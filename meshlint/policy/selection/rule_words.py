"""The words that mean a rule: its id and name, its family, the prefix of its ids, and the codes of other tools.

In: the rules of a catalogue. Out: which rules a word of a suppression means, and how many it means at once. It knows
neither findings nor files; the codes are looked up only where a manifest holds an annotation of another tool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.policy.selection.selection import words

EVERY = "*"
"""The word that means every rule."""


class RuleWords:
    """Answer which rules a word means; what it does not know means none."""

    def __init__(
        self, rules: Iterable[CompiledRule] = (), documents: Callable[[], Mapping[str, Documentation]] = dict
    ) -> None:
        self._documents = documents
        self._exact: dict[str, frozenset[str]] = {}
        self._wide: dict[str, set[str]] = {}
        self._of: dict[str, tuple[str, ...]] = {}
        for rule in rules:
            id_, name, *wider = words(rule)
            self._exact[id_] = self._exact[name] = frozenset((id_,))
            for word in (*wider, EVERY):
                self._wide.setdefault(word, set()).add(id_)
            # Whoever looks away from everything has not looked away from the rules on looking away.
            own = (id_, name) if rule.target == "suppression" else (id_, name, *wider, EVERY)
            self._of[id_] = tuple(dict.fromkeys(own))

    def ids_of(self, word: str) -> frozenset[str]:
        """Return the ids of the rules that a word means, none for a word that means nothing."""
        return self._exact.get(word) or frozenset(self._wide.get(word, ()))

    def is_wide(self, word: str) -> bool:
        """Tell whether a word means a family or more."""
        return word not in self._exact and word in self._wide

    def words_of(self, rule: str) -> tuple[str, ...]:
        """Return the words by which a suppression may mean a rule; those on suppressions are meant by id or name."""
        return self._of.get(rule, (rule,))

    def known(self) -> Iterable[str]:
        """Return every id and name."""
        return self._exact.keys()

    def equivalent_to(self, tool: str, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the rules that judge what the codes of a tool do; `*` is all of its codes."""
        wanted = set(codes)
        told = self._documents()
        rows = ((id_, set(document.equivalents.get(tool, ()))) for id_, document in told.items())
        return tuple(sorted(id_ for id_, own in rows if own & wanted or (own and EVERY in wanted)))
