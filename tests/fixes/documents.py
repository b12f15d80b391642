"""Documents in all styles, made at random, with numbered comments whose owners are known."""

from __future__ import annotations

import json
from random import Random
from typing import Any

SCALARS: tuple[tuple[str, Any], ...] = (
    ("STRICT", "STRICT"), ('"10s"', "10s"), ("'it''s'", "it's"), ("5", 5), ("1.5", 1.5), ("yes", True), ("0o17", 15),
    ("null", None), ("~", None), ("http://x#y", "http://x#y"), ('"# no"', "# no"), ('"a\\n  b"', "a\n  b"),
    ("é 😀", "é 😀"),
)  # fmt: skip
KEYS = ("a", "b", "spec", '"q r"', "'it''s'", "x/y", "m~n", "on", "1", "é")
NAMES = {'"q r"': "q r", "'it''s'": "it's", "on": "true"}


class Writer:
    """Write one document; `owners` tells to which pointer each comment belongs."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._lines: list[str] = []
        self.owners: dict[str, str] = {}
        self.value = self._mapping(0, "", 3)
        if self._maybe(0.3):
            self._lines.append(self._comment(""))
        self.text = "".join(f"{line}\n" for line in self._lines)

    def _maybe(self, chance: float) -> bool:
        return self._random.random() < chance

    def _comment(self, owner: str) -> str:
        name = f"# c{len(self.owners)}."
        self.owners[name] = owner
        return name

    def _trailing(self, owner: str) -> str:
        return self._random.choice((" ", "   ")) + self._comment(owner) if self._maybe(0.3) else ""

    def _between(self, indent: int, owner: str) -> None:
        if self._maybe(0.15):
            self._lines += [" " * indent + self._comment(f"{owner.rpartition('/')[0]}/?"), ""]  # speaks of none
        if self._maybe(0.3):
            self._lines.append(" " * indent + self._comment(owner))

    def _mapping(self, indent: int, pointer: str, depth: int, first: str = "") -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key in self._random.sample(KEYS, self._random.randint(1, 3)):
            name = NAMES.get(key, key)
            inner = pointer + "/" + name.replace("~", "~0").replace("/", "~1")
            if not first:
                # What stands above the first key of a document may speak of all of it.
                self._between(indent, inner if value or pointer else "/?")
            value[name] = self._entry(first or " " * indent, f"{key}:", inner, indent, depth)
            first = ""
        return value

    def _sequence(self, indent: int, pointer: str, depth: int) -> list[Any]:
        value: list[Any] = []
        for index in range(self._random.randint(1, 3)):
            inner = f"{pointer}/{index}"
            self._between(indent, inner)
            if depth and self._maybe(0.3):
                value.append(self._mapping(indent + 2, inner, depth - 1, " " * indent + "- "))
            else:
                value.append(self._entry(" " * indent, "-", inner, indent, depth))
        return value

    def _entry(self, before: str, head: str, pointer: str, indent: int, depth: int) -> Any:
        """Write what introduces a value, and the value behind or below it."""
        kind = self._random.choice(
            ("scalar", "flow", "literal", "nothing", *(("mapping", "sequence") * 2 * min(depth, 1)))
        )
        if kind == "scalar":
            text, value = self._random.choice(SCALARS)
            self._lines.append(f"{before}{head} {text}{self._trailing(pointer)}")
        elif kind == "flow":
            text, value = self._flow(depth)
            self._lines.append(f"{before}{head} {text}{self._trailing(pointer)}")
        elif kind == "literal":
            self._lines += [f"{before}{head} |{self._trailing(pointer)}", " " * (indent + 3) + "# text", ""]
            value = "# text\n"
        elif kind == "nothing":
            self._lines.append(f"{before}{head}{self._trailing(pointer)}")
            value = None
        else:
            self._lines.append(f"{before}{head}{self._trailing(pointer)}")
            deeper = indent + self._random.choice((1, 2, 4))
            if kind == "mapping":
                value = self._mapping(deeper, pointer, depth - 1)
            else:
                flush = head != "-" and self._maybe(0.5)
                value = self._sequence(indent if flush else deeper, pointer, depth - 1)
                pointer += f"/{len(value) - 1}" if flush else ""  # deeper than its last dash
            if self._maybe(0.2):
                self._lines.append(" " * (indent + 1) + self._comment(pointer))
        return value

    def _flow(self, depth: int) -> tuple[str, Any]:
        gap = self._random.choice(("", " "))
        parts = []
        if self._maybe(0.5):
            mapping: dict[str, Any] = {}
            for key in self._random.sample(KEYS, self._random.randint(0, 2)):
                text, mapping[NAMES.get(key, key)] = self._flow_value(depth)
                parts.append(f"{key}: {text}")
            return f"{{{gap}{', '.join(parts)}{gap}}}", mapping
        items: list[Any] = []
        for _ in range(self._random.randint(0, 2)):
            text, item = self._flow_value(depth)
            parts.append(text)
            items.append(item)
        return f"[{gap}{', '.join(parts)}{gap}]", items

    def _flow_value(self, depth: int) -> tuple[str, Any]:
        return self._flow(depth - 1) if depth and self._maybe(0.3) else self._random.choice(SCALARS)


def json_document(random: Random, value: Any) -> str:
    """Return a value as JSON in some style."""
    return json.dumps(value, indent=random.choice((None, 2, 4)), ensure_ascii=random.choice((False, True))) + "\n"


def pointers(value: Any, pointer: str = "") -> list[str]:
    """Return the pointers of everything in a value, itself left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, item in items:
        inner = pointer + "/" + str(key).replace("~", "~0").replace("/", "~1")
        found += [inner, *pointers(item, inner)]
    return found
