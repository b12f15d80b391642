"""The reference of commands, from what `--help` prints.

In: the command line. Out: Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from meshlint.cli.main import commands


def command_pages() -> str:
    """Return a section for each command, subcommands below their group."""
    with click.Context(commands, info_name="meshlint") as context:
        return "\n".join(_sections(commands, context, level=2))


def _sections(group: click.Group, context: click.Context, level: int) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        with click.Context(command, info_name=name, parent=context, max_content_width=100, terminal_width=100) as inner:
            yield f"{'#' * level} {inner.command_path}\n"
            yield f"```text\n{command.get_help(inner)}\n```\n"
            if isinstance(command, click.Group):
                yield from _sections(command, inner, level + 1)
