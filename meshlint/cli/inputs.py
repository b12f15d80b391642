"""The options that say what is judged and by which rules, shared by the commands that judge.

In: arguments. Out: `Options` of the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from meshlint.errors import UsageError
from meshlint.pipeline import Options

POLICY = "policy"
"""The folder of rules where the configuration names none."""

Command = TypeVar("Command", bound=Callable[..., Any])

_PATHS = click.argument("paths", nargs=-1)
_RULES = (
    click.option(
        "--profile",
        type=click.Choice(["baseline", "standard", "strict"]),
        help="Which rules run; default: the configuration's, else standard.",
    ),
    click.option(
        "--select", multiple=True, metavar="RULE|FAMILY", help="Run these in place of the profile's; repeatable."
    ),
    click.option(
        "--ignore", multiple=True, metavar="RULE|FAMILY", help="Leave these out, whatever was chosen; repeatable."
    ),
)
_COMPLETE = click.option(
    "--complete", is_flag=True, help="The paths describe the whole cluster: what is not there is missing."
)
_NAMESPACE = click.option("--namespace", default="", metavar="NS", help="Namespace of objects that state none.")
_TODAY = click.option("--today", metavar="DATE", help="Date to judge expiry by (YYYY-MM-DD); default: today.")
_ROOT = click.option("--root", metavar="DIR", help="Folder that paths and CODEOWNERS are relative to.")
_SOURCES = click.option(
    "--sources", multiple=True, metavar="DIR", help="Find calls in the programs below this folder; repeatable."
)
_PACKS = click.option(
    "--rules", "packs", multiple=True, metavar="DIR|PACK", help="Take in the rules of this pack, too; repeatable."
)
_CONFIG = click.option("--config", metavar="FILE", help="Configuration in place of the nearest .meshlint.yaml.")
_REST = (
    _CONFIG,
    click.option("--allow-empty", is_flag=True, help="Succeed when there is nothing to check."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache."),
)
_BASELINE = (
    click.option("--baseline", metavar="FILE", help="Suppress what this file knows; default: the configuration's."),
    click.option("--no-baseline", is_flag=True, help="Suppress nothing that a baseline knows."),
)
_INPUTS = (_PATHS, *_RULES, _PACKS, _COMPLETE, _NAMESPACE, _ROOT, _SOURCES, _TODAY, *_REST)
_READING = (_PATHS, _COMPLETE, _ROOT, _SOURCES, *_REST)


def input_options(command: Command) -> Command:
    """Give a command the options, in the order above."""
    for decorate in reversed(_INPUTS):
        command = decorate(command)
    return command


def baseline_options(command: Command) -> Command:
    """Give a command the options that say which findings are known."""
    for decorate in reversed(_BASELINE):
        command = decorate(command)
    return command


def reading_options(command: Command) -> Command:
    """Give a command the options that say what is read, without those of rules and judgement."""
    for decorate in reversed(_READING):
        command = decorate(command)
    return command


def catalogue_options(command: Command) -> Command:
    """Give a command the options that say which rules there are."""
    return _PACKS(_CONFIG(command))


def chosen_options(command: Command) -> Command:
    """Give a command the options that say which rules hold, and where the configuration is."""
    for decorate in reversed((*_RULES, _PACKS, _ROOT, _CONFIG)):
        command = decorate(command)
    return command


def options_of(
    *,
    paths: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    complete: bool,
    namespace: str,
    root: str | None,
    sources: tuple[str, ...],
    today: str | None,
    config: str | None,
    allow_empty: bool,
    no_cache: bool,
    packs: tuple[str, ...],
    baseline: str | None = None,
    no_baseline: bool = False,
) -> Options:
    """Return what the arguments ask for.

    Raises UsageError for a date that is none, and for a baseline that is wanted and not wanted.
    """
    if no_baseline and baseline is not None:
        raise UsageError("--baseline and --no-baseline exclude each other")
    if baseline == "":
        raise UsageError("--baseline names no file", help="--no-baseline suppresses none")
    return Options(
        paths or (".",), date_of(today), root, config, profile, words_of(select), words_of(ignore), complete,
        namespace, allow_empty, not no_cache, sources, packs, "" if no_baseline else baseline,
    )  # fmt: skip


def words_of(values: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a repeatable option, each of which may hold several between commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def date_of(value: str | None) -> str:
    """Return the date to judge by, as an ISO date.

    Raises UsageError for a date that is none.
    """
    if value is None:
        import time

        return time.strftime("%Y-%m-%d")
    from meshlint.mesh.exceptions import is_date

    if not is_date(value):
        raise UsageError(f"--today {value} is no date", help="write YYYY-MM-DD")
    return value


def configured_packs() -> list[str]:
    """Return the folders of rules that the configuration of the working folder names."""
    from meshlint.config.loader import load
    from meshlint.policy.packs.references import shown_as
    from meshlint.sources.root import find_root

    settings = load(None, start=".", root=find_root((".",)))
    return [shown_as(pack.folder, None) for pack in settings.packs if pack.is_folder]
