"""Tell the files that need no owner, as `ownership.exempt` of the configuration names them.

In: root-relative paths and globs in the manner of .gitignore. Out: the paths that some glob covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.mesh.ownership.github import glob_of
from meshlint.mesh.ownership.globs import GlobIndex


def exempt_paths(paths: Iterable[str], globs: Sequence[str]) -> frozenset[str]:
    """Return the paths that a glob covers; no glob covers nothing."""
    if not globs:
        return frozenset()
    index = GlobIndex([glob_of(glob) for glob in globs])
    return frozenset(path for path in paths if any(index.globs[i].matches(path) for i in index.candidates(path)))
