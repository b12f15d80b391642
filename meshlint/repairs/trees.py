"""The files of a run as they are and as they would be: texts by path, nothing written yet.

In: sources and their bytes, CODEOWNERS. Out: `Tree`s, each a new one; and what a run over one of them says. It knows
no rule and writes no file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from meshlint.findings.judging import Judged, Resolved, judge_all, resolve_all
from meshlint.mesh.ownership.codeowners import CodeOwners
from meshlint.pipeline import Material, Run, inputs_of
from meshlint.records import NamedTuple
from meshlint.resources.intake import read_contents
from meshlint.sources.source import Source
from meshlint.sources.walk import Collection


class Owners(NamedTuple):
    """Hold a CODEOWNERS file that a fix writes; `text` is all of it."""

    path: str
    platform: str | None
    text: str


class Tree(NamedTuple):
    """Hold the sources, those that changed with the bytes that they would have."""

    sources: tuple[Source, ...]
    skipped: tuple[tuple[str, str], ...]
    codeowners: CodeOwners | None
    owners: Owners | None = None

    def source(self, path: str) -> Source | None:
        """Return the source that reports call by this path."""
        return next((source for source in self.sources if source.path == path), None)

    def changed(self, texts: Mapping[str, bytes], created: Mapping[str, Source], owners: Owners | None) -> Tree:
        """Return the tree with other bytes in some files, with more files, and with a CODEOWNERS."""
        sources = [
            source._replace(held=texts[source.path]) if source.path in texts else source for source in self.sources
        ]
        together = sorted([*sources, *created.values()], key=lambda source: (source.path, source.file or ""))
        codeowners = self.codeowners
        if owners is not None:
            codeowners = CodeOwners(owners.text.encode(), path=owners.path, platform=owners.platform)
        return Tree(tuple(together), self.skipped, codeowners, owners or self.owners)


class Verdict(NamedTuple):
    """Hold what a run over a tree says, and the objects that its places point into."""

    judged: Judged
    resolved: Resolved


def tree_of(material: Material) -> Tree:
    """Return the tree as it was read."""
    collection = material.collection
    return Tree(collection.sources, collection.skipped, material.codeowners)


def judged(run: Run, tree: Tree, material: Material) -> Verdict:
    """Judge a tree as if it had been written."""
    collection = Collection(tree.sources, tree.skipped)
    contents = read_contents(tree.sources)
    inputs = inputs_of(run, Material(collection, contents, tree.codeowners, material.programs))
    resolved = resolve_all(inputs)
    return Verdict(judge_all(inputs, resolved), resolved)


def file_below(beside: Source, name: str) -> tuple[str, str]:
    """Return the path that reports would print, and the file, of a name in the folder of a source."""
    assert beside.file is not None  # standard input is never fixed
    folder = os.path.dirname(beside.path)
    path = f"{folder}/{name}" if folder else name
    return path, os.path.join(os.path.dirname(beside.file), name)
