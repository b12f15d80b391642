"""What a run is made of before it reads a manifest: configurations, packs, rules, the list of sources.

In: the options of a run. Out: `Run`. Configurations are found while sources are; rules are chosen when both are known.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from meshlint.cache import Cache, default_folder
from meshlint.config.discovery import Discovery
from meshlint.config.model import Settings
from meshlint.findings.report import Plain
from meshlint.policy.areas import Areas, Command
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.library import Library
from meshlint.policy.selection import ActiveRule, known_rules
from meshlint.sources.root import common_folder, find_root, folders_of
from meshlint.sources.walk import Collection, collect, without_file, without_folders

if TYPE_CHECKING:
    from meshlint.config.tree import Tree
    from meshlint.policy.packs.pack import Pack


class Options(NamedTuple):
    """Hold what the caller asked for; None leaves it to the configuration."""

    operands: tuple[str, ...] = (".",)
    today: str = ""  # ISO date
    root: str | None = None
    config: str | None = None
    profile: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    complete: bool = False
    namespace: str = ""
    allow_empty: bool = False
    cached: bool = True
    sources: tuple[str, ...] = ()  # folders with programs
    packs: tuple[str, ...] = ()  # folders with rules, names of installed packs
    baseline: str | None = None  # file of known findings; empty: none, whatever the configuration says


class Run(NamedTuple):
    """Hold what every stage after reading the configuration needs."""

    options: Options
    root: str | None
    settings: Settings
    catalogue: Catalogue
    rules: tuple[ActiveRule, ...]  # that hold somewhere
    cache: Cache
    areas: Areas
    collection: Collection
    discovery: Discovery
    packs: tuple[Pack, ...] = ()
    baseline: str | None = None  # the file of known findings

    def is_mandatory(self, finding: Plain) -> bool:
        """Tell whether nothing may take a finding out."""
        return finding["rule"] in self.areas.mandatory_at(finding["location"]["path"])


def prepare(options: Options, packs: Sequence[Pack] | None = None, tree: Tree | None = None) -> Run:
    """Read the configurations, find the sources, choose the rules.

    `packs` and `tree` take the place of the packs that are named and of the configurations that stand there.
    Raises UsageError, ConfigError, RuleError and SourceError for what the caller got wrong.
    """
    cache = Cache(default_folder() if options.cached else None)
    root = find_root(options.operands, options.root)
    library, discovery, base = _configured(options, root, cache, packs, tree)
    catalogue = library.catalogue(base)
    collection = collect(options.operands, root=root, entering=discovery.enter)
    found = discovery.tree()
    areas = _areas(options, library, catalogue, found)
    baseline = base.baseline if options.baseline is None else options.baseline
    if baseline:
        collection = without_file(collection, baseline)
    collection = without_folders(collection, [pack.folder for pack in library.packs], options.operands)
    return Run(
        options, root, found.whole(), catalogue, areas.rules, cache, areas, collection, discovery, library.packs,
        baseline or None,
    )  # fmt: skip


def catalogue_of(options: Options) -> Catalogue:
    """Return the rules that exist for a run, without looking for what it would read."""
    cache = Cache(default_folder() if options.cached else None)
    library, _, base = _configured(options, find_root(options.operands, options.root), cache)
    return library.catalogue(base)


def areas_at(options: Options) -> tuple[str | None, Areas]:
    """Return the root and the rules in force around the operands, by the configurations above them alone."""
    cache = Cache(default_folder() if options.cached else None)
    root = find_root(options.operands, options.root)
    library, discovery, base = _configured(options, root, cache)
    return root, _areas(options, library, library.catalogue(base), discovery.tree())


def _areas(options: Options, library: Library, catalogue: Catalogue, tree: Tree) -> Areas:
    if options.ignore:
        from meshlint.config.mandatory import refuse_ignored

        refuse_ignored(tree.base, known_rules(catalogue.rules), options.ignore)
    tunes, manifests = [pack.tunes for pack in library.packs], [pack.manifest for pack in library.packs]
    return Areas(catalogue, tree, Command(options.profile, options.select, options.ignore), tunes, manifests)


def _configured(
    options: Options,
    root: str | None,
    cache: Cache,
    packs: Sequence[Pack] | None = None,
    tree: Tree | None = None,
) -> tuple[Library, Discovery, Settings]:
    """Return who knows the rules and the configurations, and the configuration of the run."""
    library = Library(load_builtin(cache), options.packs, root, cache, packs)
    discovery = Discovery(root, library.known, cache)
    if tree is not None:
        return library, discovery, discovery.adopt(tree)
    common = common_folder(options.operands) or os.getcwd()
    return library, discovery, discovery.start_from(options.config, common, folders_of(options.operands))
