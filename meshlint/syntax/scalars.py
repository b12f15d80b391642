"""What a plain scalar means to Kubernetes: the rules of go-yaml v2, through sigs.k8s.io/yaml.

In: the text of a scalar and its tag. Out: None, bool, int, float or str. `y`, `yes` and `on` are booleans, `017` and
`0o17` are 15, `1e3` is a float, there are no sexagesimal numbers, and dates stay strings.
"""

from __future__ import annotations

import re
from typing import Any

_WORDS: dict[str, Any] = {"": None, "~": None}
for _word in ("null",):
    _WORDS |= {_word: None, _word.capitalize(): None, _word.upper(): None}
for _word in ("y", "yes", "on", "true"):
    _WORDS |= {_word: True, _word.capitalize(): True, _word.upper(): True}
for _word in ("n", "no", "off", "false"):
    _WORDS |= {_word: False, _word.capitalize(): False, _word.upper(): False}
for _word in (".inf", ".Inf", ".INF"):
    _WORDS |= {_word: float("inf"), f"+{_word}": float("inf"), f"-{_word}": float("-inf")}
for _word in (".nan", ".NaN", ".NAN"):
    _WORDS[_word] = float("nan")

_NUMBER_STARTS = frozenset("+-0123456789.")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))", re.ASCII)
_LONGEST_INTEGER = 70  # characters: more than 64 binary digits never fit into 64 bits
_MISSING = object()


def resolve(text: str) -> Any:
    """Return what a plain, untagged scalar means."""
    word = _WORDS.get(text, _MISSING)
    if word is not _MISSING:
        return word
    return _number(text) if text[0] in _NUMBER_STARTS else text


def _number(text: str) -> Any:
    plain = text.replace("_", "")
    if len(plain) <= _LONGEST_INTEGER:
        match = _INTEGER.fullmatch(plain)
        if match is not None:
            value = _integer(match)
            if -(1 << 63) <= value < 1 << 64:
                return value
    if _FLOAT.fullmatch(plain):
        number = float(plain)
        return text if number in (float("inf"), float("-inf")) else number
    return text


def _integer(match: re.Match[str]) -> int:
    sign, hexadecimal, binary, octal, decimal = match.groups()
    for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)):
        if digits is not None:
            value = int(digits, base)
            return -value if sign == "-" else value
    return 0


def tagged(text: str, tag: str) -> Any:
    """Return what a scalar with an explicit tag means; a tag nobody knows leaves the text."""
    short = tag.removeprefix("tag:yaml.org,2002:")
    if short in ("int", "float", "bool", "null"):
        value = resolve(text) if text else None
        if short == "float" and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        return value
    return text


def key_text(value: Any) -> str:
    """Return a mapping key as JSON would carry it: every key becomes a string."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
