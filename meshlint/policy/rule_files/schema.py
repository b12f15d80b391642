"""The shape of a rule file.

In: the content of a rule file as plain values. Out: `Rule`, or pydantic's list of what does not fit. It
checks what can be checked without the vocabulary; names of facts, controls and checks are the compiler's.
Pydantic is imported here: only the compiler of rules imports this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

KEYS = (
    "id", "name", "since", "severity", "severity_when", "confidence", "profile", "target", "each", "when",
    "let", "require", "check", "params", "on_unknown", "at", "related", "message", "help", "why", "controls",
    "equivalents", "fix", "examples",
)  # fmt: skip
"""The keys of a rule in the order in which they stand in the file."""

NAME = r"[a-z_][a-zA-Z0-9_]*"
"""What a rule may call a parameter, an element or a `let`."""

OUR_ID = r"^[A-Z]{3}\d{3}$"
PACK_ID = r"^[A-Z]{2,}\d{3}$"
WORDS = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
VERSION = r"^\d+\.\d+\.\d+$"

Severity = Literal["error", "warning", "info"]


def _target(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and list(value) == ["kinds"] and value["kinds"]:
        return tuple(_texts(value["kinds"]))
    raise ValueError("is a word such as `workload`, or `{kinds: [group/Kind, …]}`")


def _texts(value: Any) -> list[str]:
    """Accept a text or a list of texts; YAML reads an unquoted 7.2 as a number, which would lose `7.20`."""
    values = value if isinstance(value, list) else [value]
    for item in values:
        if isinstance(item, (int, float)):
            raise ValueError(f"`{item}` is read as a number and needs quotes")
        if not isinstance(item, str) or not item:
            raise ValueError("is a text or a list of texts")
    return list(values)


def _text_lists(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise ValueError("is a mapping to lists of texts")
    return {key: _texts(items) for key, items in value.items()}


def _related(value: Any) -> dict[str, str]:
    """Accept paths, each of which speaks for itself, or a mapping from paths to what to say there."""
    if isinstance(value, dict):
        texts = {path: _texts(template) for path, template in value.items()}
        if not all(len(text) == 1 for text in texts.values()):
            raise ValueError("says one text for each path")
        return {path: text[0] for path, text in texts.items()}
    return dict.fromkeys(_texts(value), "")


def _review(value: Any) -> dict[str, str]:
    """Accept what to look at: a text about the place of the fix, or texts by the paths of the values they are about."""
    if isinstance(value, dict):
        return {path: _texts(text)[0] for path, text in value.items()}
    return {"": _texts(value)[0]}


def _params(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("is a mapping from names to defaults")
    for name, default in value.items():
        if not re.fullmatch(NAME, name):
            raise ValueError(f"`{name}` is no name that an expression may use")
        items = default if isinstance(default, list) else [default]
        kinds = {type(item) for item in items}
        if len(kinds) > 1 or not kinds <= {str, int, float, bool}:
            raise ValueError(f"`{name}` needs a default: a text, a number, a bool, or a list of one of them")
    return value


def _one(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) != 1 or not all(isinstance(path, str) for path in value.values()):
        raise ValueError("is one name and the path of a list")
    return value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class _OneOrMany:
    """Tell editors that a list may be left out around one item."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        many = handler(core)
        return {"anyOf": [many["items"], many]}


def _examples(value: Any) -> list[str | dict[str, str]]:
    """Accept manifests as text, or a tree of files: `{files: {path: text}}`."""
    if not isinstance(value, list):
        raise ValueError("is a list of manifests")
    examples: list[str | dict[str, str]] = []
    for item in value:
        files = item.get("files") if isinstance(item, dict) and list(item) == ["files"] else None
        if isinstance(files, dict) and files and all(isinstance(text, str) for text in files.values()):
            examples.append(files)
        elif isinstance(item, str):
            examples.append(item)
        else:
            raise ValueError("holds manifests as texts, or `{files: {path: text}}`")
    return examples


_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"oneOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_TEXT_MAP = {"type": "object", "additionalProperties": {"type": "string"}}
_DEFAULT = {"type": ["string", "number", "boolean"]}
_TREE = {"type": "object", "required": ["files"], "additionalProperties": False, "properties": {"files": _TEXT_MAP}}

# What editors are told of the values that functions above judge.
Texts = Annotated[list[str], PlainValidator(_texts), WithJsonSchema(_TEXTS)]
TextLists = Annotated[
    dict[str, list[str]],
    PlainValidator(_text_lists),
    WithJsonSchema({"type": "object", "additionalProperties": _TEXTS}),
]
Said = Annotated[dict[str, str], PlainValidator(_related), WithJsonSchema({"oneOf": [*_TEXTS["oneOf"], _TEXT_MAP]})]
Review = Annotated[dict[str, str], PlainValidator(_review), WithJsonSchema({"oneOf": [_TEXT, _TEXT_MAP]})]
One = Annotated[
    dict[str, str], PlainValidator(_one), WithJsonSchema({**_TEXT_MAP, "minProperties": 1, "maxProperties": 1})
]
Params = Annotated[
    dict[str, Any],
    PlainValidator(_params),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": f"^{NAME}$"},
            "additionalProperties": {"oneOf": [_DEFAULT, {"type": "array", "items": _DEFAULT}]},
        }
    ),
]
Manifests = Annotated[
    list[str | dict[str, str]],
    PlainValidator(_examples),
    WithJsonSchema({"type": "array", "items": {"oneOf": [{"type": "string"}, _TREE]}}),
]
Target = Annotated[str | tuple[str, ...], PlainValidator(_target), WithJsonSchema({})]  # the vocabulary knows more


class Strict(BaseModel):
    """Take no key that is not named and no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SeverityWhen(Strict):
    """Raise or lower the severity where a condition holds."""

    when: str
    severity: Severity


class Create(Strict):
    """Describe a missing object: its manifest, with facts in braces, and the place beside whose file it goes."""

    manifest: str = Field(min_length=1)
    each: One | None = None  # one object for each element of a list
    set: dict[str, Any] = {}  # values that are no texts
    repeat: dict[str, str] = {}  # where, and the path of the value in the object at the place
    file: str = ""  # its name without the ending; objects of one name share a file
    beside: str = ""


class Way(Strict):
    """Describe one way to remove a finding: when it applies, where, and what it does to the text."""

    does: str = ""
    when: str = ""
    at: str = ""
    inside: bool = False  # the value at the place is text that holds YAML, as in a ConfigMap
    set: dict[str, Any] = {}
    fill: dict[str, Any] = {}  # like `set`, and what is there already stays
    repeat: TextLists = {}  # where, and what is written there again
    move: dict[str, str] = {}
    rename: dict[str, str] = {}
    append: dict[str, Any] = {}
    remove: Texts = []
    create: Annotated[list[Create], BeforeValidator(_listed), _OneOrMany()] = []
    codeowners: str = ""
    uncomment: bool = False
    comment: str = ""  # written above what `set` and `fill` add
    review: Review = {}


class Fix(Way):
    """Describe what removes a finding; safe when no proxy behaves differently after it."""

    safe: bool
    otherwise: str = ""
    ways: list[Way] = []


class Examples(Strict):
    """Hold manifests: `good` ones are silent, `bad` ones name the rule in `# expect:` comments."""

    good: Manifests = []
    bad: Manifests = []


class Rule(Strict):
    """Hold one rule as its author wrote it."""

    id: str = Field(pattern=OUR_ID)
    name: str = Field(pattern=WORDS)
    since: str = Field(pattern=VERSION)
    severity: Severity
    severity_when: SeverityWhen | None = None
    confidence: Literal["high", "medium", "low"]
    profile: Literal["baseline", "standard", "strict"]
    target: Target
    each: One | None = None
    when: str = Field("", min_length=1)
    let: dict[str, str] = {}
    require: str = Field("", min_length=1)
    check: str = Field("", min_length=1)
    params: Params = {}
    on_unknown: Literal["fire", "silent", "undecided"] = "undecided"
    at: Texts = []
    related: Said = {}
    message: str = Field(min_length=1)
    help: str = Field(min_length=1)
    why: str = Field(min_length=1)
    controls: TextLists = {}
    equivalents: TextLists = {}
    fix: Fix | None = None
    examples: Examples = Examples()


class PackRule(Rule):
    """Hold a rule of a pack, which may leave out more: it has a full name without an id, and runs in every profile."""

    id: str = Field("", pattern=PACK_ID)
    since: str = Field("", pattern=VERSION)
    confidence: Literal["high", "medium", "low"] = "high"
    profile: Literal["baseline", "standard", "strict"] = "baseline"
    mandatory: bool = False
    why: str = ""


class Tuning(Strict):
    """Change one rule of meshlint, as a pack may."""

    severity: Severity | None = None
    enabled: bool | None = None
    params: dict[str, Any] = {}


STAND_INS: dict[str, Any] = {
    "id": "AAA000",
    "name": "a",
    "since": "0.0.0",
    "severity": "info",
    "confidence": "low",
    "profile": "strict",
    "message": "-",
    "help": "-",
    "why": "-",
}
"""What stands in for a field that is wrong, so that the rest of the file is checked in the same run."""
