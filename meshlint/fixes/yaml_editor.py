"""Operations become edits of a document's text, and everything outside these edits stays as it is.

In: the text of a file and operations on one of its documents. Out: edits, or `CannotEdit`. What comes out was verified:
the text with these edits is read again, and holds what the operations make of the old value and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshlint.fixes.document_editor import DocumentEditor
from meshlint.fixes.edits import Edit, apply, composed, conflicting, shifted
from meshlint.fixes.layout import newline_of
from meshlint.fixes.nodes import documents_of
from meshlint.fixes.operations import (
    CannotEdit,
    Move,
    Operation,
    Set,
    applied,
    expanded,
    same,
)
from meshlint.syntax.document import Stream
from meshlint.syntax.stream import read_stream

_BOM = "\ufeff"


def edits_for(text: str, document: int, operations: Sequence[Operation]) -> list[Edit]:
    """Return the edits that do the operations, one after another, to one document of a file (counted from 0).

    Raises CannotEdit where that can't be done without touching anything else.
    """
    return edits_of_file(text, {document: operations})


def edits_of_file(text: str, changes: Mapping[int, Sequence[Operation]]) -> list[Edit]:
    """Return the edits for operations on several documents of one file."""
    before = _read(text)
    parts = _parts(text)
    if len(parts) != len(before.documents):
        raise CannotEdit("the documents of the file cannot be told apart")
    for document in changes:
        if not 0 <= document < len(parts):
            raise CannotEdit(f"the file has no document {document}")
    expected = [applied(document.value, changes.get(document.number, ())) for document in before.documents]
    try:
        edits = _edits(text, parts, before, changes, many=True)
        _verify(before, apply(text, edits), expected)
    except CannotEdit:
        # Operations that seemed to be independent were not, or one is impossible: it is said by doing one at a time.
        edits = _edits(text, parts, before, changes, many=False)
        _verify(before, apply(text, edits), expected)
    return edits


def _parts(text: str) -> list[tuple[int, int]]:
    """Return both ends of the text of each document; what stands before the first one belongs to it."""
    base = 1 if text.startswith(_BOM) else 0
    starts = [base + start for start in documents_of(text[base:])]
    return list(zip([base, *starts[1:]], [*starts[1:], len(text)], strict=True)) if starts else []


def _edits(
    text: str,
    parts: Sequence[tuple[int, int]],
    before: Stream,
    changes: Mapping[int, Sequence[Operation]],
    *,
    many: bool,
) -> list[Edit]:
    newline = newline_of(text)
    edits: list[Edit] = []
    for document, operations in changes.items():
        first, last = parts[document]
        steps = _Steps(text[first:last], before.documents[document].value, newline, many=many)
        for operation in operations:
            steps.take(operation)
        edits += shifted(steps.finished(), first)
    return edits


def edited(text: str, changes: Mapping[int, Sequence[Operation]]) -> str:
    """Return the text of a file after operations on its documents."""
    return apply(text, edits_of_file(text, changes))


def _read(text: str) -> Stream:
    stream = read_stream(text.encode())
    if stream.template is not None:
        raise CannotEdit(f"the file is the source of a template ({stream.template})")
    for problem in stream.problems:
        if problem.code not in ("duplicate-key", "bad-key"):
            raise CannotEdit(f"line {problem.start.line} of the file cannot be read: {problem.message}")
    return stream


def _verify(before: Stream, text: str, expected: list[Any]) -> None:
    """Refuse a text that does not hold exactly what is expected."""
    after = read_stream(text.encode())
    found = [document.value for document in after.documents]
    problems, old = (Counter(problem.code for problem in stream.problems) for stream in (after, before))
    if after.template is not None or problems - old or not same(found, expected):
        raise CannotEdit("the change cannot be written without touching other values")


class _Steps:
    """Do operations on one document, as many as possible on one reading of its text."""

    def __init__(self, text: str, value: Any, newline: str, *, many: bool) -> None:
        self._length = len(text)
        self._text = text
        self._value = value
        self._newline = newline
        self._many = many
        self._editor: DocumentEditor | None = None
        self._pending: list[Edit] = []
        self._pointers: set[str] = set()  # of what waits
        self._parents: set[str] = set()  # and of all that is above it
        self._steps: list[list[Edit]] = []

    def take(self, operation: Operation) -> None:
        """Do one operation behind those before it."""
        for part in expanded(self._value, operation):
            if not self._independent(part):
                self._flush()
            edits = self._edits(part, operation)
            if any(self._meets(edit) for edit in edits):
                self._flush()
                edits = self._edits(part, operation)
            for edit in edits:
                insort(self._pending, edit)
            self._pointers.add(part.pointer)
            self._parents |= set(_above(part.pointer))
            self._value = applied(self._value, [part])
            if not self._many or not isinstance(part, Set):
                self._flush()

    def finished(self) -> list[Edit]:
        """Return the edits that do everything at once."""
        self._flush()
        return composed(self._length, self._steps)

    def _edits(self, part: Operation, operation: Operation) -> list[Edit]:
        if self._editor is None:
            self._editor = DocumentEditor(self._text, self._value, self._newline)
        return self._editor.edits(part, uncommented=isinstance(operation, Move))

    def _independent(self, part: Operation) -> bool:
        """Tell whether an operation may be done on the text as it is before those that wait."""
        if not self._pointers:
            return True
        taken = part.pointer in self._pointers or part.pointer in self._parents
        return isinstance(part, Set) and not taken and self._pointers.isdisjoint(_above(part.pointer))

    def _meets(self, edit: Edit) -> bool:
        at = bisect_left(self._pending, edit)
        return any(conflicting(edit, other) or edit == other for other in self._pending[max(at - 1, 0) : at + 1])

    def _flush(self) -> None:
        if self._pending:
            self._steps.append(self._pending)
            self._text = apply(self._text, self._pending)
            self._editor = None
        self._pending, self._pointers, self._parents = [], set(), set()


def _above(pointer: str) -> Iterator[str]:
    """Yield the pointers of all parents, the nearest first."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer
