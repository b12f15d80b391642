"""The vocabulary of rules for people and programs: text for a terminal, Markdown for a page, JSON.

In: sections of the glossary. Out: text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from meshlint.policy.authoring.glossary import SHARED, Group, Section
from meshlint.policy.lexicon import Lexicon, unlisted
from meshlint.policy.vocabulary import RESOURCE_OF_PLACE, Field, Message
from meshlint.policy.vocabulary.language import TABLES
from meshlint.policy.vocabulary.sources import SOURCES
from meshlint.reports.frame import painted

_NARROWEST = 40
_MARGIN = "  "


def section_text(section: Section, width: int | None, coloured: bool) -> str:
    """Return the facts of one target; without a width no line is broken."""
    lines = [painted(_title(section), "bold", coloured), *_wrapped(section.head.message.meaning, width)]
    lines += _about(section.head, width)
    for group in (section.head, *section.nested):
        if group is not section.head:
            name = painted(group.path, "bold", coloured)
            lines += ["", f"{name}  {group.message.name}: {group.message.meaning}", *_about(group, width)]
        lines += ["", *_field_lines(group.message.fields, width)]
    return "\n".join(lines) + "\n"


def _title(section: Section) -> str:
    words = ", ".join(section.words) or section.variable
    name = section.head.message.name
    if section.variable == "object" and section.words != ("object",):
        return f"{words} (object)"
    return words if words == name else f"{words}  {name}"


def _about(group: Group, width: int | None) -> list[str]:
    return _wrapped(f"source: {group.source}", width) if group.source else []


def _field_lines(fields: Sequence[Field], width: int | None) -> Iterator[str]:
    names = max(len(field.name) for field in fields)
    types = max(len(field.type) for field in fields)
    margin = len(_MARGIN) * 3 + names + types
    for field in fields:
        lead = f"{_MARGIN}{field.name.ljust(names)}{_MARGIN}{field.type.ljust(types)}{_MARGIN}"
        texts = [field.meaning]
        texts += [f"unknown when {field.unknown}"] if field.unknown else []
        texts += [f"source: {field.source}"] if field.source else []
        rows = [row for text in texts for row in _wrapped(text, None if width is None else width - margin)]
        for number, row in enumerate(rows):
            yield f"{lead if number == 0 else ' ' * margin}{row}"


def _wrapped(text: str, width: int | None) -> list[str]:
    return [text] if width is None else wrap(text, max(width, _NARROWEST), break_long_words=False)


def overview_text(sections: Sequence[Section], width: int | None, coloured: bool) -> str:
    """Return the targets, and what expressions and messages are made of."""
    lines = [painted("Targets", "bold", coloured)]
    lines += _rows([(", ".join(section.words), section.head.message.meaning) for section in sections], width)
    lines += ["", "`meshlint vocabulary TARGET` shows the facts of one."]
    for title, table in TABLES.items():
        lines += ["", painted(title, "bold", coloured), *_rows([(item.written, item.meaning) for item in table], width)]
    return "\n".join(lines) + "\n"


def _rows(rows: Sequence[tuple[str, str]], width: int | None) -> Iterator[str]:
    column = min(max(len(first) for first, _ in rows), 44)
    margin = column + 2 * len(_MARGIN)
    for first, text in rows:
        if len(first) > column:
            yield f"{_MARGIN}{first}"
            first = ""
        parts = _wrapped(text, None if width is None else width - margin)
        yield f"{_MARGIN}{first.ljust(column)}{_MARGIN}{parts[0]}"
        yield from (f"{' ' * margin}{part}" for part in parts[1:])


def vocabulary_json(sections: Sequence[Section], lexicon: Lexicon) -> str:
    """Return the facts of the sections with every group that they hold, version 1."""
    import json

    groups = {group.message.name: group.message for one in sections for group in (one.head, *one.nested)}
    groups.setdefault(SHARED, lexicon.messages[SHARED])
    document = {
        "version": 1,
        "targets": [_target(section) for section in sections],
        "groups": [_group(message) for message in groups.values()],
        "language": {title: [item._asdict() for item in table] for title, table in TABLES.items()},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _target(section: Section) -> dict[str, Any]:
    is_kinds = section.variable == "object" and section.words != ("object",)
    target: Any = {"kinds": list(section.words)} if is_kinds else next(iter(section.words), None)
    return {"target": target, "variable": section.variable, "group": section.head.message.name}


def _group(message: Message) -> dict[str, Any]:
    facts = [
        {**field._asdict(), "unknown": field.unknown or None, "source": field.source or None}
        for field in message.fields
    ]
    return {
        "name": message.name,
        "meaning": message.meaning,
        "source": SOURCES.get(message.name),
        "facts": facts,
    }


def vocabulary_markdown(sections: Sequence[Section], lexicon: Lexicon) -> str:
    """Return the vocabulary as a page; a group that several targets hold is described where it comes first."""
    lines = ["# The vocabulary of rules", "", *_language_lines(), "## Targets", ""]
    lines += ["| target | what it is | facts |", "| --- | --- | --- |"]
    heads = [(_words(one), one.head.message) for one in sections]
    lines += [f"| {words} | {_cell(message.meaning)} | {_link(message.name)} |" for words, message in heads]
    return "\n".join([*lines, *_section_lines(sections, lexicon)]) + "\n"


def sections_markdown(sections: Sequence[Section], lexicon: Lexicon) -> str:
    """Return the facts of some targets as a part of a page."""
    return "\n".join(_section_lines(sections, lexicon)).lstrip("\n") + "\n"


def _section_lines(sections: Sequence[Section], lexicon: Lexicon) -> Iterator[str]:
    described = {SHARED}
    for section in sections:
        groups = [group for group in (section.head, *section.nested) if group.message.name not in described]
        described |= {group.message.name for group in groups}
        yield from ("", f"## {_words(section)}")
        if section.words:
            yield from ("", _variable(section))
        for group in groups:
            yield from ("", *_group_lines(group))
    yield from ("", "## Places", "", *_group_lines(Group("…", lexicon.messages[SHARED], "")))


def _language_lines() -> Iterator[str]:
    yield "A rule asks facts in [CEL](https://cel.dev). These are the tables that rules are checked against."
    for title, table in TABLES.items():
        yield from ("", f"## {title}", "", "| written | meaning | example |", "| --- | --- | --- |")
        yield from (f"| {_code(i.written)} | {_cell(i.meaning)} | {_code(i.example)} |" for i in table)
    yield ""


def _words(section: Section) -> str:
    return ", ".join(f"`{word}`" for word in section.words or (section.variable,))


def _variable(section: Section) -> str:
    if section.variable == "object" and section.words != ("object",):
        return f"Written `target: {{kinds: [{', '.join(section.words)}]}}`; the variable is `object`."
    apart = section.variable in RESOURCE_OF_PLACE
    about = " A finding is about the object at its place." if apart else ""
    return f"Written `target: {section.variable}`, which is the variable, too.{about}"


def _group_lines(group: Group) -> Iterator[str]:
    yield f'<a id="{_anchor(group.message.name)}"></a>'
    yield ""
    yield f"### {group.message.name}: `{group.path}`"
    yield ""
    yield group.message.meaning + (f" Source: {group.source}." if group.source else "")
    yield from ("", "| fact | type | meaning | unknown when |", "| --- | --- | --- | --- |")
    for field in group.message.fields:
        source = f" (source: {_cell(field.source)})" if field.source else ""
        yield f"| `{field.name}` | {_type(field.type)} | {_cell(field.meaning)}{source} | {_cell(field.unknown)} |"


def _type(type_word: str) -> str:
    inner, is_list = unlisted(type_word)
    shown = _link(inner) if inner[0].isupper() else inner
    return f"list of {shown}" if is_list else shown.replace("map ", "map of ")


def _link(message: str) -> str:
    return f"[{message}](#{_anchor(message)})"


def _anchor(message: str) -> str:
    return f"facts-{message.lower()}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if "`" not in text else f"`` {_cell(text)} ``"
