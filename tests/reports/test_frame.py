"""A frame puts its caret under the very text, whatever stands before it."""

from __future__ import annotations

import pytest

from meshlint.reports.frame import columns, framed


def excerpt(line: str, marked: str) -> tuple[str, str]:
    """Return the source line and the caret line of a frame around a part of a line."""
    first = line.index(marked) + 1
    location = {
        "path": "a.yaml",
        "start": {"line": 1, "column": first},
        "end": {"line": 1, "column": first + len(marked)},
    }
    found = framed("error", "error[X x]: y", location, [line], (), coloured=False)
    return found[3].removeprefix("1 | "), found[4].removeprefix("  | ")


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("mode: PERMISSIVE", "PERMISSIVE"),
        ("a: 日本語, mode: PERMISSIVE", "PERMISSIVE"),
        ("a: 🎉, mode: 日本", "日本"),
        ("a: e\u0301\u200d, mode: x", "x"),
        ("\ta:\tmode", "mode"),
        (f"{'é' * 90}{'長' * 90} mode: STRICT", "STRICT"),
    ],
)
def test_the_caret_stands_under_the_text(line: str, marked: str) -> None:
    """Wide characters take two columns, combining ones none, a tab one."""
    shown, caret = excerpt(line, marked)
    before = shown[: shown.index(marked)]
    assert caret == " " * columns(before) + "^" * columns(marked)


def test_widths_are_those_of_terminals() -> None:
    """Letters one, ideographs and pictures two, accents that combine and joiners none."""
    assert [columns(text) for text in ("aé", "日", "🎉", "e\u0301", "\u200d")] == [2, 2, 2, 1, 0]


def test_a_value_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    """The caret ends with the line that is shown."""
    location = {"path": "a", "start": {"line": 1, "column": 4}, "end": {"line": 3, "column": 2}}
    assert framed("error", "e: y", location, ["a: [1,", "2", "]"], (), coloured=False)[4] == "  |    ^^^"
