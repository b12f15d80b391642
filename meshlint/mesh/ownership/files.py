"""Where each platform looks for CODEOWNERS, and which platform a repository belongs to.

In: the root of the repository and, where it is configured, the platform. Out: the one file that the platform
reads, or None. Reads only the fixed places below the root and `.git/config`; runs no git. A file that is there and
cannot be read owns nothing that anybody could know of, so it ends the run.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable

from meshlint.cache import digest
from meshlint.errors import SourceError
from meshlint.mesh.ownership.codeowners import CodeOwners
from meshlint.mesh.ownership.guards import guards_of
from meshlint.mesh.ownership.model import Problem

PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
    "bitbucket": (".bitbucket/CODEOWNERS",),
    "gitea": ("CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"),
}
"""Where a platform looks, in its order; the first that exists is the only one it reads."""

_SHARED = frozenset(("CODEOWNERS", "docs/CODEOWNERS"))
_SIGNS = {
    "github": (".github",),
    "gitlab": (".gitlab-ci.yml", ".gitlab"),
    "bitbucket": ("bitbucket-pipelines.yml",),
    "gitea": (".gitea", ".forgejo"),
}
_HOSTS = {
    "github": "github",
    "gitlab": "gitlab",
    "bitbucket": "bitbucket",
    "gitea": "gitea",
    "codeberg": "gitea",
}
_REMOTE = re.compile(r"^[ \t]*url[ \t]*=[ \t]*(?:[a-z+]+://)?(?:[^@/\s]*@)?([a-z0-9.-]+)", re.IGNORECASE | re.MULTILINE)
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)
_READ_LIMIT = 16 * 1024 * 1024


def find_codeowners(root: str, platform: str = "auto") -> CodeOwners | None:
    """Return the CODEOWNERS file that the platform reads; None when it finds none.

    With `auto` the platform is told by a folder that only one platform reads, else by its CI files, else by
    the remotes in `.git/config`; a file that several platforms could read is then returned with `platform`
    None. Raises SourceError for a file that is there and cannot be read.
    """
    present = {place for places in PLACES.values() for place in places if _is_there(root, place)}
    if not present:
        return None
    told = _platform(root, present) if platform == "auto" else platform
    order = PLACES[told] if told else tuple(dict.fromkeys(place for places in PLACES.values() for place in places))
    found = [place for place in order if place in present]
    if not found:
        return None
    file = os.path.join(root, found[0])
    problems = [_ignored(place, found[0]) for place in found[1:]] if told else []
    if os.path.islink(file):
        problems.append(Problem("symbolic-link", f"{found[0]} is a symbolic link, which platforms do not follow", 1))
    return CodeOwners(_content(root, found[0]), path=found[0], platform=told, problems=problems)


def owners_by_path(root: str | None, platform: str = "auto") -> Callable[[str], tuple[str, ...]]:
    """Return who owns a file, as CODEOWNERS says; nobody where nothing tells.

    Raises SourceError when CODEOWNERS cannot be read.
    """
    found = find_codeowners(root, platform) if root else None
    return lambda path: found.owners_of(path).owners if found is not None and path else ()


def place_for_new(root: str, platform: str = "auto") -> tuple[str, str | None]:
    """Return where a CODEOWNERS file has to be written, and the platform that reads it there; None: several would."""
    if platform != "auto":
        return PLACES[platform][0], platform
    told = _platform(root, {"CODEOWNERS"}) or next(
        (name for name, signs in _SIGNS.items() if any(os.path.lexists(os.path.join(root, s)) for s in signs)), None
    )
    return (PLACES[told][0] if told else "CODEOWNERS"), told


def _ignored(place: str, read: str) -> Problem:
    return Problem("ignored-file", f"{place} is not read, because {read} exists", 1)


def _platform(root: str, present: set[str]) -> str | None:
    own = {name for name, places in PLACES.items() for place in places if place in present - _SHARED}
    if len(own) == 1:
        return own.pop()
    candidates = own or {name for name, places in PLACES.items() if present & set(places)}
    signs = {name for name in candidates if any(os.path.lexists(os.path.join(root, sign)) for sign in _SIGNS[name])}
    if len(signs) == 1:
        return signs.pop()
    remotes = _remotes(root) & (signs or candidates)
    return remotes.pop() if len(remotes) == 1 else None


def _remotes(root: str) -> set[str]:
    """Return the platforms that the hosts of the remotes name, as in `gitlab.hms.example`."""
    config = os.path.join(root, ".git", "config")
    if not _is_file(config):
        return set()
    hosts = _REMOTE.findall(_read(config).decode("utf-8", "replace"))
    labels = {label for host in hosts for label in host.lower().split(".")}
    return {platform for label, platform in _HOSTS.items() if label in labels}


def _is_there(root: str, place: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(os.path.join(root, place)).st_mode)
    except ValueError:
        return False
    except OSError as error:
        if error.errno in _ABSENT:
            return False
        raise _unreadable(place, error) from error


def _content(root: str, place: str) -> bytes:
    try:
        return _bytes(os.path.join(root, place))
    except OSError as error:
        raise _unreadable(place, error) from error


def _unreadable(place: str, error: OSError) -> SourceError:
    why = (error.strerror or str(error)).lower()
    help_ = "make it readable: without it nobody can tell who owns the policies"
    return SourceError(f"{place} cannot be read: {why}", help=help_)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _read(path: str) -> bytes:
    """Read a regular file; what cannot be read says nothing."""
    try:
        return _bytes(path)
    except OSError:
        return b""


def _bytes(path: str) -> bytes:
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        return file.read(_READ_LIMIT)


def owners_mark(root: str, codeowners: CodeOwners) -> str:
    """Return what the answers of a CODEOWNERS file depend on, as one line for a cache key."""
    content = digest(_read(os.path.join(root, codeowners.path)))
    guards = " ".join(f"{guard.path}+{guard.more}" for guard in guards_of(root, codeowners))
    return f"{codeowners.platform} {codeowners.path} {content} {guards}"
