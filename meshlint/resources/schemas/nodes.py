"""What may stand in a place of an object: text, numbers, choices, lists, maps, objects.

In: plain values. Out: flaws, or None where there are none. A flaw starts at the value that is wrong, and every node on
the way up adds its key, so that a good value costs no path. Nothing here knows which kinds exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from meshlint.records import NamedTuple

Key = str | int
UNKNOWN, VALUE, MISSING = "unknown", "value", "missing"

_TEMPLATE = re.compile(r"\$\{|\$\(|\{\{|#\{|<<|\$[A-Z_]|<[A-Za-z_.-]+>|@[A-Za-z_.]+@|%[A-Za-z_]+%|__[A-Za-z_]+__")
_JOINT = re.compile("_([a-z0-9])")
_MOST_FLAWS = 50  # of one object
_LONGEST = 40


class Flaw(NamedTuple):
    """Describe what is wrong with one value; `keys` lead to it from where the checking began."""

    code: str
    text: str  # what is wrong, behind the path of the value
    instead: str = ""  # what belongs there
    keys: tuple[Key, ...] = ()
    known: Mapping[str, Any] = {}  # of an unknown field: its real neighbours
    loose: bool = False  # of an unknown field: only a name like a real one is wrong


Flaws = list[Flaw] | None


def is_template(value: Any) -> bool:
    """Tell whether a value waits for a tool that fills it in: nothing can be said about it before."""
    return isinstance(value, str) and _TEMPLATE.search(value) is not None


def shown(value: Any) -> str:
    """Write a value as messages show it, with its type."""
    if isinstance(value, str):
        return f'the string "{value[:_LONGEST]}{"…" if len(value) > _LONGEST else ""}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "the boolean true", False: "the boolean false"}[value]
    if isinstance(value, int | float):
        return f"the number {value}" if abs(value) < 10**20 else "a huge number"
    return "a mapping" if isinstance(value, dict) else "a list"


def camel(word: str) -> str:
    """Return a word with underscores the way Kubernetes spells it."""
    return _JOINT.sub(lambda match: match[1].upper(), word)


def under(key: Key, flaws: Iterable[Flaw]) -> list[Flaw]:
    """Return flaws as seen from one level above."""
    return [flaw._replace(keys=(key, *flaw.keys)) for flaw in flaws]


class Node:
    """Accept everything; the places about which nothing is sure."""

    expected = "anything"

    def check(self, value: Any) -> Flaws:
        """Return what is wrong with a value that is not null, None when nothing is."""
        return None

    def inner(self) -> Mapping[str, Node]:
        """Return the fields that have names below this place, as `field`, `[]` or `*` where the author chooses."""
        return {}

    def _refused(self, value: Any, instead: str = "") -> Flaws:
        if is_template(value):
            return None
        return [Flaw(VALUE, f"is {shown(value)}, where {self.expected} belongs", instead or self.expected)]


class Text(Node):
    """Accept a string of a length and a form."""

    def __init__(self, least: int = 0, form: re.Pattern[str] | None = None, expected: str = "a string") -> None:
        self.least = least
        self.form = form
        self.expected = expected

    def check(self, value: Any) -> Flaws:
        if type(value) is str and self.form is None and len(value) >= self.least:
            return None
        if type(value) is not str:
            return self._refused(value, "the same in quotes" if isinstance(value, bool | int | float) else "")
        if len(value) < self.least:
            return [Flaw(VALUE, f"is empty, where {self.expected} belongs", self.expected)]
        if self.form is not None and not self.form.fullmatch(value):
            return self._refused(value)
        return None


class Truth(Node):
    """Accept true and false."""

    expected = "true or false"

    def check(self, value: Any) -> Flaws:
        return None if type(value) is bool else self._refused(value)


class Number(Node):
    """Accept a number inside its bounds; a whole one unless `fraction`."""

    def __init__(self, low: float | None, high: float | None, fraction: bool = False) -> None:
        self.low = low
        self.high = high
        self.fraction = fraction
        words = "a number" if fraction else "a whole number"
        if low is not None and high is not None and high < 2**31 - 1:
            words += f" from {low:g} to {high:g}"
        elif low is not None and low > -(2**31):
            words += f" from {low:g} up"
        self.expected = words

    def check(self, value: Any) -> Flaws:
        kind = type(value)
        if kind is not int and (kind is not float or not (self.fraction or value.is_integer())):
            digits = isinstance(value, str) and value.isascii() and value.isdecimal()
            return self._refused(value, f"{value} without quotes" if digits else "")
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            return self._refused(value)
        return None


class Choice(Node):
    """Accept one of a few words."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self._known = frozenset(self.words)
        named = [word for word in self.words if not word.startswith(("UNSPECIFIED", "UNDEFINED", "INVALID"))]
        self.expected = f"one of {', '.join(named)}" if len(named) > 1 else named[0]

    def check(self, value: Any) -> Flaws:
        if type(value) is str and value in self._known:
            return None
        folded = {word.lower().replace("_", ""): word for word in self.words}
        near = folded.get(value.lower().replace("_", "").replace("-", "")) if type(value) is str else None
        return self._refused(value, near or "")


class Items(Node):
    """Accept a list whose elements fit one node; null is no element."""

    expected = "a list"

    def __init__(self, node: Node, least: int, most: int | None) -> None:
        self.node = node
        self.least = least
        self.most = most

    def check(self, value: Any) -> Flaws:
        if type(value) is not list:
            return self._refused(value)
        found: list[Flaw] = []
        check = self.node.check
        for position, item in enumerate(value):
            if item is None:
                found.append(Flaw(VALUE, "is null, and a list holds no nulls", self.node.expected, (position,)))
            elif (flaws := check(item)) and len(found) < _MOST_FLAWS:
                found += under(position, flaws)
        if len(value) < self.least:
            found.append(Flaw(VALUE, "is an empty list", f"a list with at least {self.least}"))
        elif self.most is not None and len(value) > self.most:
            found.append(Flaw(VALUE, f"has {len(value)} entries", f"a list with at most {self.most}"))
        return found or None

    def inner(self) -> Mapping[str, Node]:
        return {"[]": self.node}


class Map(Node):
    """Accept a mapping with keys that the author chooses; null leaves its key out, as the API server does."""

    expected = "a mapping"

    def __init__(self, node: Node, least: int = 0) -> None:
        self.node = node
        self.least = least

    def check(self, value: Any) -> Flaws:
        if type(value) is not dict:
            return self._refused(value)
        found: list[Flaw] = []
        for key, item in value.items():
            if item is not None and (flaws := self.node.check(item)) and len(found) < _MOST_FLAWS:
                found += under(key, flaws)
        if len(value) < self.least:
            found.append(Flaw(VALUE, "is an empty mapping", f"a mapping with at least {self.least}"))
        return found or None

    def inner(self) -> Mapping[str, Node]:
        return {"*": self.node}


Condition = Callable[[dict[str, Any]], Flaws]


class Fields(Node):
    """Accept a mapping with known fields; null leaves a field out. A loose one may have more fields than are known."""

    expected = "a mapping"

    def __init__(self, loose: bool = False) -> None:
        self.fields: dict[str, Node] = {}
        self.required: tuple[str, ...] = ()
        self.conditions: tuple[Condition, ...] = ()
        self.loose = loose

    def check(self, value: Any) -> Flaws:
        if type(value) is not dict:
            return self._refused(value)
        found: list[Flaw] = []
        fields = self.fields
        for key, item in value.items():
            node = fields.get(key)
            if node is None:
                if "_" in key and camel(key) in value:
                    continue  # both spellings of one field: that is said of the text
                found.append(Flaw(UNKNOWN, "", "", (key,), fields, self.loose))
            elif item is not None and (flaws := node.check(item)):
                found += under(key, flaws)
            if len(found) > _MOST_FLAWS:
                return found
        for key in self.required:
            if value.get(key) is None:
                found.append(Flaw(MISSING, f"has no {key}", f"`{key}`"))
        for condition in self.conditions:
            found += condition(value) or ()
        return found or None

    def inner(self) -> Mapping[str, Node]:
        return self.fields


OPEN = Node()
