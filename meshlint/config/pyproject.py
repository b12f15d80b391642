"""`[tool.meshlint]` of a `pyproject.toml`, for those who keep their tools in one file.

In: the bytes of the file. Out: the table as the values that `.meshlint.yaml` would hold, and where its keys stand. The
reader of TOML keeps no positions, so a place is the line of a key, else of the nearest one around it. It knows no key.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.config.model import ConfigErrors
from meshlint.errors import ConfigError, Location, Position
from meshlint.syntax.document import Span

_KEY = r"(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)"
_PATH = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*\[(\[?)[ \t]*({_PATH})[ \t]*\]")
_ENTRY = re.compile(rf"[ \t]*({_PATH})[ \t]*=")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_OURS = ("tool", "meshlint")


def value_of(data: bytes, shown: str) -> dict[str, Any]:
    """Return the table of meshlint, empty where there is none.

    Raises ConfigErrors where the file is no TOML or the table is something else.
    """
    import tomllib

    try:
        whole = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        told = _AT.search(str(error))
        at = Position(int(told[1]), int(told[2])) if told else Position(1, 1)
        message = f"{shown} is no TOML: {_AT.sub('', str(error)).strip().lower()}"
        raise ConfigErrors([ConfigError(message, location=Location(shown, at, at))]) from error
    tools = whole.get("tool")
    value = tools.get("meshlint", {}) if isinstance(tools, dict) else {}
    if not isinstance(value, dict):
        place = Location(shown, Position(1, 1), Position(1, 1))
        raise ConfigErrors([ConfigError("tool.meshlint holds no table", location=place)])
    return {key: _plain(item) for key, item in value.items()}


def _plain(value: Any) -> Any:
    """Write dates as the text that they are in YAML."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def locate_keys(data: bytes, pointers: Sequence[str]) -> dict[str, Span]:
    """Return the line of each pointer below the table, or of the nearest key around it."""
    table = dict(_keys(data.decode("utf-8", "replace")))
    found = {}
    for pointer in pointers:
        at = pointer.removesuffix("#")
        while at and at not in table:
            at = at.rpartition("/")[0]
        found[pointer] = table.get(at, Span(Position(1, 1), Position(1, 1), False))
    return found


def _keys(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the pointers of headers and keys with their places; the later of one pointer is no other."""
    above: tuple[str, ...] = ()
    rows: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            above = _steps(header[2])
            if header[1]:
                rows[above] = rows.get(above, -1) + 1
                above = (*above, str(rows[above]))
            steps = above
        elif entry := _ENTRY.match(line):
            steps = (*above, *_steps(entry[1]))
        else:
            continue
        if steps[:2] == _OURS:
            pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps[2:])
            start = len(line) - len(line.lstrip()) + 1
            yield pointer, Span(Position(number, start), Position(number, len(line.rstrip()) + 1), True)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, path))
