"""What the documents say is executed: console blocks, files they name, the recipe for a rule."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
_CONSOLE = re.compile(r"^( *)```console\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
_YAML = re.compile(r"^( *)```yaml\n(.*?)^\1```", re.DOTALL | re.MULTILINE)


def blocks(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Return the blocks of a document without their indentation."""
    return [re.sub(rf"(?m)^{match[1]}", "", match[2]) for match in pattern.finditer(text)]


def run(command: str, folder: Path) -> str:
    """Run one command line of a document and return what it prints."""
    words = shlex.split(command)
    assert words[0] == "meshlint", "documents show meshlint only"
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "meshlint", *words[1:], *(["--no-cache"] if words[1] == "check" else [])],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout + (done.stderr if done.returncode not in (0, 1) else "")


def check_console(block: str, folder: Path) -> None:
    """Compare every command of a block with the lines that follow it."""
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        command, _, expected = part.partition("\n")
        assert run(command, folder) == expected


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if "CONTRIBUTING" not in d.name], ids=lambda d: d.name)
def test_console_blocks_print_what_they_show(document: Path) -> None:
    """Every command of a console block gives the output beneath it."""
    for block in blocks(document.read_text(encoding="utf-8"), _CONSOLE):
        check_console(block, ROOT)


def test_a_rule_is_added_in_five_minutes(tmp_path: Path) -> None:
    """The recipe of CONTRIBUTING works word for word in a copy."""
    for name in ("meshlint", "rules", "fixtures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    target = re.search(r"Write the file `([^`]+)`", text)
    assert target is not None
    (tmp_path / target[1]).write_text(blocks(text, _YAML)[0], encoding="utf-8")
    consoles = blocks(text, _CONSOLE)
    assert consoles
    for block in consoles:
        check_console(block, tmp_path)


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
