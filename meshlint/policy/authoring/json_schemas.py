"""What editors are told of our files: JSON Schema, draft 2020-12.

In: the forms of rules, packs and configurations, the vocabulary, the meaning of every key. Out: a schema as plain data.
Editors complete by it and show meanings; what it accepts may still be refused, because it knows no expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from meshlint import __version__
from meshlint.config.meanings import MEANINGS as OF_CONFIGURATIONS
from meshlint.config.schema import Configuration
from meshlint.policy.authoring.meanings import MEANINGS as OF_RULES
from meshlint.policy.packs.manifest import Manifest
from meshlint.policy.rule_files.schema import PackRule
from meshlint.policy.vocabulary import KINDS, MESSAGES, TARGETS

Plain = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rule_schema() -> Plain:
    """Return the schema of a rule file."""
    schema = _schema(PackRule, OF_RULES, "A rule of meshlint")
    schema["properties"]["target"] |= {"oneOf": [*_words(), _kinds()]}
    schema["oneOf"] = [{"required": ["require"]}, {"required": ["check"]}]
    return schema


def pack_schema() -> Plain:
    """Return the schema of `pack.yaml`."""
    return _schema(Manifest, OF_RULES, "A pack of rules for meshlint")


def config_schema() -> Plain:
    """Return the schema of `.meshlint.yaml`."""
    return _schema(Configuration, OF_CONFIGURATIONS, "The configuration of meshlint")


SCHEMAS: Mapping[str, Callable[[], Plain]] = {"rule": rule_schema, "config": config_schema, "pack": pack_schema}
"""The schemas by name."""


def _words() -> list[Plain]:
    meanings = {message.name: message.meaning for message in MESSAGES}
    return [{"const": word, "description": meanings[message]} for word, message in TARGETS.items()]


def _kinds() -> Plain:
    kind = {"type": "string", "pattern": "^[a-z0-9.-]*/[A-Z][A-Za-z0-9]*$", "examples": sorted(KINDS)}
    kinds = {"oneOf": [kind, {"type": "array", "items": kind, "minItems": 1}]}
    told = "Kinds with their groups, such as `networking.istio.io/Gateway`; `/Service` is of the core group."
    return {
        "type": "object",
        "properties": {"kinds": kinds | {"description": told}},
        "required": ["kinds"],
        "additionalProperties": False,
    }


def _schema(model: type[BaseModel], meanings: Mapping[str, str], title: str) -> Plain:
    made = model.model_json_schema()
    for name, part in [(model.__name__, made), *made.get("$defs", {}).items()]:
        for key, value in part.get("properties", {}).items():
            if not value.get("default", True) and value["default"] is not False:
                del value["default"]  # stands for what is left out, and may not be written
            if f"{name}.{key}" in meanings:
                value["description"] = meanings[f"{name}.{key}"]
        part.pop("description", None)  # they speak of the code
    head = {"$schema": DIALECT, "title": title, "description": meanings[model.__name__]}
    return {**made, **head, "$comment": f"written by meshlint {__version__}"}
