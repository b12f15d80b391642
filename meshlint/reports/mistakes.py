"""Our own errors in the shape of findings: configuration, rule files, usage.

In: an exception of the caller's making. Out: text.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.errors import MeshlintError, SourceError
from meshlint.findings.finding import plain_location
from meshlint.reports.frame import framed
from meshlint.sources.source import Source, read

_LONGEST_FILE = 1 << 20


def mistake_text(mistake: MeshlintError, coloured: bool) -> str:
    """Return every mistake that the exception carries, framed."""
    several: Sequence[MeshlintError] = getattr(mistake, "errors", None) or (mistake,)
    lines: list[str] = []
    for one in several:
        location = plain_location(one.location) if one.location is not None else None
        source: Sequence[str] = ()
        if one.text is not None:
            source = one.text.split("\n")
        elif one.location is not None:
            source = _lines(one.file or mistake.file or one.location.path)
        lines += framed(
            "error", f"error[{one.title}]: {one.message}", location, source, (("help", one.help),), coloured
        )
    return "\n".join(lines) + "\n"


def _lines(path: str) -> Sequence[str]:
    """Return the lines of a file that may be anything, a pipe included."""
    try:
        data = read(Source(path, path, False), _LONGEST_FILE)
    except (SourceError, ValueError):
        return ()
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
