"""The files that guard the policy: whoever can change them decides who is asked, and whether anything is checked.

In: the root, its CODEOWNERS. Out: `Guard` for each kind of guard that exists. Only fixed places below the root are
looked at, and nothing is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from meshlint.mesh.ownership.codeowners import CodeOwners, Ownership
from meshlint.records import NamedTuple

_FILES = {
    "the continuous integration": (
        ".gitlab-ci.yml",
        "bitbucket-pipelines.yml",
        "azure-pipelines.yml",
        "Jenkinsfile",
        ".circleci/config.yml",
    ),
    "the hooks of pre-commit": (".pre-commit-config.yaml",),
}
_WORKFLOWS = (".github/workflows", ".gitea/workflows", ".forgejo/workflows")


class Guard(NamedTuple):
    """Name files of one kind with the same owners; `path` is the first of them."""

    what: str
    path: str
    more: int
    ownership: Ownership
    paths: tuple[str, ...] = ()  # all of them


def guards_of(root: str, codeowners: CodeOwners) -> tuple[Guard, ...]:
    """Return the guards of a repository and who owns them."""
    found = [("the list of owners", codeowners.path)]
    for what, paths in _FILES.items():
        found += [(what, path) for path in paths if os.path.isfile(os.path.join(root, path))]
    found += [("the workflows of continuous integration", path) for path in _workflows(root)]
    groups: dict[tuple[str, Ownership], list[str]] = {}
    for what, path in found:
        groups.setdefault((what, codeowners.owners_of(path)), []).append(path)
    return tuple(
        Guard(what, paths[0], len(paths) - 1, ownership, tuple(paths)) for (what, ownership), paths in groups.items()
    )


def _workflows(root: str) -> Iterator[str]:
    for folder in _WORKFLOWS:
        try:
            names = sorted(os.listdir(os.path.join(root, folder)))
        except OSError:
            continue
        yield from (f"{folder}/{name}" for name in names if name.endswith((".yml", ".yaml")))
