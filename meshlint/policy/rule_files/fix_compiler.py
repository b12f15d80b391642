"""The fix of a rule as written becomes ways that run; whatever it names is held against what exists.

In: `schema.Fix`, and the compiler of the rule, which knows its names and collects its mistakes. Out: the outline that
every run holds and the program that only `meshlint fix` reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from meshlint.policy.fixes import PLACEHOLDER, Choice, Creation, FixOutline, FixRow, Target, Way
from meshlint.policy.lexicon import unlisted
from meshlint.policy.rule_files.rule_file import RuleFile, Word
from meshlint.policy.rule_files.schema import Create, Fix
from meshlint.policy.rule_files.schema import Way as WrittenWay
from meshlint.policy.templates import Parts, Path
from meshlint.syntax.stream import read_stream

_ACTIONS = ("set", "fill", "repeat", "move", "rename", "append", "remove", "create", "codeowners", "uncomment")
_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"))


class Names(Protocol):
    """Name what the compiler of a rule answers: programs, templates, places, types, each mistake noted in the file."""

    file: RuleFile
    variables: dict[str, str]  # name → type

    def condition(self, pointer: str, text: str) -> bytes: ...

    def place(self, pointer: str, text: str, may_be_list: bool) -> Path: ...

    def template(self, pointer: str, text: str) -> Parts: ...

    def path_type(self, pointer: str, text: str, offset: int = 0, whole: str = "") -> str: ...


def compile_fix(fix: Fix, names: Names) -> tuple[FixOutline, FixRow]:
    """Return a fix ready to run; its mistakes wait in the file of the rule."""
    work = _Fix(names)
    written: list[tuple[str, WrittenWay]] = [(f"/fix/ways/{i}", way) for i, way in enumerate(fix.ways)]
    own = [action for action in _ACTIONS if getattr(fix, action)]
    if fix.ways and own:
        names.file.refuse(f"/fix/{own[0]}#", f"`{own[0]}` stands beside `ways`", "move it into one of the ways")
    rows = [work.way(pointer, way, fix) for pointer, way in written or [("/fix", fix)]]
    otherwise = names.template("/fix/otherwise", fix.otherwise) if fix.otherwise else ()
    return (fix.safe, tuple(row[0] for row in rows)), (otherwise, tuple(tuple(row[1]) for row in rows))


class _Fix:
    """Compile the ways of one fix."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.file = names.file

    def way(self, pointer: str, way: WrittenWay, fix: Fix) -> tuple[Choice, Way]:
        """Compile one way."""
        does = way.does or fix.does
        if not does:
            self.file.refuse(
                pointer, "the fix does not say what it does", "say it in `does`, in one imperative sentence"
            )
        if not any(getattr(way, action) for action in _ACTIONS):
            self.file.refuse(pointer, "the fix changes nothing", f"it holds one of {', '.join(_ACTIONS)}")
        when = self.names.condition(f"{pointer}/when", way.when) if way.when else b""
        at = self.names.place(f"{pointer}/at", way.at, True) if way.at else ()
        owned = self._path(f"{pointer}/codeowners", way.codeowners)
        review = tuple(self._review(f"{pointer}/review" if way.review else "/fix/review", way.review or fix.review))
        program = Way(
            tuple(self._operations(pointer, way)), way.inside, tuple(self._creations(f"{pointer}/create", way)),
            owned, way.uncomment, self.names.template(f"{pointer}/comment", way.comment), review,
        )  # fmt: skip
        return (does, when, at), program

    def _operations(self, pointer: str, way: WrittenWay) -> Iterator[tuple[str, Target, Any]]:
        for path, name in way.rename.items():  # first, so that `set` may say what stands behind the new name
            at = f"{pointer}/rename/{_escaped(path)}"
            yield "rename", self._target(f"{at}#", path), self._value(at, name)
        for word, rows in (("set", way.set), ("fill", way.fill), ("append", way.append)):
            for path, value in rows.items():
                at = f"{pointer}/{word}/{_escaped(path)}"
                yield word, self._target(f"{at}#", path), self._value(at, value)
        for path, others in (*way.repeat.items(), *((path, [other]) for path, other in way.move.items())):
            word = "repeat" if path in way.repeat else "move"
            at = f"{pointer}/{word}/{_escaped(path)}"
            sources = tuple(self._target(at, other) for other in others)
            yield word, self._target(f"{at}#", path), ("from", (sources, None))
        for path in way.remove:
            yield "remove", self._target(f"{pointer}/remove", path), None

    def _review(self, pointer: str, review: Mapping[str, str]) -> Iterator[tuple[Target | None, Parts]]:
        for path, text in review.items():
            at = f"{pointer}/{_escaped(path)}" if path else pointer
            yield (self._target(f"{at}#", path) if path else None), self.names.template(at, text)

    def _target(self, pointer: str, path: str) -> Target:
        """Return where an operation acts; a mistake is noted at the path."""
        base = "." if path.startswith((".", "../")) else "/"
        text = path.removeprefix("./") if base == "." else path
        if path == ".":
            return base, ()
        segments = text.removeprefix("/").split("/") if base == "." or path.startswith("/") else text.split(".")
        if not all(segments):
            self.file.refuse(pointer, f"`{path}` is no path", "write `spec.a.b`, `/spec/a/b`, `./b` or `../b`")
            return base, ()
        parts = [self.names.template(pointer, segment.replace("~1", "/").replace("~0", "~")) for segment in segments]
        return base, tuple(parts)

    def _value(self, pointer: str, value: Any) -> Any:
        """Return a value whose texts with facts are marked: one fact alone keeps its type."""
        if isinstance(value, dict) and "from" in value and set(value) <= {"from", "each"}:
            taken = self._target(f"{pointer}/from", value["from"])
            return "from", ((taken,), self._value(f"{pointer}/each", value.get("each")))
        if isinstance(value, dict):
            return {key: self._value(f"{pointer}/{_escaped(key)}", item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(f"{pointer}/{i}", item) for i, item in enumerate(value)]
        if not isinstance(value, str) or "{" not in value:
            return value
        whole = PLACEHOLDER.fullmatch(value)
        if whole:
            self.names.path_type(pointer, whole[1], 1, value)
            return "fact", tuple(whole[1].split("."))
        return "text", self.names.template(pointer, value)

    def _path(self, pointer: str, text: str) -> Path:
        """Return the path of a fact that is a text or a list of texts."""
        type_word = self.names.path_type(pointer, text) if text else ""
        if type_word not in ("", "string", "list string"):
            self.file.refuse(pointer, f"`{text}` is a {type_word}, and a text or a list of texts is needed")
        return tuple(text.split(".")) if text else ()

    def _creations(self, pointer: str, way: WrittenWay) -> Iterator[tuple[Any, ...]]:
        is_list = isinstance(value_at(self.file.content, pointer), list)
        for position, creation in enumerate(way.create):
            yield tuple(self._creation(f"{pointer}/{position}" if is_list else pointer, creation))

    def _creation(self, pointer: str, creation: Create) -> Creation:
        each = None
        for name, text in (creation.each or {}).items():
            element, is_list = unlisted(self.names.path_type(f"{pointer}/each/{name}", text))
            if not is_list:
                self.file.refuse(f"{pointer}/each/{name}", f"`{text}` is no list")
            each = (name, tuple(text.split(".")))
            self.names.variables[name] = element
        at = f"{pointer}/manifest"
        for match in PLACEHOLDER.finditer(creation.manifest):
            self.names.path_type(at, match[1], match.start() + 1, creation.manifest)
        self._check_manifest(at, creation.manifest)
        values = tuple(
            (
                self._target(f"{pointer}/set/{_escaped(path)}#", path),
                self._value(f"{pointer}/set/{_escaped(path)}", value),
            )
            for path, value in creation.set.items()
        )
        repeated = tuple(
            (self._target(f"{pointer}/repeat/{_escaped(path)}#", path), self._target(f"{pointer}/repeat", other))
            for path, other in creation.repeat.items()
        )
        file = self.names.template(f"{pointer}/file", creation.file) if creation.file else ()
        beside = self.names.place(f"{pointer}/beside", creation.beside, False) if creation.beside else ()
        if each is not None:
            del self.names.variables[each[0]]
        return Creation(creation.manifest, each, values, repeated, file, beside)

    def _check_manifest(self, pointer: str, text: str) -> None:
        """Refuse what is no object, whatever the facts are."""
        stream = read_stream(PLACEHOLDER.sub("x", text).encode())
        for problem in stream.problems:
            lines = text.split("\n")
            row = min(problem.start.line, len(lines))
            self.file.refuse(pointer, problem.message, "", Word(row, 1, lines[row - 1][:1]))
            return
        documents = [document.value for document in stream.documents]
        if len(documents) != 1 or not all(_has(documents[0], path) for path in _IDENTITY):
            self.file.refuse(pointer, "the manifest is no single object with apiVersion, kind and metadata.name")


def value_at(value: Any, pointer: str) -> Any:
    """Return what stands at a pointer of plain values, None where nothing does."""
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            value = value[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _has(value: Any, path: tuple[str, ...]) -> bool:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return isinstance(value, str) and bool(value)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
