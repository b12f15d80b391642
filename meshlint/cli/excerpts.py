"""The lines that frames show: of the very files that were read, or of standard input.

In: what a run read, the path of a finding. Out: lines, as the parser saw them; none where nothing of that name was
read. A path that a `# Source:` comment gives is shown from standard input, where its lines are counted.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from meshlint.errors import SourceError
from meshlint.pipeline import Material
from meshlint.sources.source import Source, read


class Excerpts:
    """Answer the lines of a reported path, each file read once and only when it is asked for."""

    def __init__(self, root: str | None, material: Material) -> None:
        self._root = root
        sources = material.collection.sources
        self._sources = {source.path: source for source in sources if source.file is not None}
        held = [data for source, data in zip(sources, material.contents.data, strict=True) if source.file is None]
        self._stdin = held[0] if held else None
        self._known: dict[str, Sequence[str]] = {}

    def lines_of(self, path: str) -> Sequence[str]:
        """Return the lines of a path, by its line numbers less one."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Sequence[str]:
        source = self._sources.get(path)
        if source is None and self._stdin is not None:
            return _lines(self._stdin)
        if source is None:  # the configuration
            source = Source(path, os.path.join(self._root or "", path), False)
        try:
            return _lines(read(source))
        except SourceError:
            return ()


def _lines(data: bytes) -> Sequence[str]:
    from meshlint.syntax.encoding import lines_of  # only where frames are shown

    return lines_of(data)
