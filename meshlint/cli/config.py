"""`meshlint config`: what is in force for a path and why, and whether configurations are without mistakes.

In: arguments. Out: text or JSON on standard output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from meshlint.cache import Cache, default_folder
from meshlint.cli.inputs import chosen_options, words_of
from meshlint.cli.main import Commands
from meshlint.cli.terminal import is_coloured, say
from meshlint.errors import ExitCode, UsageError
from meshlint.pipeline import Options, prepare
from meshlint.policy.selection.areas import NO_WORDS, Areas, Command
from meshlint.reports.frame import counted
from meshlint.sources.root import find_root
from meshlint.sources.source import STDIN
from meshlint.sources.walk import shown_path


@click.group("config", cls=Commands, short_help="Show what is in force for a path, and where it came from.")
def command() -> None:
    """Show what is in force for a path, or look for mistakes in the configuration."""


@command.command("show", short_help="Print what is in force for a path.")
@click.argument("path", default=".")
@click.option("--namespace", metavar="NS", help="Namespace of the object; default: what the configuration says.")
@chosen_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def show(
    path: str,
    namespace: str | None,
    form: str,
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    packs: tuple[str, ...],
    root: str | None,
    config: str | None,
) -> int:
    """Print what is in force for PATH, and where every value came from.

    PATH is a file or a folder; a file need not exist yet.
    """
    from meshlint.policy.selection.origins import in_force
    from meshlint.reports.effective import effective_json, effective_text

    whole = _absolute(path)
    found, areas = _areas_at(path, root, config, packs, Command(profile, words_of(select), words_of(ignore)))
    shown = shown_path(whole, found)
    if os.path.isdir(whole):
        shown = "" if shown == os.curdir else f"{shown}/"
    told = in_force(areas, shown, areas.tree.namespace_of(shown) if namespace is None else namespace)
    if form == "json":
        say(sys.stdout, effective_json(told), encoding="utf-8")
    else:
        say(sys.stdout, effective_text(told, is_coloured(sys.stdout)))
    return ExitCode.CLEAN


def _areas_at(
    path: str, root: str | None, config: str | None = None, packs: Sequence[str] = (), command: Command = NO_WORDS
) -> tuple[str | None, Areas]:
    """Return the root and what is in force around a path, by the configurations above it alone."""
    from meshlint.policy.selection.configured import Configured

    found = find_root((path,), root)
    return found, Configured((path,), found, Cache(default_folder()), config=config, given=packs).areas(command)


def _absolute(path: str) -> str:
    """Return where a path lies.

    Raises UsageError when not even its folder exists.
    """
    if path == STDIN:
        raise UsageError("standard input has no configuration of its own", help="name a file or a folder")
    whole = os.path.abspath(path)
    folder = os.path.dirname(whole)
    if not os.path.lexists(whole) and not os.path.isdir(folder):
        raise UsageError(f"there is no folder {os.path.dirname(path) or folder}")
    return whole


@command.command("validate", short_help="Look for mistakes.")
@click.argument("files", nargs=-1, metavar="[FILES]...")
@click.option("--root", metavar="DIR", help="Folder that paths and CODEOWNERS are relative to.")
def validate(files: Sequence[str], root: str | None) -> int:
    """Look for mistakes in FILES, by default in every configuration of the tree below the current folder.

    Exit codes: 0 none, 2 mistakes, each shown with its line.
    """
    if files:
        for file in files:
            _validate(file, root)
        count = len(files)
    else:
        run = prepare(Options(root=root, allow_empty=True))
        count = sum(1 for settings in run.areas.tree.all if settings.path is not None)
        if not count:
            raise UsageError("there is no configuration here", help="write a .meshlint.yaml")
    say(sys.stdout, f"{counted(count, 'configuration')} without mistakes\n")
    return ExitCode.CLEAN


def _validate(file: str, root: str | None) -> None:
    """Read a file as a run would: one of the tree in its place, any other as the configuration of a run.

    Raises ConfigErrors with its mistakes, and those of the files above it.
    """
    if not os.path.lexists(file):
        raise UsageError(f"there is no file {file}")
    folder = os.path.dirname(os.path.abspath(file))
    found, areas = _areas_at(folder, root)
    shown = shown_path(os.path.abspath(file), found)
    if not any(settings.path == shown for settings in areas.tree.all):
        _areas_at(folder, root, file)
