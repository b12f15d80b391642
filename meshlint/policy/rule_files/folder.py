"""A folder of rules becomes a catalogue: plain data, ready to be marshalled.

In: a folder with `<family>/<rule-name>.yaml`, `controls/*.yaml`, `profiles/*.yaml` and `retired.yaml`. Out:
the compiled catalogue, or every mistake of every file. No list names the rules: what lies there is there.
"""

from __future__ import annotations

import marshal
import os
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from meshlint.policy.checks import known_checks
from meshlint.policy.lexicon import Lexicon, builtin
from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.policy.rule_files.compiler import References, compile_rule
from meshlint.policy.rule_files.folder_schema import Framework, Profile, Retired
from meshlint.policy.rule_files.loader import load_rule, refuse
from meshlint.policy.rule_files.rule_file import RuleErrors, RuleFile, read_rule_file
from meshlint.policy.rule_files.schema import Rule

NO_FAMILIES = frozenset(("controls", "profiles"))
FORMAT = 1
Model = TypeVar("Model", bound=BaseModel)


def compile_folder(folder: str, shown: str = "rules", lexicon: Lexicon | None = None) -> dict[str, Any]:
    """Return the catalogue of a folder as plain values; `shown` is how reports name the folder.

    Raises RuleErrors with the mistakes of all files.
    """
    work = _Folder(folder, shown)
    frameworks = work.read_all("controls", Framework)
    profiles = work.read_all("profiles", Profile)
    retired = work.read_one("retired.yaml", Retired)
    known = {framework.framework: frozenset(framework.controls) for framework in frameworks}
    references = References(known, known_checks())
    rules, documents = _compile_rules(work, lexicon or builtin(), references, retired)
    work.raise_errors()
    return {
        "format": FORMAT,
        "rules": [tuple(rule) for rule in rules],
        "documents": marshal.dumps({id_: tuple(document) for id_, document in documents.items()}, 4),
        "frameworks": {framework.framework: framework.short for framework in frameworks},
        "controls": marshal.dumps({framework.framework: dict(framework.controls) for framework in frameworks}, 4),
        "profiles": [(profile.name, profile.includes, profile.meaning) for profile in profiles],
        "retired": [tuple(rule.model_dump().values()) for rule in (retired.retired if retired else ())],
    }


def _compile_rules(
    work: _Folder, lexicon: Lexicon, references: References, retired: Retired | None
) -> tuple[list[CompiledRule], dict[str, Documentation]]:
    rules: list[CompiledRule] = []
    documents: dict[str, Documentation] = {}
    taken: dict[str, str] = {}
    for row in retired.retired if retired else ():
        taken |= {row.id: "a retired rule", row.name: "a retired rule"}
    for family in work.families():
        for file in work.files(family):
            rule = load_rule(file)
            if rule is None:
                continue
            _check_identity(file, rule, family, taken)
            compiled = compile_rule(file, rule, lexicon, references)
            if compiled is not None:
                rules.append(compiled[0])
                documents[rule.id] = compiled[1]
    return sorted(rules, key=lambda rule: rule.id), documents


def _check_identity(file: RuleFile, rule: Rule, family: str, taken: dict[str, str]) -> None:
    for key in ("id", "name"):
        value = file.content.get(key)
        if value in taken:
            file.refuse(f"/{key}", f"`{value}` is already the {key} of {taken[value]}")
        elif isinstance(value, str):
            taken[value] = file.path
    if file.content.get("name") == rule.name and os.path.basename(file.path) != f"{rule.name}.yaml":
        file.refuse("/name", f"the file of `{rule.name}` has another name", f"call it {family}/{rule.name}.yaml")


class _Folder:
    """Read the files of a folder in a fixed order and collect their mistakes."""

    def __init__(self, folder: str, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self._read: list[RuleFile] = []

    def families(self) -> list[str]:
        """Return the subfolders that hold rules."""
        with os.scandir(self.folder) as entries:
            return sorted(e.name for e in entries if e.is_dir() and e.name not in NO_FAMILIES and e.name[0] != ".")

    def files(self, subfolder: str) -> list[RuleFile]:
        """Return the YAML files of a subfolder, which may be missing."""
        folder = os.path.join(self.folder, subfolder)
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        return [self._file(f"{subfolder}/{name}") for name in names if name.endswith((".yaml", ".yml"))]

    def read_all(self, subfolder: str, model: type[Model]) -> list[Model]:
        """Return the content of all files of a subfolder."""
        found = (validated(file, model) for file in self.files(subfolder))
        return [content for content in found if content is not None]

    def read_one(self, name: str, model: type[Model]) -> Model | None:
        """Return the content of one file, None when it is missing or wrong."""
        return validated(self._file(name), model) if os.path.isfile(os.path.join(self.folder, name)) else None

    def raise_errors(self) -> None:
        """Raise the mistakes of all files."""
        if any(file.errors for file in self._read):
            raise RuleErrors([error for file in self._read for error in file.sorted_errors()])

    def _file(self, name: str) -> RuleFile:
        file = read_rule_file(os.path.join(self.folder, *name.split("/")), f"{self.shown}/{name}")
        self._read.append(file)
        return file


def validated(file: RuleFile, model: type[Model]) -> Model | None:
    """Return the content of a file; None when it has mistakes, which then wait in `file.errors`."""
    if file.errors:
        return None
    try:
        return model.model_validate(file.content)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            refuse(file, detail, list(model.model_fields))
        return None
