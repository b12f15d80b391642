"""Fixes of rules as data: the ways of a rule to remove its finding, and what one of them means for one finding.

In: compiled ways, and a look-up of the facts at a finding. Out: a plan in plain values, addressed by places and
pointers, which `fixes` turns into edits; or the reason why there is none. It knows no file and no text.

A path of a way is a JSON pointer from the top of the object (`/spec/mtls/mode`), the same with dots
(`spec.mtls.mode`), or starts at the place (`.` is the place itself, `./mode` below it, `../mode` beside it).
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from meshlint.policy.templates import ABSENT, Parts, Path, render, walk, written
from meshlint.records import NamedTuple

LookUp = Callable[[Path], Any]
Target = tuple[str, tuple[Parts, ...]]
"""Where an operation acts: "/" (from the top) or "." (from the place), and a template for each segment."""

PLACEHOLDER = re.compile(r"\{([a-z_][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)*)\}")
"""A fact in a manifest; braces around anything else are YAML's own."""

_PLAIN = re.compile(r"[A-Za-z0-9*][A-Za-z0-9*._/:-]*")
_OTHER_TYPES = re.compile(r"[0-9.+-].*|[yn]|yes|no|on|off|true|false|null|[*].*", re.IGNORECASE)


Choice = tuple[str, bytes, Path]
"""What every run needs of one way: what it does, when it applies, and the place it needs (empty: the finding's)."""

FixOutline = tuple[bool, tuple[Choice, ...]]
"""What every run needs of a fix: whether it is safe, and its ways. Plain tuples, because they are marshalled."""

FixRow = tuple[Parts, tuple[tuple[Any, ...], ...]]
"""A `FixProgram` as the catalogue keeps it."""


class Way(NamedTuple):
    """Hold one way to remove a finding, compiled."""

    operations: tuple[tuple[str, Target, Any], ...]  # what, where, and a value or the path it comes from
    inside: bool  # the value at the place is text that holds YAML
    creations: tuple[tuple[Any, ...], ...]  # rows of `Creation`
    codeowners: Path  # the fact with the paths that get a line in CODEOWNERS
    uncomment: bool  # the comment at the place goes
    comment: Parts  # above what is added
    review: tuple[tuple[Target | None, Parts], ...]


class Creation(NamedTuple):
    """Hold objects to create, compiled."""

    manifest: str  # with facts in braces
    each: tuple[str, Path] | None  # a name, and the list for whose elements there is one object each
    values: tuple[tuple[Target, Any], ...]
    repeated: tuple[tuple[Target, Target], ...]  # what the object at the place says, too
    file: Parts  # the name of the file, without its ending; empty: after the object
    beside: Path  # the place beside whose file it is created; empty: that of the finding


class FixProgram(NamedTuple):
    """Hold all ways of a rule, and what to say where none applies."""

    otherwise: Parts
    ways: tuple[Way, ...]


class Missing(Exception):
    """Say which fact a way needs and does not get."""


def program_of(row: FixRow) -> FixProgram:
    """Return a program from the plain values that the catalogue keeps."""
    otherwise, ways = row
    return FixProgram(otherwise, tuple(map(Way._make, ways)))


def plan_of(program: FixProgram, chosen: int, place: str, look_up: LookUp) -> bytes:
    """Return what fixing one finding means, marshalled; `chosen` is -1 where no way applies."""
    if chosen < 0:
        reason = render(program.otherwise, look_up) if program.otherwise else "no way to fix it applies here"
        return marshal.dumps({"because": reason})
    try:
        return marshal.dumps(_planned(program.ways[chosen], place, look_up))
    except Missing as missing:
        return marshal.dumps({"because": str(missing)})


def _planned(way: Way, place: str, look_up: LookUp) -> dict[str, Any]:
    plan: dict[str, Any] = {"at": place, "inside": way.inside}
    plan["operations"] = [
        (what, _target(target, look_up), _value(value, look_up)) for what, target, value in way.operations
    ]
    plan["objects"] = [
        row for creation in map(Creation._make, way.creations) for row in _objects(creation, place, look_up)
    ]
    if way.codeowners:
        paths = _fact(way.codeowners, look_up)
        plan["codeowners"] = paths if isinstance(paths, list) else [paths]
    plan["uncomment"] = way.uncomment
    plan["comment"] = render(way.comment, look_up)
    plan["review"] = [
        (None if target is None else _target(target, look_up), render(parts, look_up)) for target, parts in way.review
    ]
    return plan


def _objects(creation: Creation, place: str, look_up: LookUp) -> Iterator[dict[str, Any]]:
    beside = look_up(creation.beside) if creation.beside else {"place": place}
    at = (beside.get("place") if isinstance(beside, dict) else "") or place
    for given in _scopes(creation, look_up):
        yield {
            "manifest": filled(creation.manifest, given),
            "values": [(_target(target, given), _value(value, given)) for target, value in creation.values],
            "repeated": [(_target(to, given), _target(other, given)) for to, other in creation.repeated],
            "file": render(creation.file, given),
            "beside": at,
        }


def _scopes(creation: Creation, look_up: LookUp) -> Iterator[LookUp]:
    """Yield a look-up for each object; the name of `each` goes before the facts of the finding."""
    if creation.each is None:
        yield look_up
        return
    name, path = creation.each
    for element in _fact(path, look_up):
        yield partial(_scoped, {name: element}, look_up)


def _scoped(scope: dict[str, Any], look_up: LookUp, path: Path) -> Any:
    return walk(scope, path) if path[0] in scope else look_up(path)


def _target(target: Target, look_up: LookUp) -> tuple[str, list[str]]:
    base, segments = target
    return base, [_text(segment, look_up) for segment in segments]


def _value(value: Any, look_up: LookUp) -> Any:
    """Return a value with its facts; a tuple stands for what is computed (`compiled_value` in the compiler)."""
    if isinstance(value, tuple):
        kind, inner = value
        if kind == "fact":
            return _fact(inner, look_up)
        if kind == "from":
            return "from", [_target(target, look_up) for target in inner[0]], _value(inner[1], look_up)
        return _text(inner, look_up)
    if isinstance(value, dict):
        return {key: _value(item, look_up) for key, item in value.items()}
    return [_value(item, look_up) for item in value] if isinstance(value, list) else value


def _fact(path: Path, look_up: LookUp) -> Any:
    found = look_up(path)
    if found is ABSENT:
        raise Missing(f"the manifests do not say {'.'.join(path)}")
    return found


def _text(parts: Parts, look_up: LookUp) -> str:
    for part in parts:
        if isinstance(part, tuple):
            _fact(part, look_up)
    return render(parts, look_up)


def filled(manifest: str, look_up: LookUp) -> str:
    """Return a manifest with its facts, each written so that YAML reads it as what it is; Missing where one lacks."""

    def put(match: re.Match[str]) -> str:
        line = manifest[manifest.rfind("\n", 0, match.start()) + 1 : match.start()]
        value = _fact(tuple(match[1].split(".")), look_up)
        if line.lstrip().startswith("#") or " #" in line:
            return written(value).replace("\n", " ")
        alone = line.endswith((": ", "- ")) and manifest[match.end() : match.end() + 1] in ("\n", " ", "")
        return _yaml(value, alone)

    return PLACEHOLDER.sub(put, manifest)


def _yaml(value: Any, alone: bool) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_yaml(item, True) for item in value)}]"
    text = written(value)
    if alone and isinstance(value, str):
        if _PLAIN.fullmatch(text) and not _OTHER_TYPES.fullmatch(text) and not text.endswith(":"):
            return text
        if '"' in text or "\\" in text or not text.isprintable():
            raise Missing(f"`{text}` cannot stand in a manifest")
        return f'"{text}"'
    if isinstance(value, str) and not _PLAIN.fullmatch(text):
        raise Missing(f"`{text}` cannot stand in a manifest")
    return text
