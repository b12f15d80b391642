"""`meshlint test`: the examples and fixtures of rules, ours or those of a pack, and what none of them reaches.

In: folders of rules, or rule files. Out: reports and an exit code. Nothing of a tested folder is run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from meshlint.cli.inputs import POLICY, configured_packs, date_of, words_of
from meshlint.cli.outputs import wanted_formats, write_all
from meshlint.cli.terminal import is_coloured
from meshlint.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from meshlint.cache import Cache
    from meshlint.testing.results import Results
    from meshlint.testing.suites import Suite

_FORMATS = ("text", "json", "junit")


@click.command("test", short_help="Test rules by their examples and fixtures.")
@click.argument("paths", nargs=-1)
@click.option("--select", multiple=True, metavar="RULE", help="Try the cases of this rule; repeatable.")
@click.option("--format", "formats", multiple=True, metavar="FORMAT[=FILE]", help="text, json or junit; repeatable.")
@click.option("--require-branches", is_flag=True, help="Fail on conditions that no case makes both true and false.")
@click.option("--today", metavar="DATE", help="Date to judge expiry by (YYYY-MM-DD); default: today.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    formats: tuple[str, ...],
    require_branches: bool,
    today: str | None,
    no_cache: bool,
) -> int:
    """Test the rules in PATHS: folders of rules, or single rule files.

    Without PATHS, the packs of the configuration, else the folder policy.

    A bad example fires exactly on the lines that say `# expect: NAME`, a good one is silent under the whole folder.
    Fixtures lie in fixtures/NAME/ of the folder, as good-*.yaml and bad-*.yaml, and are laid over fixtures/base/.

    Exit codes: 0 everything holds, 1 something does not, 2 a mistake of the caller, in a rule, or nothing to test.
    """
    from meshlint.cache import Cache, default_folder
    from meshlint.testing.running import run_suite

    wanted = wanted_formats(formats, _FORMATS)
    date = date_of(today)
    cache = Cache(None if no_cache else default_folder())
    suites = _suites(paths, words_of(select), cache)
    parts = [run_suite(suite, date) for suite in suites]
    results = parts[0]._replace(
        outcomes=tuple(outcome for part in parts for outcome in part.outcomes),
        rules=tuple(rule for part in parts for rule in part.rules),
        require_branches=require_branches,
    )
    write_all(wanted, lambda name, saved: _renderer(name, coloured=not saved and is_coloured(sys.stdout))(results))
    return ExitCode.CLEAN if results.holds else ExitCode.FINDINGS


def _suites(paths: Sequence[str], words: Sequence[str], cache: Cache) -> list[Suite]:
    from meshlint.testing.suites import load_suite

    suites = [load_suite(path, cache) for path in paths or _configured()]
    for word in words:
        if not any(suite.choose([word]).chosen for suite in suites):
            from meshlint.spelling import did_you_mean

            known = {name for suite in suites for rule in suite.rules for name in (rule.id, rule.name)}
            raise UsageError(f"there is no rule `{word}` to test", help=did_you_mean(word, known))
    if words:
        suites = [suite.choose(words) for suite in suites]
    return [suite for suite in suites if suite.chosen]


def _configured() -> list[str]:
    """Return the folders that the configuration names, else the one that `meshlint new-rule` writes.

    Raises UsageError where there is none.
    """
    folders = configured_packs()
    if not folders and os.path.isdir(POLICY):
        return [POLICY]
    if not folders:
        hint = "name a folder of rules: meshlint test DIR, or below `rules:` in .meshlint.yaml"
        raise UsageError("nothing to test", help=hint)
    return folders


def _renderer(name: str, *, coloured: bool) -> Callable[[Results], str]:
    if name == "json":
        from meshlint.testing.json import render as render_json

        return render_json
    if name == "junit":
        from meshlint.testing.junit import render as render_junit

        return render_junit
    from meshlint.testing.text import render

    return lambda results: render(results, coloured)
