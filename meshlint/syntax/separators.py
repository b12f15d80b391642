"""Where the next document begins, for readers that must go on behind a broken one.

In: text and the place of the broken document. Out: an offset.
"""

from __future__ import annotations

import re

_SEPARATOR = re.compile(rb"(?m)^---(?=[ \t\r\n]|$)")


def next_separator(text: bytes, offset: int, opened: int) -> int | None:
    """Return the offset of the next `---`, searched behind line `opened` of the part that starts at `offset`.

    A `---` at the start of a line ends a document wherever the parser thinks it is, except inside a block scalar, and
    those are indented.
    """
    position = offset
    for _ in range(opened + 1):
        found = text.find(b"\n", position)
        if found < 0:
            return None
        position = found + 1
    match = _SEPARATOR.search(text, position)
    return match.start() if match else None
