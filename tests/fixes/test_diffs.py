"""Diffs that other programs apply."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

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
