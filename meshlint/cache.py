"""A place for results that can be computed again: plain data, outside the linted repository.

In: a kind, a key, plain values. Out: the values of an earlier run, or nothing. The folder belongs to the user alone,
so that a change to a repository can never bring a green result along. Whatever is wrong with the cache is a miss: it
may cost time and never an answer.
"""

from __future__ import annotations

import marshal
import os
import time
from typing import Any

import meshlint

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL first: 8 ms for nothing
except ImportError:  # pragma: no cover  (interpreters that build it in otherwise)
    from hashlib import blake2b

FORMAT = 2
_KEEP_DAYS = 14
_KEEP_ENTRIES = 400


def digest(*parts: bytes | str) -> str:
    """Return one hash of several texts; lengths are part of it, so that no two lists of parts look alike."""
    state = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(b"%d:" % len(data))
        state.update(data)
    return state.hexdigest()


def engine() -> str:
    """Return what the kept values were made by: the version, in a checkout also when its code last changed."""
    folder = os.path.dirname(os.path.abspath(meshlint.__file__))
    if not os.path.exists(os.path.join(os.path.dirname(folder), "pyproject.toml")):
        return meshlint.__version__
    newest, pending = 0, [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir() and entry.name != "__pycache__":
                    pending.append(entry.path)
                elif entry.name.endswith(".py"):
                    newest = max(newest, entry.stat().st_mtime_ns)
    return f"{meshlint.__version__}+{newest}"


def default_folder() -> str | None:
    """Return where the cache lies: $MESHLINT_CACHE_DIR, else the user's cache folder; None for a user without home.

    Only the first may be relative: a folder below the working folder would be part of the repository.
    """
    chosen = os.environ.get("MESHLINT_CACHE_DIR")
    if chosen:
        return chosen
    for base in (os.environ.get("XDG_CACHE_HOME", ""), os.path.join(os.path.expanduser("~"), ".cache")):
        if os.path.isabs(base):
            return os.path.join(base, "meshlint")
    return None


class Cache:
    """Keep values by kind and key; without a folder it keeps nothing."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._engine = engine() if folder is not None else ""

    def get(self, kind: str, key: str) -> Any:
        """Return what was put, or None."""
        if self._folder is None:
            return None
        try:
            with open(self._path(kind, key), "rb") as file:
                stored = marshal.load(file)
        except (OSError, EOFError, ValueError, TypeError):
            return None
        if not isinstance(stored, tuple) or len(stored) != 3 or stored[:2] != (FORMAT, self._engine):
            return None
        return stored[2]

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a plain value; a cache that cannot be written is no error."""
        if self._folder is None:
            return
        path = self._path(kind, key)
        folder = os.path.dirname(path)
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            temporary = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    marshal.dump((FORMAT, self._engine, value), file)
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
            self._prune(folder)
        except (OSError, ValueError):
            return

    def _path(self, kind: str, key: str) -> str:
        assert self._folder is not None  # callers ask first
        return os.path.join(self._folder, kind, key)

    def _prune(self, folder: str) -> None:
        """Drop what nobody has written for long, so that the folder does not grow for ever."""
        with os.scandir(folder) as entries:
            rows = sorted((entry.stat().st_mtime, entry.path) for entry in entries if entry.is_file())
        oldest = time.time() - _KEEP_DAYS * 86400
        surplus = len(rows) - _KEEP_ENTRIES
        for position, (changed, path) in enumerate(rows):
            if changed < oldest or position < surplus:
                os.unlink(path)
