"""What is tried: the examples in a rule's file, its fixtures, and what a fixture claims of its own silence.

In: rules with what is said of them, and the folder of their fixtures. Out: `Case`s in the order of rules, examples
first. A fixture is a file, or a folder where its idea needs several. It judges nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from meshlint.errors import SourceError
from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.policy.rule_files.expectations import stands_alone
from meshlint.records import NamedTuple
from meshlint.sources.source import Source, read
from meshlint.testing.silences import Claim, claims_of

ALONE = "example.yaml"
GOOD, BAD = "good", "bad"
_SIDES = (GOOD, BAD)


class Case(NamedTuple):
    """Hold one thing to try. `origin` is the file or folder that it stands in, `pointer` the place in a rule file.

    With a claim it is tried as the claim wants it, and the rule has to fire.
    """

    rule: str  # id
    side: str
    name: str
    files: Mapping[str, str]
    origin: str
    pointer: str = ""
    claim: Claim | None = None

    @property
    def stands_alone(self) -> bool:
        """Tell whether it is not laid over the base."""
        return any(stands_alone(text) for text in self.files.values())


class Stray(NamedTuple):
    """Say what lies among the fixtures and belongs to no rule or to no side."""

    path: str
    word: str  # what was taken for the name of a rule; empty where the name of the file is wrong


def examples_of(rule: CompiledRule, told: Documentation, path: str) -> Iterator[Case]:
    """Yield the examples of a rule file."""
    for side, examples in ((GOOD, told.good), (BAD, told.bad)):
        for number, example in enumerate(examples):
            pointer = f"/examples/{side}/{number}"
            name = f"{side} example {number + 1}"
            files = {ALONE: example} if isinstance(example, str) else dict(example)
            yield Case(rule.id, side, name, files, path, pointer)


def fixtures_of(rule: CompiledRule, folder: str) -> Iterator[Case]:
    """Yield the fixtures of a rule, each followed by its claims; the folder may be missing."""
    for entry in _entries(folder):
        side = entry.name.partition("-")[0]
        if side in _SIDES:
            files = files_in(entry.path) if entry.is_dir(follow_symlinks=False) else {ALONE: text_of(entry.path)}
            case = Case(rule.id, side, entry.name, files, entry.path)
            yield case
            for claim in claims_of(files):
                yield case._replace(name=f"{entry.name}:{claim.line}", claim=claim)


def strays(folder: str, known: Mapping[str, str]) -> Iterator[Stray]:
    """Yield what the folder of fixtures holds beside fixtures of known rules; `known` are their folders' names."""
    for entry in _entries(folder):
        if not entry.is_dir() or entry.name == "base":
            continue
        if entry.name not in known:
            yield Stray(entry.path, entry.name)
        else:
            wrong = [inner for inner in _entries(entry.path) if inner.name.partition("-")[0] not in _SIDES]
            yield from (Stray(inner.path, "") for inner in wrong)


def files_in(folder: str) -> dict[str, str]:
    """Return the files of a tree by their relative paths; raises SourceError for one that cannot be read."""
    found = {}
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(top, name)
            found[os.path.relpath(path, folder).replace(os.sep, "/")] = text_of(path)
    return found


def text_of(path: str) -> str:
    """Return a file as it is, line ends included; bytes that are no text survive the way back.

    Raises SourceError for what is no regular file, and for links: a pack of a stranger shows nothing of its reader's.
    """
    if os.path.islink(path):
        raise SourceError(f"cannot read {path}: it is a link")
    return read(Source(path, path, True)).decode("utf-8", "surrogateescape")


def _entries(folder: str) -> Iterable[os.DirEntry[str]]:
    if not os.path.isdir(folder):
        return ()
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
