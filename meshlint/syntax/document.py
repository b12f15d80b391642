"""What reading a file gives: documents, problems, comments addressed to meshlint.

In: nothing. Out: plain immutable types with positions (lines and columns from 1, columns in characters).
"""

from __future__ import annotations

from typing import Any

from meshlint.errors import Position
from meshlint.records import NamedTuple


class Problem(NamedTuple):
    """Say what keeps a document from being read as its author meant it; `document` is its index in the file."""

    code: str  # syntax, duplicate-key, bad-key, too-deep, alias-budget, too-large, encoding
    message: str
    start: Position
    end: Position
    document: int


class Directive(NamedTuple):
    """Hold a comment `# meshlint: <text>`; `own_line` says that nothing else stands on the line."""

    line: int
    column: int
    end_column: int
    text: str
    document: int
    own_line: bool


class Document(NamedTuple):
    """Hold the plain values of one document; `intact` is false when they could not be read, and `value` then None."""

    number: int  # from 0, among the documents of the file
    start: Position
    end: Position
    value: Any
    intact: bool
    source: str | None = None  # what a "# Source:" comment of Helm says


class Stream(NamedTuple):
    """Hold all that one file says; a source of a template, which nobody rendered, has no documents."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    directives: tuple[Directive, ...]
    template: str | None
    looks_like_manifest: bool


class Span(NamedTuple):
    """Hold both ends of a value or key; `exact` is false when a parent stands in for what is absent."""

    start: Position
    end: Position
    exact: bool


class Limits(NamedTuple):
    """Bound what one file may ask for."""

    size: int = 16 * 1024 * 1024  # bytes
    depth: int = 200  # nested collections; the expression library does not survive thousands
    alias_nodes: int = 200_000  # nodes that aliases may stand for, in one document


DEFAULT_LIMITS = Limits()
