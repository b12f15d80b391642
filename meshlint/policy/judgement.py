"""What judging gives: faults, what stays undecided, and how often each rule applied.

In: nothing. Out: plain types. A place is an address as views write it; `findings` turns it into a line and a
column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from meshlint.records import NamedTuple

if TYPE_CHECKING:
    from meshlint.policy.views.values import Subject

Related = tuple[str, str]  # what to say, and the place
_RANK = {"info": 0, "warning": 1, "error": 2}


class Fault(NamedTuple):
    """Hold one judgement against a rule. Places are addresses as views write them; the subject is None where
    the object at the place takes its part.
    """

    rule_id: str
    severity: str
    subject: Subject | None
    place: str
    message: str
    help: str
    cause: str
    related: tuple[Related, ...]
    fix: int = -1  # which way of its rule's fix applies
    plans: tuple[bytes, ...] = ()  # what fixing it means, where somebody asked (`policy.fixes`)


class Undecided(NamedTuple):
    """Say what a rule could not judge, what the manifests do not tell, and where the target stands."""

    rule_id: str
    subject: Subject | None
    missing: str
    place: str


class Failure(NamedTuple):
    """Say that a rule failed and judged nothing further; it is a bug of ours, or one of the pack."""

    told: str
    pack: str = ""  # whose rule it is, empty: ours


class Judgement(NamedTuple):
    """Hold what all rules said; `evaluated` counts how often each applied, by rule id, zero included.

    `settled` counts the judgements that were reached, by rule id and the namespace of the target: neither undecided
    nor passed over in silence.
    """

    faults: list[Fault]
    undecided: list[Undecided]
    evaluated: dict[str, int]
    settled: dict[str, dict[str, int]]
    failures: list[Failure]


def cause_of(place: Mapping[str, str]) -> str:
    """Return the cause of a place: the deciding object and the fact, the pointer where none is named."""
    pointer, _, fact = place["place"].partition("|")[2].rpartition("|")
    return f"{place['text']}#{fact or pointer}"


def merged(faults: Sequence[Fault]) -> Fault:
    """Return the first of the faults of one cause, the further ones as related; the graver severity counts."""
    first = faults[0]
    if len(faults) == 1:
        return first
    rows = dict.fromkeys(first.related)
    for further in faults[1:]:
        if (further.message, further.place) != (first.message, first.place):
            rows[further.message, further.place] = None
        rows |= dict.fromkeys(further.related)
    severity = max((fault.severity for fault in faults), key=_RANK.__getitem__)
    fix = first.fix if all(fault.fix >= 0 for fault in faults) else -1
    plans = tuple(dict.fromkeys(plan for fault in faults for plan in fault.plans))
    return first._replace(severity=severity, related=tuple(rows), fix=fix, plans=plans)
