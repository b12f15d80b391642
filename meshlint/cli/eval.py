"""`meshlint eval`: what an expression yields for every workload, service, edge or object, for whoever writes a rule.

In: arguments. Out: a value for each target, or what is unknown, on standard output; notes on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from meshlint.cli.inputs import input_options, options_of
from meshlint.cli.outputs import say_notes
from meshlint.cli.terminal import is_coloured, say
from meshlint.errors import ExitCode, UsageError
from meshlint.findings.judging import Resolved, resolve_all
from meshlint.pipeline import inputs_of, prepare
from meshlint.policy.authoring.asking import Question, answers, question, target_in
from meshlint.policy.lexicon import Lexicon, builtin
from meshlint.reports.answers import Asked, answers_json, answers_text


@click.command("eval", short_help="Show what an expression yields.")
@click.argument("expression")
@input_options
@click.option("--target", metavar="TARGET", help="A word such as workload, or group/Kind; default: the one it names.")
@click.option("--let", "lets", multiple=True, metavar="NAME=EXPRESSION", help="Name an expression; repeatable.")
@click.option("--each", metavar="NAME=LIST", help="Ask of every element of a list, as port=workload.ports.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def command(
    expression: str, target: str | None, lets: tuple[str, ...], each: str | None, form: str, **inputs: Any
) -> int:
    """Evaluate EXPRESSION for every target in PATHS, as a rule would.

    `meshlint vocabulary` tells the facts that it may use.

    Exit codes: 0 whatever it yields, 2 a mistake in it or another mistake of the caller, 3 a bug of meshlint.
    """
    lexicon = builtin()
    bound = _pair("--each", each) if each is not None else None
    asked = question(
        expression, target or _named(expression, lexicon), lexicon, dict(_pair("--let", text) for text in lets), bound
    )
    run = prepare(options_of(**inputs))
    taken = inputs_of(run)
    if not any(told.headers for told in taken.facts) and not run.options.allow_empty:
        raise UsageError(f"nothing to evaluate in {' '.join(run.options.operands)}", help="name files or folders")
    found = _asked(asked, resolve_all(taken))
    if form == "json":
        say(sys.stdout, answers_json(asked, found), encoding="utf-8")
    else:
        say(sys.stdout, answers_text(found, is_coloured(sys.stdout)))
    say_notes(_notes(asked, found, lexicon))
    return ExitCode.CLEAN


def _pair(option: str, text: str) -> tuple[str, str]:
    name, sign, rest = text.partition("=")
    if not sign or not rest.strip():
        raise UsageError(f"{option} {text} names nothing", help=f"write {option} NAME=…")
    return name.strip(), rest.strip()


def _named(expression: str, lexicon: Lexicon) -> str:
    target = target_in(expression, lexicon)
    if not target:
        told = ", ".join(name for name in lexicon.targets if name != "suppression")
        raise UsageError("the expression does not tell what to ask", help=f"pass --target with one of {told}")
    return target


def _asked(asked: Question, resolved: Resolved) -> list[Asked]:
    several = len(resolved.meshes) > 1
    found = []
    for name, mesh in zip(resolved.environments, resolved.meshes, strict=True):
        rows = list(answers(asked, mesh))
        resolved.locator.prepare(row.place for row in rows)
        found.append(Asked(name if several else "", rows, resolved.locator.at))
    return found


def _notes(asked: Question, found: Sequence[Asked], lexicon: Lexicon) -> list[str]:
    notes = []
    rows = [row for part in found for row in part.answers]
    if not rows:
        kind = asked.target if isinstance(asked.target, str) else asked.target[0]
        notes.append(f"there is no {kind} here{_near(kind, lexicon)}")
    if any(row.failure for row in rows):
        notes.append("a rule that says this fails there; a key that may be absent is asked for with `in` first")
    return notes


def _near(kind: str, lexicon: Lexicon) -> str:
    if kind in lexicon.targets or kind in lexicon.kinds:
        return ""
    from meshlint.spelling import nearest

    near = nearest(kind, lexicon.kinds)
    return f"; did you mean {near}?" if near else ""
