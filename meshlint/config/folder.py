"""Where a configuration stands, and which paths its globs mean.

In: the folder of a file, the paths that reports print, globs. Out: paths relative to that folder, and whether globs
cover them. Globs have the rules of .gitignore; a folder that is covered covers what lies below it. It knows no key.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from meshlint.records import NamedTuple
from meshlint.sources.ignores import parse
from meshlint.sources.walk import printable


class Folder(NamedTuple):
    """Hold a folder of the tree; the default one holds every path."""

    start: str = ""  # what paths of reports are relative to, empty where that is the root
    place: str = ""  # the folder itself with a `/` behind it, relative to the root, absolute without one
    holes: tuple[str, ...] = ()  # folders below it, written like `place`, that a configuration of their own takes out

    def relative(self, path: str) -> str | None:
        """Return a path as seen from this folder; None for one that does not lie in it."""
        whole = path if path.startswith("/") else self.start + path
        if not whole.startswith(self.place) or (self.holes and whole.startswith(self.holes)):
            return None
        return whole[len(self.place) :]


def folder_of(directory: str, root: str | None) -> Folder:
    """Return the place of an absolute directory in a tree."""
    if root is None:
        return Folder(_closed(os.getcwd()), _closed(directory))
    relative = os.path.relpath(directory, root)
    return Folder("", "" if relative == os.curdir else _closed(relative))


def _closed(directory: str) -> str:
    return printable(directory).rstrip("/") + "/"


class PathGlobs:
    """Decide about paths as the lines of a .gitignore file would; the last line that speaks decides."""

    def __init__(self, globs: Iterable[str]) -> None:
        self._rules = parse("\n".join(globs))

    def covers(self, path: str) -> bool:
        """Tell whether the globs mean a file, or a folder around it."""
        verdict = self._rules.verdict(path, False)
        while verdict is None and "/" in path:
            path = path.rpartition("/")[0]
            verdict = self._rules.verdict(path, True)
        return verdict is True
