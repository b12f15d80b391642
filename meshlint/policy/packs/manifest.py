"""The form of `pack.yaml`.

In: its content. Out: `Manifest`, or pydantic's list of what does not fit. Imported only to compile a pack.
"""

from __future__ import annotations

from pydantic import Field

from meshlint.policy.rule_files.schema import VERSION, WORDS, Strict, Tuning


class Manifest(Strict):
    """Hold what a pack says of itself."""

    name: str = Field(pattern=WORDS)
    version: str = Field(pattern=VERSION)
    requires: str = ""
    description: str = ""
    tunes: dict[str, Tuning] = Field(default={})
