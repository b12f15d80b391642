"""The rules against the catalogue that the team shares; skipped where it is absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT.parent / "shared" / "catalogue.yaml"
RULES = sorted((ROOT / "rules").glob("*/*.yaml"))
WAYPOINTS = frozenset(("AMB003", "AMB004", "AMB005", "AMB006", "AMB010", "AMB011", "EGR007", "EGR013"))
"""Rules of the second wave on what ztunnel, waypoints and auto-mTLS pass by."""
POLICIES = frozenset(("MTL015", "MTL016", "MTL017", "MTL018", "RES005", "RES009", "RES010", "RES014"))
"""Rules on DestinationRules that do not do what they say, and on labels that undo auto-mTLS."""
pytestmark = pytest.mark.skipif(not CATALOGUE.exists(), reason="the shared catalogue is not here")


def entries() -> dict[str, Any]:
    """Return the entries of the catalogue by id."""
    return {entry["id"]: entry for entry in yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))}


def listed(value: Any) -> set[str]:
    """Return equivalents as a set; the catalogue joins some by commas."""
    values = value if isinstance(value, list) else str(value).split(",")
    return {str(item).strip().lower() for item in values}  # a bare `true` of YAML too


def test_every_rule_takes_its_identity_from_the_catalogue() -> None:
    """Id, name, family, severity, profile, controls and equivalents agree; a rule of ours has an id past the last."""
    known = entries()
    for path in RULES:
        if path.parent.name in ("profiles", "controls"):
            continue
        rule = yaml.safe_load(path.read_text(encoding="utf-8"))
        if rule["id"] not in known:
            assert rule["id"] > max(name for name in known if name[:3] == rule["id"][:3]), path.name
            continue
        entry = known[rule["id"]]
        for key in ("name", "severity", "confidence", "profile", "controls"):
            assert rule[key] == entry[key], (path.name, key)
        assert path.parent.name == entry["family"]
        assert {k: listed(v) for k, v in rule["equivalents"].items()} == {
            k: listed(v) for k, v in entry["equivalents"].items()
        }


def test_rules_on_what_the_data_plane_passes_by_exist() -> None:
    """Each of them stands in the catalogue and has a file."""
    written = {yaml.safe_load(path.read_text(encoding="utf-8")).get("id") for path in RULES}
    assert entries().keys() >= WAYPOINTS
    assert written >= WAYPOINTS


def test_rules_on_policies_that_do_not_do_what_they_say_exist() -> None:
    """Each of them has a file."""
    written = {yaml.safe_load(path.read_text(encoding="utf-8")).get("id") for path in RULES}
    assert written >= POLICIES
