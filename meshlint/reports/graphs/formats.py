"""Which formats a graph has, and where each is written.

In: the name of a format. Out: the module that writes it, imported when it is asked for: one function
`render(drawing, setting)` that returns text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.records import NamedTuple

if TYPE_CHECKING:
    from meshlint.reports.graphs.drawing import Drawing

FORMATS = {"text": "text", "json": "json", "mermaid": "mermaid", "dot": "dot", "html": "html"}
"""The formats of `meshlint graph`, and the module of this room that writes each."""


class Setting(NamedTuple):
    """Hold what a format may know beyond the drawing."""

    title: str = "service mesh"
    width: int = 0  # of the terminal; 0 in a pipe: one line a link
    coloured: bool = False


def rendered(name: str, drawing: Drawing, setting: Setting) -> str:
    """Return the drawing in a format. File names that are no UTF-8 are written escaped, as JSON does."""
    from importlib import import_module

    text: str = import_module(f"meshlint.reports.graphs.{FORMATS[name]}").render(drawing, setting)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
