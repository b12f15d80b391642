"""Which rules hold where: the configurations of a tree, their overrides and the command line, one after the other.

In: the catalogue, the tree, the words of the command line. Out: for a path and a namespace, the rules in force; for a
run, every rule that holds anywhere, and how often it has to judge. Later voices win: an override wins over its own
file, a nested configuration over the ones above it, the command line over all of them. It knows no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from meshlint.config.folder import PathGlobs
from meshlint.config.model import Override, RuleSetting, Settings
from meshlint.config.tree import Tree
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.rule import CompiledRule
from meshlint.policy.selection.selection import ActiveRule, named_rules, select_rules
from meshlint.records import NamedTuple

InForce = Mapping[str, ActiveRule]
"""The rules of an area by their ids."""


class Command(NamedTuple):
    """Hold what the command line says about rules."""

    profile: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


NO_WORDS = Command()
"""A command line that leaves everything to the configuration."""


class Voice(NamedTuple):
    """Hold what a file or an override says about rules; None says nothing."""

    profile: str | None
    select: tuple[str, ...] | None
    ignore: tuple[str, ...]
    rules: Mapping[str, RuleSetting]
    mandatory: tuple[str, ...] = ()


class _Clause(NamedTuple):
    """Hold an override, ready to be asked."""

    paths: PathGlobs | None
    namespaces: tuple[str, ...]
    voice: int


class Areas:
    """Answer which rules are in force for a path and a namespace."""

    def __init__(
        self,
        catalogue: Catalogue,
        tree: Tree,
        command: Command,
        tunes: Sequence[Mapping[str, RuleSetting]] = (),
        manifests: Sequence[str] = (),
    ) -> None:
        self.tree = tree
        self.tunes = tuple(zip(manifests, tunes, strict=False))  # of packs, with the file that says it
        self._tunes = [Voice(None, None, (), _unplaced(settings)) for settings in tunes]  # packs speak first
        self.catalogue = catalogue
        self.command = command
        self._voices: list[Voice] = []
        self._numbers: dict[str, int] = {}
        self._of_files: dict[str, tuple[int, tuple[_Clause, ...]]] = {}  # by place
        self._in_force: dict[tuple[int, ...], InForce] = {}
        self._on_paths: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {}
        self._at: dict[tuple[str, str], InForce] = {}
        self._mandatory: dict[tuple[str, ...], frozenset[str]] = {}
        for settings in tree.all:
            clauses = tuple(self._clause(override) for override in settings.overrides)
            self._of_files[settings.folder.place] = (self._number(_voice_of(settings)), clauses)
        self.rules = self._all_rules()

    def at(self, path: str, namespace: str) -> InForce:
        """Return the rules in force for what stands in a file and belongs to a namespace."""
        key = (path, namespace)
        found = self._at.get(key)
        if found is None:
            voices = tuple(
                voice
                for voice, globs in self._on_path(path)
                if not globs or any(fnmatchcase(namespace, glob) for glob in globs)
            )
            found = self._at[key] = self._together(voices)
        return found

    def mandatory_at(self, path: str) -> frozenset[str]:
        """Return the ids of the rules whose findings in a file nothing takes out.

        What the configuration of the run makes mandatory is so in every subtree, one that is a root of its own as well.
        """
        chain = self.tree.chain(path) if self.tree.nested else ()
        words = dict.fromkeys((*self.tree.base.mandatory, *(word for one in chain for word in one.mandatory)))
        key = tuple(words)
        if key not in self._mandatory:
            self._mandatory[key] = frozenset(mandatory_rules(self.catalogue, key))
        return self._mandatory[key]

    def everywhere(self) -> frozenset[str]:
        """Return the ids of the rules that hold whatever the path and the namespace."""
        held = [frozenset(self._together(voices)) for voices in self._combinations()]
        return held[0].intersection(*held[1:])

    def variants(self, paths: Iterable[str], namespaces: Iterable[str]) -> list[list[ActiveRule]]:
        """Return which rules judge in which pass: each once, and once more for each further set of parameters.

        Severities are left to the areas.
        """
        params: dict[str, list[Mapping[str, Any]]] = {rule.rule.id: [] for rule in self.rules}
        is_tuned = any(setting.params for voice in self._voices for setting in voice.rules.values())
        for in_force in self._met(paths, namespaces) if is_tuned else ():
            for name, active in in_force.items():
                if active.params not in params[name]:
                    params[name].append(active.params)
        passes: list[list[ActiveRule]] = []
        for rule in self.rules:
            for number, values in enumerate(params[rule.rule.id] or [rule.params]):
                if number == len(passes):
                    passes.append([])
                passes[number].append(ActiveRule(rule.rule, "", values, rule.fix))
        return passes

    def _met(self, paths: Iterable[str], namespaces: Iterable[str]) -> Iterable[InForce]:
        """Return what is in force for any of the paths together with any of the namespaces, each once."""
        globs = {glob for _, clauses in self._of_files.values() for clause in clauses for glob in clause.namespaces}
        alike = {tuple(fnmatchcase(name, glob) for glob in sorted(globs)): name for name in namespaces}
        on_paths = dict.fromkeys(self._on_path(path) for path in paths)
        found = {}
        for rows in on_paths:
            for namespace in alike.values():
                voices = tuple(v for v, asked in rows if not asked or any(fnmatchcase(namespace, g) for g in asked))
                found[voices] = self._together(voices)
        return found.values()

    def _on_path(self, path: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Return the voices that speak for a path, with the namespaces that they ask for."""
        found = self._on_paths.get(path)
        if found is None:
            found = self._on_paths[path] = tuple(self._rows(path))
        return found

    def _rows(self, path: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        for settings in self.tree.chain(path):
            voice, clauses = self._of_files[settings.folder.place]
            yield voice, ()
            relative = settings.folder.relative(path)
            for clause in clauses:
                if clause.paths is None or (relative is not None and clause.paths.covers(relative)):
                    yield clause.voice, clause.namespaces

    def _together(self, voices: tuple[int, ...]) -> InForce:
        found = self._in_force.get(voices)
        if found is None:
            spoken = [*self._tunes, *(self._voices[number] for number in voices)]
            rules = chosen(self.catalogue, spoken, self.command, self.tree.base.mandatory)
            found = self._in_force[voices] = {active.rule.id: active for active in rules}
        return found

    def _combinations(self) -> Iterator[tuple[int, ...]]:
        """Yield the voices of every file alone and with each of its overrides.

        A rule that is on where several overrides hold is on for one of them alone.
        """
        for settings in self.tree.all:
            above = self.tree.chain(settings.folder.place) if settings is not self.tree.base else (settings,)
            voices = tuple(self._of_files[one.folder.place][0] for one in above)
            yield voices
            yield from ((*voices, clause.voice) for clause in self._of_files[settings.folder.place][1])

    def _all_rules(self) -> tuple[ActiveRule, ...]:
        found: dict[str, ActiveRule] = {}
        for voices in dict.fromkeys(self._combinations()):
            for name, active in self._together(voices).items():
                found.setdefault(name, active)
        return tuple(found[rule.id] for rule in self.catalogue.rules if rule.id in found)

    def _number(self, voice: Voice) -> int:
        """Return the number of a voice; those that say the same have the same."""
        key = repr(voice)
        if key not in self._numbers:
            self._numbers[key] = len(self._voices)
            self._voices.append(voice)
        return self._numbers[key]

    def _clause(self, override: Override) -> _Clause:
        voice = Voice(override.profile, override.select, override.ignore, _unplaced(override.rules))
        paths = PathGlobs(override.paths) if override.paths else None
        return _Clause(paths, override.namespaces, self._number(voice))


def _voice_of(settings: Settings) -> Voice:
    profile = settings.profile if "profile" in settings.said else None
    select = settings.select if "select" in settings.said else None
    return Voice(profile, select, settings.ignore, _unplaced(settings.rules), settings.mandatory)


def _unplaced(rules: Mapping[str, RuleSetting]) -> dict[str, RuleSetting]:
    return {word: setting._replace(line=0, pointer="") for word, setting in rules.items()}


def chosen(
    catalogue: Catalogue, voices: Sequence[Voice], command: Command, mandatory: Iterable[str] = ()
) -> tuple[ActiveRule, ...]:
    """Return the rules that several voices leave in force, the last of which wins.

    A later `profile` or `select` chooses anew. What a voice ignores stays out until a later one enables that very rule
    or names it in `select`; what is set about a rule is joined key by key. What is mandatory stays in force.
    """
    profile, select = "standard", tuple[str, ...]()
    settings: dict[str, RuleSetting] = {}
    ignored: set[str] = set()
    for voice in voices:
        if voice.profile is not None or voice.select is not None:
            profile, select = voice.profile or profile, voice.select or ()
        for rule in catalogue.rules if voice.select else ():
            if rule.id in select or rule.name in select:
                ignored.discard(rule.id)
                if rule.id in settings and settings[rule.id].enabled is False:
                    settings[rule.id] = settings[rule.id]._replace(enabled=None)
        _tune(catalogue, voice, settings, ignored)
        if voice.select is None:  # naming a rule is stronger than switching it off, but not than doing so later
            off = (rule for rule in catalogue.rules if (said := _said_of(rule, voice.rules)) and said.enabled is False)
            ignored.update(rule.id for rule in off if rule.id in select or rule.name in select)
        ignored |= named_rules(catalogue, voice.ignore)
    if command.select or command.profile:
        profile, select = command.profile or profile, command.select
    always = mandatory_rules(catalogue, (*mandatory, *(word for voice in voices for word in voice.mandatory)))
    return select_rules(catalogue, profile, select, (*sorted(ignored), *command.ignore), settings, always)


def mandatory_rules(catalogue: Catalogue, mandatory: Iterable[str]) -> set[str]:
    """Return the ids of the rules that configurations or their own packs make mandatory."""
    return named_rules(catalogue, mandatory) | {rule.id for rule in catalogue.rules if rule.mandatory}


def _tune(catalogue: Catalogue, voice: Voice, settings: dict[str, RuleSetting], ignored: set[str]) -> None:
    """Join what a voice sets about single rules with what was set before."""
    if not voice.rules:
        return
    for rule in catalogue.rules:
        said = _said_of(rule, voice.rules)
        if said is None:
            continue
        before = settings.get(rule.id, RuleSetting())
        settings[rule.id] = RuleSetting(
            said.severity or before.severity,
            before.enabled if said.enabled is None else said.enabled,
            {**before.params, **said.params},
        )
        if said.enabled:
            ignored.discard(rule.id)


def _said_of(rule: CompiledRule, rules: Mapping[str, RuleSetting]) -> RuleSetting | None:
    return rules.get(rule.id) or rules.get(rule.name)
