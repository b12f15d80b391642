"""What a stream can show.

In: a stream and the environment. Out: claims about it.
"""

from __future__ import annotations

import os
from typing import IO, Any


def is_terminal(stream: IO[Any]) -> bool:
    """Tell whether people read the stream; MESHLINT_FRAMES=always says so of any."""
    if os.environ.get("MESHLINT_FRAMES") == "always":
        return True
    return hasattr(stream, "isatty") and stream.isatty()


def is_coloured(stream: IO[Any]) -> bool:
    """Tell whether to use colours: https://no-color.org, and terminals that know none."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return hasattr(stream, "isatty") and stream.isatty() and os.environ.get("TERM") != "dumb"
