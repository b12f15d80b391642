"""Find the files to read below the operands.

In: operands, the root, patterns to leave out. Out: `Collection`, sorted by path. Folders are walked with .gitignore
honoured; a named file is always read. Nothing is opened here but .gitignore files, and no link leads in circles.
"""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Sequence

from meshlint.errors import SourceError
from meshlint.records import NamedTuple
from meshlint.sources.ignores import IgnoreRules, parse
from meshlint.sources.source import STDIN, Source

SUFFIXES = (".yaml", ".yml", ".json")
BASELINE = ".meshlint-baseline.json"
"""The usual name of a file of our own, which is no manifest."""

_NEVER = frozenset((".git", ".hg", ".svn", "node_modules", ".terraform", ".venv", "__pycache__"))
_LONGEST_IGNORE_FILE = 1 << 20


class Wanted(NamedTuple):
    """Say which files of a folder are read, and into which folders nobody looks."""

    files: Callable[[str], bool]
    no_folders: frozenset[str]


def _is_manifest(name: str) -> bool:
    return name == "Kustomization" or (name.endswith(SUFFIXES) and name != BASELINE)


MANIFESTS = Wanted(_is_manifest, _NEVER)


class Collection(NamedTuple):
    """Hold what is read, and what was passed by with its reason."""

    sources: tuple[Source, ...]
    skipped: tuple[tuple[str, str], ...]


Excludes = tuple[tuple[str, IgnoreRules], ...]
"""Patterns with the folders that they are relative to, the outermost first."""

Entering = Callable[[str, Sequence[str]], Excludes]
"""What to ask when a folder is entered, by its path and the names in it: what the configuration leaves out there."""

_Identity = tuple[int, int]


def no_excludes(_folder: str, _names: Sequence[str]) -> Excludes:
    """Answer for those who know no configuration: nothing is left out."""
    return ()


def collect(
    operands: Sequence[str], *, root: str | None, entering: Entering = no_excludes, wanted: Wanted = MANIFESTS
) -> Collection:
    """Return the sources of a run, each once.

    Raises SourceError for an operand that does not exist.
    """
    walk = _Walk(root, entering, wanted)
    for operand in operands:
        walk.operand(operand)
    sources = sorted(walk.found.values(), key=lambda source: (source.path, source.file or ""))
    return Collection(tuple(sources), tuple(sorted(walk.skipped)))


def marks_of(collection: Collection, root: str | None) -> tuple[object, ...]:
    """Return what a report says of its sources beside their bytes: named or met, below the root, passed by."""
    base = None if root is None else root.rstrip(os.sep) + os.sep
    marks = tuple(
        (source.named, source.file is None, base is not None and (source.file or "").startswith(base))
        for source in collection.sources
    )
    return marks, collection.skipped


def without_file(collection: Collection, file: str) -> Collection:
    """Leave out a file that was met and is no manifest, as whoever names it knows."""
    real = os.path.realpath(file)
    name = os.path.basename(real)  # to ask every file where its links lead would take as long as reading them

    def is_it(source: Source) -> bool:
        met = source.file if not source.named else None
        return met is not None and met.endswith(name) and os.path.realpath(met) == real

    return collection._replace(sources=tuple(source for source in collection.sources if not is_it(source)))


def without_folders(collection: Collection, folders: Sequence[str], operands: Sequence[str]) -> Collection:
    """Leave out what was met in folders that hold no manifests, where no operand is or lies in one of them."""
    named = [os.path.abspath(operand) for operand in operands]
    inner = [f"{folder}{os.sep}" for folder in folders if not any(_lies_in(operand, folder) for operand in named)]
    if not inner:
        return collection
    sources = (s for s in collection.sources if s.named or s.file is None or not s.file.startswith(tuple(inner)))
    return collection._replace(sources=tuple(sources))


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip(os.sep)}{os.sep}")


def shown_path(file: str, root: str | None) -> str:
    """Return how reports print a file: relative to the root, else to the working folder, else as it is."""
    for base in (root, os.getcwd()):
        if base is not None and (file == base or file.startswith(base.rstrip(os.sep) + os.sep)):
            return printable(os.path.relpath(file, base))
    return printable(file)


def printable(path: str) -> str:
    """Return a path that every format and expression can hold; bytes of no encoding become `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


class _Walk:
    """Collect sources; every real file is taken once, whatever way leads to it."""

    def __init__(self, root: str | None, entering: Entering, wanted: Wanted) -> None:
        self._wanted = wanted
        self._root = root
        self._entering = entering
        self._walked: dict[_Identity, bool] = {}  # whether by its real path
        self.found: dict[str, Source] = {}
        self.skipped: list[tuple[str, str]] = []

    def operand(self, operand: str) -> None:
        """Take one operand of the command line."""
        if operand == STDIN:
            self.found[STDIN] = Source("stdin", None, True)
            return
        file = os.path.abspath(operand)
        try:
            status = os.stat(file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise SourceError(f"cannot read {operand}: {reason}") from error
        if stat.S_ISDIR(status.st_mode):
            self._folder(file, self._rules_above(file), frozenset((_identity(status),)))
        elif stat.S_ISREG(status.st_mode):
            self._take(os.path.realpath(file), Source(shown_path(file, self._root), file, True))
        else:
            raise SourceError(f"cannot read {operand}: it is no regular file")

    def _rules_above(self, folder: str) -> Excludes:
        """Read the .gitignore files between the root and the folder, the folder left out."""
        if self._root is None or not folder.startswith(self._root.rstrip(os.sep) + os.sep):
            return ()
        rules = []
        at = self._root
        for part in os.path.relpath(folder, self._root).split(os.sep):
            rules += _ignore_file(at)
            at = os.path.join(at, part)
        return tuple(rules)

    def _folder(self, folder: str, rules: Excludes, above: frozenset[_Identity]) -> None:
        """Walk a folder, every real one once; links wait, so that reports show the real path of what has one."""
        stack, links = [(folder, rules, above)], deque[tuple[str, Excludes, frozenset[_Identity]]]()
        while stack or links:
            folder, rules, above = stack.pop() if stack else links.popleft()
            real = os.path.realpath(folder)
            entries = self._listing(folder, real)
            rules = (*rules, *_ignore_file(folder)) if entries else rules
            excludes = self._entering(folder, [entry.name for entry in entries])
            for entry in entries:
                try:
                    below = self._entry(entry, real, (rules, excludes), above)
                except OSError as error:  # a link to itself, a path too long, a folder that nobody may enter
                    self.skipped.append((shown_path(entry.path, self._root), (error.strerror or str(error)).lower()))
                    continue
                if below is not None:
                    (links if entry.is_symlink() else stack).append((entry.path, rules, below))

    def _listing(self, folder: str, real: str) -> list[os.DirEntry[str]]:
        """Return the entries of a folder, sorted by name; of one that was walked before only by its real path."""
        try:
            identity = _identity(os.stat(folder))
            if identity in self._walked and (self._walked[identity] or folder != real):
                return []
            self._walked[identity] = folder == real
            with os.scandir(folder) as listing:
                return sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self.skipped.append((shown_path(folder, self._root), (error.strerror or str(error)).lower()))
            return []

    def _entry(
        self,
        entry: os.DirEntry[str],
        folder: str,
        rules: tuple[Excludes, Excludes],
        above: frozenset[_Identity],
    ) -> frozenset[_Identity] | None:
        """Take one entry of a folder, given by its real path; return the chain of folders when it is one to walk."""
        is_folder = entry.is_dir()
        passes = entry.name not in self._wanted.no_folders if is_folder else self._wanted.files(entry.name)
        if not passes or self._ignored(entry.path, is_folder, rules):
            return None
        if is_folder:
            identity = _identity(entry.stat())
            if entry.is_symlink() and identity in above:
                self.skipped.append((shown_path(entry.path, self._root), "symbolic link in a circle"))
                return None
            return above | {identity}
        if not entry.is_file():
            self.skipped.append((shown_path(entry.path, self._root), "no regular file"))
            return None
        real = os.path.realpath(entry.path) if entry.is_symlink() else os.path.join(folder, entry.name)
        self._take(real, Source(shown_path(entry.path, self._root), entry.path, False))
        return None

    def _take(self, real: str, source: Source) -> None:
        """Keep one of several ways to a file, whatever their order: a named one, its own path, the first by name."""
        known = self.found.get(real)
        if known is None or _rank(real, source) < _rank(real, known):
            self.found[real] = source

    def _ignored(self, path: str, is_folder: bool, rules: tuple[Excludes, Excludes]) -> bool:
        """Ask the .gitignore files unless the configuration leaves the path out."""
        own, configured = rules
        return _verdict(configured, path, is_folder) is True or _verdict(own, path, is_folder) is True


def _verdict(rules: Excludes, path: str, is_folder: bool) -> bool | None:
    """Return what the nearest patterns that speak of a path say."""
    for base, patterns in reversed(rules):
        verdict = patterns.verdict(path[len(base) + 1 :].replace(os.sep, "/"), is_folder)
        if verdict is not None:
            return verdict
    return None


def _ignore_file(folder: str) -> list[tuple[str, IgnoreRules]]:
    try:
        file = os.path.join(folder, ".gitignore")
        if not stat.S_ISREG(os.stat(file).st_mode):
            return []
        with open(file, encoding="utf-8", errors="replace") as lines:
            return [(folder.rstrip(os.sep), parse(lines.read(_LONGEST_IGNORE_FILE)))]
    except OSError:
        return []


def _rank(real: str, source: Source) -> tuple[bool, bool, str]:
    return not source.named, source.file != real, source.path


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino
