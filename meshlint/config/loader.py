"""Find `.meshlint.yaml` or `[tool.meshlint]` of a `pyproject.toml`, read it, and turn it into `Settings`.

In: the path of a file, or the folder to look from. Out: `Settings`, or `ConfigErrors` with every mistake.
What was valid once is kept by content, so that a warm run reads a few plain values and imports neither
pydantic nor a parser.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from meshlint import __version__
from meshlint.cache import Cache, digest
from meshlint.config.model import DEFAULTS, FILE_NAME, PYPROJECT, TABLE, ConfigErrors, KnownRule, Settings
from meshlint.config.places import is_toml
from meshlint.config.plain import from_plain, to_plain
from meshlint.config.rules import check_rules
from meshlint.errors import ConfigError, Location, MeshlintError, Position

if TYPE_CHECKING:
    from meshlint.config.schema import Configuration

FORMAT = "3"
"""The form of the kept values; raise it when the schema or a part of `Settings` changes."""

Known = Sequence[KnownRule] | Callable[[Settings], Sequence[KnownRule]]
"""The rules that exist, or how to learn of them when it is known which packs a configuration names."""

_SIZE_LIMIT = 1024 * 1024

Check = Callable[[Settings], Sequence[ConfigError]]


def find(start: str, root: str | None) -> str | None:
    """Return the nearest configuration from a folder upwards, not above the root; `.meshlint.yaml` comes first."""
    folder = os.path.abspath(start)
    top = os.path.abspath(root) if root is not None else None
    while True:
        file = os.path.join(folder, FILE_NAME)
        if os.path.lexists(file):
            return file
        if has_table(file := os.path.join(folder, PYPROJECT)):
            return file
        parent = os.path.dirname(folder)
        if folder in (top, parent):
            return None
        folder = parent


def has_table(file: str) -> bool:
    """Tell whether a pyproject.toml speaks of meshlint; one that cannot be read is somebody else's."""
    try:
        with open(file, "rb") as opened:
            return TABLE.search(opened.read(_SIZE_LIMIT)) is not None
    except OSError:
        return False


def load(
    path: str | None,
    *,
    start: str,
    root: str | None,
    known_rules: Known = (),
    cache: Cache | None = None,
) -> Settings:
    """Return the settings of a file, of the nearest configuration, or the defaults when there is none.

    Raises `ConfigErrors` with all mistakes; those about rules only when `known_rules` says which rules exist, which may
    depend on the packs that the settings name.
    """
    file = path if path is not None else find(start, root)
    if file is None:
        return DEFAULTS
    try:
        return _loaded(
            file, shown_as(file, root), known_rules if callable(known_rules) else lambda _: known_rules, cache
        )
    except ConfigErrors as errors:
        errors.file = file
        raise


def _loaded(
    file: str, shown: str, known_rules: Callable[[Settings], Sequence[KnownRule]], cache: Cache | None
) -> Settings:
    data = read_file(file, shown)
    folder = os.path.dirname(os.path.abspath(file))

    def placed(settings: Settings) -> Settings:
        packs = tuple(
            pack._replace(folder=os.path.join(folder, pack.name)) if pack.is_folder else pack for pack in settings.packs
        )
        baseline = os.path.join(folder, settings.baseline) if settings.baseline else ""
        return settings._replace(path=shown, text=data, packs=packs, baseline=baseline)

    key = digest(FORMAT, __version__, *Settings._fields, "toml" if is_toml(shown) else "yaml", data)
    kept = cache.get("config", key) if cache is not None else None
    if kept is None:
        settings = validated(data, shown, lambda settings: known_rules(placed(settings)))
        if cache is not None:
            cache.put("config", key, to_plain(settings))
    else:
        settings = from_plain(kept)
    settings = placed(settings)
    known = known_rules(settings)
    errors = check_rules(settings, known) if known else []
    if errors:
        raise ConfigErrors(errors)
    return settings


def shown_as(file: str, root: str | None) -> str:
    """Return the path as reports print it: relative to the root, or the working folder, when below it."""
    relative = os.path.relpath(os.path.abspath(file), os.path.abspath(root or os.curdir))
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return os.fsencode(file if outside else relative).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def read_file(file: str, shown: str) -> bytes:
    """Return the bytes of a configuration.

    Raises ConfigErrors when it cannot be read, is no regular file or too large.
    """
    whole = Location(shown, Position(1, 1), Position(1, 1))
    try:
        with open(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise ConfigErrors([ConfigError(f"{shown} is not a regular file", location=whole)])
            data = opened.read(_SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        told = f"{shown} cannot be read: {getattr(error, 'strerror', None) or error}".lower()
        raise ConfigErrors([ConfigError(told, location=whole)]) from error
    if len(data) > _SIZE_LIMIT:
        raise ConfigErrors([ConfigError(f"{shown} is larger than 1 MB", location=whole)])
    return data


def validated(data: bytes, shown: str, known_rules: Known = (), check: Check | None = None) -> Settings:
    """Return what the bytes of a file say, its path and text left out; `shown` names the file in mistakes.

    Where the schema finds mistakes, those about rules and those that `check` finds are told along with them.
    """
    from pydantic import ValidationError

    from meshlint.config.building import settings_of
    from meshlint.config.mistakes import located, mistakes_of, steps_of
    from meshlint.config.schema import Configuration

    value = content_of(data, shown)
    try:
        configuration: Configuration = Configuration.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        errors = located(mistakes_of(details), data, shown)
        rest = _without(value, [steps_of(detail) for detail in details])
        try:
            settings = settings_of(Configuration.model_validate(rest), data, shown)
        except ValidationError:
            raise ConfigErrors(errors) from error  # several mistakes in one entry: the rest comes next time
        settings = settings._replace(path=shown, text=data)
        errors += [*_also(settings, known_rules), *(check(settings) if check is not None else ())]
        raise ConfigErrors(sorted(errors, key=_place)) from error
    return settings_of(configuration, data, shown)


def _also(settings: Settings, known_rules: Known) -> list[ConfigError]:
    """Return what is wrong with rules and packs beside the mistakes of form; mistakes inside packs come later."""
    try:
        known = known_rules(settings) if callable(known_rules) else known_rules
    except ConfigErrors as errors:
        return list(errors.errors)
    except MeshlintError:
        return []
    return check_rules(settings, known) if known else []


def _without(value: dict[str, Any], wrong: Sequence[tuple[int | str, ...]]) -> dict[str, Any]:
    """Return the file without its wrong entries: keys of a rule one by one, of everything else the whole key."""
    rest = dict(value)
    for steps in wrong:
        head, *tail = steps
        rules = rest.get("rules")
        if head != "rules" or not tail or not isinstance(rules, (dict, list)):
            rest.pop(str(head), None)
        elif isinstance(rules, dict):
            rest["rules"] = _settings_without(rules, tail)
        elif len(tail) > 1:
            rest["rules"] = [
                _settings_without(item, tail[1:]) if at == tail[0] else item for at, item in enumerate(rules)
            ]
        else:
            rest["rules"] = [{} if at == tail[0] else item for at, item in enumerate(rules)]
    return rest


def _settings_without(rules: Any, steps: Sequence[int | str]) -> dict[str, Any]:
    """Return settings of rules without one key of one rule, without all of it where no key is named."""
    rule = rules.get(steps[0])
    kept = isinstance(rule, dict) and len(steps) > 1
    return {**rules, steps[0]: {key: item for key, item in rule.items() if key != steps[1]} if kept else {}}


def _place(error: ConfigError) -> Position:
    return error.location.start if error.location else Position(0, 0)


def content_of(data: bytes, shown: str) -> dict[str, Any]:
    """Read the one mapping of the file; what is wrong with it as YAML is a mistake, too."""
    if is_toml(shown):
        from meshlint.config.pyproject import value_of

        return value_of(data, shown)
    from meshlint.syntax.stream import read_stream

    stream = read_stream(data)
    errors = [
        ConfigError(problem.message, location=Location(shown, problem.start, problem.end))
        for problem in stream.problems
    ]
    if stream.template is not None:
        place = Location(shown, Position(1, 1), Position(1, 1))
        errors.append(ConfigError("the file is a template, not a configuration", location=place))
    documents = [document for document in stream.documents if document.value is not None]
    if len(documents) > 1 or (documents and documents[0].number):
        place = Location(shown, documents[-1].start, documents[-1].start)
        errors.append(ConfigError("the file holds more than one document", location=place))
    value = documents[0].value if documents else {}
    if not isinstance(value, dict):
        place = Location(shown, documents[0].start, documents[0].start)
        errors.append(ConfigError("the file holds no mapping of keys to values", location=place))
    if errors:
        raise ConfigErrors(errors)
    return value
