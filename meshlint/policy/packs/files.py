"""The files of a pack: rules at the top, in `rules/` and one folder further down, controls, `pack.yaml`.

In: a folder. Out: its files in a fixed order, each with a stamp that changes when it does. A pack may come from a
stranger: links that lead out of the folder, files that are no regular files, and too many of them are refused. Hot
path: nothing is opened here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice

from meshlint.records import NamedTuple

MANIFEST = "pack.yaml"
CONTROLS = "controls"
RULES = "rules"
PROFILES = "profiles"
FIXTURES = "fixtures"
MOST_FILES = 2_000
MOST_BYTES = 1 << 20


class PackFile(NamedTuple):
    """Hold one file: its name inside the pack, where it lies, what changes when it does, why it cannot be read."""

    name: str  # `rules/foreign-caller.yaml`
    path: str
    stamp: str
    problem: str = ""


def inside(shown: str, name: str) -> str:
    """Return how reports name a file of a pack."""
    return name if shown == os.curdir else f"{shown}/{name}"


def list_files(folder: str) -> list[PackFile]:
    """Return the files of a pack.

    Raises OSError where the folder, or one inside it, cannot be read.
    """
    top = os.path.realpath(folder)
    return [_file(folder, top, name) for name in islice(_names(folder), MOST_FILES + 1)]


def _names(folder: str) -> Iterator[str]:
    files, folders = _entries(folder, "")
    yield from files
    for name in folders:
        if name == FIXTURES:
            continue
        inner, deeper = _entries(folder, f"{name}/")
        yield from inner
        if name == RULES:
            for family in deeper:
                yield from _entries(folder, f"{name}/{family}/")[0]


def _entries(folder: str, inside: str) -> tuple[list[str], list[str]]:
    """Return the YAML files and the folders of a folder of the pack, sorted; hidden ones are no part of it."""
    with os.scandir(os.path.join(folder, inside)) as entries:
        rows = sorted((entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith("."))
    files = [f"{inside}{name}" for name, is_folder in rows if not is_folder and name.endswith((".yaml", ".yml"))]
    return files, [name for name, is_folder in rows if is_folder]


def _file(folder: str, top: str, name: str) -> PackFile:
    path = os.path.join(folder, name)
    try:
        found = os.stat(path)
    except OSError as error:
        return PackFile(name, path, "", f"cannot be read: {(error.strerror or str(error)).lower()}")
    problem = ""
    if not os.path.realpath(path).startswith(top.rstrip(os.sep) + os.sep):
        problem = "is a link that leads out of the pack"
    elif name.startswith(f"{PROFILES}/"):
        problem = "is not read: rules of a pack say by `profile:` where they run"
    elif name == "pack.yml":
        problem = f"is not read: its name is {MANIFEST}"
    elif not stat.S_ISREG(found.st_mode):
        problem = "is no regular file"
    elif found.st_size > MOST_BYTES:
        problem = f"has {found.st_size} bytes, more than the {MOST_BYTES} that are read"
    return PackFile(name, path, f"{found.st_size}|{found.st_mtime_ns}|{found.st_ctime_ns}", problem)
