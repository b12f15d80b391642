"""The configurations and the rules of a run, which depend on each other: the one names packs, the other is spoken of.

In: the operands, a root, what the command line names. Out: one catalogue, who finds nested configurations, and, when
all of them are found, which rules hold where.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.cache import Cache, default_folder
from meshlint.config.discovery import Discovery
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.selection.areas import Areas, Command
from meshlint.policy.selection.library import Library
from meshlint.policy.selection.selection import known_rules
from meshlint.sources.root import common_folder, find_root, folders_of

if TYPE_CHECKING:
    from meshlint.config.tree import Tree
    from meshlint.policy.packs.pack import Pack


class Configured:
    """Hold the configuration of a run and the rules that it may speak of.

    `packs` and `tree` take the place of the packs that are named and of the configurations that stand there. Raises
    ConfigErrors and RuleErrors for what is wrong with them.
    """

    def __init__(
        self,
        operands: Sequence[str],
        root: str | None,
        cache: Cache,
        config: str | None = None,
        given: Sequence[str] = (),
        packs: Sequence[Pack] | None = None,
        tree: Tree | None = None,
    ) -> None:
        self.library = Library(load_builtin(cache), given, root, cache, packs)
        self.discovery = Discovery(root, self.library.known, cache)
        if tree is not None:
            self.base = self.discovery.adopt(tree)
        else:
            common = common_folder(operands) or os.getcwd()
            self.base = self.discovery.start_from(config, common, folders_of(operands))
        self.catalogue = self.library.catalogue(self.base)

    def areas(self, command: Command) -> Areas:
        """Return which rules hold where, by the configurations that were found until now.

        Raises ConfigErrors for the mistakes of nested ones, UsageError for words that mean no rule or a mandatory one.
        """
        tree = self.discovery.tree()
        if command.ignore:
            from meshlint.config.mandatory import refuse_ignored

            refuse_ignored(tree.base, known_rules(self.catalogue.rules), command.ignore)
        packs = self.library.packs
        return Areas(self.catalogue, tree, command, [pack.tunes for pack in packs], [pack.manifest for pack in packs])


def catalogue_named(packs: Sequence[str], config: str | None) -> Catalogue:
    """Return the rules that exist in the current folder, those of packs included, without looking for manifests."""
    here = (".",)
    return Configured(here, find_root(here), Cache(default_folder()), config=config, given=packs).catalogue
