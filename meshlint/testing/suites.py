"""A folder of rules with what tests it.

In: a folder, or a rule file in one. Out: `Suite`: the rules under test, every rule that may be named beside them, the
cases, and the base. Fixtures lie in `fixtures/` of the folder, or beside it in `fixtures/NAME/` where NAME is that of
the folder; their base in `fixtures/base/`. It judges nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from meshlint.cache import Cache
from meshlint.config.model import RuleSetting
from meshlint.errors import UsageError
from meshlint.policy.catalogue import Catalogue, load_builtin, load_folder
from meshlint.policy.packs import read_pack
from meshlint.policy.packs.files import MANIFEST, PROFILES, RULES
from meshlint.policy.packs.joining import joined
from meshlint.policy.packs.references import nearest_folder
from meshlint.policy.rule import CompiledRule
from meshlint.records import NamedTuple
from meshlint.testing.cases import Case, Stray, examples_of, files_in, fixtures_of, strays

FIXTURES = "fixtures"


class Suite(NamedTuple):
    """Hold the rules under test and what surrounds them."""

    folder: str  # as the caller named it
    catalogue: Catalogue  # every rule that a comment may name
    rules: tuple[CompiledRule, ...]  # those of the folder
    chosen: tuple[CompiledRule, ...]  # those to try
    fixtures: str  # the folder that holds a folder for each rule
    fixtures_root: str  # the folder that holds the base
    base: Mapping[str, str]
    whole: bool  # a catalogue of its own: everything judges everything
    tunes: tuple[Mapping[str, RuleSetting], ...] = ()  # what the pack changes about other rules

    def cases(self) -> list[Case]:
        """Return the examples and fixtures of the chosen rules."""
        documents = self.catalogue.documents()
        found: list[Case] = []
        for rule in self.chosen:
            told = documents[rule.id]
            found += examples_of(rule, told, told.path)
            found += fixtures_of(rule, os.path.join(self.fixtures, short_name(rule)))
        return found

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
        return sorted({short_name(rule) for rule in self.rules} | {rule.name for rule in self.catalogue.rules})

    def choose(self, words: Iterable[str]) -> Suite:
        """Return the suite with the rules that any of the words names: id, name, name within the pack, family."""
        wanted = set(words)
        chosen = [rule for rule in self.rules if wanted & {rule.id, rule.name, short_name(rule), rule.family}]
        return self._replace(chosen=tuple(chosen))


def short_name(rule: CompiledRule) -> str:
    """Return the name of a rule without that of its pack: that of its file and of the folder of its fixtures."""
    return rule.name.rpartition("/")[2]


def load_suite(operand: str, cache: Cache) -> Suite:
    """Return what tests the rules of a folder, or one rule of the folder that its file belongs to.

    Raises RuleErrors for mistakes in the rules, UsageError where there is no folder or no rule.
    """
    if not os.path.lexists(operand):
        raise UsageError(f"{operand} does not exist", help=nearest_folder(operand, os.path.abspath(operand)))
    folder = operand if os.path.isdir(operand) else folder_of(operand)
    suite = _loaded(folder.rstrip("/") or folder, cache)
    if not suite.rules:
        raise UsageError(f"there is no rule in {folder}", help=f"`meshlint new-rule NAME --dir {folder}` writes one")
    if folder is operand:
        return suite
    documents, path = suite.catalogue.documents(), os.path.realpath(operand)
    named = tuple(rule for rule in suite.rules if os.path.realpath(documents[rule.id].path) == path)
    if not named:
        raise UsageError(f"{operand} is no rule of {folder}")
    return suite._replace(chosen=named)


def folder_of(file: str) -> str:
    """Return the folder of rules that a rule file belongs to: its own, or one of two above it."""
    first = os.path.dirname(file) or "."
    folders = [first, os.path.dirname(first) or ".", os.path.dirname(os.path.dirname(first)) or "."]
    for folder in folders:
        if os.path.isfile(os.path.join(folder, MANIFEST)) or is_catalogue(folder):
            return folder
    for folder in folders:
        if os.path.isdir(os.path.join(folder, FIXTURES)):
            return folder
    return folders[1] if os.path.basename(os.path.abspath(first)) == RULES else first


def is_catalogue(folder: str) -> bool:
    """Tell whether a folder has profiles of its own, as ours has; a pack has none."""
    return os.path.isdir(os.path.join(folder, PROFILES)) and not os.path.exists(os.path.join(folder, MANIFEST))


def _loaded(folder: str, cache: Cache) -> Suite:
    fixtures, root = _fixtures(folder)
    base = base_in(root)
    if is_catalogue(folder):
        catalogue = load_folder(folder, cache, folder)
        return Suite(folder, catalogue, catalogue.rules, catalogue.rules, fixtures, root, base, True)
    ours = load_builtin(cache)
    pack = read_pack(folder, cache, ours=ours)
    catalogue, rules = joined(ours, [pack]), pack.catalogue.rules
    return Suite(folder, catalogue, rules, rules, fixtures, root, base, False, (pack.tunes,))


def _fixtures(folder: str) -> tuple[str, str]:
    """Return where the fixtures of a folder's rules lie, and where their base."""
    inside = os.path.join(folder, FIXTURES)
    top, name = os.path.split(os.path.abspath(folder))
    beside = os.path.join(top, FIXTURES)
    if not os.path.isdir(inside) and os.path.isdir(os.path.join(beside, name)):
        shown = os.path.join(os.path.dirname(folder), FIXTURES) if os.path.dirname(folder) else FIXTURES
        return os.path.join(shown, name), shown
    return inside, inside


def base_in(fixtures: str) -> dict[str, str]:
    """Return the files of the base; what describes it for people belongs to no case."""
    folder = os.path.join(fixtures, "base")
    return {path: text for path, text in files_in(folder).items() if path != "README.md"}
