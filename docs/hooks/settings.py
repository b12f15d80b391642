"""The references of configuration keys and of the action's inputs, from the files that hold them.

In: fixtures/config/complete.yaml, which the configuration's own tests hold to be complete; action.yml. Out: Markdown.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

_KEY = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)


def configuration_keys(path: Path) -> str:
    """Return a section for each key: its comment as text, and the example."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    sections: list[str] = []
    for block in blocks:
        key = _KEY.search(block)
        if key is None:
            continue
        comment, example = _divided(block)
        sections.append(f"## {key[1]}\n\n{comment}\n\n```yaml\n{example}\n```")
    return "\n\n".join(sections)


def _divided(block: str) -> tuple[str, str]:
    """Return the comment above a key as text, and the key with everything below."""
    lines = block.strip("\n").split("\n")
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return " ".join(line.lstrip("# ") for line in lines[:first]), "\n".join(lines[first:])


def action_inputs(path: Path) -> str:
    """Return a table of the inputs, and one of the outputs."""
    action = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = ["| input | meaning | left out |", "| --- | --- | --- |"]
    for name, given in action["inputs"].items():
        default = f"`{given['default']}`" if given.get("default") else ""
        rows.append(f"| `{name}` | {given['description']} | {default} |")
    rows += ["", "| output | meaning |", "| --- | --- |"]
    rows += [f"| `{name}` | {given['description']} |" for name, given in action["outputs"].items()]
    return "\n".join(rows)
