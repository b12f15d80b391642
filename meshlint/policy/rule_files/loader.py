"""Rule files to rules: the shape is checked here, every mistake of a file at once.

In: a rule file. Out: `schema.Rule`, with the file's mistakes noted in the file. Order and spelling of the
keys, enums, ids and names are checked here; what an expression or a path says is the compiler's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from meshlint.policy.rule_files.rule_file import RuleFile
from meshlint.policy.rule_files.schema import (
    KEYS,
    OUR_ID,
    PACK_ID,
    STAND_INS,
    VERSION,
    WORDS,
    Create,
    Examples,
    Fix,
    Rule,
    SeverityWhen,
    Tuning,
    Way,
)
from meshlint.spelling import did_you_mean, nearest

_INNER: dict[str, type[BaseModel]] = {"severity_when": SeverityWhen, "fix": Fix, "examples": Examples, "tunes": Tuning}
_WANTED = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "bool_type": "true or false",
}
_PATTERNS = {
    OUR_ID: "three capitals and three digits, such as MTL001",
    PACK_ID: "two or more capitals and three digits, such as HMS001",
    WORDS: "lower-case words joined by hyphens",
    VERSION: "a version such as 0.1.0",
}


def load_rule(file: RuleFile, model: type[Rule] = Rule) -> Rule | None:
    """Return the rule of a file; None when so much is wrong that nothing else can be checked.

    The order of keys is a matter of our own rules. Where single fields are wrong, the rest is returned with
    stand-ins, and the mistakes wait in `file.errors`.
    """
    if file.errors:
        return None
    if model is Rule:
        _check_order(file)
    try:
        return model.model_validate(file.content)
    except ValidationError as error:
        details = error.errors(include_url=False)
    misspelt = {nearest(str(row["loc"][0]), KEYS) for row in details if row["type"] == "extra_forbidden"}
    for detail in details:
        if detail["type"] != "missing" or detail["loc"][-1] not in misspelt:
            refuse(file, detail, KEYS)
    wrong = {str(detail["loc"][0]) for detail in details}
    rest = {key: value for key, value in file.content.items() if key not in wrong}
    return model.model_validate({**STAND_INS, **rest}) if "target" in rest else None


def _check_order(file: RuleFile) -> None:
    last = ""
    for key in file.content:
        if key not in KEYS:
            continue
        if last and KEYS.index(key) < KEYS.index(last):
            file.refuse(f"/{key}#", f"`{key}` stands after `{last}`", f"move `{key}` before `{last}`")
        else:
            last = key


def refuse(file: RuleFile, detail: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Note one error of pydantic in our own words; `keys` are those that the top of the file may have."""
    loc: Sequence[Any] = detail["loc"]
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in loc)
    name, kind, given = str(loc[-1]), detail["type"], detail.get("input")
    if kind == "missing":
        file.refuse(pointer.rpartition("/")[0], f"`{name}` is missing")
    elif kind == "extra_forbidden":
        model = _INNER.get(str(loc[0]))
        if model is Fix:
            model = Create if "create" in loc[:-1] else Way if "ways" in loc[:-1] else Fix
        known = list(model.model_fields) if model and len(loc) > 1 else keys
        file.refuse(f"{pointer}#", f"unknown field `{name}`", did_you_mean(name, known))
    elif kind == "literal_error":
        words = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        if given is None:
            file.refuse(pointer, f"`{name}` is empty: write {_either(words)}")
            return
        file.refuse(pointer, f"`{name}` is {_either(words)}, not `{given}`", _nearest(str(given), words))
    elif kind == "string_pattern_mismatch":
        file.refuse(pointer, f"`{name}` is {_PATTERNS.get(detail['ctx']['pattern'], 'of another form')}, not `{given}`")
    elif kind == "string_type":
        quotes = "" if isinstance(given, list) else "put it in quotes"
        file.refuse(pointer, f"`{name}` is a text", quotes)
    elif kind in ("string_too_short", "too_short"):
        file.refuse(pointer, f"`{name}` is empty")
    elif kind in _WANTED:
        file.refuse(pointer, f"`{name}` is {_WANTED[kind]}")
    elif kind == "value_error":
        file.refuse(pointer, f"`{name}` {detail['ctx']['error']}")
    else:
        message = str(detail["msg"])
        file.refuse(pointer, f"`{name}`: {message[:1].lower()}{message[1:]}")


def _nearest(word: str, known: Sequence[str]) -> str:
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else ""


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
