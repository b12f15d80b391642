"""Ranges of versions, as `requires:` states them: `>=0.1, <2`.

In: a range and a version. Out: whether the one holds the other. Versions are compared number by number; what stands
behind the numbers, as in `1.0.dev1`, does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_CLAUSE = re.compile(r"(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)")
_HOLDS: dict[str, Callable[[int], bool]] = {
    ">=": lambda order: order >= 0,
    "<=": lambda order: order <= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">": lambda order: order > 0,
    "<": lambda order: order < 0,
}


def mistake_in(wanted: str) -> str:
    """Return the first part of a range that cannot be read, empty when all can."""
    return next((part.strip() or wanted for part in wanted.split(",") if not _CLAUSE.fullmatch(part.strip())), "")


def is_met(wanted: str, version: str) -> bool:
    """Tell whether a version lies in a range that `mistake_in` finds nothing wrong with."""
    found = _numbers(version)
    return all(_HOLDS[sign](_order(found, _numbers(bound))) for sign, bound in _CLAUSE.findall(wanted))


def _numbers(version: str) -> list[int]:
    match = re.match(r"\d+(?:\.\d+)*", version)
    return [int(part) for part in match[0].split(".")] if match else []


def _order(one: list[int], other: list[int]) -> int:
    width = max(len(one), len(other))
    left, right = (numbers + [0] * (width - len(numbers)) for numbers in (one, other))
    return (left > right) - (left < right)
