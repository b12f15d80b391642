"""Which files are read as programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.errors import SourceError
from meshlint.sources.programs import Program, read_programs


def write(root: Path, *paths: str, content: bytes = b"x") -> None:
    """Write files below a folder."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def paths(root: Path, *folders: str) -> list[str]:
    """Return the paths of the programs below folders of the root."""
    return [program.path for program in read_programs([str(root / f) for f in folders], root=str(root))]


def test_programs_are_read_in_the_order_of_paths(tmp_path: Path) -> None:
    """Of several languages; what is no program stays aside."""
    write(tmp_path, "b/main.go", "a/app.py", "a/x.yaml", "a/README.md", "c/Legacy.cbl")
    assert paths(tmp_path, ".") == ["a/app.py", "b/main.go", "c/Legacy.cbl"]


def test_tests_and_vendored_code_are_passed_by(tmp_path: Path) -> None:
    """What stands there is not called in production."""
    write(
        tmp_path, "a/node_modules/x.js", "a/vendor/x.go", "a/.git/x.py", "a/tests/x.py", "a/x_test.go", "a/test_x.py",
        "a/x.spec.ts", "a/XTest.java", "a/x.min.js", "a/dist/x.js", "a/__tests__/x.js",
    )  # fmt: skip
    assert paths(tmp_path, ".") == []


def test_a_folder_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    """Names count below it."""
    write(tmp_path, "examples/shop/app.py")
    assert paths(tmp_path, "examples") == ["examples/shop/app.py"]


def test_ignored_files_are_passed_by(tmp_path: Path) -> None:
    """.gitignore holds for programs as for manifests."""
    write(tmp_path, ".gitignore", content=b"gen/\n")
    write(tmp_path, "gen/app.py", "app.py")
    assert paths(tmp_path, ".") == ["app.py"]


def test_binary_and_large_files_are_passed_by(tmp_path: Path) -> None:
    """Nobody wrote them by hand."""
    write(tmp_path, "a.py", content=b"x\0y")
    write(tmp_path, "b.js", content=b"x" * ((1 << 20) + 1))
    assert paths(tmp_path, ".") == []


def test_folders_are_named_from_the_operand_down(tmp_path: Path) -> None:
    """The operand itself is one of them; line ends are of one kind."""
    write(tmp_path, "apps/passport-svc/src/app.py", content=b"\xef\xbb\xbfa\r\nb")
    found = list(read_programs([str(tmp_path / "apps")], root=str(tmp_path)))
    assert found == [Program("apps/passport-svc/src/app.py", ("apps", "passport-svc", "src"), ".py", "a\nb")]


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    """It is said before anything is judged."""
    with pytest.raises(SourceError, match="it is no folder"):
        list(read_programs([str(tmp_path / "gone")], root=None))
