"""The file of a baseline: JSON with one entry a line, sorted and without dates, so that it can be reviewed and merged.

In: bytes, entries. Out: a `Baseline`, text. What is wrong with the file is a mistake of the caller, with its place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from meshlint import __version__
from meshlint.errors import ConfigError, Location, Position, SourceError
from meshlint.findings.history.baseline import Baseline, Entry
from meshlint.sources.source import Source, read
from meshlint.sources.walk import shown_path

VERSION = 1
_AGAIN = "`meshlint baseline create --force` writes it anew"


def read_baseline(file: str, root: str | None) -> Baseline:
    """Return the entries of a file, which reports name relative to the root.

    Raises ConfigError for a file that cannot be read or is no baseline of this version.
    """
    shown = shown_path(os.path.abspath(file), root)
    try:
        data = read(Source(shown, file, True))
    except (SourceError, ValueError) as error:
        message = f"the baseline {shown} cannot be read: {str(error).rpartition(': ')[2]}"
        raise ConfigError(message, help="`meshlint baseline create` writes one") from error
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _mistake("the baseline is no JSON", file, shown, _place_of(error, data), _merge(data)) from error
    return _baseline(value, data, file, shown)


def _baseline(value: Any, data: bytes, file: str, shown: str) -> Baseline:
    if not isinstance(value, dict) or not isinstance(value.get("findings"), list):
        raise _mistake("the file is no baseline: it holds no list `findings`", file, shown, Position(1, 1), _AGAIN)
    if value.get("version") != VERSION:
        told = f"the baseline has version {json.dumps(value.get('version'))}, and this meshlint reads version {VERSION}"
        raise _mistake(told, file, shown, _at(data, "/version"), _AGAIN)
    paths = value.get("paths")
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise _mistake("`paths` of the baseline is no list of paths", file, shown, _at(data, "/paths"), _AGAIN)
    entries = []
    for number, item in enumerate(value["findings"]):
        fields = item if isinstance(item, dict) else {}
        texts = [fields.get(name) for name in Entry._fields]
        if not all(isinstance(text, str) for text in texts):
            lacks = next(name for name, text in zip(Entry._fields, texts, strict=True) if not isinstance(text, str))
            told = f"an entry of the baseline holds no text `{lacks}`"
            raise _mistake(told, file, shown, _at(data, f"/findings/{number}"), _AGAIN)
        entries.append(Entry(*map(str, texts)))
    return Baseline(shown, tuple(paths), tuple(entries))


def _mistake(message: str, file: str, shown: str, at: Position, help: str) -> ConfigError:
    mistake = ConfigError(message, location=Location(shown, at, at), help=help)
    mistake.file = file
    return mistake


def _place_of(error: Exception, data: bytes) -> Position:
    if isinstance(error, json.JSONDecodeError):
        return Position(error.lineno, error.colno)
    if isinstance(error, UnicodeDecodeError):
        before = data[: error.start]
        return Position(before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
    return Position(1, 1)


def _merge(data: bytes) -> str:
    conflict = data.startswith(b"<<<<<<< ") or b"\n<<<<<<< " in data
    return "resolve the merge: each line of `findings` stands for itself" if conflict else _AGAIN


def _at(data: bytes, pointer: str) -> Position:
    from meshlint.syntax.locate import locate

    return locate(data, 0, [pointer])[pointer].start


def baseline_text(paths: Iterable[str], entries: Iterable[Entry]) -> str:
    """Return the content of the file."""
    rows = sorted(set(entries), key=lambda entry: entry.order)
    lines = ",".join("\n    " + _json(row._asdict()) for row in rows)
    head = {"version": VERSION, "tool": {"name": "meshlint", "version": __version__}, "paths": sorted(set(paths))}
    opened = "".join(f"  {_json(key)}: {_json(value)},\n" for key, value in head.items())
    end = "\n  " if rows else ""
    return f'{{\n{opened}  "findings": [{lines}{end}]\n}}\n'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
