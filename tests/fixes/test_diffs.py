"""Diffs that other programs apply."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.fixes.diffs import unified


def test_a_diff_has_paths_relative_to_the_root() -> None:
    """As git prints them."""
    assert unified("mesh/a.yaml", "a: 1\nb: 2\n", "a: 1\nb: 3\n") == (
        "--- a/mesh/a.yaml\n+++ b/mesh/a.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"
    )


def test_a_new_file_comes_from_nowhere() -> None:
    """Its old name is /dev/null."""
    assert unified("a.yaml", None, "a: 1\n") == "--- /dev/null\n+++ b/a.yaml\n@@ -0,0 +1 @@\n+a: 1\n"


def test_a_missing_line_break_is_told() -> None:
    """On both sides."""
    assert unified("a", "x", "y").endswith("-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n")


def test_no_change_is_no_diff() -> None:
    """Not even a header."""
    assert unified("a", "x\n", "x\n") == ""


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\r\n"]), max_size=30)


@given(LINES, LINES, st.sampled_from(["", "x"]), st.integers(0, 3))
def test_a_diff_turns_one_text_into_the_other(old: list[str], new: list[str], end: str, context: int) -> None:
    """Whatever the texts are, with and without a last line break."""
    before, after = "".join(old) + end, "".join(new)
    diff = unified("f", before, after, context=context)
    assert patched(before, diff) == after
    assert (diff == "") is (before == after)


def patched(text: str, diff: str) -> str:
    """Apply a diff, strictly."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    result, position = [], 0
    rows = re.findall(r"[^\n]*\n", diff)[2:]
    for index, row in enumerate(rows):
        bare = index + 1 < len(rows) and rows[index + 1].startswith("\\")
        content = row[1:].removesuffix("\n") if bare else row[1:]
        if row.startswith("@@"):
            start, length, new_start = re.match(r"@@ -(\d+)(?:,(\d+))? \+(\d+)", row).groups()
            first = int(start) - (length != "0")
            result += lines[position:first]
            position = first
            assert len(result) == int(new_start) - (not re.search(r"\+\d+,0 ", row))
        elif row[0] in " -":
            assert lines[position] == content
            position += 1
        if row[0] in " +":
            result.append(content)
    return "".join(result + lines[position:])


def test_a_change_far_away_is_a_hunk_of_its_own() -> None:
    """A long file with two changes shows two places."""
    old = "".join(f"k{number}: 1\n" for number in range(10_000))
    diff = unified("f", old, old.replace("k5: 1\n", "").replace("k9000: 1\n", "k9000: 2\nnew: 3\n"))
    assert diff.count("@@ -") == 2
    assert len(diff.splitlines()) == 2 + 1 + 7 + 1 + 9


CHANGES = {
    "plain.yaml": ("a: 1\nb: 2\n", "a: 1\nb: 3\n"),
    "no-end.yaml": ("a: 1\nb: 2", "a: 1\nc: 2"),
    "gets-an-end.yaml": ("a: 1", "a: 1\n"),
    "windows.yaml": ("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 3\r\nc: 4\r\n"),
    "other-breaks.yaml": ("a: 1\x0cx\u2028y\nb: 2\n", "a: 1\x0cx\u2028y\nb: 3\n"),
    "with blank.yaml": ("a: 1\n", "a: 2\n"),
    'quo"te\\.yaml': ("a: 1\n", "a: 2\n"),
    "größe.yaml": ("a: ü\n", "a: ß\n"),
    "far.yaml": ("".join(f"k{n}: {n}\n" for n in range(40)), "".join(f"k{n}: {n % 37}\n" for n in range(40))),
    "new/folder.yaml": (None, "a: 1\nb: 2\n"),
    "new-without-end.yaml": (None, "a: 1"),
}


@pytest.mark.parametrize("program", [("git", "apply", "-"), ("patch", "-p1", "--binary", "-s")], ids=["git", "patch"])
def test_other_programs_apply_the_diff(tmp_path: Path, program: tuple[str, ...]) -> None:
    """What they leave in the folder is the new text, to the byte."""
    diff = ""
    for name, (old, new) in CHANGES.items():
        if old is not None:
            (tmp_path / name).write_bytes(old.encode())
        if program[0] == "patch" and '"' in name:
            continue  # git alone reads names that need quotes back
        diff += unified(name, old, new)
    subprocess.run(program, cwd=tmp_path, input=diff.encode(), check=True)
    for name, (_, new) in CHANGES.items():
        if program[0] == "git" or '"' not in name:
            assert (tmp_path / name).read_bytes() == new.encode(), name
