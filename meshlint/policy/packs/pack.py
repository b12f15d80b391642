"""A pack, read from its folder or from the cache.

In: a folder, the cache, our own catalogue. Out: `Pack`. Hot path: where nothing has changed no file is opened and
neither pydantic nor CEL nor a parser is imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from meshlint.cache import Cache, digest
from meshlint.config.model import RuleSetting
from meshlint.errors import UsageError
from meshlint.policy.catalogue import Catalogue, library_version, load_builtin
from meshlint.policy.packs.files import MANIFEST, PackFile, inside, list_files
from meshlint.records import NamedTuple


class Pack(NamedTuple):
    """Hold the rules of one pack, and what it changes about ours."""

    name: str
    version: str  # empty where the folder has no pack.yaml
    description: str
    folder: str
    shown: str  # the folder as reports name it
    catalogue: Catalogue  # its own rules only
    manifest: str  # its `pack.yaml` as reports name it
    tunes: Mapping[str, RuleSetting]  # by id or name, as written; lines and pointers are those of its `pack.yaml`


def read_pack(folder: str, cache: Cache, *, shown: str = "", ours: Catalogue | None = None) -> Pack:
    """Return the pack of a folder; `shown` is how reports name the folder, left out: as it is given.

    Raises UsageError where there is no such folder, RuleErrors with every mistake of every file.
    """
    ours = ours or load_builtin(cache)
    shown = shown or (folder.rstrip("/") or folder)
    top = os.path.abspath(folder)
    files = _listed(top, shown)
    stamps = [f"{file.name}|{file.stamp}|{file.problem}" for file in files]
    quick = digest("pack", top, shown, ours.key, library_version(), *stamps)
    data = _still_good(cache.get("packs", quick))
    if data is None:
        exact = _key(top, shown, files, ours)
        data = _still_good(cache.get("packs", exact))
        if data is None:
            from meshlint.policy.packs.compiling import compile_pack

            data = compile_pack(top, shown, files, ours) | {"key": exact}
            cache.put("packs", exact, data)
        cache.put("packs", quick, data)
    name, version, description = data["pack"]
    tunes = {word: RuleSetting(*row) for word, row in data["tunes"].items()}
    return Pack(name, version, description, top, shown, Catalogue(data), inside(shown, MANIFEST), tunes)


def _still_good(data: Any) -> Any:
    """Return what was kept, unless a check that it relies on has another version by now."""
    if data and data["checks"]:
        from meshlint.policy.checks import offered_checks

        offered = offered_checks()
        if any(name not in offered or offered[name].version != version for name, version in data["checks"].items()):
            return None
    return data


def _listed(folder: str, shown: str) -> list[PackFile]:
    try:
        return list_files(folder)
    except (OSError, ValueError) as error:
        told = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(f"{shown} cannot be read as a folder of rules: {told}") from error


def _key(folder: str, shown: str, files: Sequence[PackFile], ours: Catalogue) -> str:
    """Hash what a compiled pack depends on."""
    parts: list[Any] = ["pack", os.path.basename(folder), shown, ours.key, library_version()]
    for file in files:
        parts += [file.name, file.problem, b"" if file.problem else _content(file)]
    return digest(*parts)


def _content(file: PackFile) -> bytes:
    try:
        with open(file.path, "rb") as opened:
            return opened.read()
    except OSError:
        return b""  # whoever compiles it says why
