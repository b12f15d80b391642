"""Whether the owners of a file are those who may own mesh policy, and whether a later line took it from them.

In: owners, lines of CODEOWNERS, the configured policy owners. Out: answers. Source: on GitHub and Gitea `@org/team` is
a team and `@user` a person; on GitLab `@name` may be either, so that nothing is said there.
"""

from __future__ import annotations

from collections.abc import Collection

from meshlint.mesh.ownership.codeowners import CodeOwners, Ownership
from meshlint.mesh.ownership.model import Entry, listed
from meshlint.records import NamedTuple


class Override(NamedTuple):
    """Say that a later line took a file away from the owners that an earlier one gave it."""

    before: str  # owners, joined
    before_line: int
    after: str
    after_line: int


def only_persons(owners: Collection[str], platform: str | None) -> bool | None:
    """Tell whether every owner is a single person; None where the platform's names do not tell."""
    if not owners:
        return False
    persons = [_is_person(owner, platform) for owner in owners]
    if False in persons:
        return False
    return None if None in persons else True


def _is_person(owner: str, platform: str | None) -> bool | None:
    if owner.startswith("@"):
        if "/" in owner or owner.startswith("@@"):
            return False
        return True if platform in ("github", "gitea") else None
    return True if "@" in owner else None  # an e-mail address


def override_of(codeowners: CodeOwners, path: str, ownership: Ownership, accepted: Collection[str]) -> Override | None:
    """Return how a file that still has owners lost better ones; None when it did not.

    Better ones are accepted policy owners; where none are configured, those of a line that names a folder, when a line
    without any folder comes after it. Different owners alone are no loss: that is how CODEOWNERS files narrow down.
    """
    if codeowners.platform == "gitea" or not ownership.owners or set(ownership.owners) & set(accepted):
        return None
    history = codeowners.history_of(path)
    last: dict[str, Entry] = {}
    for entry in history:
        last[entry.section] = entry
    for entry in history:
        winner = last[entry.section]
        if entry is not winner and _is_better(entry, winner, accepted):
            return Override(
                listed(entry.owners), entry.line, listed(winner.owners) if winner.owners else "nobody", winner.line
            )
    return None


def _is_better(entry: Entry, winner: Entry, accepted: Collection[str]) -> bool:
    if not entry.owners or set(entry.owners) <= set(winner.owners):
        return False
    if accepted:
        return bool(set(entry.owners) & set(accepted))
    return _names_folder(entry.pattern) and not _names_folder(winner.pattern)


def _names_folder(pattern: str) -> bool:
    return any(part not in ("", "*", "**") for part in pattern.lstrip("!").split("/")[:-1]) or (
        pattern.endswith("/") and pattern.strip("/*") != ""
    )
