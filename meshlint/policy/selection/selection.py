"""Which rules run, and how the configuration bends them.

In: the catalogue, a profile, the words of `--select` and `--ignore`, and what the configuration says about
rules. Out: `ActiveRule`s in the order of ids. A word is a rule's id, its name, a family, or the prefix of a
family's ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from meshlint.config.model import KnownRule, RuleSetting, is_softer, prefix_of
from meshlint.errors import UsageError
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.rule import CompiledRule
from meshlint.records import NamedTuple

if TYPE_CHECKING:
    from meshlint.policy.fixes import FixProgram


class ActiveRule(NamedTuple):
    """Pair a rule with what the run changes about it."""

    rule: CompiledRule
    severity: str  # empty: the rule decides
    params: Mapping[str, Any]  # all parameters, defaults included
    fix: FixProgram | None = None  # where somebody wants to fix what it finds


def known_rules(rules: Iterable[CompiledRule]) -> list[KnownRule]:
    """Return rules as the configuration knows them."""
    return [KnownRule(rule.id, rule.name, rule.family, rule.params, rule.severity, rule.mandatory) for rule in rules]


def select_rules(
    catalogue: Catalogue,
    profile: str,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    settings: Mapping[str, RuleSetting] | None = None,
    always: Collection[str] = (),
) -> tuple[ActiveRule, ...]:
    """Return the rules of a run: `select` replaces the profile and `ignore` comes last, but for what is mandatory.

    `enabled: true` of the configuration adds a rule and `enabled: false` takes one away, except where
    `select` names it by id or name. The rules whose ids stand in `always` run, and at least at their own severity.
    Raises UsageError for a word that names nothing.
    """
    chosen = set(select)
    ids = named_rules(catalogue, chosen) if chosen else rules_of_profile(catalogue, profile)
    by_rule = _by_rule(catalogue, settings or {})
    for rule in catalogue.rules:
        enabled = by_rule[rule.id].enabled if rule.id in by_rule else None
        if enabled:
            ids.add(rule.id)
        elif enabled is False and not chosen & {rule.id, rule.name}:
            ids.discard(rule.id)
    ids = (ids - named_rules(catalogue, ignore)) | set(always)
    return tuple(
        _active(rule, _at_least(rule, by_rule.get(rule.id)) if rule.id in always else by_rule.get(rule.id))
        for rule in catalogue.rules
        if rule.id in ids
    )


def _at_least(rule: CompiledRule, setting: RuleSetting | None) -> RuleSetting | None:
    """Return what a setting changes about a mandatory rule: no severity below its own."""
    if setting is None or setting.severity is None or not is_softer(setting.severity, rule.severity):
        return setting
    return setting._replace(severity=None)


def is_repeatable(rules: Iterable[ActiveRule]) -> bool:
    """Tell whether the same inputs give the same report: nobody knows when somebody else's check changes."""
    return not any("/" in active.rule.check for active in rules)


def words(rule: CompiledRule) -> tuple[str, str, str, str]:
    """Return what a rule answers to: id, name, family, prefix."""
    return rule.id, rule.name, rule.family, prefix_of(rule.id)


def _active(rule: CompiledRule, setting: RuleSetting | None) -> ActiveRule:
    if setting is None:
        return ActiveRule(rule, "", rule.params)
    params = dict(rule.params)
    for name, value in setting.params.items():
        params[name] = float(value) if isinstance(params.get(name), float) else value
    return ActiveRule(rule, setting.severity or "", params)


def rules_of_profile(catalogue: Catalogue, name: str) -> set[str]:
    """Return the ids of the rules of a profile; raises UsageError for one that does not exist."""
    includes = {profile.name: profile.includes for profile in catalogue.profiles}
    if name not in includes:
        raise UsageError(f"there is no profile `{name}`", help=_suggestion(name, includes))
    covered = []
    while name:
        covered.append(name)
        name = includes[name]
    return {rule.id for rule in catalogue.rules if rule.profile in covered}


def _by_rule(catalogue: Catalogue, settings: Mapping[str, RuleSetting]) -> dict[str, RuleSetting]:
    return {rule.id: settings[word] for rule in catalogue.rules for word in (rule.name, rule.id) if word in settings}


def named_rules(catalogue: Catalogue, given: Iterable[str]) -> set[str]:
    """Return the ids of the rules that words name; raises UsageError for a word that names nothing."""
    ids: set[str] = set()
    for word in given:
        named = {rule.id for rule in catalogue.rules if word in words(rule)}
        if not named:
            raise _unknown(catalogue, word)
        ids |= named
    return ids


def _unknown(catalogue: Catalogue, word: str) -> UsageError:
    for retired in catalogue.retired:
        if word in (retired.id, retired.name):
            instead = f"use `{retired.instead}`" if retired.instead else ""
            return UsageError(f"the rule `{word}` was retired in {retired.since}: {retired.why}", help=instead)
    known = {name for rule in catalogue.rules for name in words(rule)}
    return UsageError(f"there is no rule or family `{word}`", help=_suggestion(word, known))


def _suggestion(word: str, known: Iterable[str]) -> str:
    from meshlint.spelling import did_you_mean

    return did_you_mean(word, known)
