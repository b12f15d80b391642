"""Find the root of a run: the folder that paths are relative to and that CODEOWNERS speaks of.

In: operands. Out: a folder or None. No git process is started; a `.git` entry is enough.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from meshlint.errors import UsageError
from meshlint.sources.source import STDIN

CONFIG_NAME = ".meshlint.yaml"
PYPROJECT = "pyproject.toml"
_ROOT_LINE = re.compile(rb"(?m)^root:[ \t]*(?:true|True|TRUE|yes|Yes|YES|on|On|ON|y|Y)[ \t]*(?:#.*)?\r?$")

_TABLE = re.compile(rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*meshlint[ \t]*\](?P<keys>[^\n]*(?:\n(?![ \t]*\[)[^\n]*)*)")
_TABLE_LINE = re.compile(rb"(?m)^[ \t]*root[ \t]*=[ \t]*true[ \t]*(?:#.*)?\r?$")


def common_folder(operands: Sequence[str]) -> str | None:
    """Return the folder that holds all operands; None when there is only standard input."""
    folders = folders_of(operands)
    return os.path.commonpath(folders) if folders else None


def folders_of(operands: Sequence[str]) -> set[str]:
    """Return the folders that operands are or stand in."""
    paths = [os.path.abspath(operand) for operand in operands if operand != STDIN]
    return {path if os.path.isdir(path) else os.path.dirname(path) for path in paths}


def find_root(operands: Sequence[str], explicit: str | None = None) -> str | None:
    """Return `--root`, else the nearest folder whose configuration says `root: true`, else that of git, else None.

    Raises UsageError when `--root` is no folder.
    """
    if explicit is not None:
        if not os.path.isdir(explicit):
            raise UsageError(f"--root {explicit} is no folder")
        return os.path.abspath(explicit)
    start = common_folder(operands)
    if start is None:
        return None
    git = None
    for folder in upwards(start):
        if _says_root(folder):
            return folder
        if git is None and os.path.exists(os.path.join(folder, ".git")):
            git = folder
            break  # a configuration above the repository belongs to somebody else
    return git


def is_whole(operands: Sequence[str], root: str | None) -> bool:
    """Tell whether the operands hold everything below the root; without a root there is nothing beside them.

    What comes by standard input is a part of something: a chart, an overlay.
    """
    if root is None:
        return STDIN not in operands
    folders = [os.path.abspath(operand) for operand in operands if operand != STDIN and os.path.isdir(operand)]
    return any(root == folder or root.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)


def covered_paths(operands: Sequence[str], root: str | None) -> tuple[str, ...]:
    """Return the operands as reports print paths, sorted: relative to the root, `.` for whatever holds it."""
    from meshlint.sources.walk import shown_path

    base = (root or os.getcwd()).rstrip(os.sep) + os.sep
    found = set()
    for operand in operands:
        path = os.path.abspath(operand)
        holds = base.startswith(path.rstrip(os.sep) + os.sep)
        found.add(STDIN if operand == STDIN else "." if holds else shown_path(path, root))
    return tuple(sorted(found))


def upwards(folder: str) -> list[str]:
    """Return a folder and all folders above it, nearest first."""
    found = [folder]
    while (parent := os.path.dirname(folder)) != folder:
        found.append(parent)
        folder = parent
    return found


def _says_root(folder: str) -> bool:
    own = _text_of(os.path.join(folder, CONFIG_NAME))
    if own is not None:
        return _ROOT_LINE.search(own) is not None
    shared = _TABLE.search(_text_of(os.path.join(folder, PYPROJECT)) or b"")
    return shared is not None and _TABLE_LINE.search(shared["keys"]) is not None


def _text_of(file: str) -> bytes | None:
    try:
        if not os.path.isfile(file):
            return None
        with open(file, "rb") as config:
            return config.read(1 << 20)
    except OSError:
        return None
