"""Files that are replaced as a whole or not at all, and never outside the root."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from meshlint.errors import SourceError
from meshlint.fixes.writing import Change, write_all


def change(file: Path, after: bytes) -> Change:
    """Return a change of a file that was read a moment ago."""
    return Change(str(file), file.read_bytes(), after)


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(os.listdir(folder))


def test_files_get_their_new_content(tmp_path: Path) -> None:
    """Mode bits stay, and nothing else is left in the folder."""
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_bytes(b"a\n")
    second.write_bytes(b"b\n")
    first.chmod(0o640)
    written = write_all([change(first, b"x\r\n"), change(second, b"y")], str(tmp_path))
    assert written == [str(first), str(second)]
    assert (first.read_bytes(), second.read_bytes()) == (b"x\r\n", b"y")
    assert stat.S_IMODE(first.stat().st_mode) == 0o640
    assert names(tmp_path) == ["a.yaml", "b.yaml"]


def test_new_files_and_folders(tmp_path: Path) -> None:
    """They are made where they are missing."""
    file = tmp_path / "mesh" / "new" / "a.yaml"
    write_all([Change(str(file), None, b"a: 1\n")], str(tmp_path))
    assert file.read_bytes() == b"a: 1\n"


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    """Not even a link that leads nowhere."""
    file, link = tmp_path / "a.yaml", tmp_path / "b.yaml"
    file.write_bytes(b"mine\n")
    link.symlink_to(tmp_path / "nothing")
    for taken in (file, link):
        with pytest.raises(SourceError, match="is there already"):
            write_all([Change(str(taken), None, b"yours\n")], str(tmp_path))
    assert file.read_bytes() == b"mine\n"


def test_a_file_that_changed_in_between_is_left_alone(tmp_path: Path) -> None:
    """And so are all others."""
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_bytes(b"a\n")
    second.write_bytes(b"b\n")
    changes = [change(first, b"x\n"), change(second, b"y\n")]
    second.write_bytes(b"edited meanwhile\n")
    with pytest.raises(SourceError, match=r"cannot write b\.yaml: it was changed since it was read"):
        write_all(changes, str(tmp_path))
    assert first.read_bytes() == b"a\n"
    second.unlink()
    with pytest.raises(SourceError, match="no file any more"):
        write_all(changes, str(tmp_path))


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    """The file it leads to is changed, and the link stays one."""
    file, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    file.write_bytes(b"a\n")
    link.symlink_to(file)
    write_all([change(link, b"x\n")], str(tmp_path))
    assert file.read_bytes() == b"x\n"
    assert link.is_symlink()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_out_of_the_root_is_not(tmp_path: Path, kind: str) -> None:
    """Neither that of a file nor that of a folder."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.yaml").write_bytes(b"a\n")
    if kind == "file":
        (root / "a.yaml").symlink_to(outside / "a.yaml")
        file = root / "a.yaml"
    else:
        (root / "sub").symlink_to(outside)
        file = root / "sub" / "a.yaml"
    with pytest.raises(SourceError, match="outside of"):
        write_all([change(file, b"x\n")], str(root))
    with pytest.raises(SourceError, match="outside of"):
        write_all([Change(str(root / ".." / "outside" / "new"), None, b"x\n")], str(root))
    assert (outside / "a.yaml").read_bytes() == b"a\n"
    assert names(outside) == ["a.yaml"]


def test_what_is_read_only_stays(tmp_path: Path) -> None:
    """Even where the user could write it all the same."""
    file = tmp_path / "folder" / "a.yaml"
    file.parent.mkdir()
    file.write_bytes(b"a\n")
    file.chmod(0o444)
    with pytest.raises(SourceError, match=r"cannot write folder/a\.yaml: it is read-only"):
        write_all([change(file, b"x\n")], str(tmp_path))
    assert file.read_bytes() == b"a\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    """A file in it cannot be replaced."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a\n")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(SourceError, match="its folder is read-only"):
            write_all([change(file, b"x\n")], str(tmp_path))
    finally:
        tmp_path.chmod(0o755)


def test_a_failure_on_the_way_tells_what_was_written(tmp_path: Path) -> None:
    """Two new files of which the second one's folder is a file: nobody could have known before."""
    changes = [Change(str(tmp_path / name), None, b"x\n") for name in ("a.yaml", "a.yaml/b.yaml")]
    with pytest.raises(SourceError) as failure:
        write_all(changes, str(tmp_path))
    assert failure.value.message.startswith("cannot write a.yaml/b.yaml: ")
    assert failure.value.help == "these files were written before it: a.yaml"
    assert names(tmp_path) == ["a.yaml"]


def test_a_failure_at_the_start_says_that_nothing_was(tmp_path: Path) -> None:
    """No temporary file stays behind."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a\n")
    changes = [change(file, b"x\n"), Change(str(tmp_path / ("n" * 300)), None, b"x\n")]
    with pytest.raises(SourceError) as failure:
        write_all(changes[1:], str(tmp_path))
    assert failure.value.help == "nothing was written"
    assert names(tmp_path) == ["a.yaml"]
