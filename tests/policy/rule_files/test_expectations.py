"""What comments of examples expect."""

from __future__ import annotations

from meshlint.policy.rule_files.expectations import Expectation, compare, expectations_in, expectations_of, stands_alone


def _expected(text: str) -> list[tuple[int, str]]:
    return [(row.line, row.rule) for row in expectations_in(text)]


def test_a_comment_speaks_of_its_line() -> None:
    """Names are separated by commas; the same name twice expects two findings."""
    assert _expected("a: 1\nb: 2  # expect: one, two-b\nc: 3 # expect: one, one") == [
        (2, "one"), (2, "two-b"), (3, "one"), (3, "one"),
    ]  # fmt: skip


def test_a_line_may_be_announced() -> None:
    """`expect-next` is for lines that are comments themselves; several in a row mean the same line."""
    text = "# expect-next: one\n# expect-next: two\n# meshlint: ignore[RES001]\na: 1"
    assert _expected(text) == [(3, "one"), (3, "two")]


def test_a_directive_may_hold_an_expectation() -> None:
    """After two hyphens a comment to meshlint says what it expects of itself."""
    assert _expected("# meshlint: ignore[RES001] -- expect: undocumented-suppression") == [
        (1, "undocumented-suppression")
    ]


def test_prose_is_no_expectation() -> None:
    """The word alone says nothing."""
    assert not _expected("# we expect: nothing\nexpect: one\nurl: a#expect: b")


def test_the_difference_goes_both_ways() -> None:
    """What is missing and what is too much are told apart, and counted."""
    one, two = Expectation("", 1, "one"), Expectation("", 2, "two")
    assert compare([one, one], [one, two]) == ((one,), (two,))


def test_an_example_may_be_a_tree() -> None:
    """Expectations of several files keep their paths."""
    assert expectations_of({"a/b.yaml": "x: 1  # expect: one"}) == [Expectation("a/b.yaml", 1, "one")]


def test_an_example_may_stand_alone() -> None:
    """`# base: none` keeps the compliant base away."""
    assert stands_alone("# base: none\na: 1") and not stands_alone("a: 1 base: none")
