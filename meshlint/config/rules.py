"""Hold what a configuration says about rules against the rules that exist.

In: settings and the known rules. Out: mistakes with their places. A rule in `exceptions` that does not exist
is no mistake here: it is an exception that matches nothing, which is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from meshlint.config.model import KnownRule, Override, RuleSetting, Settings
from meshlint.errors import ConfigError

if TYPE_CHECKING:
    from meshlint.config.mistakes import Mistake

Steps = tuple[str | int, ...]


def check_rules(settings: Settings, known: Sequence[KnownRule]) -> list[ConfigError]:
    """Return what is wrong with `select`, `ignore` and `rules`, in overrides too: unknown names, parameters, types."""
    if not (settings.select or settings.ignore or settings.rules or settings.overrides):
        return []
    mistakes = _mistakes((), settings, known)
    for position, override in enumerate(settings.overrides):
        mistakes += _mistakes(("overrides", position), override, known)
    if not mistakes:
        return []
    from meshlint.config.mistakes import located

    return located(mistakes, settings.text, settings.path or "")


def _mistakes(above: Steps, part: Settings | Override, known: Sequence[KnownRule]) -> list[Mistake]:
    by_name = {name: rule for rule in known for name in (rule.id, rule.name)}
    mistakes = _selections(above, part, known)
    seen: dict[str, str] = {}
    for name, setting in part.rules.items():
        steps = (*above, "rules", name)
        rule = by_name.get(name)
        if rule is None:
            mistakes.append(_unknown(steps, name, by_name, key=True))
        elif rule.id in seen:
            told = f"`{name}` and `{seen[rule.id]}` are the same rule"
            mistakes.append(_made(steps, told, "keep one of them", key=True))
        else:
            seen[rule.id] = name
            mistakes += _parameters(steps, setting, rule)
    return mistakes


def _selections(above: Steps, part: Settings | Override, known: Sequence[KnownRule]) -> list[Mistake]:
    if not (part.select or part.ignore):
        return []
    words = {word for rule in known for word in (rule.id, rule.name, rule.family, rule.id.rstrip("0123456789"))}
    return [
        _unknown((*above, key, position), word, words)
        for key, chosen in (("select", part.select or ()), ("ignore", part.ignore))
        for position, word in enumerate(chosen)
        if word not in words
    ]


def _parameters(above: Steps, setting: RuleSetting, rule: KnownRule) -> list[Mistake]:
    found = []
    for parameter, value in setting.params.items():
        steps = (*above, "params", parameter)
        if parameter not in rule.params:
            told = f"{rule.id} has no parameter `{parameter}`"
            found.append(_made(steps, told, _suggested(parameter, rule.params), key=True))
        elif not _fits(value, rule.params[parameter]):
            wanted = _kind(rule.params[parameter])
            found.append(_made(steps, f"parameter `{parameter}` of {rule.id} takes {wanted}", ""))
    return found


def _fits(value: Any, default: Any) -> bool:
    """Tell whether a value has the type of a default; a list is judged by the first item of the default."""
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, (int, float))
    if isinstance(default, list):
        return isinstance(value, list) and (not default or all(_fits(item, default[0]) for item in value))
    return default is None or isinstance(value, type(default))


def _kind(default: Any) -> str:
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, list):
        return f"a list, each item {_kind(default[0])}" if default else "a list"
    names = {int: "a whole number", float: "a number", str: "text", dict: "a mapping"}
    return names.get(type(default), "another value")


def _unknown(steps: Sequence[str | int], word: str, known: Any, *, key: bool = False) -> Mistake:
    return _made(steps, f"there is no rule `{word}`", _suggested(word, known), key=key)


def _suggested(word: str, known: Any) -> str:
    from meshlint.config.spelling import did_you_mean

    return did_you_mean(word, known)


def _made(steps: Sequence[str | int], message: str, help: str, *, key: bool = False) -> Mistake:
    from meshlint.config.mistakes import Mistake, pointer_to

    return Mistake(pointer_to(steps) + ("#" if key else ""), message, help)
