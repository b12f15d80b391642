"""A terminal as documents show it: commands with what they print, one below the other.

In: lines as a reader would type them, and the folder in which they stand. Out: what appears. meshlint runs in this
process, as on the day of the examples; everything else is a line for the shell.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from meshlint.cli.main import commands, run
from tests.judge import TODAY

_BLOCK = re.compile(r"^( *)(`{3,})([a-z]+)(?: title=\"([^\"]+)\")?\n(.*?)^\1\2$", re.DOTALL | re.MULTILINE)
_WHO = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@hms.example", "GIT_CONFIG_GLOBAL": os.devnull}
_SHELL = re.compile(r"[|<>;&]|^(?!meshlint )")


class Block(NamedTuple):
    """Hold a code block without its indentation."""

    language: str
    title: str
    text: str
    indent: str
    span: tuple[int, int]  # of the text in the document


def blocks(text: str) -> Iterator[Block]:
    """Yield the code blocks of a document that name a language."""
    for match in _BLOCK.finditer(text):
        yield Block(match[3], match[4] or "", re.sub(rf"(?m)^{match[1]}", "", match[5]), match[1], match.span(5))


class Terminal:
    """Run commands in a folder; `framed` where the reader sees findings with their source lines."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.code = 0
        self._environment = {
            "NO_COLOR": "1", "MESHLINT_CACHE_DIR": str(cache), "HOME": str(folder), "COLUMNS": "100",
            "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}", **_WHO,
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@hms.example",
        }  # fmt: skip

    def replay(self, block: str, *, framed: bool = False) -> str:
        """Run the commands of a block and return it with what they print.

        What is right stays as it is: a line of output that is `…` stands for any lines.
        """
        shown = []
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, expected = part.partition("\n")
            printed = self.run(command, framed=framed)
            pattern = "(?:.*\n)*".join(map(re.escape, re.split(r"(?m)^…\n", expected)))
            shown.append(f"$ {command}\n{expected if re.fullmatch(pattern, printed) else printed}")
        return "".join(shown)

    def run(self, command: str, *, framed: bool = False) -> str:
        """Run one line and return what it prints on both streams."""
        if command == "echo $?":
            return f"{self.code}\n"
        environment = self._environment | ({"MESHLINT_FRAMES": "always"} if framed else {})
        if _SHELL.search(command):
            return self._shell(command, environment)
        return self._meshlint(shlex.split(command)[1:], environment)

    def _shell(self, command: str, environment: dict[str, str]) -> str:
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=environment, text=True, timeout=60, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout

    def _meshlint(self, arguments: list[str], environment: dict[str, str]) -> str:
        printed = io.StringIO()
        before, here = dict(os.environ), os.getcwd()
        os.environ.update(environment)
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                self.code = run([*arguments, *(["--today", TODAY] if _takes_a_date(arguments) else [])])
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)
        return printed.getvalue()


def _takes_a_date(arguments: list[str]) -> bool:
    """Tell whether a command has `--today` and was not given it."""
    command: click.Command | None = commands
    for word in arguments:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(click.Context(command), word)
    options = [word for param in command.params for word in param.opts] if command else []
    return "--today" in options and "--today" not in arguments and "--help" not in arguments
