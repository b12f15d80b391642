"""Which formats there are, and where each is written.

In: the name of a format. Out: the module that writes it, imported when it is asked for. A format is one module with a
function `render(report, setting)` that returns text; adding one adds a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from meshlint.records import NamedTuple

if TYPE_CHECKING:
    from meshlint.findings.report import Report
    from meshlint.policy.catalogue import Catalogue

FORMATS = {
    "text": "text",
    "json": "json",
    "sarif": "sarif",
    "sarif-open": "sarif_open",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
}
"""The formats of `meshlint check`, and the module of this room that writes each."""


class Setting(NamedTuple):
    """Hold what a report may look up beyond the report itself."""

    catalogue: Catalogue
    lines_of: Callable[[str], Sequence[str]]
    is_terminal: bool = False
    coloured: bool = False
    shows_suppressed: bool = False  # text lists what was suppressed, and by what


def rendered(name: str, report: Report, setting: Setting) -> str:
    """Return the report in a format. File names that are no UTF-8 are written escaped, as JSON does."""
    from importlib import import_module

    text: str = import_module(f"meshlint.reports.{FORMATS[name]}").render(report, setting)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
