"""Notes on what was not judged."""

from __future__ import annotations

from meshlint.findings.finding import Subject, Unsettled
from meshlint.findings.notes import notes_of


def test_many_reasons_are_told_in_few_lines() -> None:
    """Ten reasons are told one by one, those with most judgements first; nothing is left out of the count."""
    undecided = [
        Unsettled("EGR013", Subject("v1", "Service", "shop", f"s{number}"), f"encryption of calls to s{number:02}")
        for number in range(14)
    ]
    undecided.append(undecided[13]._replace(rule="MTL001"))
    notes = notes_of((), undecided)
    assert len(notes) == 11
    assert notes[0].startswith("2 judgements undecided (EGR013, MTL001 on Service shop/s13)")
    assert notes[-1] == ("4 further judgements undecided (EGR013), for 4 further reasons; the JSON report lists them")
