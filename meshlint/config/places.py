"""Where the parts of a configuration stand, in whichever language it is written.

In: the bytes of the file, its path, pointers. Out: a span for each. It knows no key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshlint.syntax.document import Span


def is_toml(path: str) -> bool:
    """Tell whether a configuration is a table of a TOML file."""
    return path.endswith(".toml")


def places_of(data: bytes, path: str, pointers: Sequence[str]) -> dict[str, Span]:
    """Return the place of each pointer, or of the nearest thing around it."""
    if is_toml(path):
        from meshlint.config.pyproject import locate_keys

        return locate_keys(data, pointers)
    from meshlint.syntax.locate import locate

    return locate(data, 0, pointers)
