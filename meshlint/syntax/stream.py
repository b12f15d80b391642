"""One file's bytes become documents; what is wrong becomes problems.

In: bytes. Out: `Stream`. It never raises: a document that cannot be read is reported with line and column, and reading
goes on at the next `---`. It knows YAML, JSON and comments, and nothing of Kubernetes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from meshlint.errors import Position
from meshlint.syntax.comments import directives_of, source_comments
from meshlint.syntax.document import DEFAULT_LIMITS, Document, Limits, Problem, Stream
from meshlint.syntax.encoding import readable
from meshlint.syntax.plain import read_plain
from meshlint.syntax.separators import next_separator
from meshlint.syntax.templates import template_language

if TYPE_CHECKING:
    from meshlint.syntax.events import MarkedYAMLError

_HEADER = re.compile(rb"(?m)^(?:apiVersion|kind)[ \t]*:|^[ \t]*\"(?:apiVersion|kind)\"[ \t]*:|^\{")


def read_stream(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Stream:
    """Read every document of a file; bytes of any kind give a Stream."""
    top = Position(1, 1)
    if len(data) > limits.size:
        message = f"the file has {len(data)} bytes, more than the {limits.size} that are read"
        return Stream((), (Problem("too-large", message, top, top, 0),), (), None, _has_header(data[: limits.size]))
    text, encoding_problem = readable(data)
    reader = Reader(text, limits)
    plain = read_plain(text, limits)
    if plain is None:
        reader.run()
    else:
        reader.take(plain)
    problems = ([encoding_problem] if encoding_problem else []) + reader.problems
    template = template_language(text, reader.documents, problems)
    documents = () if template else tuple(reader.documents)
    if b"# Source: " in text and documents:
        documents = _with_sources(documents, source_comments(text), reader.openings)
    directives = directives_of(text, reader.openings) if b"meshlint:" in text else ()
    return Stream(documents, () if template else tuple(problems), directives, template, _has_header(text))


def _has_header(text: bytes) -> bool:
    missing = {b"apiVersion", b"kind"}
    for match in _HEADER.finditer(text):
        missing.discard(match[0].strip(b' \t":'))
        if not missing:
            return True
    return False


def _with_sources(
    documents: tuple[Document, ...], comments: list[tuple[int, str]], openings: list[int]
) -> tuple[Document, ...]:
    """Give each document the last "# Source:" comment between its `---` and the next one."""
    named: dict[int, str] = {}
    for line, path in comments:
        index = bisect_right(openings, line) - 1
        if index >= 0:
            named.setdefault(index, path)
    return tuple(document._replace(source=named.get(document.number)) for document in documents)


class Reader:
    """Read the documents of one text with the parser, starting again behind each one that is broken."""

    def __init__(self, text: bytes, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.openings: list[int] = []  # line of each document's `---`, or of its content where it has none
        self._line = 0  # lines before the part that is being read
        self._offset = 0

    def run(self) -> None:
        offset: int | None = 0
        while offset is not None:
            offset = self._part(offset)

    def take(self, plain: Sequence[tuple[int, Any]]) -> None:
        """Keep documents that needed no parser."""
        for line, value in plain:
            self.openings.append(line)
            self._keep(line - 1, value, True)

    def _part(self, offset: int) -> int | None:
        """Read until a document breaks; return where the next one begins, None at the end."""
        from yaml.events import DocumentStartEvent, StreamEndEvent  # with the parser: plain texts need none of it

        from meshlint.syntax.builder import Builder, Refusal
        from meshlint.syntax.events import MarkedYAMLError, YAMLError, event_source, line_of

        self._line += self._text.count(b"\n", self._offset, offset)
        self._offset = offset
        next_event = event_source(self._text, offset)
        builder = Builder(next_event, self._limits, self._report)
        opened = 0  # line of the open document, counted inside the part
        try:
            while True:
                event = next_event()
                if type(event) is StreamEndEvent or event is None:
                    return None
                if type(event) is DocumentStartEvent:
                    opened = line_of(event.start_mark)
                    self.openings.append(self._line + opened + 1)
                    value = builder.document()
                    self._keep(opened, value, True)
        except Refusal as refusal:
            self._report(refusal.code, refusal.message, refusal.mark, refusal.end)
        except MarkedYAMLError as error:
            opened = self._syntax(error, opened)
        except YAMLError as error:
            position = Position(self._line + opened + 1, 1)
            self.problems.append(Problem("syntax", _first_line(str(error)), position, position, len(self.documents)))
        if len(self.openings) <= len(self.documents):
            self.openings.append(self._line + opened + 1)
        self._keep(opened, None, False)
        return next_separator(self._text, offset, opened)

    def _syntax(self, error: MarkedYAMLError, opened: int) -> int:
        mark = error.problem_mark or error.context_mark
        message = error.problem or "no YAML"
        if error.context:
            message = f"{message} {error.context}"
            if error.context_mark is not None and error.problem_mark is not None:
                message = f"{message} of line {self._line + error.context_mark.line + 1}"
        self._report("syntax", message, mark, mark)
        if len(self.openings) <= len(self.documents) and mark is not None:
            # The error stands before any content, so that no document was opened: it breaks where it stands.
            return int(mark.line)
        return opened

    def _keep(self, opened: int, value: Any, intact: bool) -> None:
        index = len(self.documents)
        start = Position(self._line + opened + 1, 1)
        self.documents.append(Document(index, start, start, value, intact))

    def _report(self, code: str, message: str, start: Any, end: Any) -> None:
        first = self._position(start)
        self.problems.append(Problem(code, message, first, max(first, self._position(end)), len(self.documents)))

    def _position(self, mark: Any) -> Position:
        if mark is None:
            return Position(self._line + 1, 1)
        return Position(self._line + mark.line + 1, mark.column + 1)


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else "no YAML"
