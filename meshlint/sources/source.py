"""Name what is read: a file, or standard input; and read it without being held up.

In: a path. Out: bytes. Devices, pipes and sockets are never read: they may block or never end.
"""

from __future__ import annotations

import os
import stat
import sys

from meshlint.errors import SourceError
from meshlint.records import NamedTuple

STDIN = "-"
MAX_BYTES = 16 * 1024 * 1024


class Source(NamedTuple):
    """Describe one thing to read; `path` is what reports print, `file` what is opened (None: standard input)."""

    path: str
    file: str | None
    named: bool  # an operand, so that whatever is wrong with it is said
    held: bytes | None = None  # what stands in place of the file's own bytes: a change that nobody wrote yet


def read(source: Source, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a source, one byte more than `limit` at most.

    Raises SourceError when it cannot be read or is no regular file.
    """
    if source.held is not None:
        return source.held
    if source.file is None:
        return sys.stdin.buffer.read(limit + 1) if sys.stdin is not None else b""  # None: the caller closed it
    try:
        handle = os.open(source.file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise SourceError(f"cannot read {source.path}: {_reason(error)}") from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"cannot read {source.path}: it is no regular file")
        return _all(handle, min(status.st_size, limit) + 1, limit)
    except OSError as error:
        raise SourceError(f"cannot read {source.path}: {_reason(error)}") from error
    finally:
        os.close(handle)


def _all(handle: int, expected: int, limit: int) -> bytes:
    first = os.read(handle, expected)
    if len(first) < expected - 1 or len(first) == expected:
        parts, total = [first], len(first)
        while total <= limit and (part := os.read(handle, min(1 << 20, limit + 1 - total))):
            parts.append(part)
            total += len(part)
        return b"".join(parts)
    return first


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
