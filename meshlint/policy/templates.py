"""Message templates: text with facts in it.

In: a template at load, values at a finding. Out: parts as plain data, and the rendered text.

{workload}                          a fact; of an object or a message, its `text`
{workload.mtls.permissive.ports}    a dotted path; lists are joined, long ones cut short [, because
{workload.because}]      a clause, left out when a fact in it is absent or empty; brackets without a fact in
them are just brackets {{  }}                              braces

A fact that is unknown where a finding nevertheless stands (`on_unknown: fire`) reads "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str, ...]
Parts = tuple[Any, ...]
"""Texts, facts (tuples of segments) and clauses (lists of both): plain values that marshal takes."""

ABSENT = object()
SHOWN = 10


class TemplateMistake(Exception):
    """Say what is wrong with a template and at which character."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def parse(template: str) -> tuple[Parts, list[tuple[Path, int]]]:
    """Return the parts of a template, and its paths with the offset at which each stands."""
    parts: list[Any] = []
    paths: list[tuple[Path, int]] = []
    at = 0
    while at < len(template):
        if template[at] == "[" and (end := _clause_end(template, at)):
            clause, inner = parse(template[at + 1 : end])
            parts.append(list(clause))
            paths.extend((path, offset + at + 1) for path, offset in inner)
            at = end + 1
        elif template[at] in "{}" and template[at : at + 2] not in ("{{", "}}"):
            path, end = _path(template, at)
            parts.append(path)
            paths.append((path, at + 1))
            at = end
        else:
            step = 2 if template[at : at + 2] in ("{{", "}}") else 1
            _add_text(parts, template[at])
            at += step
    return tuple(parts), paths


def _clause_end(template: str, start: int) -> int:
    """Return where a bracket closes when a fact stands in it, else 0."""
    end = template.find("]", start)
    inside = template[start:end].replace("{{", "") if end > 0 else ""
    return end if "{" in inside else 0


def _path(template: str, start: int) -> tuple[Path, int]:
    end = template.find("}", start)
    if template[start] == "}" or end < 0:
        raise TemplateMistake(start, f"a lone `{template[start]}`; write it twice to print it")
    path = tuple(template[start + 1 : end].split("."))
    if not all(segment.isidentifier() for segment in path):
        raise TemplateMistake(start + 1, f"`{template[start + 1 : end]}` is no dotted path")
    return path, end + 1


def _add_text(parts: list[Any], text: str) -> None:
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def render(parts: Parts, look_up: Callable[[Path], Any]) -> str:
    """Return the text of a template; `look_up` answers a path with its value, or with ABSENT."""
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, list):
            texts.extend(_clause(part, look_up))
        else:
            value = look_up(part)
            texts.append("unknown" if value is ABSENT else written(value))
    return "".join(texts)


def _clause(parts: list[Any], look_up: Callable[[Path], Any]) -> Iterator[str]:
    values = {part: look_up(part) for part in parts if isinstance(part, tuple)}
    if all(value is not ABSENT and written(value) for value in values.values()):
        yield from (part if isinstance(part, str) else written(values[part]) for part in parts)


def written(value: Any) -> str:
    """Return a value as messages print it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return str(value.get("text", ""))
    if isinstance(value, list):
        shown = [written(item) for item in value[:SHOWN]]
        if len(value) > SHOWN:
            return f"{', '.join(shown)} and {len(value) - SHOWN:,} more"
        return ", ".join(shown)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def walk(value: Any, path: Path) -> Any:
    """Return what stands at a path below a value, else ABSENT; lists on the way are flattened."""
    for index, segment in enumerate(path):
        if isinstance(value, list):
            found = (walk(item, path[index:]) for item in value)
            return [item for item in found if item is not ABSENT]
        if not isinstance(value, dict) or segment not in value:
            return ABSENT
        value = value[segment]
    return value


def bare(template: str) -> str:
    """Return a template as a sentence about no object in particular."""
    return re.sub(r"\{[^{}]*\}", "…", template).strip()


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, without its full stop."""
    line = " ".join(text.split())
    end = re.search(r"\.(?= [A-Z`]|$)", line)
    return line[: end.start()] if end else line
