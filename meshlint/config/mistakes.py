"""Say what is wrong with a configuration, at its line and column, in our own words.

In: the bytes of the file and what pydantic or the reader of YAML found. Out: `ConfigError`s in the order of
the file. Knows the schema's places, to name the keys that exist there; judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from meshlint.config.places import places_of
from meshlint.config.schema import PARTS, TAGS, keys_of
from meshlint.errors import ConfigError, Location
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean

_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


class Mistake(NamedTuple):
    """Hold a mistake before it has a place; a pointer that ends in `#` means the key."""

    pointer: str
    message: str
    help: str = ""


def located(mistakes: Sequence[Mistake], data: bytes, path: str) -> list[ConfigError]:
    """Give mistakes their places in the file, and bring them into its order."""
    spans = places_of(data, path, [mistake.pointer for mistake in mistakes])
    errors = []
    for mistake in mistakes:
        span = spans[mistake.pointer]
        location = Location(path, span.start, span.end, mistake.pointer.removesuffix("#"))
        errors.append((span.start, ConfigError(mistake.message, location=location, help=mistake.help)))
    return [error for _, error in sorted(errors, key=lambda pair: pair[0])]


def pointer_to(steps: Sequence[str | int]) -> str:
    """Return the JSON pointer of a path through the file."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def mistakes_of(found: Sequence[Mapping[str, Any]]) -> list[Mistake]:
    """Put pydantic's errors into words."""
    return [_mistake(steps_of(error), error) for error in found]


def steps_of(error: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return where a mistake of pydantic stands in the file."""
    return tuple(step for step in error["loc"] if step not in TAGS)


def _mistake(steps: tuple[str | int, ...], error: Mapping[str, Any]) -> Mistake:
    kind = error["type"]
    if kind == "extra_forbidden":
        keys = keys_of(_part(steps[:-1]))
        return Mistake(pointer_to(steps) + "#", f"unknown key `{steps[-1]}`", did_you_mean(str(steps[-1]), keys))
    if kind == "missing":
        return Mistake(pointer_to(steps[:-1]), f"{_named(steps[:-1])} lacks `{steps[-1]}`", f"add `{steps[-1]}`")
    if kind == "literal_error":
        words = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        told = f"{_named(steps)} holds {_shown(error['input'])}, which is none of {', '.join(words)}"
        return Mistake(pointer_to(steps), told, did_you_mean(str(error["input"]), words))
    if kind == "value_error":
        return Mistake(pointer_to(steps), f"{_named(steps)} {error['ctx']['error']}")
    if kind in _WANTED:
        told = f"{_named(steps)} holds {_shown(error['input'])}, where {_WANTED[kind]} belongs"
        return Mistake(pointer_to(steps), told, _hint(kind, error["input"]))
    if kind == "too_short":
        return Mistake(pointer_to(steps), f"{_named(steps)} is empty")
    return Mistake(pointer_to(steps), f"{_named(steps)}: {error['msg'].lower()}")


def _part(steps: Sequence[str | int]) -> Any:
    for pattern, model in PARTS.items():
        if len(pattern) == len(steps) and all(p in ("*", s) for p, s in zip(pattern, steps, strict=True)):
            return model
    raise LookupError(f"no part of the schema stands at {pointer_to(steps)}")


def _named(steps: Sequence[str | int]) -> str:
    """Name a place as its reader would: `legacy[0].ports`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f"`{text}`" if text else "the file"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"`{value}`" if len(value) <= 60 else "a long text"
    if isinstance(value, (int, float)):
        return f"the number {value}" if abs(value) < 10**18 else "a huge number"
    return "a list" if isinstance(value, list) else "a mapping"


def _hint(kind: str, value: Any) -> str:
    if value is None:
        return "give it a value or remove it"
    if kind == "list_type" and isinstance(value, str):
        return f"write it as a list: [{value}]"
    if kind == "string_type" and isinstance(value, (bool, int, float)):
        return "put it in quotes"
    return ""
