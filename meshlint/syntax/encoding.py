"""Bytes become UTF-8 that the parser takes, whatever they were.

In: bytes. Out: UTF-8 bytes without a byte order mark, and a problem where something had to be replaced.
"""

from __future__ import annotations

import codecs
import re

from meshlint.errors import Position
from meshlint.syntax.document import Problem

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PAIR = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})",
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")


def readable(data: bytes) -> tuple[bytes, Problem | None]:
    """Return text that the parser accepts as far as characters go."""
    encoding = "utf-8"
    for mark, name in _MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    if b"\\u" in data and data.lstrip()[:1] in (b"{", b"["):
        data = _PAIR.sub(_joined, data)
    if data.isascii() and encoding == "utf-8" and not _has_controls(data):
        return data, None
    problem = None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        problem = _problem(f"byte 0x{data[error.start]:02x} is no {encoding.upper()}", before)
        text = data.decode(encoding, "replace")
    match = _FORBIDDEN.search(text)
    if match is not None:
        problem = problem or _problem(f"character U+{ord(match[0]):04X} is not allowed in YAML", text[: match.start()])
        text = _FORBIDDEN.sub("\ufffd", text)
    return text.encode("utf-8", "replace"), problem


def lines_of(data: bytes) -> list[str]:
    """Return the lines that positions count, whatever the encoding and the line ends of a file are."""
    text = readable(data)[0].decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _joined(pair: re.Match[bytes]) -> bytes:
    """Write what JSON escapes as two UTF-16 halves the way YAML does; columns behind it on that line shift by two."""
    code = 0x10000 + ((int(pair[2], 16) - 0xD800) << 10) + (int(pair[3], 16) - 0xDC00)
    return pair[1] + b"\\U%08X" % code


def _has_controls(data: bytes) -> bool:
    return data.translate(None, _ALLOWED) != b""


_ALLOWED = bytes(range(0x20, 0x7F)) + b"\t\n\r"


def _problem(message: str, before: str) -> Problem:
    line = before.count("\n") + 1
    position = Position(line, len(before) - (before.rfind("\n") + 1) + 1)
    return Problem("encoding", message, position, position, 0)
