"""Changes become texts: all changes of a round at once, or the conflict that keeps one of them for the next round.

In: changes and the tree that they were planned for. Out: the tree after them. A comment that the change does not mean
to take out is never lost: such a change is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from meshlint.findings.finding import SEVERITIES
from meshlint.fixes.edits import Edit, apply
from meshlint.fixes.operations import ABSENT, CannotEdit, Move, Operation, Remove, Set, tokens, value_at
from meshlint.fixes.texts import decoded, encoded
from meshlint.fixes.yaml_editor import edits_of_file
from meshlint.pipeline import Run
from meshlint.repairs.creating import listing, new_source
from meshlint.repairs.owning import with_owners
from meshlint.repairs.planning import Change, Review, Site, conflicting
from meshlint.repairs.trees import Tree, Verdict
from meshlint.sources.source import Source, read
from meshlint.syntax.comments import comments_in
from meshlint.syntax.stream import read_stream


class Applied:
    """Collect the changes of one round over one tree."""

    def __init__(self, run: Run, tree: Tree, verdict: Verdict) -> None:
        self._run = run
        self._base = tree
        self._assembly = verdict.resolved.assembly
        self._tree: Tree | None = None

    def tree(self, changes: Sequence[Change]) -> tuple[Tree, list[Review]]:
        """Return the tree after all changes, and what is to be reviewed in it; raises CannotEdit."""
        created: dict[str, Source] = {}
        operations: list[tuple[Site, Operation]] = []
        reviews: list[Review] = []
        for change in changes:
            operations += change.operations
            reviews += change.review
            for creation, review in change.creations:
                source = new_source(creation, self._base, created, self._assembly)
                created[source.path] = source
                operations += listing(source, creation.beside, self._assembly)
                reviews += [Review(Site(source.path, 0), pointer, text) for pointer, text in review]
        texts = self._texts(operations, [row for change in changes for row in change.comments])
        owners = with_owners(self._run, self._base, [path for change in changes for path in change.owned])
        return self._base.changed(texts, created, owners), reviews

    def _texts(
        self, operations: Iterable[tuple[Site, Operation]], comments: Iterable[tuple[str, tuple[int, ...]]]
    ) -> dict[str, bytes]:
        by_path: dict[str, dict[int, list[Operation]]] = {}
        for site, operation in operations:
            rows = by_path.setdefault(site.path, {}).setdefault(site.document, [])
            if operation not in rows:
                rows.append(operation)
        spans: dict[str, list[tuple[int, ...]]] = {path: [] for path in by_path}
        for path, span in dict.fromkeys(comments):
            spans.setdefault(path, []).append(span)
        return {path: self._text(path, by_path.get(path, {}), found) for path, found in spans.items()}

    def _text(self, path: str, documents: dict[int, list[Operation]], spans: list[tuple[int, ...]]) -> bytes:
        source = self._base.source(path)
        assert source is not None  # the planner found it
        data = read(source)
        text, encoding = decoded(data)
        edits = edits_of_file(text, {number: _single(text, number, rows) for number, rows in documents.items()})
        after = apply(text, [*edits, *(comment_edit(text, span) for span in spans)])
        if not any(isinstance(operation, Remove) for rows in documents.values() for operation in rows):
            _require_comments(text, after, len(spans), path)  # what is taken out takes its own comments along
        return encoded(after, encoding)


def _single(text: str, document: int, operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations with moves as what they consist of."""
    found: list[Operation] = []
    for operation in operations:
        if not isinstance(operation, Move):
            found.append(operation)
            continue
        content = read_stream(text.encode()).documents[document].value
        if value_at(content, tokens(operation.to)) is not ABSENT:
            raise CannotEdit(f"{operation.to} is not free")
        value = value_at(content, tokens(operation.pointer))
        found += [Set(operation.to, value), Remove(operation.pointer, prune=True)]
    return found


def comment_edit(text: str, span: Sequence[int]) -> Edit:
    """Return the edit that takes a comment out, with its line when nothing else stands there."""
    lines = text.split("\n")  # directives count line feeds, and no other line break that Unicode knows
    line, column = span[0] - 1, span[1] - 1
    start = sum(len(before) + 1 for before in lines[:line])
    if line == 0 and text.startswith("\ufeff"):
        start, lines[0] = 1, lines[0][1:]  # columns do not count a byte order mark
    body = lines[line]
    if not body[:column].strip():
        return Edit(start, min(start + len(body) + 1, len(text)), "")
    kept = body[:column].rstrip()
    return Edit(start + len(kept), start + len(body.rstrip("\r")), "")


def _require_comments(before: str, after: str, removed: int, path: str) -> None:
    lost = Counter(comments_in(before.encode())) - Counter(comments_in(after.encode()))
    if lost.total() > removed:
        raise CannotEdit(f"a comment of {path} would be lost: {next(iter(lost))}")


def split_conflicts(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """Return the changes that can be made together, the gravest first, and those that wait for the next round.

    What exists is changed before anything is added: then less is missing.
    """
    changes = list(changes)
    changes = [change for change in changes if not change.creations] or changes
    ordered = sorted(changes, key=lambda c: (-SEVERITIES.index(c.finding.severity), *c.finding.order))
    chosen: list[Change] = []
    waiting: list[Change] = []
    for change in ordered:
        clashes = any(conflicting(change.operations, other.operations) for other in chosen)
        (waiting if clashes else chosen).append(change)
    return chosen, waiting
