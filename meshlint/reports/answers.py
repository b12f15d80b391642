"""What an expression yields, target by target, as text or JSON.

In: answers with their locations, values whose places are resolved. Out: text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from meshlint.errors import Location
from meshlint.findings.finding import plain_location
from meshlint.policy.authoring.asking import Answer, Question
from meshlint.records import NamedTuple
from meshlint.reports.frame import clean, painted

_PLACE = frozenset(("text", "kind", "namespace", "name", "place"))
_INLINE = 100

Locate = Callable[[str], Location]


class Asked(NamedTuple):
    """Hold the answers of one environment, empty where there is but one, and the way to places in it."""

    environment: str
    answers: Sequence[Answer]
    at: Locate


def answers_json(question: Question, asked: Sequence[Asked]) -> str:
    """Return the answers as JSON, version 1."""
    import json

    rows = [_row(answer, part) for part in asked for answer in part.answers]
    target = question.target if isinstance(question.target, str) else question.target[0]
    document = {"version": 1, "target": target, "type": question.type, "answers": rows}
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _row(answer: Answer, part: Asked) -> dict[str, Any]:
    row: dict[str, Any] = {"text": answer.text}
    if part.environment:
        row["environment"] = part.environment
    if answer.element:
        row["element"] = answer.element
    row["location"] = plain_location(part.at(answer.place)) if answer.place else None
    row["value"] = _located(answer.value, part.at, lambda place: plain_location(place))
    return row | {"unknown": answer.unknown or None, "failure": answer.failure or None}


def answers_text(asked: Sequence[Asked], coloured: bool) -> str:
    """Return a line for each answer, more for long values, and a summary."""
    lines = [line for part in asked for answer in part.answers for line in _lines(answer, part, coloured)]
    everything = [answer for part in asked for answer in part.answers]
    return "\n".join([*lines, _summary(everything)]) + "\n"


def _lines(answer: Answer, part: Asked, coloured: bool) -> Iterator[str]:
    where = f"{_shown(part.at(answer.place))}: " if answer.place else ""
    what = f"{answer.text} {answer.element}".rstrip() + (f" in {part.environment}" if part.environment else "")
    head = f"{clean(where)}{painted(clean(what), 'bold', coloured)}"
    if answer.failure:
        yield f"{head}  {painted('fails', 'error', coloured)}: {clean(answer.failure)}"
    elif answer.unknown:
        undecided = painted("undecided", "warning", coloured)
        yield f"{head}  {undecided}: the manifests do not say the {clean(answer.unknown)}"
    else:
        first, *rest = _written(_located(answer.value, part.at, _shown))
        yield f"{head}  {first}".rstrip()
        yield from rest


def _written(value: Any) -> list[str]:
    """Return a value on one line, where it is long on several."""
    import json

    inline = json.dumps(value, ensure_ascii=False, default=str)
    if len(inline) <= _INLINE or not isinstance(value, (dict, list)):
        return [clean(inline)]
    lines = json.dumps(value, ensure_ascii=False, default=str, indent=2).split("\n")
    return ["", *(f"  {clean(line)}" for line in lines)]


def _located(value: Any, at: Locate, shown: Callable[[Location], Any]) -> Any:
    """Return a value with locations in the stead of addresses."""
    if isinstance(value, list):
        return [_located(item, at, shown) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _PLACE:
        location = shown(at(value["place"])) if value["place"] else None
        return {"text": value["text"], "location": location} if value["text"] else None
    return {key: _located(item, at, shown) for key, item in value.items()}


def _shown(location: Location) -> str:
    return f"{location.path}:{location.start.line}:{location.start.column}"


def _summary(answers: Sequence[Answer]) -> str:
    known = [answer for answer in answers if not (answer.unknown or answer.failure)]
    kinds = Counter({"true": 0, "false": 0} if known and all(isinstance(a.value, bool) for a in known) else {})
    kinds.update(("false", "true")[answer.value] if isinstance(answer.value, bool) else "values" for answer in known)
    parts = [f"{count} {word if count != 1 or word != 'values' else 'value'}" for word, count in kinds.items()]
    parts.append(f"{sum(1 for answer in answers if answer.unknown)} undecided")
    failed = sum(1 for answer in answers if answer.failure)
    return ", ".join([*parts, *([f"{failed} failed"] if failed else [])])
