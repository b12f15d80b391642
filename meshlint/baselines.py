"""Judge a run and suppress what its baseline knows.

In: a prepared run. Out: the report. The baseline is no part of what is judged: the same judgement, from the cache where
it lies there, serves every state of that file.
"""

from __future__ import annotations

from meshlint.findings.history.baseline import Scope, with_baseline
from meshlint.findings.history.baseline_file import read_baseline
from meshlint.findings.report import Report
from meshlint.pipeline import Material, Run, check
from meshlint.sources.root import covered_paths


def check_known(run: Run, material: Material, file: str) -> Report:
    """Judge the manifests of a run and suppress what a baseline knows.

    Raises ConfigError when the file is no baseline, and whatever `check` raises.
    """
    known = read_baseline(file, run.root)
    report = check(run, material)
    prune = "meshlint baseline prune" + (f" --file {run.options.baseline}" if run.options.baseline else "")
    return with_baseline(report, known, scope_of(run, material), run.is_mandatory, prune)


def scope_of(run: Run, material: Material) -> Scope:
    """Say what a run looks at, for whom it matters what was not found."""
    retired = frozenset(rule.id for rule in run.catalogue.retired)
    files = frozenset(source.path for source in material.collection.sources)
    return Scope(
        covered_paths(run.options.operands, run.root),
        files,
        lambda rule, path, namespace: rule in retired or rule in run.areas.at(path, namespace),
        run.root,
    )
