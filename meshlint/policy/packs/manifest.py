"""The form of `pack.yaml`.

In: its content. Out: `Manifest`, or pydantic's list of what does not fit. Imported only to compile a pack.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from meshlint.policy.schema import VERSION, WORDS


class Tuning(BaseModel):
    """Change one rule of meshlint."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    severity: Literal["error", "warning", "info"] | None = None
    enabled: bool | None = None
    params: dict[str, Any] = {}


class Manifest(BaseModel):
    """Hold what a pack says of itself."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(pattern=WORDS)
    version: str = Field(pattern=VERSION)
    requires: str = ""
    description: str = ""
    tunes: dict[str, Tuning] = {}
