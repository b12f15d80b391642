"""The shape of the files beside the rules: frameworks of controls, profiles, retired rules.

In: their content as plain values. Out: models, or pydantic's list of what does not fit. Only compilers import it.
"""

from __future__ import annotations

from typing import Literal

from meshlint.policy.rule_files.schema import Strict


class Framework(Strict):
    """Hold the controls of one framework that rules may cite."""

    framework: str
    short: str
    title: str
    controls: dict[str, str]


class Profile(Strict):
    """Describe a profile; it has the rules of the one it includes, and its own."""

    name: Literal["baseline", "standard", "strict"]
    includes: str = ""
    meaning: str


class RetiredRule(Strict):
    """Say what became of a rule that no longer exists."""

    id: str
    name: str
    since: str
    instead: str = ""
    why: str


class Retired(Strict):
    """Hold the retired rules."""

    retired: list[RetiredRule]
