"""`meshlint graph`: read the options, resolve the mesh, draw it.

In: arguments. Out: drawings on standard output or in files, notes on standard error. It judges nothing: it exits with 0
whatever it shows.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from meshlint.cli.inputs import reading_options
from meshlint.cli.outputs import Wanted, say_notes, wanted_formats, write_all
from meshlint.cli.terminal import is_coloured, is_terminal
from meshlint.errors import ExitCode, UsageError
from meshlint.pipeline import Options, Run, inputs_of, prepare, read_material
from meshlint.reports.graphs.formats import FORMATS, Setting, rendered
from meshlint.reports.graphs.sections import Section, narrowed
from meshlint.reports.graphs.verdicts import VERDICTS

if TYPE_CHECKING:
    from meshlint.reports.graphs.drawing import Drawing


@click.command("graph", short_help="Draw who calls whom, and what protects each call.")
@reading_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]", help=f"{', '.join(FORMATS)}; repeatable.")
@click.option("--namespace", "namespaces", multiple=True, metavar="NS", help="Show this namespace and its neighbours.")
@click.option("--around", default="", metavar="SERVICE", help="Show what is near a service: NAME or NS/NAME.")
@click.option(
    "--depth",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    help="How many calls away --around looks; default: 1.",
)
@click.option("--only", multiple=True, type=click.Choice(VERDICTS), help="Show only calls with this verdict.")
@click.option("--unstated-namespace", default="", metavar="NS", help="Namespace of objects that state none.")
def command(
    formats: tuple[str, ...],
    namespaces: tuple[str, ...],
    around: str,
    depth: int,
    only: tuple[str, ...],
    unstated_namespace: str,
    **inputs: Any,
) -> int:
    """Draw the mesh that PATHS describe (default: the current folder; `-` is standard input).

    Exit codes: 0 whatever is drawn, 2 a mistake of the caller (or nothing to draw), 3 a bug of meshlint.
    """
    wanted = wanted_formats(formats, FORMATS)
    options = Options(
        inputs["paths"] or (".",), root=inputs["root"], config=inputs["config"], complete=inputs["complete"],
        namespace=unstated_namespace, allow_empty=inputs["allow_empty"], cached=not inputs["no_cache"],
        sources=inputs["sources"],
    )  # fmt: skip
    drawing = narrowed(_drawn(prepare(options)), Section(namespaces, around, depth, only))
    _write(drawing, wanted, options.operands)
    return ExitCode.CLEAN


def _drawn(run: Run) -> Drawing:
    from meshlint.findings.judging import left_out, resolve_all
    from meshlint.findings.notes import notes_of, notes_on_programs
    from meshlint.mesh.ownership.files import owners_by_path
    from meshlint.reports.graphs.drawing import draw

    inputs = inputs_of(run, read_material(run))
    resolved = resolve_all(inputs)
    say_notes([*notes_of(left_out(inputs, resolved.assembly), ()), *notes_on_programs(resolved.meshes)])
    if not any(mesh.inventory.resources for mesh in resolved.meshes) and not run.options.allow_empty:
        operands = " ".join(run.options.operands)
        hint = "name files or folders with manifests, or pass --allow-empty"
        raise UsageError(f"nothing to draw in {operands}", help=hint)
    owners = owners_by_path(run.root, run.settings.ownership.platform)
    return draw(resolved.meshes, resolved.environments, resolved.locator, owners)


def _write(drawing: Drawing, wanted: Sequence[Wanted], operands: Sequence[str]) -> None:
    title = " ".join(os.path.basename(os.path.abspath(operand)) if operand == "." else operand for operand in operands)
    width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else 0
    plain, shown = Setting(title), Setting(title, width=width, coloured=is_coloured(sys.stdout))
    write_all(wanted, lambda name, saved: rendered(name, drawing, plain if saved else shown))
