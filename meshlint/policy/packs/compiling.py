"""The files of a pack become plain data, ready to be kept.

In: the files, and our own catalogue, whose controls and rules a pack may name. Out: a catalogue as plain values with
what `pack.yaml` says, or every mistake of every file at once. Pydantic and CEL are imported here and nowhere earlier.
"""

from __future__ import annotations

import marshal
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from meshlint import __version__
from meshlint.config.mistakes import pointer_to
from meshlint.config.model import KnownRule, RuleSetting, prefix_of
from meshlint.config.rules import mistakes_in
from meshlint.errors import RuleError
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.checks import known_checks, offered_checks, yields_of
from meshlint.policy.lexicon import builtin
from meshlint.policy.packs.files import CONTROLS, MANIFEST, MOST_FILES, PackFile, inside
from meshlint.policy.packs.manifest import Manifest
from meshlint.policy.packs.versions import is_met, mistake_in
from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.policy.rule_files.compiler import References, compile_rule
from meshlint.policy.rule_files.folder import validated
from meshlint.policy.rule_files.folder_schema import Framework
from meshlint.policy.rule_files.loader import load_rule
from meshlint.policy.rule_files.rule_file import RuleErrors, RuleFile, read_rule_file
from meshlint.policy.rule_files.schema import WORDS, PackRule, Rule
from meshlint.policy.selection.selection import words
from meshlint.syntax.locate import locate

Rows = list[tuple[CompiledRule, Documentation]]


def compile_pack(folder: str, shown: str, files: Sequence[PackFile], ours: Catalogue) -> dict[str, Any]:
    """Return a pack as plain values; `shown` is how reports name its folder.

    Raises RuleErrors with the mistakes of all files. Where the pack asks for another meshlint nothing else is told: its
    rules may well speak of what this one does not know.
    """
    work = _Work(folder, shown, files)
    manifest = work.manifest(ours)
    name = work.name(manifest, ours)
    frameworks = work.frameworks(ours)
    references = References(_known_controls(ours, frameworks), known_checks(), name)
    ids = (*(rule.id for rule in ours.rules), *(rule.id for rule in ours.retired))
    rules = work.rules(references, frozenset(prefix_of(id_) for id_ in ids))
    work.raise_errors()
    rules.sort(key=lambda row: row[0].id)
    return {
        "pack": (name, manifest.version if manifest else "", manifest.description if manifest else ""),
        "tunes": work.tunes(manifest),
        "checks": {rule.check: work.checks[rule.check] for rule, _ in rules if rule.check in work.checks},
        "rules": [tuple(rule) for rule, _ in rules],
        "documents": marshal.dumps({rule.id: tuple(told) for rule, told in rules}, 4),
        "frameworks": {framework.framework: framework.short for framework in frameworks},
        "controls": marshal.dumps({framework.framework: dict(framework.controls) for framework in frameworks}, 4),
        "profiles": [tuple(profile) for profile in ours.profiles],
        "retired": [],
    }


def _known_controls(ours: Catalogue, frameworks: Sequence[Framework]) -> Mapping[str, frozenset[str]]:
    known = {framework: frozenset(titles) for framework, titles in ours.controls().items()}
    for framework in frameworks:
        known[framework.framework] = frozenset(framework.controls)
    return known


def known_words(ours: Catalogue) -> frozenset[str]:
    """Return what our own rules answer to, retired ones included."""
    rules = frozenset(word for rule in ours.rules for word in words(rule))
    return rules | {word for rule in ours.retired for word in (rule.id, rule.name)}


def _check_tunes(file: RuleFile, manifest: Manifest, ours: Catalogue) -> None:
    """Note what is wrong with the settings of our rules, as for those of a configuration."""
    tunes = {
        word: RuleSetting(tuning.severity, tuning.enabled, tuning.params, 0, pointer_to(("tunes", word)))
        for word, tuning in manifest.tunes.items()
    }
    known = [KnownRule(rule.id, rule.name, rule.family, rule.params) for rule in ours.rules]
    for mistake in mistakes_in(tunes, known):
        file.refuse(mistake.pointer, mistake.message, mistake.help)


class _Work:
    """Compile one pack; every method notes its mistakes and goes on."""

    def __init__(self, folder: str, shown: str, files: Sequence[PackFile]) -> None:
        self.folder = folder
        self.shown = shown
        self.errors: list[RuleError] = []
        self.read: list[RuleFile] = []
        self.checks: dict[str, str] = {}  # of installed distributions, with their versions
        if len(files) > MOST_FILES:
            self.errors.append(RuleError(f"{shown} holds more than the {MOST_FILES} rule files that are read"))
        for file in files:
            if file.problem:
                self.errors.append(RuleError(f"{inside(shown, file.name)} {file.problem}"))
        self.files = [file for file in files if not file.problem]

    def manifest(self, ours: Catalogue) -> Manifest | None:
        """Return what `pack.yaml` says; None when there is none, or a wrong one."""
        row = next((file for file in self.files if file.name == MANIFEST), None)
        if row is None:
            return None
        file = self._opened(row)
        told = validated(file, Manifest)
        if told is not None:
            _check_tunes(file, told, ours)
        wanted = file.content.get("requires", "")
        if isinstance(wanted, str) and wanted:
            self._check_version(file, wanted)
        return told

    def tunes(self, manifest: Manifest | None) -> dict[str, tuple[Any, ...]]:
        """Return the settings of our rules as plain values, each with its line and pointer in `pack.yaml`."""
        rows = {}
        for word, tuning in manifest.tunes.items() if manifest is not None else ():
            pointer = pointer_to(("tunes", word))
            line = locate(self.read[0].data, 0, [f"{pointer}#"])[f"{pointer}#"].start.line
            rows[word] = (tuning.severity, tuning.enabled, tuning.params, line, pointer)
        return rows

    def _check_version(self, file: RuleFile, wanted: str) -> None:
        if wrong := mistake_in(wanted):
            file.refuse("/requires", f"`{wrong}` is no range of versions", 'write it as ">=0.1,<2"')
        elif not is_met(wanted, __version__):
            told = f"the pack needs meshlint {wanted}, and this is {__version__}"
            file.errors.clear()
            file.refuse("/requires", told)
            raise RuleErrors(file.errors)

    def name(self, manifest: Manifest | None, ours: Catalogue) -> str:
        """Return the name of the pack: as it is stated, else that of the folder."""
        if manifest is not None and manifest.name in known_words(ours):
            self.read[0].refuse("/name", f"`{manifest.name}` names rules of meshlint itself")
        if manifest is not None:
            return manifest.name
        name = os.path.basename(os.path.abspath(self.folder))
        if any(file.path == inside(self.shown, MANIFEST) for file in self.read):
            return name  # what is wrong with the file is told
        told = ""
        if not re.fullmatch(WORDS, name):
            told = f"the name of the folder {self.shown} is no name of a pack: lower-case words joined by hyphens"
        elif name in known_words(ours):
            told = f"the name of the folder {self.shown} names rules of meshlint itself"
        if told:
            self.errors.append(RuleError(told, help=f"rename it, or write {MANIFEST} with a `name` and a `version`"))
        return name

    def frameworks(self, ours: Catalogue) -> list[Framework]:
        """Return the frameworks that the pack brings along."""
        found = []
        for row in self.files:
            if not row.name.startswith(f"{CONTROLS}/"):
                continue
            file = self._opened(row)
            framework = validated(file, Framework)
            if framework is not None and framework.framework in ours.frameworks:
                file.refuse("/framework", f"meshlint itself brings the framework `{framework.framework}`")
            elif framework is not None:
                found.append(framework)
        return found

    def rules(self, references: References, prefixes: frozenset[str]) -> Rows:
        """Return the rules of the pack."""
        lexicon, rows = builtin(), []
        taken: dict[str, RuleFile] = {}
        for row in self.files:
            if row.name == MANIFEST or row.name.startswith(f"{CONTROLS}/"):
                continue
            file = self._opened(row)
            if "apiVersion" in file.content and "kind" in file.content:
                file.refuse("/kind#", "the file is a manifest and no rule", "keep test data below fixtures/")
            rule = load_rule(file, PackRule)
            if rule is None:
                continue
            self._check_identity(file, rule.name, taken, prefixes)
            compiled = compile_rule(file, rule, lexicon, self._with_check(file, rule, references))
            if compiled is not None:
                rows.append(compiled)
        return rows

    def _with_check(self, file: RuleFile, rule: Rule, references: References) -> References:
        """Load the check of an installed distribution that a rule names, and no other."""
        if "/" not in rule.check:
            return references
        offered = offered_checks()
        if rule.check not in offered:
            return references._replace(offered=tuple(offered))
        yields: dict[str, str] = {}
        try:
            yields = yields_of(rule.check)
        except RuleError as error:
            file.refuse("/check", error.message)
        self.checks[rule.check] = offered[rule.check].version
        return references._replace(checks={**references.checks, rule.check: yields})

    def _check_identity(self, file: RuleFile, name: str, taken: dict[str, RuleFile], prefixes: frozenset[str]) -> None:
        for key in ("id", "name"):
            value = file.content.get(key)
            if isinstance(value, str) and value in taken:
                taken[value].refuse(f"/{key}", f"`{value}` is the {key} of {file.path}, too")
                file.refuse(f"/{key}", f"`{value}` is already the {key} of {taken[value].path}")
            elif isinstance(value, str):
                taken[value] = file
        if (prefix := prefix_of(str(file.content.get("id", "")))) in prefixes:
            file.refuse("/id", f"ids that begin with {prefix} are those of meshlint itself", "leave the id out")
        written = os.path.basename(file.path)
        if file.content.get("name") == name and written.rpartition(".")[0] != name:
            file.refuse("/name", f"the rule of the file {written} has another name", f"call the file {name}.yaml")

    def _opened(self, row: PackFile) -> RuleFile:
        file = read_rule_file(row.path, inside(self.shown, row.name))
        self.read.append(file)
        return file

    def raise_errors(self) -> None:
        """Raise the mistakes of all files."""
        if not self.files and not self.errors:
            told = f"{self.shown} holds no rule"
            self.errors.append(RuleError(told, help="rules are *.yaml files in the folder or one folder further down"))
        errors = [*self.errors, *(error for file in self.read for error in file.sorted_errors())]
        if errors:
            raise RuleErrors(errors)
