"""Changed and new files are written; nothing else in the program writes into a repository.

In: absolute paths with the bytes that were read and those to be written. Out: files, or a report of which were written.
A file is replaced as a whole or not at all. Nothing outside the root is touched, whatever links say.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence

from meshlint.errors import SourceError
from meshlint.records import NamedTuple


class Change(NamedTuple):
    """Hold what becomes of one file; `before` is what was read, None for a file that does not exist yet."""

    file: str  # absolute
    before: bytes | None
    after: bytes


def write_all(changes: Sequence[Change], root: str) -> list[str]:
    """Write all changes, and return the files in that order.

    Every new content lies on the disk before the first file is replaced. Raises SourceError where one cannot be
    written, before anything was, or with the names of those that were.
    """
    top = os.path.realpath(root)
    targets = [_target(change, top) for change in changes]
    prepared: list[str | None] = []
    written: list[str] = []
    try:
        for change, target in zip(changes, targets, strict=True):
            prepared.append(_prepared(change, target))
        for change, target, temporary in zip(changes, targets, prepared, strict=True):
            _put(change, target, temporary)
            written.append(change.file)
    except OSError as error:
        failed = changes[len(written)] if len(prepared) == len(changes) else changes[len(prepared)]
        raise _failure(failed.file, error.strerror or str(error), written, top) from error
    except SourceError as error:
        if not written:
            raise
        raise _failure(changes[len(written)].file, error.message, written, top) from error
    finally:
        for temporary in prepared:
            if temporary is not None:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary)
    return written


def _failure(file: str, reason: str, written: Sequence[str], root: str) -> SourceError:
    done = ", ".join(_shown(path, root) for path in written)
    return SourceError(
        f"cannot write {_shown(file, root)}: {reason}",
        help=f"these files were written before it: {done}" if written else "nothing was written",
    )


def _shown(file: str, root: str) -> str:
    return os.path.relpath(os.path.realpath(file), root).replace(os.sep, "/")


def _target(change: Change, root: str) -> str:
    """Return the file that is meant, links followed. Raises SourceError where it must not be written."""
    target = os.path.realpath(change.file)
    if os.path.commonpath([root, target]) != root:
        raise SourceError(f"cannot write {change.file}: it leads to {target}, outside of {root}")
    shown = _shown(target, root)
    if change.before is None:
        if os.path.lexists(change.file):
            raise SourceError(f"cannot write {shown}: it is there already")
        return target
    if not os.path.isfile(target):
        raise SourceError(f"cannot write {shown}: it is no file any more")
    if not os.stat(target).st_mode & 0o222 or not os.access(target, os.W_OK):
        raise SourceError(f"cannot write {shown}: it is read-only")
    if not os.access(os.path.dirname(target), os.W_OK):
        raise SourceError(f"cannot write {shown}: its folder is read-only")
    _require_unchanged(change, target, shown)
    return target


def _require_unchanged(change: Change, target: str, shown: str) -> None:
    with open(target, "rb") as stream:
        if stream.read() != change.before:
            raise SourceError(f"cannot write {shown}: it was changed since it was read", help="run it again")


def _prepared(change: Change, target: str) -> str | None:
    """Write the new content beside the file it replaces, with the same mode and owner; return its name."""
    if change.before is None:
        return None
    folder, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".new", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(change.after)
            stream.flush()
            os.fsync(stream.fileno())
        _like(temporary, os.stat(target))
    except BaseException:  # an interruption, too, leaves nothing half-written behind; it goes on
        os.unlink(temporary)
        raise
    return temporary


def _like(file: str, model: os.stat_result) -> None:
    own = os.stat(file)
    if (own.st_uid, own.st_gid) != (model.st_uid, model.st_gid):
        with contextlib.suppress(PermissionError):  # only root gives files away
            os.chown(file, model.st_uid, model.st_gid)
    os.chmod(file, stat.S_IMODE(model.st_mode))


def _put(change: Change, target: str, temporary: str | None) -> None:
    if temporary is None:
        _created(change, target)
        return
    _require_unchanged(change, target, target)
    os.replace(temporary, target)


def _created(change: Change, target: str) -> None:
    """Write a file that must not exist, and its folders."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(change.after)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:  # as above
        os.unlink(target)
        raise
