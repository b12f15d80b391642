"""What is in force for one path and where every value came from.

In: the areas of a run, a path, a namespace. Out: `InForceHere`: plain rows with their origins: a line of a file, the
command line, a pack, or the default. Slow path: files are read again to find the lines; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from meshlint.config.folder import PathGlobs
from meshlint.config.loader import content_of
from meshlint.config.mistakes import pointer_to
from meshlint.config.model import Override, RuleSetting, Settings
from meshlint.config.places import places_of
from meshlint.config.schema import Configuration
from meshlint.policy.selection.areas import Areas
from meshlint.policy.selection.selection import ActiveRule, named_rules, rules_of_profile
from meshlint.records import NamedTuple

DEFAULT, COMMAND = "default", "command line"
_ADDING = ("ignore", "exclude", "legacy", "externals", "exceptions", "namespaces")
"""Keys whose entries add up from the outermost file to the nearest."""

_ELSEWHERE = ("root", "profile", "select", "rules", "overrides", *_ADDING)


class Origin(NamedTuple):
    """Say where a value came from; the path is empty where that is no file."""

    text: str
    path: str = ""
    line: int = 0


class Row(NamedTuple):
    """Hold a value under its key."""

    key: str
    value: Any
    origin: Origin


class RuleHere(NamedTuple):
    """Hold a rule that is on, what turned it on, and how it is tuned."""

    id: str
    name: str
    origin: Origin
    severity: str
    severity_origin: Origin
    params: Sequence[Row]


class OverrideHere(NamedTuple):
    """Hold an override above a path, and whether it applies."""

    origin: Origin
    paths: Sequence[str]
    namespaces: Sequence[str]
    applies: bool


class InForceHere(NamedTuple):
    """Hold what is in force for a path; files and overrides are in the order in which they speak."""

    path: str
    namespace: str
    files: Sequence[str]
    overrides: Sequence[OverrideHere]
    settings: Sequence[Row]
    rules: Sequence[RuleHere]


class _Part(NamedTuple):
    """Hold one voice with the file that it stands in."""

    file: Settings
    above: str  # pointer of the override, empty for the file itself
    says: Settings | Override


def in_force(areas: Areas, path: str, namespace: str) -> InForceHere:
    """Return everything that is in force for a path and a namespace."""
    chain = areas.tree.chain(path)
    overrides, parts = [], []
    for settings in chain:
        parts.append(_Part(settings, "", settings))
        for override in settings.overrides:
            applies = _applies(settings, override, path, namespace)
            origin = _at(settings, override.pointer)
            overrides.append(OverrideHere(origin, override.paths, override.namespaces, applies))
            if applies:
                parts.append(_Part(settings, override.pointer, override))
    choice = _choice(areas, parts)
    rules = [
        _rule(areas, parts, active, _switch(areas, parts, choice, active))
        for active in areas.at(path, namespace).values()
    ]
    files = [settings.path for settings in chain if settings.path is not None]
    return InForceHere(path, namespace, files, overrides, list(_settings(areas, chain, parts)), rules)


def _applies(settings: Settings, override: Override, path: str, namespace: str) -> bool:
    relative = settings.folder.relative(path)
    if override.paths and (relative is None or not PathGlobs(override.paths).covers(relative)):
        return False
    return not override.namespaces or any(fnmatchcase(namespace, glob) for glob in override.namespaces)


def _settings(areas: Areas, chain: Sequence[Settings], parts: Sequence[_Part]) -> Iterator[Row]:
    yield _choice(areas, parts)
    yield from (Row("ignore", word, origin) for word, origin in _ignored(areas, parts))
    base, defaults = areas.tree.base, Configuration().model_dump(by_alias=True)
    for key in _ADDING[1:]:
        files = areas.tree.all if key == "externals" else chain
        for settings in files:
            yield from _entries(settings, key)
    said = content_of(base.text, base.path) if base.path is not None else {}
    for key, value in defaults.items():
        if key in _ELSEWHERE or key == "ownership":
            continue
        yield Row(key, said.get(key, value), _at(base, f"/{key}#") if key in said else Origin(DEFAULT))
    owned = said.get("ownership") or {}
    for key, value in defaults["ownership"].items():
        if key != "exempt":
            origin = _at(base, f"/ownership/{key}#") if key in owned else Origin(DEFAULT)
            yield Row(f"ownership.{key}", owned.get(key, value), origin)
    for settings in chain:
        for position, glob in enumerate(settings.ownership.exempt):
            yield Row("ownership.exempt", glob, _at(settings, f"/ownership/exempt/{position}"))


def _choice(areas: Areas, parts: Sequence[_Part]) -> Row:
    """Return the profile, or what is selected in its place."""
    command = areas.command
    if command.select:
        return Row("select", list(command.select), Origin(COMMAND))
    if command.profile:
        return Row("profile", command.profile, Origin(COMMAND))
    last = next((part for part in reversed(parts) if _said(part, "profile") or _said(part, "select")), None)
    if last is not None and last.says.select:
        return Row("select", list(last.says.select), _at(last.file, f"{last.above}/select#"))
    profiles = [part for part in parts if _said(part, "profile")]
    if not profiles:
        return Row("profile", "standard", Origin(DEFAULT))
    return Row("profile", profiles[-1].says.profile, _at(profiles[-1].file, f"{profiles[-1].above}/profile#"))


def _said(part: _Part, key: str) -> bool:
    if isinstance(part.says, Settings):
        return key in part.says.said
    return getattr(part.says, key) is not None


def _ignored(areas: Areas, parts: Sequence[_Part]) -> Iterator[tuple[str, Origin]]:
    for part in parts:
        for position, word in enumerate(part.says.ignore):
            yield word, _at(part.file, f"{part.above}/ignore/{position}")
    yield from ((word, Origin(COMMAND)) for word in areas.command.ignore)


def _entries(settings: Settings, key: str) -> Iterator[Row]:
    """Yield the entries of a list or a mapping, each with its line."""
    value = content_of(settings.text, settings.path).get(key) if settings.path is not None else None
    if isinstance(value, Mapping):
        yield from (
            Row(key, {name: item}, _at(settings, pointer_to((key, name)) + "#")) for name, item in value.items()
        )
    elif value:
        yield from (Row(key, item, _at(settings, f"/{key}/{position}")) for position, item in enumerate(value))


def _rule(areas: Areas, parts: Sequence[_Part], active: ActiveRule, switch: Origin) -> RuleHere:
    rule = active.rule
    said = [(part.file, setting) for part in parts if (setting := _setting(part.says.rules, active)) is not None]
    severities = [row for row in said if row[1].severity]
    origin = _key_at(*severities[-1], "severity") if severities else _untold(areas, active, "severity")
    params = []
    for name, value in active.params.items():
        tuned = [row for row in said if name in row[1].params]
        where = _key_at(*tuned[-1], "params", name) if tuned else _untold(areas, active, name)
        params.append(Row(name, value, where))
    return RuleHere(rule.id, rule.name, switch, active.severity or rule.severity, origin, tuple(params))


def _untold(areas: Areas, active: ActiveRule, key: str) -> Origin:
    """Return where a value comes from that no file of the tree states: the last pack that sets it, or the default."""
    for manifest, rules in reversed(areas.tunes):
        setting = _setting(rules, active)
        if setting is None:
            continue
        if key in setting.params or (key == "severity" and setting.severity) or (key == "enabled" and setting.enabled):
            return Origin(f"{manifest}:{setting.line}", manifest, setting.line)
    return Origin(DEFAULT)


def _switch(areas: Areas, parts: Sequence[_Part], choice: Row, active: ActiveRule) -> Origin:
    """Return what turned a rule on: the profile or `select`, the last voice that enables it, or `mandatory`."""
    by_profile = choice.key == "profile"
    chosen = (rules_of_profile if by_profile else named_rules)(areas.catalogue, choice.value)
    if active.rule.id in chosen:
        return choice.origin
    for part in reversed(parts):
        setting = _setting(part.says.rules, active)
        if setting is not None and setting.enabled:
            return _key_at(part.file, setting, "enabled")
    files = dict.fromkeys((areas.tree.base.path, *(part.file.path for part in parts)))
    for settings in (one for one in areas.tree.all if one.path in files):
        for position, word in enumerate(settings.mandatory):
            if active.rule.id in named_rules(areas.catalogue, [word]):
                return _at(settings, f"/mandatory/{position}")
    return _untold(areas, active, "enabled")


def _setting(rules: Mapping[str, RuleSetting], active: ActiveRule) -> RuleSetting | None:
    return rules.get(active.rule.id) or rules.get(active.rule.name)


def _key_at(settings: Settings, setting: RuleSetting, *inside: str) -> Origin:
    return _at(settings, setting.pointer + pointer_to(inside) + "#")


def _at(settings: Settings, pointer: str) -> Origin:
    path = settings.path or ""
    line = places_of(settings.text, path, [pointer])[pointer].start.line
    return Origin(f"{path}:{line}", path, line)
