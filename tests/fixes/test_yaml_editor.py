"""Operations on awkward YAML: what is written before, what is done, and what stands there after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from meshlint.fixes.operations import Append, CannotEdit, Move, Operation, Remove, Rename, Set
from meshlint.fixes.yaml_editor import edited, edits_for
from tests.fixes.snippets import EDITS, REFUSALS

Edit = tuple[str, list[Operation], str]
PARAMETERS = ("before", "operations", "after")


def all_but(left_out: Callable[[Edit], bool]) -> dict[str, Edit]:
    """Return the snippets of which a law can be asked."""
    return {name: edit for name, edit in EDITS.items() if not left_out(edit)}


def says_by_its_end(edit: Edit) -> bool:
    """Tell whether the last line break is part of a text, or of nothing."""
    before, _, after = edit
    return not before.endswith("\n") or before.endswith(("\n\n", "---\n")) or "|" in before + after


def has_more_to_do(edit: Edit) -> bool:
    """Tell whether the operations find another item at the same place, or another place behind the last item."""
    return any(
        "/-" in operation.pointer or (isinstance(operation, Remove) and operation.pointer[-1].isdigit())
        for operation in edit[1]
    )


def is_whole_file(edit: Edit) -> bool:
    """Tell whether a snippet cannot stand between two other documents."""
    before = edit[0]
    return before.startswith(("%", "\ufeff", "---", "{", "#")) or "\n..." in before or before.endswith("\n\n")


REPEATABLE, ENDLESS, INNER = all_but(has_more_to_do), all_but(says_by_its_end), all_but(is_whole_file)


@pytest.mark.parametrize(PARAMETERS, EDITS.values(), ids=EDITS)
def test_only_what_was_asked_for_changes(before: str, operations: list[Operation], after: str) -> None:
    """The text is the one that a careful hand would have written."""
    assert edited(before, {0: operations}) == after


@pytest.mark.parametrize(PARAMETERS, EDITS.values(), ids=EDITS)
def test_line_ends_are_those_of_the_file(before: str, operations: list[Operation], after: str) -> None:
    """With CRLF every edit is the same, in CRLF."""
    changed = edited(before.replace("\n", "\r\n"), {0: operations})
    assert changed == after.replace("\n", "\r\n")


@pytest.mark.parametrize(PARAMETERS, ENDLESS.values(), ids=ENDLESS)
def test_a_file_without_a_last_line_break_keeps_none(before: str, operations: list[Operation], after: str) -> None:
    """What ends without a line break still does."""
    assert edited(before.removesuffix("\n"), {0: operations}) == after.removesuffix("\n")


@pytest.mark.parametrize(PARAMETERS, REPEATABLE.values(), ids=REPEATABLE)
def test_doing_it_again_changes_nothing(before: str, operations: list[Operation], after: str) -> None:
    """Every operation on keys is idempotent; the items of a list have no names."""
    assert edits_for(after, 0, operations) == []
    assert before == after or edits_for(before, 0, operations)


@pytest.mark.parametrize(PARAMETERS, INNER.values(), ids=INNER)
def test_other_documents_stay(before: str, operations: list[Operation], after: str) -> None:
    """Before and behind an edited document nothing moves."""
    first, last = "# first\n---\na: &x 1 # one\n---\n", "--- # last\nb: [1,\n  2]\n"
    assert edited(first + before + last, {1: operations}) == first + after + last


@pytest.mark.parametrize(("before", "operation", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_what_would_touch_something_else_is_refused(before: str, operation: Operation, reason: str) -> None:
    """A refusal says why, in words of the file."""
    with pytest.raises(CannotEdit) as refusal:
        edits_for(before, 0, [operation])
    assert reason in refusal.value.reason


def test_operations_see_what_was_done_before_them() -> None:
    """Two of them may share the parent that the first one makes."""
    operations = [Set("/spec/mtls/mode", "STRICT"), Set("/spec/mtls/port", 1), Append("/spec/hosts", "a")]
    operations += [Append("/spec/hosts", "b"), Rename("/spec/mtls", "tls"), Remove("/kind")]
    after = edited("kind: A  # gone\nname: x\n", {0: operations})
    assert after == "name: x\nspec:\n  tls:\n    mode: STRICT\n    port: 1\n  hosts:\n    - a\n    - b\n"


def test_operations_that_seem_to_be_independent() -> None:
    """Many are done on one reading of the text; those that depend on each other all the same are not."""
    operations = [Rename("/a", "b"), Set("/b/c", 1), Remove("/l/0"), Set("/l/0/x", 2), Set("/d", {}), Set("/d/e", 3)]
    operations += [Set("/f/g", 4), Set("/f/h", 5), Remove("/f/g"), Remove("/f/h", prune=True), Set("/l/0/z", 6)]
    after = edited("a: {}\nl:\n- 0\n- x: 1 # x\n", {0: operations})
    assert after == "b:\n  c: 1\nl:\n- x: 2 # x\n  z: 6\nd:\n  e: 3\n"


def test_a_key_that_would_stand_twice_is_no_success() -> None:
    """A later operation finds the key that an earlier one made."""
    assert edited("a: {x: 1}\n", {0: [Rename("/a", "b"), Set("/b", 5)]}) == "b: 5\n"


def test_several_documents_are_edited_at_once() -> None:
    """Each has its own operations, and the one between them none."""
    text = "# a\n---\na: 1\n---\nb: 1 # b\n...\n---\nc: 1"
    after = edited(text, {2: [Set("/d", True)], 0: [Set("/a", "1")]})
    assert after == '# a\n---\na: "1"\n---\nb: 1 # b\n...\n---\nc: 1\nd: true'


def test_a_document_that_is_not_there() -> None:
    """A wrong number is no crash."""
    with pytest.raises(CannotEdit, match="no document 1"):
        edits_for("a: 1\n", 1, [Set("/a", 2)])


def test_moving_to_a_place_that_is_taken() -> None:
    """Nothing is overwritten."""
    with pytest.raises(CannotEdit, match="not free"):
        edits_for("a: 1\nb: 2\n", 0, [Move("/a", "/b")])


def test_a_last_block_of_text_keeps_its_end() -> None:
    """A new key goes in front of a text whose last line has no end, because a line break would become part of it."""
    assert edited("a: 1\n# of b\nb: |\n  x", {0: [Set("/c", 2)]}) == "a: 1\nc: 2\n# of b\nb: |\n  x"


def test_a_text_of_several_lines_at_an_open_end() -> None:
    """Where the file has no last line break, a block of text could not have one, either."""
    assert edited("a: 1", {0: [Set("/b", "x\n")]}) == 'a: 1\nb: "x\\n"'


def test_a_text_that_no_file_can_hold() -> None:
    """Half a character is refused, not written as something else."""
    with pytest.raises(CannotEdit):
        edits_for("a: 1\n", 0, [Set("/a", "x\ud800")])
