"""What a stream can show, and writing to it whatever its reader does.

In: a stream, text and the environment. Out: claims about the stream; text on it. A stream is None where the caller
closed it.
"""

from __future__ import annotations

import os
from io import TextIOWrapper
from typing import IO, Any, TextIO

from meshlint.errors import UsageError


def say(stream: TextIO | None, text: str, *, encoding: str | None = None) -> None:
    """Write text at once; a reader that went away, or a stream that was closed, is no fault of the run.

    Raises UsageError when the stream takes nothing more, as on a full disk.
    """
    if stream is None:
        return
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding=encoding or stream.encoding, errors="backslashreplace")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        abandon(stream)
    except OSError as error:
        abandon(stream)
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write to {getattr(stream, 'name', 'the stream').strip('<>')}: {reason}") from error


def abandon(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, so that leaving the process does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_terminal(stream: IO[Any] | None) -> bool:
    """Tell whether people read the stream; MESHLINT_FRAMES=always says so of any."""
    if os.environ.get("MESHLINT_FRAMES") == "always":
        return True
    return stream is not None and hasattr(stream, "isatty") and stream.isatty()


def is_coloured(stream: IO[Any] | None) -> bool:
    """Tell whether to use colours: https://no-color.org, and terminals that know none."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and hasattr(stream, "isatty") and stream.isatty() and os.environ.get("TERM") != "dumb"
