"""One cause, one finding: an effect hides behind the finding that names its cause.

In: findings with cause keys. Out: the findings that speak for themselves, the hidden ones listed as related. A finding
is hidden only behind another rule's finding of the same cause and at least its severity; when that rule is off, the
effect is said. What a schema says of a value is an effect, too, where another rule finds fault with that very value. A
rule of a pack speaks for itself alone: it neither hides nor is hidden, because nobody here knows what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.errors import Location
from meshlint.findings.finding import SEVERITIES, Finding, Related, Subject

_MOST_RELATED = 100
_SCHEMAS = ("HYG002", "HYG007")
"""Rules that judge the form of any object, knowing nothing of what its values do."""


def hide_effects(
    findings: Sequence[Finding], is_mandatory: Callable[[Finding], bool] = lambda _: False
) -> list[Finding]:
    """Hide effects behind their causes.

    A finding about the deciding object itself names the cause; one about something else names an effect. One about a
    call is always an effect, and hides behind anything else that is said of its cause. What is mandatory hides only
    behind what is mandatory: the other may be suppressed, and would take it along.
    """
    causes: dict[str, int] = {}
    told: dict[str, int] = {}
    values: dict[tuple[Subject, Location], int] = {}
    ours = [(position, finding) for position, finding in enumerate(findings) if not finding.pack]
    for position, finding in ours:
        if finding.cause and not finding.is_effect:
            told.setdefault(finding.cause, position)
            if _is_cause(finding):
                causes.setdefault(finding.cause, position)
        if finding.rule not in _SCHEMAS:
            values.setdefault((finding.resource, finding.location), position)
    extra: dict[int, list[Related]] = {}
    hidden: set[int] = set()
    for position, finding in ours:
        behind = causes.get(finding.cause) if finding.cause and not _is_cause(finding) else None
        if behind is None and finding.is_effect and finding.cause:
            behind = told.get(finding.cause)
        if finding.rule in _SCHEMAS:
            behind = values.get((finding.resource, finding.location), behind)
        if behind is None or behind == position or findings[behind].rule == finding.rule:
            continue
        if is_mandatory(finding) and not is_mandatory(findings[behind]):
            continue
        if SEVERITIES.index(findings[behind].severity) >= SEVERITIES.index(finding.severity):
            hidden.add(position)
            extra.setdefault(behind, []).append(Related(f"{finding.rule}: {finding.message}", finding.location))
    return [
        finding._replace(related=_joined(finding.related, extra.get(position, ())))
        for position, finding in enumerate(findings)
        if position not in hidden
    ]


def behind_causes(findings: Sequence[Finding], late: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """List late findings under those of the same cause; return the first with them, and the late ones that remain."""
    by_cause = {finding.cause: position for position, finding in reversed(list(enumerate(findings)))}
    extra: dict[int, list[Related]] = {}
    remaining = []
    for finding in late:
        position = by_cause.get(finding.cause)
        if position is None:
            remaining.append(finding)
        else:
            extra.setdefault(position, []).append(Related(f"{finding.rule}: {finding.message}", finding.location))
    spoken = [
        finding._replace(related=_joined(finding.related, extra.get(position, ())))
        for position, finding in enumerate(findings)
    ]
    return spoken, remaining


def _is_cause(finding: Finding) -> bool:
    """Tell whether the finding is about the very object that decided."""
    return not finding.is_effect and finding.cause.rpartition("#")[0] == finding.resource.text


def _joined(own: Sequence[Related], more: Iterable[Related]) -> tuple[Related, ...]:
    return tuple(dict.fromkeys((*own, *more)))[:_MOST_RELATED]
