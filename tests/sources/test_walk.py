"""Which files are read: operands, folders, .gitignore, links, and what is passed by."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.errors import SourceError
from meshlint.resources.intake import Contents, read_contents, take_all
from meshlint.sources.ignores import parse
from meshlint.sources.root import find_root
from meshlint.sources.source import Source, read
from meshlint.sources.walk import Excludes, collect

MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def tree(folder: Path, *names: str, **texts: str) -> None:
    """Write files; a name that ends in `/` is a folder."""
    for name in names:
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, MANIFEST))


def paths(folder: Path, *operands: str, **options: object) -> list[str]:
    """Return what is read, relative to the folder."""
    given = [str(folder / operand) for operand in operands] or [str(folder)]
    return [source.path for source in collect(given, root=str(folder), **options).sources]  # type: ignore[arg-type] - names of options


def test_folders_are_walked_for_manifests(tmp_path: Path) -> None:
    """YAML and JSON, sorted, hidden folders included, .git left out."""
    tree(tmp_path, "b.yml", "a.yaml", "c.json", "d.txt", "sub/e.yaml", ".github/f.yaml", ".git/g.yaml")
    assert paths(tmp_path) == [".github/f.yaml", "a.yaml", "b.yml", "c.json", "sub/e.yaml"]


def test_a_named_file_is_always_read(tmp_path: Path) -> None:
    """Whatever its suffix, and whatever .gitignore says."""
    tree(tmp_path, "a.txt", "b.yaml")
    (tmp_path / ".gitignore").write_text("*\n")
    assert paths(tmp_path) == []
    assert paths(tmp_path, "a.txt", "b.yaml") == ["a.txt", "b.yaml"]


def test_the_configuration_takes_paths_out(tmp_path: Path) -> None:
    """It is asked in every folder, with the names that stand there."""
    asked = {}

    def entering(folder: str, names: Sequence[str]) -> Excludes:
        asked[folder] = list(names)
        return ((str(tmp_path), parse("/vendor/")),)

    tree(tmp_path, "a.yaml", "vendor/b.yaml", "x/vendor/c.yaml")
    assert paths(tmp_path, entering=entering) == ["a.yaml", "x/vendor/c.yaml"]
    assert asked == {
        str(tmp_path): ["a.yaml", "vendor", "x"],
        f"{tmp_path}/x": ["vendor"],
        f"{tmp_path}/x/vendor": ["c.yaml"],
    }


def test_what_does_not_exist_is_the_callers_mistake(tmp_path: Path) -> None:
    """And so is an operand that is no file."""
    with pytest.raises(SourceError, match="no such file"):
        paths(tmp_path, "nowhere")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="no regular file"):
        paths(tmp_path, "pipe")


def test_pipes_and_devices_are_passed_by(tmp_path: Path) -> None:
    """A walk neither blocks nor ends in them; both are named."""
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    tree(tmp_path, "a.yaml")
    found = collect([str(tmp_path)], root=str(tmp_path))
    assert [source.path for source in found.sources] == ["a.yaml"]
    assert [path for path, _ in found.skipped] == ["pipe.yaml", "zero.yaml"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    """A folder that contains itself is walked once."""
    tree(tmp_path, "sub/a.yaml")
    (tmp_path / "sub" / "again").symlink_to(tmp_path)
    found = collect([str(tmp_path)], root=str(tmp_path))
    assert [source.path for source in found.sources] == ["sub/a.yaml"]
    assert found.skipped


def test_a_file_is_read_once_however_it_is_reached(tmp_path: Path) -> None:
    """By two operands and by a link."""
    tree(tmp_path, "a.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert len(paths(tmp_path, ".", "a.yaml", "b.yaml")) == 1


def test_a_folder_is_read_once_however_it_is_reached(tmp_path: Path) -> None:
    """By a link beside it, by operands in any order, and under its own name."""
    tree(tmp_path, "v1/a.yaml", "v1/sub/b.yaml")
    (tmp_path / "current").symlink_to(tmp_path / "v1")
    assert paths(tmp_path) == ["v1/a.yaml", "v1/sub/b.yaml"]
    assert paths(tmp_path, "current", "v1") == paths(tmp_path, "v1", "current") == ["v1/a.yaml", "v1/sub/b.yaml"]
    assert paths(tmp_path, "current") == ["current/a.yaml", "current/sub/b.yaml"]
    assert paths(tmp_path, ".", "current/a.yaml") == ["current/a.yaml", "v1/sub/b.yaml"]


PATTERNS = ["*.tmp.yaml", "/top.yaml", "build/", "**/deep.yaml", "a/**/z.yaml", "x/*", "!x/keep.yaml", "[ab].yaml",
            "\\!odd.yaml", "sp\\ ", "foo/**", "q?.yaml", "# no", "dir/inner/", "[!c]d.yaml"]  # fmt: skip
NAMES = ["top.yaml", "sub/top.yaml", "build/f.yaml", "sub/build/g.yaml", "deep.yaml", "m/n/deep.yaml", "a/z.yaml",
         "a/b/c/z.yaml", "x/drop.yaml", "x/keep.yaml", "a.yaml", "c.yaml", "!odd.yaml", "foo/bar.yaml", "q1.yaml",
         "q12.yaml", "dir/inner/h.yaml", "inner/i.yaml", "y.tmp.yaml", "ed.yaml", "cd.yaml"]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_gitignore_means_what_git_means(tmp_path: Path) -> None:
    """A walk keeps what `git check-ignore` does not name."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    tree(tmp_path, *NAMES)
    (tmp_path / ".gitignore").write_text("\n".join(PATTERNS) + "\n")
    (tmp_path / "m" / ".gitignore").write_text("!deep.yaml\n")
    done = subprocess.run(
        ["git", "-C", str(tmp_path), "check-ignore", "--no-index", "--stdin"],
        input="\n".join(NAMES), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert paths(tmp_path) == sorted(set(NAMES) - set(done.stdout.split("\n")))


def test_patterns_never_explode() -> None:
    """Stars cost the product of lengths at most."""
    assert parse("*a*a*a*a*a*a*a*a*b").verdict("a" * 200, False) is None
    assert parse("/".join(["**"] * 30) + "/x").verdict("/".join(["y"] * 200), False) is None


def test_the_root(tmp_path: Path) -> None:
    """--root, else a configuration that says so, else git, else none."""
    tree(tmp_path, "repo/.git/", "repo/app/a.yaml", "repo/own/b.yaml")
    (tmp_path / "repo" / "own" / ".meshlint.yaml").write_text("# mine\nroot: true\n")
    assert find_root([str(tmp_path / "repo/app/a.yaml")]) == str(tmp_path / "repo")
    assert find_root([str(tmp_path / "repo/own")]) == str(tmp_path / "repo" / "own")
    assert find_root([str(tmp_path / "repo/app"), str(tmp_path / "repo/own")]) == str(tmp_path / "repo")
    assert find_root(["-"]) is None
    assert find_root([str(tmp_path / "repo")], str(tmp_path)) == str(tmp_path)


def test_large_runs_use_processes_and_say_the_same(tmp_path: Path) -> None:
    """Facts taken by several processes, by one, or out of the cache are equal."""
    tree(tmp_path, *(f"{number}.yaml" for number in range(40)))
    sources = collect([str(tmp_path)], root=str(tmp_path)).sources

    def big() -> Contents:  # taking facts lets the bytes go
        contents = read_contents(sources)
        return contents._replace(data=[(data or b"") + b"#" * 100_000 for data in contents.data])

    cache = Cache(str(tmp_path / "cache"))
    one, two = take_all(sources, big(), Cache(None), processes=1), take_all(sources, big(), cache, processes=2)
    assert one == two == take_all(sources, big(), cache)


def test_a_file_that_vanishes_is_a_problem_of_its_own(tmp_path: Path) -> None:
    """An unreadable file that was walked is reported, its neighbours are read; a named one is the caller's mistake."""
    tree(tmp_path, "a.yaml")
    gone = Source("gone.yaml", str(tmp_path / "gone.yaml"), False)
    sources = (Source("a.yaml", str(tmp_path / "a.yaml"), False), gone)
    facts = take_all(sources, read_contents(sources), Cache(None))
    assert len(facts[0].records) == 1
    assert facts[1].problems[0][0] == "unreadable"
    with pytest.raises(SourceError):
        read_contents([gone._replace(named=True)])


def test_a_file_is_read_to_its_limit(tmp_path: Path) -> None:
    """One byte more than the limit tells that it is too large."""
    (tmp_path / "big.yaml").write_bytes(b"#" * 100)
    source = Source("big.yaml", str(tmp_path / "big.yaml"), True)
    assert len(read(source, 40)) == 41
    assert len(read(source)) == 100


def test_links_that_lead_nowhere_are_passed_by(tmp_path: Path) -> None:
    """A link to itself and one to nothing are told, and their neighbours are read."""
    tree(tmp_path, "a.yaml")
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    found = collect([str(tmp_path)], root=str(tmp_path))
    assert [source.path for source in found.sources] == ["a.yaml"]
    assert [path for path, _ in found.skipped] == ["gone.yaml", "self.yaml"]


def test_folders_that_link_to_each_other_are_walked_once(tmp_path: Path) -> None:
    """A hundred links between ten folders are a hundred links, not all the ways through them."""
    for number in range(10):
        tree(tmp_path, f"d{number}/a.yaml")
        for other in range(10):
            (tmp_path / f"d{number}" / f"to{other}").symlink_to(f"../d{other}")
    assert paths(tmp_path) == [f"d{number}/a.yaml" for number in range(10)]


def test_a_link_never_hides_the_real_path(tmp_path: Path) -> None:
    """Whatever comes first by name, a folder is shown where it really lies."""
    tree(tmp_path, "z/deep/a.yaml")
    (tmp_path / "a").symlink_to("z/deep")
    assert paths(tmp_path) == ["z/deep/a.yaml"]


def test_names_that_are_no_text_are_shown_as_text(tmp_path: Path) -> None:
    """Bytes of a name that are no UTF-8 are written out: reports are UTF-8, and expressions take nothing else."""
    with open(os.fsencode(tmp_path) + b"/a\xff.yaml", "w", encoding="utf-8") as file:
        file.write(MANIFEST)
    assert paths(tmp_path) == ["a\\xff.yaml"]
