"""Spans of text, their conflicts, and several steps made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.fixes.edits import Conflict, Edit, adjoined, apply, composed, merged, shifted


def test_edits_refer_to_the_text_before_them() -> None:
    """Their order does not matter."""
    edits = [Edit(6, 11, "there"), Edit(0, 5, "you"), Edit(11, 11, "!")]
    assert apply("hello world", edits[:2]) == apply("hello world", edits[1::-1]) == "you there"


def test_equal_edits_of_two_authors_are_one() -> None:
    """Two fixes may want the same."""
    assert merged([Edit(0, 1, "b"), Edit(4, 5, "c")], [Edit(0, 1, "b")]) == [Edit(0, 1, "b"), Edit(4, 5, "c")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Edit(0, 3, "x"), Edit(2, 5, "y")),
        (Edit(0, 5, "x"), Edit(1, 2, "y")),
        (Edit(0, 3, "x"), Edit(0, 3, "y")),
        (Edit(2, 2, "x"), Edit(2, 2, "y")),
        (Edit(2, 2, "x"), Edit(2, 5, "y")),
        (Edit(0, 2, "x"), Edit(2, 2, "y")),
    ],
)
def test_edits_that_meet_are_a_conflict(first: Edit, second: Edit) -> None:
    """Nobody could say which comes first."""
    for edits in ([first, second], [second, first]):
        with pytest.raises(Conflict) as conflict:
            apply("a text", edits)
        assert {conflict.value.first, conflict.value.second} == {first, second}


def test_neighbours_are_no_conflict() -> None:
    """One ends where the other begins."""
    assert apply("abcd", [Edit(0, 2, "x"), Edit(2, 4, "y")]) == "xy"


def test_touching_edits_of_one_author_have_an_order() -> None:
    """What is inserted comes before what starts there."""
    assert adjoined([Edit(2, 4, "x"), Edit(2, 2, "y"), Edit(4, 4, "z")]) == [Edit(2, 4, "yxz")]


def test_edits_of_a_part() -> None:
    """They move with the part."""
    assert shifted([Edit(1, 2, "x")], 10) == [Edit(11, 12, "x")]


EDITS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6), st.text("xyz", max_size=3)), max_size=4)


@given(st.text("abc\n", max_size=20), st.lists(EDITS, max_size=5))
def test_steps_at_once(text: str, steps: list[list[tuple[int, int, str]]]) -> None:
    """Composed edits do what the steps do one after another, and none of them meets another."""
    present = text
    done = []
    for wanted in steps:
        edits = adjoined_free(wanted, len(present))
        done.append(edits)
        present = apply(present, edits)
    assert apply(text, composed(len(text), done)) == present


def adjoined_free(wanted: list[tuple[int, int, str]], length: int) -> list[Edit]:
    """Return edits inside a text that do not meet."""
    edits: list[Edit] = []
    for start, size, new in sorted(wanted):
        edit = Edit(min(start, length), min(start + size, length), new)
        if not edits or edit.start > edits[-1].end:
            edits.append(edit)
    return edits
