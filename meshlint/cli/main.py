"""The entry point: commands by name, and the one place that turns exceptions into exit codes.

In: the arguments of the process. Out: its exit code. 0 clean, 1 findings, 2 the caller's mistake, 3 our bug, 130
interrupted; where several apply, 2 goes before 3 before 1.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from meshlint import __version__
from meshlint.cli.terminal import abandon
from meshlint.errors import ExitCode, MeshlintError, RuleError, UsageError

if TYPE_CHECKING:
    from meshlint.policy.judgement import Failure

_GROUPS = {
    "Judge and mend": {
        "check": "Lint files and folders.",
        "fix": "Change manifests so that findings go.",
        "baseline": "Accept the findings of today, and fail on new ones.",
        "report": "Weigh a run by control, namespace, rule or owner.",
    },
    "Understand": {
        "explain": "Explain one rule.",
        "rules": "List the rules.",
        "inspect": "Show what is in force for one object.",
        "graph": "Draw who calls whom, and what protects each call.",
        "config": "Show what is in force for a path, and where it came from.",
    },
    "Write rules": {
        "new-rule": "Write a rule that passes its tests.",
        "test": "Test rules by their examples and fixtures.",
        "vocabulary": "Describe the facts that rules may use.",
        "eval": "Show what an expression yields.",
        "schema": "Print JSON Schema for editors.",
    },
}
_COMMANDS = {name: said for group in _GROUPS.values() for name, said in group.items()}


class Commands(click.Group):
    """Name the command that was meant by a misspelt one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            from meshlint.spelling import did_you_mean

            raise UsageError(f"there is no command `{args[0]}`", help=did_you_mean(args[0], known))
        return super().resolve_command(ctx, args)


class _Lazy(Commands):
    """Import a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"meshlint.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, _COMMANDS))
        for title, rows in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), said) for name, said in rows.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="meshlint", message="%(prog)s %(version)s")
def commands() -> None:
    """Judge the manifests of a service mesh by rules that are data.

    Exit codes of every command: 0 done and nothing at fault, 1 findings, 2 a mistake of the caller, 3 a bug of
    meshlint, 130 interrupted.
    """


def main() -> NoReturn:
    """Run a command and leave with its exit code."""
    gc.disable()  # nearly everything made stays to the end; looking for cycles costs a quarter of a run
    code = run(sys.argv[1:])
    sys.exit(leave(code))


def leave(code: int) -> int:
    """Flush what was written; a reader that went away is no fault of the run."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except OSError:
                abandon(stream)
    return code


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    try:
        result = commands.main(arguments, prog_name="meshlint", standalone_mode=False)
        return result if isinstance(result, int) else ExitCode.CLEAN
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        bare.show()
        return ExitCode.USAGE
    except click.ClickException as mistake:
        _show(_usage(mistake))
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except MeshlintError as mistake:
        _show(mistake)
        return ExitCode.USAGE
    except Exception as bug:
        if isinstance(bug, FileNotFoundError) and _is_nowhere():
            _show(UsageError("the working folder does not exist any more", help="change into another one"))
            return ExitCode.USAGE
        _confess(bug)
        return ExitCode.INTERNAL


def _is_nowhere() -> bool:
    """Tell whether the working folder was removed; it can still be looked at, and has no name."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _usage(mistake: click.ClickException) -> UsageError:
    """Say in our own words and shape what click found wrong with the arguments."""
    context = mistake.ctx if isinstance(mistake, click.UsageError) else None
    manual = f"`{context.command_path if context else 'meshlint'} --help` shows what there is"
    if isinstance(mistake, click.NoSuchOption):
        from meshlint.spelling import nearest

        options = [word for param in context.command.params for word in param.opts] if context else []
        near = nearest(mistake.option_name, [*options, "--help"])
        return UsageError(
            f"there is no option `{mistake.option_name}`", help=f"did you mean `{near}`?" if near else manual
        )
    said = mistake.format_message().rstrip(".")
    return UsageError(said[:1].lower() + said[1:], help=manual)


def _show(mistake: MeshlintError) -> None:
    from meshlint.cli.terminal import is_coloured
    from meshlint.reports.mistakes import mistake_text

    click.echo(mistake_text(mistake, is_coloured(sys.stderr)), err=True, nl=False)


def confess_rules(failures: Sequence[Failure]) -> int:
    """Name the rules that failed, by a bug of ours or of their packs, and return the exit code; the others went on."""
    for failure in failures:
        if failure.pack:
            told = failure.told.replace("INVALID_ARGUMENT: ", "")
            _show(RuleError(told, help=f"mend the pack {failure.pack}; everything else was judged and reported"))
        else:
            click.echo(f"meshlint {__version__}: {failure.told}", err=True)
    if any(not failure.pack for failure in failures):
        click.echo("this is a bug of meshlint; everything else was judged and reported", err=True)
    return ExitCode.USAGE if any(failure.pack for failure in failures) else ExitCode.INTERNAL


def _confess(bug: Exception) -> None:
    """Name our own bug; the whole trace only for those who ask."""
    import traceback

    frames = traceback.extract_tb(bug.__traceback__)
    where = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "nowhere"
    click.echo(f"meshlint {__version__} failed: {type(bug).__name__}: {bug} ({where})", err=True)
    if os.environ.get("MESHLINT_DEBUG"):
        traceback.print_exception(bug)
    else:
        click.echo("this is a bug of meshlint; MESHLINT_DEBUG=1 shows the trace to report", err=True)
