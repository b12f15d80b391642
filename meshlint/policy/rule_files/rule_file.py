"""A rule file and its mistakes, each at the very word.

In: the path and the bytes of a rule, profile or control file. Out: its content as plain values, and
`RuleErrors` with a location for every mistake. It knows positions and no meaning.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

from yaml.events import StreamEndEvent

from meshlint.errors import Location, Position, RuleError
from meshlint.records import NamedTuple
from meshlint.syntax.document import Problem, Span, Stream
from meshlint.syntax.events import event_source
from meshlint.syntax.locate import locate
from meshlint.syntax.stream import read_stream

_UNCLOSED = re.compile(r"end of stream while scanning a quoted scalar of line (\d+)")
_SIGNS = tuple("{[\"'!&*%@|>`")
"""What YAML gives a meaning of its own at the start of a text."""


class Word(NamedTuple):
    """Point into the text of a scalar: line and column from 1, and the characters that stand there."""

    line: int
    column: int
    text: str


class RuleErrors(RuleError):
    """Report all mistakes of one or more rule files; what it says of itself is the first of them."""

    def __init__(self, errors: Sequence[RuleError]) -> None:
        first = errors[0]
        super().__init__(first.message, location=first.location, help=first.help)
        self.errors = tuple(errors)


class RuleFile:
    """Hold one file and collect its mistakes; `path` is how reports name it, `file` where it lies."""

    def __init__(self, path: str, data: bytes, file: str | None = None) -> None:
        self.path = path
        self.data = data
        self.file = file
        self.errors: list[RuleError] = []
        stream = read_stream(data)
        for problem in stream.problems:
            told, help = self._in_words(problem)
            start, end = self._opening(problem)
            self._note(told, Location(path, start, end), help or ("close the quote" if start != problem.start else ""))
        if not self.errors:
            self._check_tags()
        value = stream.documents[0].value if stream.documents else None
        self.content: dict[str, Any] = value if isinstance(value, dict) else {}
        if not self.errors:
            self._check_form(stream)

    def refuse(self, pointer: str, message: str, help: str = "", word: Word | None = None) -> None:
        """Note a mistake at a value, at a key (a pointer that ends in `#`), or at a word inside a text."""
        self._note(message, self.location(pointer, word), help)

    def location(self, pointer: str, word: Word | None = None) -> Location:
        """Return where a value, a key or a word inside a text stands."""
        span = locate(self.data, 0, [pointer])[pointer]
        start, end = self._inside(span, word) if word is not None else (span.start, span.end)
        return Location(self.path, start, end, pointer.removesuffix("#"))

    def _note(self, message: str, location: Location, help: str = "") -> None:
        error = RuleError(message, location=location, help=help)
        error.file = self.file
        self.errors.append(error)

    def _in_words(self, problem: Problem) -> tuple[str, str]:
        """Say what is wrong with a line in the words of somebody who writes rules, and how it is mended."""
        line = (self.data.decode("utf-8", "replace").split("\n")[problem.start.line - 1 :] or [""])[0]
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return "the line is indented by a tab", "YAML is indented by spaces"
        key, colon, value = line.strip().partition(":")
        if colon and (value.strip()[:1] in _SIGNS or ": " in value):
            return problem.message, f"put all of the text after `{key}:` in quotes"
        return problem.message, ""

    def _opening(self, problem: Problem) -> tuple[Position, Position]:
        """Return where a problem stands; a quote that is never closed, where it was opened, not where the file ends."""
        found = _UNCLOSED.search(problem.message)
        if found is None:
            return problem.start, problem.end
        row = int(found[1])
        line = self.data.decode("utf-8", "replace").split("\n")[row - 1]
        column = next((at for at, sign in enumerate(line, 1) if sign in "\"'"), 1)
        return Position(row, column), Position(row, len(line.rstrip()) + 1)

    def _check_tags(self) -> None:
        """Note texts that YAML takes for tags: `!edge.is_known` without quotes is no value at all."""
        next_event = event_source(self.data)
        while (event := next_event()) is not None and not isinstance(event, StreamEndEvent):
            tag = getattr(event, "tag", None)
            if isinstance(tag, str) and tag.startswith("!") and tag != "!":
                mark = event.start_mark
                start = Position(mark.line + 1, mark.column + 1)
                told = f"YAML reads `{tag}` as a tag and not as a part of the text"
                end = Position(start.line, start.column + len(tag))
                self._note(told, Location(self.path, start, end), "put the whole expression in quotes")

    def _check_form(self, stream: Stream) -> None:
        """Note what keeps a file that is YAML from being one mapping."""
        top = Position(1, 1)
        if stream.template is not None:
            told = f"the file is read as {stream.template} template source, and a rule is none"
            self._note(told, Location(self.path, top, top), "write the value itself")
        elif not stream.documents or (len(stream.documents) == 1 and stream.documents[0].value is None):
            self._note("the file is empty", Location(self.path, top, top))
        elif len(stream.documents) > 1:
            start = stream.documents[1].start
            told = f"the file holds {len(stream.documents)} documents"
            self._note(told, Location(self.path, start, start), "write each rule into a file of its own")
        elif not isinstance(stream.documents[0].value, dict):
            start = stream.documents[0].start
            self._note("the file does not hold one mapping", Location(self.path, start, start), "begin with `name: …`")

    def sorted_errors(self) -> list[RuleError]:
        """Return the mistakes in the order of the file."""
        return sorted(self.errors, key=_place)

    def _inside(self, span: Span, word: Word) -> tuple[Position, Position]:
        """Return where a word of a scalar stands; the whole scalar where folding or escapes hide it."""
        lines = self.data.decode("utf-8", "replace").split("\n")
        opening = lines[span.start.line - 1][span.start.column - 1 :][:1]
        if opening == "|":
            body = lines[span.start.line :]
            indent = next((len(line) - len(line.lstrip()) for line in body if line.strip()), 0)
            line, column = span.start.line + word.line, indent + word.column
        else:
            quote = 1 if opening in ("'", '"') else 0
            line, column = span.start.line, span.start.column + quote + word.column - 1
        if line <= len(lines) and lines[line - 1][column - 1 :].startswith(word.text):
            return Position(line, column), Position(line, column + len(word.text))
        return span.start, span.end


def _place(error: RuleError) -> Position:
    return error.location.start if error.location else Position(0, 0)


def read_rule_file(file: str, path: str) -> RuleFile:
    """Read a file; raises RuleError when it cannot be read. `path` is how reports name it."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            return RuleFile(path, os.read(descriptor, os.fstat(descriptor).st_size), file)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise RuleError(f"{path} cannot be read: {error.strerror}") from error
