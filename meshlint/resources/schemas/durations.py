"""Durations as Istio reads them (Go's time.ParseDuration).

In: a value. Out: a flaw, or None. A bare number is no duration, a day is no unit, and most fields want a millisecond
at least.
"""

from __future__ import annotations

import re
from typing import Any

from meshlint.resources.schemas.nodes import VALUE, Flaw, Flaws, Node, shown

_UNITS = {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "μs": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "h": 3.6e6}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_MOST_KEPT = 1000
_WHOLE = re.compile(rf"[-+]?(0|({_PART.pattern})+)")


class Duration(Node):
    """Accept a duration; with `positive` a millisecond at least."""

    expected = "a duration such as 30s"

    def __init__(self, *, positive: bool) -> None:
        self.positive = positive
        self._good: set[str] = set()  # manifests repeat a handful of durations

    def check(self, value: Any) -> Flaws:
        if type(value) is str and value in self._good:
            return None
        if type(value) is not str or not _WHOLE.fullmatch(value):
            return self._refused(value, _with_unit(value))
        if self.positive and (value.startswith("-") or milliseconds(value) < 1):
            text = f"is {shown(value)}, where a duration of at least 1ms belongs"
            return [Flaw(VALUE, text, "a duration of at least 1ms")]
        if len(self._good) < _MOST_KEPT:
            self._good.add(value)
        return None


def milliseconds(value: str) -> float:
    """Return the length of a duration; its sign is left out."""
    return sum(float(match[1]) * _UNITS[match[2]] for match in _PART.finditer(value))


def _with_unit(value: Any) -> str:
    """Return a bare number with the unit that was probably meant."""
    digits = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10
    number = int(value) if digits or type(value) is int else 0
    return f"{number}s" if 0 < number < 10**9 else ""
