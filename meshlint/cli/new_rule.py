"""`meshlint new-rule`: a rule that works, with fixtures, to begin from.

In: a name, a folder, a target. Out: new files, and what to do next. No file that is there is touched.
"""

from __future__ import annotations

import sys

import click

from meshlint.cli.terminal import say
from meshlint.errors import ExitCode


@click.command("new-rule", short_help="Write a rule that passes its tests.")
@click.argument("name")
@click.option(
    "--dir", "folder", metavar="DIR", help="Folder of rules; default: that of the configuration, else policy."
)
@click.option("--target", default="workload", metavar="TARGET", help="What it judges; default: workload.")
def command(name: str, folder: str | None, target: str) -> int:
    """Write the rule NAME into a folder of rules, with a good and a bad fixture.

    TARGET is a word such as workload, service, port, edge, namespace, mesh, or a kind with its group:
    networking.istio.io/VirtualService, or /Service for the core group.
    """
    from meshlint.testing.drafting import draft, written

    folder = folder or _configured()
    files = draft(name, folder, target)
    written(files)
    lines = [f"wrote {path}" for path in files]
    lines += ["", f"meshlint vocabulary {target} lists what it may say"]
    lines += [f"meshlint test {folder} tries it, meshlint check --rules {folder} judges by it"]
    say(sys.stdout, "\n".join(lines) + "\n")
    return ExitCode.CLEAN


def _configured() -> str:
    """Return the first folder of rules that the configuration names, else `policy`."""
    from meshlint.cli.inputs import POLICY, configured_packs

    return next(iter(configured_packs()), POLICY)
