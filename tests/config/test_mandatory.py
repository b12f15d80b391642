"""A configuration that contradicts itself about mandatory rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.config.loader import load
from meshlint.config.model import ConfigErrors, KnownRule

RULES = (
    KnownRule("MTL001", "permissive-mtls", "mtls", severity="error"),
    KnownRule("MTL005", "broken-mtls-edge", "mtls", severity="warning"),
    KnownRule("RES001", "missing-circuit-breaker", "resilience", severity="error"),
)


def mistakes(folder: Path, text: str) -> list[str]:
    """Return every mistake with its place; none when the file is accepted."""
    (folder / ".meshlint.yaml").write_text(text)
    try:
        load(None, start=str(folder), root=str(folder), known_rules=RULES)
    except ConfigErrors as raised:
        return [f"{e.location.start.line}:{e.location.start.column} {e.message}" for e in raised.errors if e.location]
    return []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ignore: [MTL001]\n", "4:10 `ignore` leaves out MTL001, which `mandatory` in line 2 makes mandatory"),
        ("ignore: [RES, mtls]\n", "4:15 `ignore` leaves out MTL001, which `mandatory` in line 2 makes mandatory"),
        (
            "rules: {permissive-mtls: {enabled: false}}\n",
            "4:36 MTL001 is switched off, although `mandatory` in line 2 makes it mandatory",
        ),
        (
            "rules: {MTL005: {severity: info}}\n",
            "4:28 MTL005 is softened from warning to info, although `mandatory` in line 3 makes it mandatory",
        ),
        (
            "rules: [{MTL001: {severity: warning}}]\n",
            "4:29 MTL001 is softened from error to warning, although `mandatory` in line 2 makes it mandatory",
        ),
        (
            "overrides: [{paths: [a/], ignore: [RES, MTL001]}]\n",
            "4:41 `ignore` leaves out MTL001, which `mandatory` in line 2 makes mandatory",
        ),
        (
            "overrides: [{paths: [a/], rules: {MTL001: {enabled: false}}}]\n",
            "4:53 MTL001 is switched off, although `mandatory` in line 2 makes it mandatory",
        ),
        ("rules: {MTL005: {severity: error}}\n", ""),
        ("rules: {MTL001: {enabled: true}, RES001: {enabled: false}}\nignore: [RES]\n", ""),
    ],
)
def test_what_takes_a_mandatory_rule_away_is_a_mistake(tmp_path: Path, text: str, expected: str) -> None:
    """The message names both places; a graver severity is welcome."""
    found = mistakes(tmp_path, f"mandatory:\n- permissive-mtls\n- MTL005\n{text}")
    assert found == ([expected] if expected else [])


def test_an_unknown_word_is_a_mistake(tmp_path: Path) -> None:
    """What nobody has cannot be mandatory."""
    assert mistakes(tmp_path, "mandatory: [MTL01]\n") == ["1:13 there is no rule `MTL01`"]


def test_the_place_in_a_table_is_found_as_well(tmp_path: Path) -> None:
    """A `pyproject.toml` knows lines of keys."""
    (tmp_path / "pyproject.toml").write_text('[tool.meshlint]\nmandatory = ["MTL001"]\nignore = ["MTL001"]\n')
    with pytest.raises(ConfigErrors, match="`mandatory` in line 2"):
        load(None, start=str(tmp_path), root=str(tmp_path), known_rules=RULES)
