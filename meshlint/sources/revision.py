"""Lay out the files of an earlier revision in a folder, so that a run can read them like any others.

In: a folder inside a git repository and a revision. Out: what git has stored, byte for byte, in a folder of ours.
Git is asked for objects only, which runs nothing of the repository: no hook, filter, textconv, monitor or transport.
Nothing of the work tree, the index or the refs is touched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence

from meshlint.errors import UsageError
from meshlint.records import NamedTuple
from meshlint.sources.source import MAX_BYTES
from meshlint.sources.walk import SUFFIXES

_NAMES = frozenset(("Kustomization", "CODEOWNERS", ".gitignore", "pyproject.toml"))
_LINK, _MODULE = "120000", "160000"
_PORTION = 32 * 1024 * 1024
_OPTIONS = (
    "--no-replace-objects",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
)
_OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX")


class Revision(NamedTuple):
    """Name what a revision holds below a folder: `tree` is empty where it holds nothing there."""

    folder: str
    commit: str
    tree: str


class _Entry(NamedTuple):
    mode: str
    object: str
    size: int
    path: str


def resolve(folder: str, revision: str) -> Revision:
    """Ask git which tree a revision has at a folder; HEAD of a repository without commits is an empty tree.

    Raises UsageError when the folder is in no repository or the revision is not there.
    """
    commit = _answer(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        _refuse(folder, revision)
        return Revision(folder, "", "")
    prefix = (_answer(folder, "rev-parse", "--show-prefix") or "").strip("/")
    found = _answer(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{prefix}")
    return Revision(folder, commit, found or "")


def _refuse(folder: str, revision: str) -> None:
    """Say what is wrong with a revision, unless it is the HEAD of a repository that has no commit yet."""
    if _answer(folder, "rev-parse", "--git-dir") is None:
        raise UsageError(f"{folder} is in no git repository, so nothing can be compared with {revision}")
    if revision == "HEAD" and _answer(folder, "symbolic-ref", "--quiet", "HEAD") is not None:
        return
    shallow = _answer(folder, "rev-parse", "--is-shallow-repository") == "true"
    help = f"this clone is shallow: `{_fetching(folder, revision)}`, or clone the whole history"
    raise UsageError(f"git knows no revision {revision}", help=help if shallow else "name a commit, branch or tag")


def _fetching(folder: str, revision: str) -> str:
    """Return what brings one revision into a shallow clone; a branch of a remote gets the name that was asked for."""
    if any(mark in revision for mark in "~^@:"):  # it is counted from another one, and no server knows such a name
        return "git fetch --unshallow"
    remote, _, branch = revision.partition("/")
    remotes = (_answer(folder, "remote") or "").split()
    if branch and remote in remotes:
        return f"git fetch --depth=1 {remote} {branch}:refs/remotes/{revision}"
    return f"git fetch --depth=1 origin {revision}"


def lay_out(revision: Revision, folder: str) -> None:
    """Write the files that a run reads, at their paths below the folder.

    Raises UsageError when git does not have an object, as in a partial clone.
    """
    if revision.tree:
        _lay_out(revision.folder, revision.tree, folder)


def _lay_out(repository: str, tree: str, folder: str) -> None:
    entries = list(_entries(repository, tree))
    for entry in entries:
        top, slash, _ = entry.path.partition("/")
        if slash and top.startswith("."):  # folders such as .github tell the platform
            os.makedirs(os.path.join(folder, top), exist_ok=True)
    wanted = [entry for entry in entries if _is_wanted(entry)]
    for portion in _portions(wanted):
        for entry, content in zip(portion, _contents(repository, portion), strict=True):
            _write(folder, entry, content)
    for entry in entries:
        if entry.size > MAX_BYTES and entry.path.endswith(SUFFIXES):
            _write(folder, entry._replace(mode=""), b"")
            os.truncate(os.path.join(folder, entry.path), entry.size)  # too large to be read, as it is now
        elif entry.mode == _MODULE:
            _module(os.path.join(repository, entry.path), entry.object, os.path.join(folder, entry.path))


def _module(repository: str, commit: str, folder: str) -> None:
    """Lay out a submodule that is checked out; one that is not is empty now, too."""
    if os.path.lexists(os.path.join(repository, ".git")):
        found = _answer(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{tree}}")
        if found is not None:
            _lay_out(repository, found, folder)


def _entries(repository: str, tree: str) -> Iterator[_Entry]:
    listing = _output(repository, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)
    for row in listing.split(b"\0")[:-1]:
        told, _, path = row.partition(b"\t")
        mode, _, name, size = told.decode("ascii").split()
        parts = os.fsdecode(path).split("/")
        if ".." not in parts and ".git" not in parts and "" not in parts:
            yield _Entry(mode, name, int(size) if size.isdigit() else 0, os.fsdecode(path))


def _is_wanted(entry: _Entry) -> bool:
    if entry.mode == _LINK:
        return True
    name = entry.path.rpartition("/")[2]
    return entry.mode != _MODULE and entry.size <= MAX_BYTES and (name.endswith(SUFFIXES) or name in _NAMES)


def _portions(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    """Group entries so that the bytes of one group fit into memory at ease."""
    portion: list[_Entry] = []
    size = 0
    for entry in entries:
        if portion and size + entry.size > _PORTION:
            yield portion
            portion, size = [], 0
        portion.append(entry)
        size += entry.size
    if portion:
        yield portion


def _contents(repository: str, entries: Sequence[_Entry]) -> Iterator[bytes]:
    """Yield the bytes of objects in their order."""
    asked = "".join(f"{entry.object}\n" for entry in entries)
    answer = _output(repository, "cat-file", "--batch", asked=asked.encode("ascii"))
    at = 0
    for entry in entries:
        end = answer.index(b"\n", at)
        header = answer[at:end].split()
        if len(header) != 3:
            raise UsageError(f"git does not have {entry.path} of that revision", help="fetch the whole history")
        at = end + 1 + int(header[2]) + 1
        yield answer[end + 1 : at - 1]


def _write(folder: str, entry: _Entry, content: bytes) -> None:
    path = os.path.join(folder, entry.path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if entry.mode != _LINK:
        with open(path, "xb") as file:
            file.write(content)
        return
    target = os.fsdecode(content)
    reached = os.path.normpath(os.path.join(os.path.dirname(entry.path), target))
    if not os.path.isabs(target) and reached.split(os.sep, 1)[0] != os.pardir:  # never out of the folder
        os.symlink(target, path)


def _answer(folder: str, *arguments: str) -> str | None:
    """Return the one line that git answers; None when it says no."""
    done = _run(folder, arguments)
    return done.stdout.decode("utf-8", "surrogateescape").strip() if done.returncode == 0 else None


def _output(folder: str, *arguments: str, asked: bytes = b"") -> bytes:
    done = _run(folder, arguments, asked)
    if done.returncode != 0:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"git cannot read the revision: {told[0] if told else 'it says nothing'}")
    return done.stdout


def _run(folder: str, arguments: Sequence[str], asked: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _OWN}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", *_OPTIONS, "-C", folder, *arguments], input=asked, capture_output=True, env=environment, check=False
        )
    except OSError as error:
        raise UsageError(f"git cannot be run: {(error.strerror or str(error)).lower()}") from error
