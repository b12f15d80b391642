"""Our own errors in the shape of findings: configuration, rule files, usage.

In: an exception of the caller's making. Out: text.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from meshlint.errors import MeshlintError
from meshlint.findings.finding import plain_location
from meshlint.reports.frame import framed

_LONGEST_FILE = 1 << 20


def mistake_text(mistake: MeshlintError, coloured: bool) -> str:
    """Return every mistake that the exception carries, framed."""
    several: Sequence[MeshlintError] = getattr(mistake, "errors", None) or (mistake,)
    lines: list[str] = []
    for one in several:
        location = plain_location(one.location) if one.location is not None else None
        source = _lines(getattr(one.location, "path", "")) if one.location is not None else ()
        lines += framed(
            "error", f"error[{one.title}]: {one.message}", location, source, (("help", one.help),), coloured
        )
    return "\n".join(lines) + "\n"


def _lines(path: str) -> Sequence[str]:
    try:
        if not os.path.isfile(path):  # a pipe would hold us up, a device never end
            return ()
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_LONGEST_FILE).split("\n")
    except OSError:
        return ()
