"""A rule as written becomes a rule that runs; whatever it names is held against what exists.

In: a rule file, its `schema.Rule` and what rules may refer to. Out: `CompiledRule` and `Documentation`, or
mistakes noted in the file: facts, variables and types in expressions, paths in `at:`, `related:`, `each:` and
in templates, targets, controls, checks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from meshlint import __version__
from meshlint.policy.expressions.compiling import RESERVED, Compiler, ExpressionMistakes
from meshlint.policy.fixes import FixOutline, FixRow
from meshlint.policy.kinds import wrong_kind
from meshlint.policy.lexicon import Lexicon, PathMistake, unlisted
from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.policy.rule_files.expectations import expectations_of
from meshlint.policy.rule_files.fix_compiler import compile_fix
from meshlint.policy.rule_files.rule_file import RuleFile, Word
from meshlint.policy.rule_files.schema import NAME, PackRule, Rule
from meshlint.policy.templates import Parts, Path, TemplateMistake, bare, first_sentence, parse
from meshlint.policy.vocabulary import Field, Message
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean


class References(NamedTuple):
    """Hold what a rule may refer to besides facts."""

    controls: Mapping[str, frozenset[str]]  # framework → ids
    checks: Mapping[str, Mapping[str, str]]  # check → what it yields, names with types
    pack: str = ""  # whose rules these are, empty for ours
    offered: tuple[str, ...] = ()  # checks that were not loaded, because no rule names them


def compile_rule(
    file: RuleFile, rule: Rule, lexicon: Lexicon, references: References
) -> tuple[CompiledRule, Documentation] | None:
    """Return a rule ready to run; None when the file has mistakes, which then wait in `file.errors`."""
    work = _Work(file, rule, lexicon, references)
    compiled = work.compiled()
    return (compiled, work.documentation()) if compiled is not None and not file.errors else None


class _Work:
    """Compile one rule; every method notes its mistakes and goes on."""

    def __init__(self, file: RuleFile, rule: Rule, lexicon: Lexicon, references: References) -> None:
        self.file = file
        self.rule = rule
        self.references = references
        self.variables: dict[str, str] = {}  # name → type
        self.lets: dict[str, str] = {}  # name → text
        self.lexicon = lexicon
        self.compiler: Compiler | None = None
        self.fix: FixRow | None = None

    def compiled(self) -> CompiledRule | None:
        """Compile all parts in the order in which they introduce names."""
        rule = self.rule
        self._check_references()
        if not (variable := self._target()):
            return None
        self._introduce_params_and_check()
        each = self._each()
        self.compiler = Compiler(self.lexicon, self.variables)
        when = self._program("/when", rule.when, "bool", {})
        lets = self._lets()
        require = self._program("/require", rule.require, "bool", self.lets)
        raised = None
        if rule.severity_when is not None:
            condition = self._program("/severity_when/when", rule.severity_when.when, "bool", self.lets)
            raised = (condition, rule.severity_when.severity)
        at = tuple(path for pointer, text in self._at() if (path := self.place(pointer, text, False)))
        pack, name = self.references.pack, self._full_name()
        return CompiledRule(
            rule.id or name, name, pack or family_of(self.file.path), rule.since, rule.severity, rule.confidence,
            rule.profile, rule.target, variable, first_sentence(rule.why or bare(rule.help)), each, when, lets, require,
            rule.check, dict(rule.params), raised, rule.on_unknown, at, self._related(),
            self.template("/message", rule.message), self.template("/help", rule.help), dict(rule.controls),
            pack, self._fix(), isinstance(rule, PackRule) and rule.mandatory,
        )  # fmt: skip

    def documentation(self) -> Documentation:
        """Return what the manual needs."""
        rule = self.rule
        return Documentation(
            self.file.path, rule.when.strip(), rule.require.strip(), rule.message, rule.help,
            rule.why.strip() or bare(rule.help), dict(rule.equivalents), self.fix, rule.examples.good,
            rule.examples.bad, dict(rule.let),
        )  # fmt: skip

    def _full_name(self) -> str:
        """Return what reports call the rule: a rule of a pack goes by both names."""
        pack = self.references.pack
        return f"{pack}/{self.rule.name}" if pack else self.rule.name

    def _fix(self) -> FixOutline | None:
        if self.rule.fix is None:
            return None
        outline, self.fix = compile_fix(self.rule.fix, self)
        return outline

    def condition(self, pointer: str, text: str) -> bytes:
        """Compile what a fix makes depend on the facts."""
        return self._program(pointer, text, "bool", self.lets)

    def _check_references(self) -> None:
        rule, file = self.rule, self.file
        if bool(rule.require) == bool(rule.check) and (rule.check or "require" not in file.content):
            told = "both `require` and `check`" if rule.check else "neither `require` nor `check`"
            file.refuse("/check#" if rule.check else "", f"the rule has {told}", "a rule judges by one of them")
        if rule.check and rule.check not in self.references.checks:
            told = f"there is no check `{rule.check}`"
            help = did_you_mean(rule.check, {*self.references.checks, *self.references.offered})
            file.refuse("/check", told, help or "install the distribution that offers it")
        for framework, ids in rule.controls.items():
            known = self.references.controls.get(framework)
            if known is None:
                told = f"unknown framework `{framework}`"
                file.refuse(f"/controls/{framework}#", told, did_you_mean(framework, self.references.controls))
                continue
            for position, control in enumerate(ids):
                if control not in known:
                    told = f"{framework} has no control `{control}` that is known here"
                    pointer = f"/controls/{framework}/{position}"
                    file.refuse(pointer, told, did_you_mean(control, known))
        self._check_examples()

    def _check_examples(self) -> None:
        for position, example in enumerate(self.rule.examples.good):
            if expectations_of(example):
                self.file.refuse(f"/examples/good/{position}", "a good example expects no finding")
        names = (self.rule.name, self._full_name())
        is_named = self.file.content.get("name") == self.rule.name
        for position, example in enumerate(self.rule.examples.bad):
            if is_named and not any(expected.rule in names for expected in expectations_of(example)):
                told = f"the bad example has no comment `# expect: {self.rule.name}`"
                self.file.refuse(f"/examples/bad/{position}", told, "put it on the line that is at fault")

    def _target(self) -> str:
        """Introduce the variable of the target; return its name, empty when there is no such target."""
        target, lexicon = self.rule.target, self.lexicon
        if isinstance(target, str):
            if target in lexicon.targets:
                self.variables[target] = lexicon.targets[target]
                return target
            help = did_you_mean(target, lexicon.targets)
            newer = "" if "did you" in help else f"; meshlint {__version__} has no others"
            self.file.refuse("/target", f"unknown target `{target}`", f"{help}{newer}")
            return ""
        meant = []
        for position, kind in enumerate(target):
            if wrong := wrong_kind(kind, lexicon.kinds):
                self.file.refuse(f"/target/kinds/{position}", wrong.message, wrong.help)
            meant.append(lexicon.kinds.get(wrong.meant, "dyn") if wrong else lexicon.kinds.get(kind, "Object"))
        types = set(meant) - {"dyn"} or {"dyn"}  # a mistake in a kind is none of those who ask for its facts
        if len(types) > 1:
            self.file.refuse("/target/kinds", f"the kinds have different facts: {', '.join(sorted(types))}")
        self.variables["object"] = sorted(types)[0]
        return "object"

    def _introduce_params_and_check(self) -> None:
        yielded = self.references.checks.get(self.rule.check)
        brought = [("params", "Params", {name: _type_of(value) for name, value in self.rule.params.items()})]
        brought.append(("found", "Found", dict(yielded or {})))
        for variable, message, fields in brought:
            if fields:
                rows = tuple(Field(name, type_word, "") for name, type_word in fields.items())
                self.lexicon = self.lexicon.extended(Message(message, "", rows))
                self.variables[variable] = message
        if "params" not in self.variables and self.file.content.get("params"):
            self.variables["params"] = "dyn"  # their mistake has been told, and is none of the expressions

    def _each(self) -> tuple[str, Path] | None:
        for name, text in (self.rule.each or {}).items():
            pointer = f"/each/{name}"
            type_word = self.path_type(pointer, text)
            if type_word and not unlisted(type_word)[1]:
                self.file.refuse(pointer, f"`{text}` is a {type_word} and no list")
                type_word = ""
            if self._introduce(f"{pointer}#", name, unlisted(type_word)[0] or "dyn"):
                return name, tuple(text.split("."))
        return None

    def _introduce(self, pointer: str, name: str, type_word: str) -> bool:
        if not re.fullmatch(NAME, name) or name in RESERVED or name in self.variables:
            taken = "already taken" if name in self.variables else "no name that an expression may use"
            self.file.refuse(pointer, f"`{name}` is {taken}")
            return False
        self.variables[name] = type_word
        return True

    def _lets(self) -> tuple[tuple[str, bytes], ...]:
        programs = []
        for name, text in self.rule.let.items():
            program, type_word = self._compiled(f"/let/{name}", text, self.lets)
            if not self._introduce(f"/let/{name}#", name, type_word or "dyn"):
                continue
            if program:
                self.lets[name] = text
                programs.append((name, program))
            else:  # its mistake has been told
                self.compiler = Compiler(self.lexicon, self.variables)
        return tuple(programs)

    def _program(self, pointer: str, text: str, wanted: str, lets: Mapping[str, str]) -> bytes:
        program, type_word = self._compiled(pointer, text, lets) if text else (b"", wanted)
        if type_word not in (wanted, "dyn", ""):
            self.file.refuse(pointer, f"the expression is a {type_word}, and a {wanted} is needed")
        return program

    def _compiled(self, pointer: str, text: str, lets: Mapping[str, str]) -> tuple[bytes, str]:
        assert self.compiler is not None  # made before the first expression
        try:
            return self.compiler.compile(text, lets)
        except ExpressionMistakes as error:
            lines = text.split("\n")
            for mistake in error.mistakes:
                start = mistake.column - 1
                found = lines[mistake.line - 1][start : start + mistake.length]
                word = Word(mistake.line, mistake.column, found)
                self.file.refuse(pointer, mistake.message, mistake.help, word)
            return b"", ""

    def path_type(self, pointer: str, text: str, offset: int = 0, whole: str = "") -> str:
        """Return the type of a dotted path, empty when it leads nowhere; `whole` is the text it stands in."""
        segments = text.split(".")
        try:
            return self.lexicon.type_of(segments, self.variables)
        except PathMistake as mistake:
            start = offset + sum(len(segment) + 1 for segment in segments[: mistake.index])
            word = _word(whole or text, start, segments[mistake.index])
            self.file.refuse(pointer, mistake.message, mistake.help, word)
            return ""

    def _at(self) -> list[tuple[str, str]]:
        is_list = isinstance(self.file.content.get("at"), list)
        return [(f"/at/{i}" if is_list else "/at", text) for i, text in enumerate(self.rule.at)]

    def _related(self) -> tuple[tuple[Path, Parts], ...]:
        written = self.file.content.get("related")
        rows = []
        for position, (text, template) in enumerate(self.rule.related.items()):
            pointer = "/related"
            if isinstance(written, list):
                pointer = f"/related/{position}"
            elif isinstance(written, dict):
                pointer = f"/related/{text}"
            path = self.place(f"{pointer}#" if template else pointer, text, True)
            rows.append((path, self.template(pointer, template) if template else ()))
        return tuple((path, parts) for path, parts in rows if path)

    def place(self, pointer: str, text: str, may_be_list: bool) -> Path:
        """Return the path of a place, empty when it is none."""
        type_word = self.path_type(pointer, text)
        if not type_word:
            return ()
        if type_word in ("Place", "dyn") or (may_be_list and type_word == "list Place"):
            return tuple(text.split("."))
        self.file.refuse(pointer, f"`{text}` is a {type_word} and no place")
        return ()

    def template(self, pointer: str, template: str) -> Parts:
        """Return the parts of a template."""
        try:
            parts, paths = parse(template)
        except TemplateMistake as mistake:
            self.file.refuse(pointer, mistake.message, "", _word(template, mistake.offset, ""))
            return ()
        for path, offset in paths:
            type_word = unlisted(self.path_type(pointer, ".".join(path), offset, template))[0]
            known = self.lexicon.messages.get(type_word)
            if type_word.startswith("map ") or (known and self.lexicon.field(type_word, "text") is None):
                written = ".".join(path)
                told = f"`{written}` is a {type_word}, which has no text of its own"
                self.file.refuse(pointer, told, "", _word(template, offset, written))
        return parts


def _word(text: str, offset: int, word: str) -> Word:
    before = text[:offset]
    return Word(before.count("\n") + 1, offset - before.rfind("\n"), word)


def family_of(path: str) -> str:
    """Return the family of a rule file: its folder."""
    return os.path.basename(os.path.dirname(path))


def _type_of(default: Any) -> str:
    """Return the type of a parameter; an empty list is one of anything."""
    if isinstance(default, list):
        return f"list {_type_of(default[0])}" if default else "list dyn"
    words: dict[type, str] = {bool: "bool", int: "int", float: "double"}
    return words.get(type(default), "string")
