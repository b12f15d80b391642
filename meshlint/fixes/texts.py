"""Bytes of a file become text and, changed or not, the very same kind of bytes again.

In: bytes. Out: text that can be given back without loss; a byte order mark is its first character, and line ends are as
they were. What has no exact text is refused, never replaced.
"""

from __future__ import annotations

import codecs

from meshlint.fixes.operations import CannotEdit
from meshlint.records import NamedTuple

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Decoded(NamedTuple):
    """Hold a text and how the file spells it."""

    text: str
    encoding: str


def decoded(data: bytes) -> Decoded:
    """Return the text of a file. Raises CannotEdit where a byte is no character of its encoding."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        byte, line = data[error.start], data.count(b"\n", 0, error.start) + 1
        raise CannotEdit(f"byte 0x{byte:02x} in line {line} is no {encoding.upper()}") from error


def encoded(text: str, encoding: str) -> bytes:
    """Return the bytes of a text in the encoding of its file."""
    return text.encode(encoding)
