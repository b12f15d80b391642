"""A rule that is ready to run, and what the manual says about it.

In: nothing. Out: types of plain values, so that the compiled catalogue is marshalled and read back without a
parser. A program is the serialised form of an expression, empty where the rule has none; a path is a tuple of
segments, the first of which names a variable; parts are a parsed template (`policy.templates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from meshlint.policy.templates import Parts, Path
from meshlint.records import NamedTuple

if TYPE_CHECKING:
    from meshlint.policy.fixes import FixOutline, FixRow

Example = str | dict[str, str]
"""One manifest, or the texts of several files by path."""


class CompiledRule(NamedTuple):
    """Hold what a run needs of one rule."""

    id: str
    name: str  # of a rule of a pack `pack/name`
    family: str  # the folder of its file: mtls, resilience, …; of a rule of a pack the pack
    since: str
    severity: str  # error, warning, info
    confidence: str  # high, medium, low
    profile: str  # the smallest profile that has it: baseline, standard, strict
    target: str | tuple[str, ...]  # a word of the vocabulary, or kinds as `group/Kind`
    variable: str  # what expressions and messages call the target
    summary: str
    each: tuple[str, Path] | None  # a name, and the list whose elements are judged one by one
    when: bytes
    lets: tuple[tuple[str, bytes], ...]
    require: bytes
    check: str  # the Python check that stands in the place of `require`
    params: Mapping[str, Any]  # defaults
    severity_when: tuple[bytes, str] | None
    on_unknown: str  # fire, silent, undecided
    at: tuple[Path, ...]
    related: tuple[tuple[Path, Parts], ...]
    message: Parts
    help: Parts
    controls: Mapping[str, list[str]]  # framework → ids
    pack: str = ""  # empty: ours
    fix: FixOutline | None = None
    mandatory: bool = False  # its pack says so: it always runs, and nothing takes its findings out


def title_of(id_: str, name: str) -> str:
    """Return what a report calls a rule: its id and its name, once where a rule of a pack has no id but its name."""
    return id_ if id_ == name else f"{id_} {name}"


class Documentation(NamedTuple):
    """Hold what `explain` and `rules` print of one rule, as its author wrote it."""

    path: str  # of the rule file, below the folder of rules
    when: str
    require: str
    message: str
    help: str
    why: str
    equivalents: Mapping[str, list[str]]
    fix: FixRow | None
    good: list[Example]
    bad: list[Example]
    let: Mapping[str, str]
