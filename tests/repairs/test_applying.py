"""Comments that are taken out of a text."""

from __future__ import annotations

import pytest

from meshlint.fixes.edits import apply
from meshlint.repairs.applying import comment_edit


@pytest.mark.parametrize(
    ("text", "place", "after"),
    [
        ("a: 1\n# m\nb: 2\n", (2, 1), "a: 1\nb: 2\n"),
        ("a: 1  # m\r\nb: 2\r\n", (1, 7), "a: 1\r\nb: 2\r\n"),
        ("a: 1\n  # m", (2, 3), "a: 1\n"),
        ("\ufeff# m\na: 1\n", (1, 1), "\ufeffa: 1\n"),
        ("\ufeffa: 1 # m\n", (1, 6), "\ufeffa: 1\n"),
        ('a: "x\u2028y"\n# m\nb: 2\n', (2, 1), 'a: "x\u2028y"\nb: 2\n'),
    ],
)
def test_a_comment_goes_with_its_line_when_it_has_one(text: str, place: tuple[int, int], after: str) -> None:
    """Whatever stands around it stays, marks and line breaks among them."""
    assert apply(text, [comment_edit(text, place)]) == after
