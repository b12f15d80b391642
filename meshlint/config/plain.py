"""Settings as plain values and back, for the cache, which keeps nothing else.

In and out: `Settings`; tuples, dictionaries, text and numbers. The path and the text of the file are not
kept: the same content may stand elsewhere.
"""

from __future__ import annotations

from typing import Any

from meshlint.config.model import (
    Assumptions,
    ConfiguredException,
    External,
    LegacySelector,
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
            "rules": {name: RuleSetting(*rule) for name, rule in plain["rules"].items()},
            "packs": tuple(PackReference(*pack) for pack in plain["packs"]),
            "legacy": tuple(LegacySelector(*item) for item in plain["legacy"]),
            "externals": tuple(External(*item) for item in plain["externals"]),
            "assume": Assumptions(*plain["assume"]),
            "exceptions": tuple(ConfiguredException(*item) for item in plain["exceptions"]),
            "ownership": OwnershipSetting(*plain["ownership"]),
        }
    )


def _bare(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_bare(item) for item in value)
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items()}
    return value
