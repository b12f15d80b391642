"""Settings as plain values and back, for the cache, which keeps nothing else.

In and out: `Settings`; tuples, dictionaries, text and numbers. The path, the folder and the text of the file are not
kept: the same content may stand elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshlint.config.folder import Folder
from meshlint.config.model import (
    Assumptions,
    ConfiguredException,
    External,
    LegacySelector,
    Override,
    OwnershipSetting,
    PackReference,
    RuleSetting,
    Settings,
)


def to_plain(settings: Settings) -> dict[str, Any]:
    """Return the settings as values that `marshal` can write."""
    return {name: _bare(value) for name, value in zip(Settings._fields, settings, strict=True)}


def from_plain(plain: Any) -> Settings:
    """Return the settings that `to_plain` made these values from."""
    return Settings(
        **{
            **plain,
            "rules": _rules(plain["rules"]),
            "packs": tuple(PackReference(*pack) for pack in plain["packs"]),
            "legacy": tuple(LegacySelector(*item[:-1]) for item in plain["legacy"]),
            "externals": tuple(External(*item) for item in plain["externals"]),
            "assume": Assumptions(*plain["assume"]),
            "exceptions": tuple(ConfiguredException(*item[:-1]) for item in plain["exceptions"]),
            "ownership": OwnershipSetting(*plain["ownership"]),
            "overrides": tuple(_override(Override(*item)) for item in plain["overrides"]),
            "folder": Folder(),
        }
    )


def _override(item: Override) -> Override:
    return item._replace(rules=_rules(item.rules))


def _rules(plain: Mapping[str, Any]) -> dict[str, RuleSetting]:
    return {name: RuleSetting(*rule) for name, rule in plain.items()}


def _bare(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_bare(item) for item in value)
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    return value
