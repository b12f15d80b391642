"""Where CODEOWNERS is looked for, and how the platform is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from meshlint.errors import SourceError
from meshlint.mesh.ownership.codeowners import CodeOwners
from meshlint.mesh.ownership.files import find_codeowners


def _tree(root: Path, *places: str) -> str:
    for place in places:
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("* @a\n")
    return str(root)


@pytest.mark.parametrize(
    ("places", "platform", "path"),
    [
        ([".github/CODEOWNERS"], "github", ".github/CODEOWNERS"),
        ([".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"], "github", ".github/CODEOWNERS"),
        (["CODEOWNERS", ".github/workflows/ci.yaml"], "github", "CODEOWNERS"),
        (["docs/CODEOWNERS", ".gitlab-ci.yml"], "gitlab", "docs/CODEOWNERS"),
        ([".gitlab/CODEOWNERS", ".github/dependabot.yml"], "gitlab", ".gitlab/CODEOWNERS"),
        (["CODEOWNERS", ".gitlab/CODEOWNERS"], "gitlab", "CODEOWNERS"),
        ([".bitbucket/CODEOWNERS", "CODEOWNERS"], "bitbucket", ".bitbucket/CODEOWNERS"),
        (["CODEOWNERS", ".gitea/workflows/ci.yaml"], "gitea", "CODEOWNERS"),
        (["CODEOWNERS"], None, "CODEOWNERS"),
        (["CODEOWNERS", ".github/x", ".gitlab-ci.yml"], None, "CODEOWNERS"),
        ([".github/CODEOWNERS", ".gitlab/CODEOWNERS"], None, ".github/CODEOWNERS"),
    ],
)
def test_the_platform_is_told_by_its_own_places(
    tmp_path: Path, places: list[str], platform: str | None, path: str
) -> None:
    """A folder of one platform, then its CI files; without either it cannot be told."""
    found = find_codeowners(_tree(tmp_path, *places))
    assert found is not None
    assert (found.platform, found.path) == (platform, path)


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("git@github.com:hms/mesh.git", "github"),
        ("https://anna:secret@gitlab.hms.example/mesh", "gitlab"),
        ("ssh://git@codeberg.org/hms/mesh", "gitea"),
        ("/srv/git/github", None),
    ],
)
def test_remotes_tell_the_platform_when_nothing_else_does(tmp_path: Path, url: str, platform: str | None) -> None:
    """The host of a remote is the last sign."""
    root = _tree(tmp_path, "CODEOWNERS", ".git/HEAD")
    (tmp_path / ".git/config").write_text(f'[remote "origin"]\n\turl = {url}\n')
    found = find_codeowners(root)
    assert found is not None
    assert found.platform == platform


def test_a_configured_platform_looks_only_in_its_own_places(tmp_path: Path) -> None:
    """Another platform's file is no file."""
    root = _tree(tmp_path, ".gitlab/CODEOWNERS")
    assert find_codeowners(root, "github") is None
    assert find_codeowners(root, "gitlab") is not None


def test_no_file_is_none(tmp_path: Path) -> None:
    """An empty repository has no owners to ask."""
    assert find_codeowners(str(tmp_path)) is None


def test_a_second_file_is_reported(tmp_path: Path) -> None:
    """Only the first place is read."""
    found = find_codeowners(_tree(tmp_path, ".github/CODEOWNERS", "CODEOWNERS"))
    assert found is not None
    assert [problem.code for problem in found.problems] == ["ignored-file"]


def test_an_untold_platform_makes_every_answer_unknown(tmp_path: Path) -> None:
    """Which dialect it is decides what the lines mean."""
    found = find_codeowners(_tree(tmp_path, "CODEOWNERS"))
    assert found is not None
    assert (found.owners_of("x").known, found.owners_of("x").owners) == (False, ())


def test_a_pipe_in_the_place_of_the_file_is_no_file(tmp_path: Path) -> None:
    """Nothing but a regular file is opened."""
    os.mkfifo(tmp_path / "CODEOWNERS")
    assert find_codeowners(str(tmp_path)) is None


def test_github_does_not_load_three_megabytes() -> None:
    """The file counts as having no lines, and the reason says why."""
    found = CodeOwners(b"* @a\n" + b"#" * (3 << 20), path="CODEOWNERS", platform="github")
    answer = found.owners_of("x")
    assert (answer.owners, answer.known) == ((), True)
    assert answer.because == "CODEOWNERS is 3 MB or larger, and GitHub does not load it"


def test_a_byte_order_mark_costs_gitlab_its_first_line_and_github_nothing() -> None:
    """Both are told about it."""
    data = "\ufeff* @a\n*.md @b\n".encode()
    github = CodeOwners(data, path="CODEOWNERS", platform="github")
    gitlab = CodeOwners(data, path="CODEOWNERS", platform="gitlab")
    assert (github.owners_of("x").owners, gitlab.owners_of("x").owners) == (("@a",), ())
    assert {p.code for p in github.problems} == {p.code for p in gitlab.problems} == {"byte-order-mark"}


def test_history_lists_every_line_that_matches() -> None:
    """Later rules ask which line took a path away from whom."""
    owners = CodeOwners(b"* @a\nmesh/ @b\n*.md x\nmesh/*.md\n", path="CODEOWNERS", platform="github")
    assert [entry.line for entry in owners.history_of("mesh/a.md")] == [1, 2, 4]


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that no right makes readable")
def test_one_that_cannot_be_read_is_not_empty(tmp_path: Path) -> None:
    """Nobody can tell who owns what then, so nothing is said about owners."""
    _tree(tmp_path, ".github/CODEOWNERS")
    (tmp_path / ".github/CODEOWNERS").unlink()
    (tmp_path / ".github/CODEOWNERS").symlink_to("/proc/self/mem")
    with pytest.raises(SourceError, match=r"^\.github/CODEOWNERS cannot be read: "):
        find_codeowners(str(tmp_path))
    (tmp_path / ".github/CODEOWNERS").unlink()
    (tmp_path / ".github/CODEOWNERS").symlink_to("/nowhere")
    assert find_codeowners(str(tmp_path)) is None
