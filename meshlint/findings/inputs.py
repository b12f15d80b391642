"""What a judgement is made of.

In: nothing. Out: `Inputs`, which the pipeline fills and everybody who judges reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.config.model import Settings
from meshlint.mesh.ownership.codeowners import CodeOwners
from meshlint.policy.selection.areas import Areas
from meshlint.policy.selection.rule_words import RuleWords
from meshlint.policy.selection.selection import ActiveRule
from meshlint.records import NamedTuple
from meshlint.resources.facts import FileFacts
from meshlint.sources.source import Source

if TYPE_CHECKING:
    from meshlint.mesh.calls.programs import ProgramFile


class Inputs(NamedTuple):
    """Hold what a judgement is made of."""

    settings: Settings
    rules: tuple[ActiveRule, ...]
    words: RuleWords  # of the whole catalogue
    today: str
    namespace: str
    complete: bool
    root: str | None
    sources: Sequence[Source]
    facts: Sequence[FileFacts]
    skipped: Sequence[tuple[str, str]]
    stdin: bytes | None
    codeowners: CodeOwners | None
    whole: bool = True  # the operands hold everything below the root
    programs: tuple[ProgramFile, ...] = ()  # what `--sources` names
    areas: Areas | None = None  # where which rules hold; None: `rules` hold everywhere
