"""A folder of rules with what tests it.

In: the folder that the caller names. Out: `Suite`: the rules of the folder, every rule that may be named beside
them, the cases, and the base. Fixtures lie in `fixtures/` of the folder, or beside it in `fixtures/NAME/` where NAME is
that of the folder; their base in `fixtures/base/`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from meshlint.cache import Cache
from meshlint.errors import UsageError
from meshlint.policy.catalogue import Catalogue, load_folder
from meshlint.policy.rule import CompiledRule
from meshlint.testing.cases import Case, Stray, examples_of, files_in, fixtures_of, strays


class Suite(NamedTuple):
    """Hold the rules under test and what surrounds them."""

    folder: str  # as the caller named it
    catalogue: Catalogue  # every rule that a comment may name
    rules: tuple[CompiledRule, ...]  # those of the folder
    paths: Mapping[str, str]  # rule id → its file
    fixtures: str  # the folder that holds a folder for each rule
    fixtures_root: str  # the folder that holds the base
    base: Mapping[str, str]
    whole: bool  # the folder is a whole catalogue: everything judges everything

    def cases_of(self, rule: CompiledRule) -> list[Case]:
        """Return the examples and fixtures of a rule."""
        told = self.catalogue.documents()[rule.id]
        examples = examples_of(rule, told, self.paths[rule.id])
        return [*examples, *fixtures_of(rule, os.path.join(self.fixtures, short_name(rule)))]

    def strays(self) -> list[Stray]:
        """Return what lies among the fixtures and belongs to no rule."""
        return list(strays(self.fixtures, {short_name(rule): rule.id for rule in self.rules}))

    def rule_of(self, word: str) -> str:
        """Return the id of the rule that a comment names, empty where there is none; its own rules come first."""
        for rule in (*self.rules, *self.catalogue.rules):
            if word in (rule.id, rule.name, short_name(rule)):
                return rule.id
        return ""

    def words(self) -> list[str]:
        """Return what a comment may call the rules."""
        own = {short_name(rule) for rule in self.rules}
        return sorted(own | {rule.name for rule in self.catalogue.rules})


def short_name(rule: CompiledRule) -> str:
    """Return the name of a rule without that of its pack: that of its file and of the folder of its fixtures."""
    return rule.name.rpartition("/")[2]


def load_suite(folder: str, cache: Cache) -> Suite:
    """Return what tests the rules of a folder.

    Raises RuleErrors for mistakes in its rules, UsageError where there are none.
    """
    catalogue = load_folder(folder, cache, folder.rstrip("/"))
    documents = catalogue.documents()
    paths = {rule.id: documents[rule.id].path for rule in catalogue.rules}
    fixtures, root = _fixtures(folder)
    if not catalogue.rules:
        raise UsageError(f"there is no rule in {folder}", help="`meshlint new-rule NAME` writes one")
    return Suite(folder, catalogue, catalogue.rules, paths, fixtures, root, base_in(root), True)


def _fixtures(folder: str) -> tuple[str, str]:
    """Return where the fixtures of a folder's rules lie, and where their base."""
    inside = os.path.join(folder, "fixtures")
    top, name = os.path.split(os.path.abspath(folder))
    beside = os.path.join(top, "fixtures")
    if not os.path.isdir(inside) and os.path.isdir(os.path.join(beside, name)):
        shown = os.path.relpath(beside)
        return os.path.join(shown, name), shown
    return inside, inside


def base_in(fixtures: str) -> dict[str, str]:
    """Return the files of the base; what describes it for people belongs to no case."""
    folder = os.path.join(fixtures, "base")
    return {path: text for path, text in files_in(folder).items() if path != "README.md"}


def chosen_rules(suite: Suite, words: Iterable[str]) -> list[CompiledRule]:
    """Return the rules under test that any of the words names: by id, name, or name within the pack."""
    wanted = set(words)
    return [rule for rule in suite.rules if wanted & {rule.id, rule.name, short_name(rule), rule.family}]
