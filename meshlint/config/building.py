"""Turn a validated configuration into settings.

In: pydantic's `Configuration` and the bytes it came from. Out: `Settings` with the lines of what findings
point to.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.config.mistakes import pointer_to
from meshlint.config.model import (
    Assumptions,
    ConfiguredException,
    LegacySelector,
    Override,
    OwnershipSetting,
    PackReference,
    RuleSetting,
    Settings,
)
from meshlint.config.places import places_of
from meshlint.config.schema import Configuration, Exemption, Legacy, OverrideEntry, Rule, external_of


def settings_of(configuration: Configuration, data: bytes, shown: str) -> Settings:
    """Return the settings, without the path and the text of the file."""
    rules, packs = _taken_apart(configuration)
    lines = _lines(configuration, [f"{pointer}#" for pointer, _ in rules.values()], data, shown)
    assume, ownership = configuration.assume, configuration.ownership
    return Settings(
        root=configuration.root,
        profile=configuration.profile,
        select=tuple(configuration.select),
        ignore=tuple(configuration.ignore),
        exclude=tuple(configuration.exclude),
        fail_on=configuration.fail_on,
        complete=configuration.complete,
        rules={name: _rule(rule, pointer, lines[f"{pointer}#"]) for name, (pointer, rule) in rules.items()},
        packs=packs,
        legacy=tuple(_legacy(item, _at("legacy", i), lines) for i, item in enumerate(configuration.legacy)),
        externals=tuple(
            external_of(text)._replace(line=lines[_at("externals", i)])
            for i, text in enumerate(configuration.externals)
        ),
        assume=Assumptions(
            {name: namespace.labels for name, namespace in assume.namespaces.items()}, assume.mesh_config
        ),
        environments={name: tuple(globs) for name, globs in configuration.environments.items()},
        exceptions=tuple(
            _exception(item, _at("exceptions", i), lines) for i, item in enumerate(configuration.exceptions)
        ),
        required_exception_fields=tuple(configuration.required_exception_fields),
        mandatory=tuple(configuration.mandatory),
        ownership=OwnershipSetting(
            ownership.platform, tuple(ownership.policy_owners), ownership.elsewhere, tuple(ownership.exempt)
        ),
        overrides=tuple(_override(item, _at("overrides", i), lines) for i, item in enumerate(configuration.overrides)),
        namespaces=dict(configuration.namespaces),
        said=tuple(sorted(configuration.model_fields_set)),
        baseline=configuration.baseline,
    )


def _taken_apart(configuration: Configuration) -> tuple[dict[str, tuple[str, Rule]], tuple[PackReference, ...]]:
    """Return the settings of rules by name, each with where it stands, and the packs."""
    if isinstance(configuration.rules, dict):
        return {name: (pointer_to(("rules", name)), rule) for name, rule in configuration.rules.items()}, ()
    rules: dict[str, tuple[str, Rule]] = {}
    packs = []
    for position, item in enumerate(configuration.rules):
        if isinstance(item, str):
            packs.append(PackReference(item, pointer=_at("rules", position)))
        else:
            rules |= {name: (pointer_to(("rules", position, name)), rule) for name, rule in item.items()}
    return rules, tuple(packs)


def _lines(configuration: Configuration, pointers: list[str], data: bytes, shown: str) -> dict[str, int]:
    pointers += [_at("legacy", i) for i in range(len(configuration.legacy))]
    pointers += [_at("externals", i) for i in range(len(configuration.externals))]
    pointers += [_at("exceptions", i) for i in range(len(configuration.exceptions))]
    for i, item in enumerate(configuration.overrides):
        above = _at("overrides", i)
        pointers += [above, *(f"{at}#" for _, at, _ in _rules_in(item, above))]
    return {pointer: span.start.line for pointer, span in places_of(data, shown, pointers).items()} if pointers else {}


def _at(key: str, position: int) -> str:
    return f"/{key}/{position}"


def _rule(rule: Rule, pointer: str, line: int) -> RuleSetting:
    return RuleSetting(rule.severity, rule.enabled, rule.params, line, pointer)


def _override(item: OverrideEntry, pointer: str, lines: Mapping[str, int]) -> Override:
    return Override(
        tuple(item.paths),
        tuple(item.namespaces),
        item.profile,
        None if item.select is None else tuple(item.select),
        tuple(item.ignore),
        {name: _rule(rule, at, lines[f"{at}#"]) for name, at, rule in _rules_in(item, pointer)},
        lines[pointer],
        pointer,
    )


def _rules_in(item: OverrideEntry, pointer: str) -> list[tuple[str, str, Rule]]:
    return [(name, pointer + pointer_to(("rules", name)), rule) for name, rule in item.rules.items()]


def _legacy(item: Legacy, pointer: str, lines: dict[str, int]) -> LegacySelector:
    return LegacySelector(
        item.namespace,
        item.service,
        item.workload,
        tuple(item.ports),
        item.owner,
        item.reason,
        item.expires,
        lines[pointer],
        pointer,
    )


def _exception(item: Exemption, pointer: str, lines: dict[str, int]) -> ConfiguredException:
    return ConfiguredException(
        tuple(item.rules or (item.rule,)),
        item.object,
        item.path,
        item.reason,
        item.owner,
        item.expires,
        item.ticket,
        lines[pointer],
        pointer,
        item.namespace,
    )
