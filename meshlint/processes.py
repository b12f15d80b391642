"""Work beside the main process: a forked child inherits what is in memory and sends bytes back by a pipe.

In: a function that makes bytes. Out: a function that waits for them. Nothing is pickled on the way in, no code is
imported anew, and a child that dies has only not helped. It knows nothing of manifests.
"""

from __future__ import annotations

import os
from collections.abc import Callable


def may_share() -> bool:
    """Tell whether another processor is there, and a way to use it."""
    return (os.cpu_count() or 1) > 1 and hasattr(os, "fork")


def start(work: Callable[[], bytes]) -> Callable[[], bytes | None]:
    """Start work in a child; the result waits for it and returns its bytes, None when it died."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run(work, writer)
    os.close(writer)

    def wait() -> bytes | None:
        with os.fdopen(reader, "rb") as stream:
            data = stream.read()
        _, status = os.waitpid(child, 0)
        return data if status == 0 else None

    return wait


def _run(work: Callable[[], bytes], writer: int) -> None:
    """Work and leave at once: no handler, buffer or lock of the parent is touched, and no failure is told twice."""
    status = 1
    try:
        data = work()
        with os.fdopen(writer, "wb") as stream:
            stream.write(data)
        status = 0
    finally:
        os._exit(status)
