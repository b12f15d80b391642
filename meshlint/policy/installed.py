"""Packs and checks that installed distributions offer, by their entry points.

In: the name of a group, `meshlint.packs` or `meshlint.checks`. Out: what is offered, and the folder of a pack. The
files of metadata are read directly, because importlib.metadata takes longer than a whole run; no module of a
distribution is imported here. The working folder is passed by: it may be a stranger's repository.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from meshlint.records import NamedTuple

PACKS = "meshlint.packs"
CHECKS = "meshlint.checks"


class EntryPoint(NamedTuple):
    """Hold one line of the metadata of a distribution."""

    name: str
    value: str  # `module`, `module:attribute`
    distribution: str
    version: str


def entry_points(group: str) -> Iterator[EntryPoint]:
    """Yield what installed distributions offer under a group; of one installed twice the first counts."""
    seen: set[str] = set()
    for folder in _paths():
        for name in _entries(folder):
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            distribution, _, rest = name.rpartition(".")[0].partition("-")
            distribution = _normal(distribution)
            if distribution not in seen:
                seen.add(distribution)
                text = _text(os.path.join(folder, name, "entry_points.txt"))
                for point, value in _group(text, group) if group in text else ():
                    yield EntryPoint(point, value, distribution, rest.partition("-")[0])


def names() -> list[str]:
    """Return the names of the installed packs."""
    return sorted({point.name for point in entry_points(PACKS)})


def folder_of(name: str) -> str:
    """Return the folder of an installed pack, empty when there is none of this name."""
    for point in entry_points(PACKS):
        if point.name == name:
            return _folder(point.value.partition(":")[0].split("."))
    return ""


def _folder(steps: list[str]) -> str:
    for path in _paths():
        folder = os.path.join(path, *steps)
        if os.path.isdir(folder):
            return folder
    from importlib.util import find_spec  # an editable install may be found by a hook alone

    spec = find_spec(steps[0])  # of a module at the top: nothing is imported
    for path in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = os.path.join(path, *steps[1:])
        if os.path.isdir(folder):
            return folder
    return ""


def _paths() -> Iterator[str]:
    here = os.path.abspath(os.curdir)
    yield from (path for path in sys.path if path and os.path.abspath(path) != here)


def _entries(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _group(text: str, group: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == group and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield name.strip(), value.partition("[")[0].strip()


def _normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-").replace(".", "-")
