"""What an example says that rules find in it.

In: the text of a manifest with comments. Out: expectations by line, and the difference from what was found.
Rules' own examples, the fixtures and `meshlint test` share it.

    mode: PERMISSIVE  # expect: permissive-mtls
    # expect-next: unused-suppression          (for a line that holds a comment of its own, or takes none)
    # base: none                               (do not lay the example over the compliant base)
    # undecided: missing-gateway               (the rule cannot judge something; alone, the rule of the example)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from meshlint.records import NamedTuple

_NAME = r"[a-z][a-z0-9-]*(?:/[a-z][a-z0-9-]*)?"
_NAMES = rf"{_NAME}(?:[ \t]*,[ \t]*{_NAME})*"
_EXPECT = re.compile(rf"(?:^|\s)(?:#|--)[ \t]*expect(-next)?:[ \t]*({_NAMES})")
_UNDECIDED = re.compile(r"(?m)^[ \t]*#[ \t]*undecided(?::[ \t]*(\S.*?))?[ \t]*$")
_BASE = re.compile(r"(?m)^[ \t]*#[ \t]*base:[ \t]*none\b")


class Expectation(NamedTuple):
    """Name a rule and the line at which it finds something; `path` tells the files of an example apart."""

    path: str
    line: int
    rule: str


class Difference(NamedTuple):
    """Hold what was expected and not found, and what was found and not expected, as often as that is."""

    missing: tuple[Expectation, ...]
    unexpected: tuple[Expectation, ...]


def expectations_in(text: str, path: str = "") -> list[Expectation]:
    """Return what the comments of a manifest expect, in the order of lines."""
    expected: list[Expectation] = []
    waiting: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        here = waiting
        waiting = []
        for is_next, names in _EXPECT.findall(line):
            listed = re.split(r"[ \t]*,[ \t]*", names)
            if is_next:
                waiting += listed
            else:
                here = here + listed
        if waiting and here and not line.partition("#")[0].strip():
            here, waiting = [], here + waiting  # several expect-next lines in a row speak of the same line
        expected += [Expectation(path, number, name) for name in here]
    return expected


def expectations_of(example: str | Mapping[str, str]) -> list[Expectation]:
    """Return what an example expects, be it one manifest or a tree of files."""
    files = {"": example} if isinstance(example, str) else example
    return [row for path, text in files.items() for row in expectations_in(text, path)]


def undecided_in(text: str, path: str = "") -> list[Expectation]:
    """Return what a manifest says of rules that cannot judge it, at the line that says so; "" is the example's rule."""
    return [
        Expectation(path, text.count("\n", 0, told.start()) + 1, name)
        for told in _UNDECIDED.finditer(text)
        for name in re.split(r"[ \t]*,[ \t]*", told[1] or "")
    ]


def stands_alone(text: str) -> bool:
    """Tell whether an example says that it is not laid over the compliant base."""
    return _BASE.search(text) is not None


def compare(expected: Iterable[Expectation], found: Iterable[Expectation]) -> Difference:
    """Return the difference in both directions; the same finding twice needs two expectations."""
    wanted, given = Counter(expected), Counter(found)
    missing = sorted((wanted - given).elements())
    return Difference(tuple(missing), tuple(sorted((given - wanted).elements())))
