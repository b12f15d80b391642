"""The parser's events, and the errors it raises, in one place.

In: bytes or text. Out: a function that gives the next event. libyaml when PyYAML was built with it, else its own
parser in Python, which is slower and raises the same errors.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError

__all__ = ["MarkedYAMLError", "YAMLError", "event_source", "line_of"]


def line_of(mark: Any) -> int:
    """Return the line of a mark, from 0; a missing mark stands at the top."""
    return int(mark.line) if mark is not None else 0


def event_source(data: bytes | str, offset: int = 0) -> Callable[[], Any]:
    """Return a function that gives the next event and raises YAMLError where the text is no YAML.

    An offset leaves out the bytes before it, without copying those behind: a file of many broken documents is read
    from each of them on.
    """
    try:
        from yaml._yaml import CParser
    except ImportError:
        from yaml.loader import SafeLoader

        return SafeLoader(data[offset:]).get_event
    if offset and isinstance(data, bytes):
        rest = BytesIO(data)
        rest.seek(offset)
        return CParser(rest).get_event
    return CParser(data).get_event
