"""The schemas for editors: valid themselves, accepting all that is ours, and telling what every key means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from meshlint.cli.main import run
from meshlint.config.meanings import MEANINGS as OF_CONFIGURATIONS
from meshlint.policy.authoring.json_schemas import SCHEMAS
from meshlint.policy.authoring.meanings import MEANINGS as OF_RULES

REPOSITORY = Path(__file__).parents[3]
OURS = sorted(
    path for path in (REPOSITORY / "rules").glob("*/*.yaml") if path.parent.name not in ("controls", "profiles")
)
PACK = REPOSITORY / "fixtures" / "packs" / "hms"


def _mistakes(name: str, text: str) -> list[str]:
    value = yaml.load(text, Loader=_Loader)
    return [error.message for error in Draft202012Validator(SCHEMAS[name]()).iter_errors(value)]


class _Loader(yaml.SafeLoader):
    """Read dates as the text that they are in Kubernetes' YAML."""


_Loader.yaml_implicit_resolvers = {
    key: [row for row in rows if row[0] != "tag:yaml.org,2002:timestamp"]
    for key, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`meshlint schema` prints it; it holds to the standard that it names."""
    assert run(["schema", name]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == SCHEMAS[name]()
    Draft202012Validator.check_schema(printed)


def test_all_that_is_ours_is_accepted() -> None:
    """Every rule, the example of a pack, and the configuration with every key."""
    validator = Draft202012Validator(SCHEMAS["rule"]())
    for path in (*OURS, *PACK.glob("[!p]*.yaml")):
        assert not [error.message for error in validator.iter_errors(yaml.load(path.read_text(), _Loader))], path
    assert _mistakes("pack", (PACK / "pack.yaml").read_text()) == []
    assert _mistakes("config", (REPOSITORY / "fixtures" / "config" / "complete.yaml").read_text()) == []
    assert _mistakes("config", "rules: [./policy, {RES003: {severity: info}}]") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rule", "name: a\nseverity: error\ntarget: edges\nrequire: 'true'\nmessage: m\nhelp: h"),
        ("rule", "name: a\nseverty: error\nseverity: error\ntarget: edge\nrequire: 'true'\nmessage: m\nhelp: h"),
        ("rule", "name: a\nseverity: error\ntarget: edge\nrequire: 'true'\ncheck: c\nmessage: m\nhelp: h"),
        ("rule", "name: a\nseverity: error\ntarget: {kinds: [Gateway]}\nrequire: 'true'\nmessage: m\nhelp: h"),
        ("pack", "name: hms\nversion: 1.0\n"),
        ("config", "rules: {RES003: {sevrity: info}}"),
        ("config", "rules: [{RES003: {severity: grave}}]"),
    ],
)
def test_what_is_misspelt_is_not(name: str, text: str) -> None:
    """Keys, words and types."""
    assert _mistakes(name, text)


def _keys(schema: dict[str, Any], top: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in [(top, schema), *schema.get("$defs", {}).items()]:
        yield from ((f"{name}.{key}", value) for key, value in part.get("properties", {}).items())


def test_every_key_has_a_meaning_and_every_meaning_a_key() -> None:
    """Editors show it; nobody else would notice that one is missing."""
    tops = {"rule": "PackRule", "config": "Configuration", "pack": "Manifest"}
    keys = {name: dict(_keys(SCHEMAS[name](), top)) for name, top in tops.items()}
    assert not [key for found in keys.values() for key, value in found.items() if not value.get("description")]
    assert {key for key in OF_RULES if "." in key} == set(keys["rule"] | keys["pack"])
    assert {key for key in OF_CONFIGURATIONS if "." in key} == set(keys["config"])
