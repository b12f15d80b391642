"""Find the configurations of a tree: above the operands, and in the folders that a walk enters.

In: the root, the folders that somebody walks. Out: what each folder leaves out, while the walk goes on, and the `Tree`
when it has ended, or every mistake of all nested files. Folders are listed by the walk, so looking for nested files
costs nothing where there are none; what was valid once is kept in one entry for a whole tree.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import Any

from meshlint import __version__
from meshlint.cache import Cache, digest
from meshlint.config.folder import folder_of
from meshlint.config.loader import FORMAT, has_table, load, read_file, shown_as, validated
from meshlint.config.model import DEFAULTS, FILE_NAME, PYPROJECT, ConfigErrors, KnownRule, Settings
from meshlint.config.places import is_toml
from meshlint.config.plain import from_plain, to_plain
from meshlint.config.rules import check_nested_rules
from meshlint.config.tree import Tree
from meshlint.errors import ConfigError
from meshlint.sources.ignores import IgnoreRules, parse
from meshlint.sources.root import upwards
from meshlint.sources.walk import Excludes

NAMES = frozenset((FILE_NAME, PYPROJECT))


class Discovery:
    """Collect the configurations of a run.

    The configuration of the run is the one that was named, which is then the only one; else that of the root, which may
    have none; without a root the outermost above all operands.
    """

    def __init__(self, root: str | None, known_rules: Callable[[Settings], Sequence[KnownRule]], cache: Cache) -> None:
        self._root = root
        self._known_of = known_rules
        self._known: Sequence[KnownRule] | None = None
        self._cache = cache
        self._files: dict[str, str] = {}  # folder → its nested configuration
        self._loaded: dict[str, Settings | ConfigErrors] = {}  # by folder
        self._kept = _Kept(cache, root or os.getcwd())
        self._excludes: dict[str, Excludes] = {}
        self._base = DEFAULTS
        self._base_folder = ""
        self._is_alone = False

    def start_from(self, named: str | None, common: str, folders: Collection[str]) -> Settings:
        """Return the configuration of the run, and find those between the root and the folders of the operands.

        Raises ConfigErrors for what is wrong with the configuration of the run.
        """
        above = self._above(common)
        if named is not None:
            self._is_alone = True
            self._take_base(named, self._home_of(named, common))
            return self._base
        tops = [self._root] if self._root is not None else above[::-1]
        found = next(((file, folder) for folder in tops if (file := _in_folder(folder)) is not None), None)
        if found is not None:
            self._take_base(*found)
        for folder in sorted({at for start in folders for at in self._above(start)}):
            if folder not in self._files and (file := _in_folder(folder)) is not None:
                self._note(folder, file)
        return self._base

    def adopt(self, tree: Tree) -> Settings:
        """Take the configurations of the same tree at another time, and look for no others."""
        self._is_alone = True
        self._base = tree.base
        self._excludes[self._at(tree.base)] = _excludes(self._at(tree.base), tree.base)
        for settings in tree.nested:
            folder = self._at(settings)
            self._files[folder] = settings.path or ""
            self._loaded[folder] = settings
        return self._base

    def _at(self, settings: Settings) -> str:
        return os.path.normpath(os.path.join(self._root or "", settings.folder.place or "."))

    def _above(self, folder: str) -> list[str]:
        """Return a folder and those above it, nearest first, up to the root; none for one outside of it."""
        found = upwards(folder)
        if self._root is None:
            return found
        return found[: found.index(self._root) + 1] if self._root in found else []

    def _home_of(self, named: str, common: str) -> str:
        """Return the folder that the globs of a named file start at: its own, or the tree's when it is elsewhere."""
        own = os.path.dirname(os.path.abspath(named))
        if self._root is not None:
            return own if self._root in upwards(own) else self._root
        return own if own in upwards(common) or common in upwards(own) else common

    def _take_base(self, file: str, folder: str) -> None:
        settings = load(file, start=folder, root=self._root, known_rules=self._learn, cache=self._cache)
        self._base = settings._replace(folder=folder_of(folder, self._root))
        self._base_folder = folder
        self._excludes[folder] = _excludes(folder, settings)

    def _learn(self, settings: Settings) -> Sequence[KnownRule]:
        self._known = self._known_of(settings)
        return self._known

    def _rules(self) -> Sequence[KnownRule]:
        """Return the rules that nested files may speak of: packs are named by the configuration of the run."""
        return self._known if self._known is not None else self._learn(self._base)

    def enter(self, folder: str, names: Collection[str]) -> Excludes:
        """Take note of a folder that is walked, by the names that it holds; return what is left out below it."""
        if not self._is_alone and folder not in self._files and folder != self._base_folder:
            for name in (FILE_NAME, PYPROJECT):
                file = os.path.join(folder, name)
                if name in names and (name == FILE_NAME or has_table(file)):
                    self._note(folder, file)
                    break
        return self.excludes(folder)

    def _note(self, folder: str, file: str) -> None:
        """Take in a nested file; outside the root only the configuration of the root holds."""
        is_inside = self._root is None or folder.startswith(self._root.rstrip(os.sep) + os.sep)
        if is_inside and folder != self._base_folder:
            self._files[folder] = file

    def excludes(self, folder: str, _names: Collection[str] = ()) -> Excludes:
        """Return what the known configurations above a folder leave out, the nearest last."""
        climbed = []
        at = folder
        while at not in self._excludes:
            climbed.append(at)
            parent = os.path.dirname(at)
            if parent == at or at == self._root:
                break
            at = parent
        found = self._excludes.get(at, ())
        for below in reversed(climbed):
            settings = self._of(below) if below in self._files else None
            if isinstance(settings, Settings):
                found = _excludes(below, settings) if settings.root else (*found, *_excludes(below, settings))
            self._excludes[below] = found
        return found

    def _of(self, folder: str) -> Settings | ConfigErrors:
        if folder not in self._loaded:
            try:
                self._loaded[folder] = self._read(folder, self._files[folder])
            except ConfigErrors as errors:
                for one in errors.errors:
                    one.file = self._files[folder]
                self._loaded[folder] = errors
        return self._loaded[folder]

    def _read(self, folder: str, file: str) -> Settings:
        from meshlint.config.nested import check_nested

        shown = shown_as(file, self._root)
        data = read_file(file, shown)
        settings = self._kept.get(shown, data)
        if settings is None:
            settings = validated(data, shown, self._rules(), check_nested)
            self._kept.put(shown, data, settings)
        settings = settings._replace(path=shown, text=data, folder=folder_of(folder, self._root))
        errors = [*check_nested(settings), *check_nested_rules(settings, self._base, self._rules())]
        if errors:
            raise ConfigErrors(errors)
        return settings

    def tree(self) -> Tree:
        """Return all configurations that were found.

        Raises ConfigErrors with the mistakes of all nested ones, in the order of their paths.
        """
        loaded = [self._of(folder) for folder in sorted(self._files)]
        mistakes: list[ConfigError] = [one for row in loaded if isinstance(row, ConfigErrors) for one in row.errors]
        if mistakes:
            raise ConfigErrors(mistakes)
        self._kept.save()
        return Tree(self._base, [row for row in loaded if isinstance(row, Settings)])


def _excludes(folder: str, settings: Settings) -> Excludes:
    if not settings.exclude:
        return ()
    rules: IgnoreRules = parse("\n".join(settings.exclude))
    return ((folder.rstrip(os.sep), rules),)


def _in_folder(folder: str) -> str | None:
    """Return the configuration that stands in a folder; `.meshlint.yaml` comes before a pyproject.toml."""
    file = os.path.join(folder, FILE_NAME)
    if os.path.lexists(file):
        return file
    return file if has_table(file := os.path.join(folder, PYPROJECT)) else None


class _Kept:
    """Hold what nested files of a tree said when they were valid, by their content, in one entry of the cache."""

    def __init__(self, cache: Cache, place: str) -> None:
        self._cache = cache
        self._key = digest(FORMAT, __version__, *Settings._fields, place)
        self._known: dict[str, Any] | None = None
        self._used: dict[str, Any] = {}
        self._is_new = False

    def get(self, shown: str, data: bytes) -> Settings | None:
        if self._known is None:
            self._known = self._cache.get("nested", self._key) or {}
        key = _mark(shown, data)
        plain = self._known.get(key)
        if plain is None:
            return None
        self._used[key] = plain
        return from_plain(plain)

    def put(self, shown: str, data: bytes, settings: Settings) -> None:
        self._used[_mark(shown, data)] = to_plain(settings)
        self._is_new = True

    def save(self) -> None:
        if self._is_new:
            self._cache.put("nested", self._key, {**(self._known or {}), **self._used} if self._fits() else self._used)

    def _fits(self) -> bool:
        return len(self._known or {}) <= 2 * len(self._used) + 100


def _mark(shown: str, data: bytes) -> str:
    return digest("toml" if is_toml(shown) else "yaml", data)
