"""Where a case is judged: a folder that holds the base, and over it whatever the case brings.

In: the files of a case and the rules to judge them by. Out: `Trial`: what was said, and what it was said from. Between
two cases only what differs is written, facts are taken once for the same bytes, and the rules are those in memory: that
is why fifteen hundred cases are a matter of seconds. Nothing outside the folder is ever written, whatever a pack calls
its files.
"""

from __future__ import annotations

import marshal
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from meshlint.cache import Cache
from meshlint.config.discovery import Discovery
from meshlint.config.model import RuleSetting
from meshlint.errors import UsageError
from meshlint.findings.inputs import Inputs
from meshlint.findings.judging import Judged, Resolved, judge_all, resolve_all
from meshlint.pipeline import Options, Run, inputs_of
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.rule import CompiledRule
from meshlint.policy.selection.areas import Areas, Command
from meshlint.policy.selection.selection import known_rules
from meshlint.records import NamedTuple
from meshlint.sources.walk import collect


class Trial(NamedTuple):
    """Hold what was said of a case, and what it was said from."""

    judged: Judged
    inputs: Inputs
    resolved: Resolved


class Memory(Cache):
    """Keep values for as long as the process lives; they are copied, as a file would copy them."""

    def __init__(self) -> None:
        super().__init__(None)
        self._kept: dict[tuple[str, str], bytes] = {}

    def get(self, kind: str, key: str) -> Any:
        """Return a copy of what was put, or None."""
        data = self._kept.get((kind, key))
        return None if data is None else marshal.loads(data)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a plain value."""
        self._kept[kind, key] = marshal.dumps(value)


class Bench:
    """Judge one case after another in one folder, which belongs to the bench alone."""

    def __init__(
        self, folder: str, catalogue: Catalogue, today: str, tunes: Sequence[Mapping[str, RuleSetting]] = ()
    ) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.tunes = tunes  # what packs change about rules
        self._options = Options((folder,), today, folder, profile="strict", allow_empty=True)
        self._known = known_rules(catalogue.rules)
        self._memory = Memory()
        self._lying: dict[str, str] = {}

    def judge(
        self, files: Mapping[str, str], select: Iterable[str] = (), replaced: Mapping[str, CompiledRule] | None = None
    ) -> Trial:
        """Judge files by the whole catalogue in profile strict, or by the rules that `select` names.

        `replaced` are rules, by id, to take in the place of those of the catalogue. Raises UsageError for a path
        outside the folder, ConfigError for a configuration among the files that is wrong.
        """
        self._lay(files)
        inputs = inputs_of(self._run(tuple(select), _with(self.catalogue, replaced or {})))
        resolved = resolve_all(inputs)
        return Trial(judge_all(inputs, resolved), inputs, resolved)

    def _run(self, select: tuple[str, ...], catalogue: Catalogue) -> Run:
        """Prepare a run as the pipeline does, with the rules that are in memory."""
        discovery = Discovery(self.folder, lambda _settings: self._known, self._memory)
        discovery.start_from(None, self.folder, [self.folder])
        collection = collect([self.folder], root=self.folder, entering=discovery.enter)
        tree = discovery.tree()
        areas = Areas(catalogue, tree, Command("strict", select), self.tunes)
        whole, options = tree.whole(), self._options
        excludes, rules = discovery.excludes, areas.rules
        return Run(options, self.folder, whole, catalogue, rules, self._memory, areas, collection, excludes)

    def _lay(self, files: Mapping[str, str]) -> None:
        """Make the folder hold these files and no others."""
        for path in files:
            if os.path.isabs(path) or os.path.normpath(path).split(os.sep)[0] in (os.pardir, os.curdir, ""):
                raise UsageError(f"the file `{path}` of an example lies outside of it", help="name it by a path below")
        try:
            for path in [path for path in self._lying if path not in files]:
                self._remove(path)
            for path, text in files.items():
                if self._lying.get(path) != text:
                    self._write(path, text)
        except (OSError, ValueError) as error:
            self._clear()
            told = (getattr(error, "strerror", None) or str(error)).lower()
            raise UsageError(f"the files of the example cannot lie together: {told}") from error

    def _write(self, path: str, text: str) -> None:
        target = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
        self._lying[path] = text

    def _clear(self) -> None:
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        self._lying.clear()

    def _remove(self, path: str) -> None:
        os.unlink(os.path.join(self.folder, path))
        del self._lying[path]
        folder = os.path.dirname(os.path.join(self.folder, path))
        while folder != self.folder and not os.listdir(folder):
            os.rmdir(folder)
            folder = os.path.dirname(folder)


def _with(catalogue: Catalogue, replaced: Mapping[str, CompiledRule]) -> Catalogue:
    if not replaced:
        return catalogue
    other = copy(catalogue)
    other.rules = tuple(replaced.get(rule.id, rule) for rule in catalogue.rules)
    return other
