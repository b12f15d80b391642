"""What the documents say is executed: console blocks, files they name, the recipe for a rule, commands and options.

A page of docs/ has a folder of its own: a copy of the tree that `tree:` in its first lines names, else an empty one.
A block with a title is the file of that name; a console block prints what it shows.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from meshlint.cli.main import commands
from meshlint.reports.formats import FORMATS
from tests.terminal import Block, Terminal, blocks

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_TREE = re.compile(r"\A---\n(?:.*\n)*?tree: (\S+)\n(?:.*\n)*?---\n")
ON_A_TERMINAL = "On a terminal"
REWRITE = bool(os.environ.get("MESHLINT_REWRITE_DOCS"))
"""Whether pages take over what their commands print, to be read before it is committed."""


def run(command: str, folder: Path) -> str:
    """Run one command line with the package that lies in a folder, and return what it prints."""
    words = shlex.split(command)
    assert words[0] == "meshlint", "documents show meshlint only"
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "meshlint", *words[1:], *(["--no-cache"] if words[1] == "check" else [])],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout + (done.stderr if done.returncode not in (0, 1) else "")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Share one cache, so that rules are compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if "CONTRIBUTING" not in d.name], ids=lambda d: d.name)
def test_console_blocks_print_what_they_show(document: Path, cache: Path) -> None:
    """Every command of a console block gives the output beneath it."""
    terminal = Terminal(ROOT, cache)
    for block in blocks(document.read_text(encoding="utf-8")):
        if block.language == "console":
            assert terminal.replay(block.text) == block.text


def rewritten(text: str, printed: list[tuple[Block, str]]) -> str:
    """Return a page with what is printed in the place of what its blocks show."""
    for block, shown in reversed(printed):
        start, end = block.span
        lines = (f"{block.indent}{line}" if line.strip() else line for line in shown.splitlines(keepends=True))
        text = text[:start] + "".join(lines) + text[end:]
    return text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_can_be_followed(page: Path, cache: Path, tmp_path: Path) -> None:
    """Who writes the files of a page and runs its commands in their order sees what it shows."""
    text = page.read_text(encoding="utf-8")
    folder = tmp_path / "work"
    tree = _TREE.match(text)
    if tree:
        shutil.copytree(ROOT / tree[1], folder)
    else:
        folder.mkdir()
    terminal = Terminal(folder, cache)
    printed: list[tuple[Block, str]] = []
    for block in blocks(text):
        if block.language == "console":
            printed.append((block, terminal.replay(block.text, framed=block.title == ON_A_TERMINAL)))
            assert REWRITE or printed[-1][1] == block.text
        elif block.title:
            written = folder / block.title
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(block.text, encoding="utf-8")
    if REWRITE:
        page.write_text(rewritten(text, printed), encoding="utf-8")


def test_a_rule_is_added_in_five_minutes(tmp_path: Path) -> None:
    """The recipe of CONTRIBUTING works word for word in a copy."""
    for name in ("meshlint", "rules", "fixtures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    target = re.search(r"Write the file `([^`]+)`", text)
    assert target is not None
    rule = next(block.text for block in blocks(text) if block.language == "yaml")
    (tmp_path / target[1]).write_text(rule, encoding="utf-8")
    consoles = [block.text for block in blocks(text) if block.language == "console"]
    assert consoles
    for part in re.split(r"(?m)^\$ ", "".join(consoles))[1:]:
        command, _, expected = part.partition("\n")
        assert run(command, tmp_path) == expected


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_files_that_documents_name_exist(document: Path) -> None:
    """Links and paths in code spans lead somewhere."""
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([^)#:]+)\)", text))
    named |= {word for word in re.findall(r"`([\w./-]+/[\w./-]*)`", text) if word.split("/")[0] in os.listdir(ROOT)}
    missing = [name for name in named if not (ROOT / name).exists() and "beta-policy" not in name]
    assert missing == []


def test_make_targets_that_documents_name_exist() -> None:
    """`make …` in a document is a target of the Makefile."""
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for document in DOCUMENTS:
        assert (
            set(re.findall(r"(?:`|^ {4})make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE)) <= targets
        )


_CALL = re.compile(r"(?m)(?:`|^(?: {4,}|\$ )?(?:.*\| |run: |- run: |entry: )?)meshlint ([a-z][^`\n|#;&>]*)")


def mentions() -> Iterator[tuple[Path, str]]:
    """Yield every call of meshlint that a document shows, in a code span or on a line of a block."""
    for document in (*DOCUMENTS, *PAGES):
        text = document.read_text(encoding="utf-8")
        shown = re.findall(r"`meshlint [^`\n]*`|^ {4,}meshlint .*$", text, re.MULTILINE)
        for part in (*shown, *(block.text for block in blocks(text) if block.language not in ("text", "console"))):
            yield from ((document, match[1]) for match in _CALL.finditer(part))


def unknown_words(call: str) -> set[str]:
    """Return what a call names that does not exist: its command or options."""
    command: click.Command | None = commands
    words = call.split()
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        name = words.pop(0)
        command = command.get_command(click.Context(command), name)
        if command is None:
            return {name}
    known = {word for param in command.params for word in param.opts} | {"--help"} if command else set()
    options = {word.partition("=")[0].strip("[](),.;") for word in words if word.lstrip("[").startswith("--")}
    return options - {"--"} - known


def test_commands_and_options_that_documents_name_exist() -> None:
    """`meshlint …` in a document is a command that there is, with options that it has."""
    calls = list(mentions())
    assert len(calls) > 20
    assert [(document.name, call) for document, call in calls if unknown_words(call)] == []


def steps(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping inside a value."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from steps(item)


def test_workflows_use_inputs_and_hooks_that_exist() -> None:
    """What pages give to the action, and the hooks that they name, stand in action.yml and .pre-commit-hooks.yaml."""
    inputs = set(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    found = [blocks(page.read_text(encoding="utf-8")) for page in PAGES]
    shown = [block.text for page in found for block in page if block.language == "yaml" and "meshlint" in block.text]
    parts = [part for text in shown for document in yaml.safe_load_all(text) for part in steps(document)]
    given = [part["with"] for part in parts if "meshlint@" in str(part.get("uses")) and "with" in part]
    wanted = [hook for part in parts if "meshlint" in str(part.get("repo")) for hook in part["hooks"]]
    assert given
    assert wanted
    assert [sorted(one) for one in given if not set(one) <= inputs] == []
    assert [one["id"] for one in wanted if one["id"] not in hooks] == []


def test_the_pages_describe_every_key_and_every_format(cache: Path) -> None:
    """What the JSON report holds stands on its page, and what `--format` takes on its own."""
    terminal = Terminal(ROOT, cache)
    report = json.loads(terminal.run("meshlint check fixtures/hms/before --select INJ002 --format json"))
    keys = {*report, *report["summary"], *report["findings"][0], *report["findings"][0]["location"]}
    described = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/reference/json.md").read_text(encoding="utf-8")))
    assert sorted(keys - described - {"tool", "version"}) == []
    rows = re.findall(r"(?m)^\| `([a-z-]+)` \|", (ROOT / "docs/reference/formats.md").read_text(encoding="utf-8"))
    assert sorted(rows) == sorted(FORMATS)
