"""The reference of what a rule may say: keys of the file, targets, facts.

In: the tables of the vocabulary. Out: Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.policy.json_schemas import SCHEMAS
from meshlint.policy.schema import KEYS
from meshlint.policy.vocabulary import KINDS, MESSAGES, TARGETS, Message


def rule_keys() -> str:
    """Return a table of the keys of a rule file, in their order."""
    described = SCHEMAS["rule"]()["properties"]
    return _keys({key: described[key] for key in KEYS})


def fix_keys() -> str:
    """Return tables of the keys of a fix, and of what it creates."""
    parts = SCHEMAS["rule"]()["$defs"]
    return f"{_keys(parts['Fix']['properties'])}\n\nIn `create`:\n\n{_keys(parts['Create']['properties'])}"


def _keys(described: Mapping[str, Any]) -> str:
    rows = ["| key | holds |", "| --- | --- |"]
    for key, schema in described.items():
        told, choices = schema["description"].rstrip("."), [value for value in schema.get("enum", ()) if value]
        if not all(value in told for value in choices):
            told += f" ({', '.join(f'`{value}`' for value in choices)})"
        rows.append(f"| `{key}` | {told} |")
    return "\n".join(rows)


def targets() -> str:
    """Return a table of the targets with the facts that each offers."""
    rows = ["| `target:` | facts | the group |", "| --- | --- | --- |"]
    meanings = {message.name: message.meaning for message in MESSAGES}
    for word, message in TARGETS.items():
        rows.append(f"| `{word}` | {meanings[message]} | [{message}](#{message.lower()}) |")
    for kind, message in KINDS.items():
        rows.append(f"| `{{kinds: [{kind}]}}` | {meanings[message]} | [{message}](#{message.lower()}) |")
    return "\n".join(rows)


def vocabulary() -> str:
    """Return every group of facts."""
    return "\n\n".join("\n".join(_group(message)) for message in MESSAGES)


def _group(message: Message) -> Iterator[str]:
    yield f"## {message.name}\n\n{message.meaning}\n"
    yield "| fact | type | meaning |\n| --- | --- | --- |"
    for field in message.fields:
        unknown = f"<br>*Unknown when {field.unknown}.*" if field.unknown else ""
        source = f"<br><small>{field.source}</small>" if field.source else ""
        meaning = f"{field.meaning}{unknown}{source}".replace("|", "\\|")
        yield f"| `{field.name}` | {_type(field.type)} | {meaning} |"


def _type(word: str) -> str:
    *outer, inner = word.split(" ")
    known = {message.name for message in MESSAGES}
    shown = f"[{inner}](#{inner.lower()})" if inner in known else inner
    return " ".join([*outer, shown])
