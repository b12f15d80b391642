"""Hold what a configuration says about rules against the rules that exist.

In: settings and the known rules. Out: mistakes with their places. A rule in `exceptions` that does not exist
is no mistake here: it is an exception that matches nothing, which is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from meshlint.config.model import KnownRule, Override, RuleSetting, Settings
from meshlint.errors import ConfigError

if TYPE_CHECKING:
    from meshlint.config.mistakes import Mistake


def check_rules(settings: Settings, known: Sequence[KnownRule]) -> list[ConfigError]:
    """Return what is wrong with the words of rules, in overrides too: unknown names, parameters, contradictions."""
    if not (settings.select or settings.ignore or settings.rules or settings.overrides or settings.mandatory):
        return []
    mistakes = [*_selections(settings, known), *mistakes_in(settings.rules, known)]
    for override in settings.overrides:
        mistakes += [*_selections(override, known), *mistakes_in(override.rules, known)]
    mistakes += _contradictions(settings, settings, known)
    return _located(mistakes, settings)


def check_nested_rules(settings: Settings, above: Settings, known: Sequence[KnownRule]) -> list[ConfigError]:
    """Return the same for the file of a subtree, which cannot take away what is mandatory in the whole run."""
    found = check_rules(settings, known)
    told = {str(mistake.location) for mistake in found}  # what a pack makes mandatory is so by either file
    taken_away = _located(_contradictions(settings, above, known), settings)
    return [*found, *(mistake for mistake in taken_away if str(mistake.location) not in told)]


def _contradictions(settings: Settings, by: Settings, known: Sequence[KnownRule]) -> list[Mistake]:
    if not by.mandatory and not any(rule.mandatory for rule in known):
        return []
    from meshlint.config.mandatory import contradictions

    return [_made(*told) for told in contradictions(settings, by, known)]


def _located(mistakes: Sequence[Mistake], settings: Settings) -> list[ConfigError]:
    if not mistakes:
        return []
    from meshlint.config.mistakes import located

    return located(mistakes, settings.text, settings.path or "")


def mistakes_in(settings: Mapping[str, RuleSetting], known: Sequence[KnownRule]) -> list[Mistake]:
    """Return what is wrong with settings of rules: unknown names and parameters, wrong types, one rule twice."""
    mistakes: list[Mistake] = []
    by_name = {name: rule for rule in known for name in (rule.id, rule.name)}
    seen: dict[str, str] = {}
    for name, setting in settings.items():
        rule = by_name.get(name)
        if rule is None:
            mistakes.append(_unknown(_place(name, setting), name, by_name, key=True))
        elif rule.id in seen:
            told = f"`{name}` and `{seen[rule.id]}` are the same rule"
            mistakes.append(_made(_place(name, setting), told, "keep one of them", key=True))
        else:
            seen[rule.id] = name
            mistakes += _parameters(name, setting, rule)
    return mistakes


def _selections(part: Settings | Override, known: Sequence[KnownRule]) -> list[Mistake]:
    mandatory = () if isinstance(part, Override) else part.mandatory
    if not (part.select or part.ignore or mandatory):
        return []
    above = part.pointer if isinstance(part, Override) else ""
    words = {word for rule in known for word in rule.words}
    return [
        _unknown(f"{above}/{key}/{position}", word, words)
        for key, chosen in (
            ("select", part.select or ()),
            ("ignore", part.ignore),
            ("mandatory", mandatory),
        )
        for position, word in enumerate(chosen)
        if word not in words
    ]


def _parameters(name: str, setting: RuleSetting, rule: KnownRule) -> list[Mistake]:
    found = []
    for parameter, value in setting.params.items():
        place = _place(name, setting, "params", parameter)
        if parameter not in rule.params:
            told = f"{rule.id} has no parameter `{parameter}`"
            found.append(_made(place, told, _suggested(parameter, rule.params), key=True))
        elif not _fits(value, rule.params[parameter]):
            wanted = _kind(rule.params[parameter])
            found.append(_made(place, f"parameter `{parameter}` of {rule.id} takes {wanted}", ""))
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


def _place(name: str, setting: RuleSetting, *inside: str) -> str:
    """Return the pointer of a rule's setting, or of something in it."""
    from meshlint.config.mistakes import pointer_to

    return (setting.pointer or pointer_to(("rules", name))) + pointer_to(inside)


def _unknown(place: str, word: str, known: Any, *, key: bool = False) -> Mistake:
    return _made(place, f"there is no rule `{word}`", _suggested(word, known), key=key)


def _suggested(word: str, known: Any) -> str:
    from meshlint.spelling import did_you_mean

    return did_you_mean(word, known)


def _made(place: str, message: str, help: str, *, key: bool = False) -> Mistake:
    from meshlint.config.mistakes import Mistake

    return Mistake(place + ("#" if key else ""), message, help)
