"""The reference of what a rule may say: keys of the file, keys of a fix, facts.

In: the schema of a rule file and the vocabulary. Out: Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from meshlint.policy.authoring.glossary import sections
from meshlint.policy.authoring.json_schemas import SCHEMAS
from meshlint.policy.lexicon import builtin
from meshlint.policy.rule_files.schema import KEYS
from meshlint.reports.vocabulary import vocabulary_markdown


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
        told, choices = schema.get("description", "").rstrip("."), [value for value in schema.get("enum", ()) if value]
        if not all(value in told for value in choices):
            told += f" ({', '.join(f'`{value}`' for value in choices)})"
        rows.append(f"| `{key}` | {told} |")
    return "\n".join(rows)


def vocabulary() -> str:
    """Return what `meshlint vocabulary` prints as Markdown, without its title.

    In a code span of a table the site's Markdown takes a bar as it stands, and GitHub's wants it escaped.
    """
    lexicon = builtin()
    text = vocabulary_markdown(sections(lexicon), lexicon).partition("\n")[2].strip()
    return re.sub(r"`[^`\n]*`", lambda span: span[0].replace("\\|", "|"), text)
