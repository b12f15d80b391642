"""The form of a configuration file, for pydantic to hold it against.

In: the plain value of the file. Out: a `Configuration`, or pydantic's list of everything that is wrong.
Imported only to validate, because pydantic costs more than a whole warm run. The names of the fields are the
keys of the file with `_` for `-`.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from meshlint.config.model import External

_OBJECT = re.compile(r"[A-Z][A-Za-z0-9]*(?:\.[a-z0-9.-]+)? (?:[a-z0-9.*-]+/)?[A-Za-z0-9.:*-]+")
_EXTERNAL = re.compile(r"([A-Z][A-Za-z0-9]*|namespace)/(?:([a-z0-9.*-]+)/)?([A-Za-z0-9.:*_-]+)")
_HOST = re.compile(
    r"(?:\*|[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
)


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("holds empty text")
    return value


def _date(value: str) -> str:
    try:
        known = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) and datetime.date.fromisoformat(value)
    except ValueError:
        known = None
    if not known:
        raise ValueError(f"holds `{value}`, which is no date of the form 2027-01-31")
    return value


def _port(value: int) -> int:
    if not 1 <= value <= 65535:
        raise ValueError(f"holds {value}, which is no port number from 1 to 65535")
    return value


def _external(value: str) -> str:
    if not (_HOST if "/" not in value else _EXTERNAL).fullmatch(value):
        raise ValueError(f"holds `{value}`, which is neither a host nor Kind/namespace/name nor Kind/name")
    return value


def external_of(text: str) -> External:
    """Take an entry of `externals` apart; the text is one that the schema accepted."""
    match = _EXTERNAL.fullmatch(text) if "/" in text else None
    if match is None:
        return External(text)
    kind, namespace, name = match.groups()
    return External(name, namespace or "", "Namespace" if kind == "namespace" else kind)


def _object(value: str) -> str:
    if not _OBJECT.fullmatch(value):
        raise ValueError(f"holds `{value}`, which is not of the form `Kind namespace/name` or `Kind name`")
    return value


def _namespace(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", value):
        raise ValueError(f"holds `{value}`, which is no name of a namespace")
    return value


Text = Annotated[str, AfterValidator(_filled)]
Date = Annotated[str, AfterValidator(_date)]
Port = Annotated[int, AfterValidator(_port)]
Severity = Literal["error", "warning", "info"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=lambda name: name.replace("_", "-"))


class Rule(_Part):
    """Hold `rules.<id>`."""

    severity: Severity | None = None
    enabled: bool | None = None
    params: dict[str, Any] = {}


TAGS = ("rules as a mapping", "rules as a list", "a pack", "settings of rules")
"""What pydantic puts into the path of a mistake to say which form it took `rules` for."""


def _form(value: Any) -> str:
    return TAGS[1] if isinstance(value, list) else TAGS[0]


def _item_form(value: Any) -> str:
    return TAGS[2] if isinstance(value, str) else TAGS[3]


def _once(items: list[Any]) -> list[Any]:
    seen: set[str] = set()
    for item in items:
        for name in item if isinstance(item, dict) else (item,):
            if name in seen:
                raise ValueError(f"names `{name}` twice")
            seen.add(name)
    return items


RuleItem = Annotated[
    Annotated[Text, Tag(TAGS[2])] | Annotated[dict[str, Rule], Tag(TAGS[3])], Discriminator(_item_form)
]
Rules = Annotated[
    Annotated[dict[str, Rule], Tag(TAGS[0])] | Annotated[list[RuleItem], AfterValidator(_once), Tag(TAGS[1])],
    Discriminator(_form),
]
"""Settings of rules, or a list of packs and of such settings."""


class Legacy(_Part):
    """Hold an entry of `legacy`; who answers for it may be missing, which is a finding."""

    namespace: str
    service: Text | None = None
    workload: Annotated[dict[str, str], Field(min_length=1)] | None = None
    ports: list[Port] = []
    owner: Text = ""
    reason: Text = ""
    expires: Date = ""


class AssumedNamespace(_Part):
    """Hold `assume.namespaces.<name>`."""

    labels: dict[str, str]


class Assume(_Part):
    """Hold `assume`; `meshConfig` is spelt as Istio spells it."""

    namespaces: dict[str, AssumedNamespace] = {}
    mesh_config: dict[str, Any] = Field(default={}, alias="meshConfig")


class Exemption(_Part):
    """Hold an entry of `exceptions`."""

    rule: Text = ""
    rules: Annotated[list[Text], Field(min_length=1)] | None = None
    object: Annotated[str, AfterValidator(_object)] = ""
    path: Text = ""
    namespace: Text = ""
    reason: Text = ""
    owner: Text = ""
    expires: Date = ""
    ticket: Text = ""

    @model_validator(mode="after")
    def _one_target(self) -> Exemption:
        if bool(self.rule) == bool(self.rules):
            raise ValueError("names both `rule` and `rules`" if self.rule else "names neither `rule` nor `rules`")
        given = [key for key in ("object", "path", "namespace") if getattr(self, key)]
        if len(given) > 1:
            raise ValueError(f"names both `{given[0]}` and `{given[1]}`")
        if not given:
            raise ValueError("names none of `object`, `path`, `namespace`")
        return self


class Ownership(_Part):
    """Hold `ownership`."""

    platform: Literal["auto", "github", "gitlab", "bitbucket", "gitea"] = "auto"
    policy_owners: list[Text] = []
    elsewhere: bool = False
    exempt: list[Text] = []


class OverrideEntry(_Part):
    """Hold an entry of `overrides`."""

    paths: list[Text] = []
    namespaces: list[Text] = []
    profile: Literal["baseline", "standard", "strict"] | None = None
    select: list[Text] | None = None
    ignore: list[Text] = []
    rules: dict[str, Rule] = {}

    @model_validator(mode="after")
    def _some_area(self) -> OverrideEntry:
        if not self.paths and not self.namespaces:
            raise ValueError("names neither `paths` nor `namespaces`")
        return self


class Configuration(_Part):
    """Hold a whole file."""

    root: bool = False
    profile: Literal["baseline", "standard", "strict"] = "standard"
    select: list[Text] = []
    ignore: list[Text] = []
    exclude: list[Text] = []
    fail_on: Literal["error", "warning", "info", "never"] = "error"
    complete: bool = False
    rules: Rules = {}
    legacy: list[Legacy] = []
    externals: list[Annotated[str, AfterValidator(_external)]] = []
    assume: Assume = Assume()
    environments: dict[str, Annotated[list[Text], Field(min_length=1)]] = {}
    exceptions: list[Exemption] = []
    required_exception_fields: list[Literal["reason", "owner", "expires", "ticket"]] = ["reason", "owner"]
    mandatory: list[Text] = []
    ownership: Ownership = Ownership()
    overrides: list[OverrideEntry] = []
    namespaces: dict[Text, Annotated[str, AfterValidator(_namespace)]] = {}
    baseline: Text = ""


PARTS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Configuration,
    ("rules", "*"): Rule,
    ("rules", "*", "*"): Rule,
    ("legacy", "*"): Legacy,
    ("assume",): Assume,
    ("assume", "namespaces", "*"): AssumedNamespace,
    ("exceptions", "*"): Exemption,
    ("ownership",): Ownership,
    ("overrides", "*"): OverrideEntry,
    ("overrides", "*", "rules", "*"): Rule,
}
"""Which model stands where; `*` is any key or index. Tells the keys that a place allows."""


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys that a part of the file may hold."""
    return tuple(str(field.alias) for field in model.model_fields.values())
