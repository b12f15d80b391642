"""Judge a change: a run over the files of now, less what a run over an earlier revision said.

In: a prepared run and a revision. Out: the report of the change. Both ends are whole: each is read with its own
configuration and CODEOWNERS, by the same rules, options and date, and beside the programs of now: a change of manifests
is judged. What the earlier end said is kept by tree.
"""

from __future__ import annotations

import os
import tempfile

from meshlint.baselines import check_known
from meshlint.cache import digest
from meshlint.errors import ConfigError, SourceError, UsageError
from meshlint.findings.history.earlier import NOTHING, Earlier, earlier_of, without_earlier
from meshlint.findings.history.recognising import Ground
from meshlint.findings.report import Report
from meshlint.pipeline import Material, Options, Run, check, prepare, read_material
from meshlint.policy.selection.selection import is_repeatable
from meshlint.sources.revision import Revision, lay_out, resolve
from meshlint.sources.source import STDIN


def check_change(run: Run, material: Material, revision: str) -> Report:
    """Judge the manifests of a run and leave out what the revision had.

    Raises UsageError when there is no repository or no such revision, and whatever `check` raises.
    """
    if STDIN in run.options.operands:
        raise UsageError("standard input has no earlier revision", help="name files or folders")
    if run.root is None:
        raise UsageError(f"nothing says which repository {revision} belongs to", help="pass --root DIR")
    root = run.root
    found = resolve(root, revision)
    report = _report_of(run, material)
    earlier = _earlier(run, root, found, material)
    return without_earlier(report, earlier, Ground(root).has_moved)


def _earlier(run: Run, root: str, revision: Revision, material: Material) -> Earlier:
    if not revision.tree:
        return NOTHING
    operands = map(os.path.abspath, run.options.operands)
    options = repr(run.options._replace(operands=tuple(operands)))
    remotes, programs = _remotes_file(root) or b"", repr(material.programs)
    configured = repr([(settings.path, settings.text) for settings in run.areas.tree.all])
    known = _content(run.baseline) or b"" if run.baseline is not None else b""
    key = digest(revision.tree, options, root, run.catalogue.key, configured, remotes, programs, known)
    stored = run.cache.get("earlier", key) if is_repeatable(run.rules) else None
    if stored is not None:
        return Earlier(*stored)
    with tempfile.TemporaryDirectory(prefix="meshlint-") as folder:
        there = os.path.realpath(folder)
        lay_out(revision, there)
        _keep_remotes(root, there)
        earlier = _judged(run, root, there)
    if is_repeatable(run.rules):
        run.cache.put("earlier", key, tuple(earlier))
    return earlier


def _judged(run: Run, root: str, there: str) -> Earlier:
    operands = tuple(at for operand in run.options.operands if os.path.lexists(at := _moved(operand, root, there)))
    if not operands:
        return NOTHING
    config = run.options.config
    moved = _moved(config, root, there) if config is not None else None
    programs = tuple(map(os.path.abspath, run.options.sources))
    known = run.options.baseline and _moved(run.options.baseline, root, there)
    options = run.options._replace(
        operands=operands, root=there, config=moved, allow_empty=True, sources=programs, baseline=known
    )
    try:
        return earlier_of(_report_then(_prepared(options, run)))
    except SourceError as error:
        raise UsageError(f"the earlier revision cannot be read: {error.message}") from error


def _prepared(options: Options, run: Run) -> Run:
    try:
        return prepare(options, run.packs)
    except ConfigError:  # the change mends a configuration; then what holds now is the better guess
        return prepare(options._replace(config=None, baseline=""), run.packs, run.areas.tree)


def _report_of(run: Run, material: Material) -> Report:
    return check(run, material) if run.baseline is None else check_known(run, material, run.baseline)


def _report_then(then: Run) -> Report:
    material = read_material(then)
    try:
        return _report_of(then, material)
    except ConfigError:  # the change brings or mends the baseline; then nothing was known before
        return check(then, material)


def _moved(path: str, root: str, there: str) -> str:
    """Return where a path below the root lies in the folder of the revision; others stay where they are."""
    whole = os.path.abspath(path)
    relative = os.path.relpath(whole, root)
    return whole if relative.split(os.sep, 1)[0] == os.pardir else os.path.normpath(os.path.join(there, relative))


def _remotes_file(root: str) -> bytes | None:
    return _content(os.path.join(root, ".git", "config"))


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _keep_remotes(root: str, there: str) -> None:
    """Let the platform of CODEOWNERS be told as it is now: by the remotes."""
    content = _remotes_file(root)
    if content is None:
        return
    os.makedirs(os.path.join(there, ".git"), exist_ok=True)
    with open(os.path.join(there, ".git", "config"), "xb") as copy:
        copy.write(content)
