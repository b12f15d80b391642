"""All configurations of a run, and which of them speak for a path.

In: the configuration of the run and those of subtrees. Out: for a path, the configurations from the outermost to the
nearest; for the whole run, one `Settings`. A nested configuration that says `root: true` inherits nothing.

What speaks of the run or of the cluster as a whole stands in the outermost one alone. What exists (`externals`) exists
for everybody, whoever says so; `legacy`, `exceptions` and the rest hold below the folder of their file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.config.folder import PathGlobs
from meshlint.config.model import Settings


class Tree:
    """Hold the configurations of a run; `nested` is in the order of paths."""

    def __init__(self, base: Settings, nested: Iterable[Settings] = ()) -> None:
        rows = sorted(nested, key=lambda settings: settings.folder.place)
        ends = [settings.folder.place for settings in rows if settings.root]
        self.base = _bounded(base, ends)
        self.nested = tuple(_bounded(settings, ends) for settings in rows)
        self._by_place = {settings.folder.place: settings for settings in self.nested}
        self._chains: dict[str, tuple[Settings, ...]] = {}
        self._globs: dict[str, list[tuple[PathGlobs, str]]] = {}

    @property
    def all(self) -> tuple[Settings, ...]:
        """Return every configuration, that of the run first."""
        return (self.base, *self.nested)

    @property
    def is_uniform(self) -> bool:
        """Tell whether the same rules hold everywhere."""
        return not self.nested and not self.base.overrides

    def chain(self, path: str) -> tuple[Settings, ...]:
        """Return the configurations that speak for a path, the outermost first."""
        if not self.nested:
            return (self.base,)
        start = self.base.folder.start
        return self._of_folder((path if path.startswith("/") else start + path).rpartition("/")[0])

    def _of_folder(self, folder: str) -> tuple[Settings, ...]:
        """Climb to the next folder that was asked for, or to the top, and come back down."""
        climbed = []
        at = folder
        while at not in self._chains:
            climbed.append(at)
            if not at:
                break
            at = at.rpartition("/")[0]
        chain = self._chains.get(at, (self.base,))
        for below in reversed(climbed):
            own = self._by_place.get(f"{below}/")
            if own is not None:
                chain = (own,) if own.root else (*chain, own)
            self._chains[below] = chain
        return chain

    def grouped(self, paths: Iterable[str]) -> Iterator[tuple[Settings, dict[str, str]]]:
        """Yield every configuration with the paths that it speaks for, by how they are written in its folder."""
        groups: dict[str, dict[str, str]] = {settings.folder.place: {} for settings in self.all}
        for path in paths:
            for settings in self.chain(path):
                relative = settings.folder.relative(path)
                if relative is not None:
                    groups[settings.folder.place][relative] = path
        return ((settings, groups[settings.folder.place]) for settings in self.all)

    def namespace_of(self, path: str) -> str:
        """Return the namespace of objects that state none at a path; the nearest and last that speaks decides."""
        for settings in reversed(self.chain(path)):
            relative = settings.folder.relative(path) if settings.namespaces else None
            if relative is not None:
                for globs, namespace in self._placing(settings):
                    if globs.covers(relative):
                        return namespace
        return ""

    def _placing(self, settings: Settings) -> list[tuple[PathGlobs, str]]:
        place = settings.folder.place
        if place not in self._globs:
            rows = list(settings.namespaces.items())
            self._globs[place] = [(PathGlobs([glob]), namespace) for glob, namespace in reversed(rows)]
        return self._globs[place]

    def whole(self) -> Settings:
        """Return what holds for the run: what stands in the outermost file, and the entries of all others."""
        return self.base._replace(
            externals=tuple(item for settings in self.all for item in settings.externals),
            legacy=tuple(
                item._replace(file=settings.path or "", folder=settings.folder)
                for settings in self.all
                for item in settings.legacy
            ),
            exceptions=tuple(
                item._replace(file=settings.path or "", folder=settings.folder)
                for settings in self.all
                for item in settings.exceptions
            ),
        )


def _bounded(settings: Settings, ends: Iterable[str]) -> Settings:
    """Take out of a folder the subtrees that inherit nothing."""
    place = settings.folder.place
    holes = tuple(end for end in ends if end != place and end.startswith(place))
    return settings._replace(folder=settings.folder._replace(holes=holes)) if holes else settings
