"""Small packs to try: one rule with its cases, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from meshlint.cache import Cache
from meshlint.testing.results import Problem, Results
from meshlint.testing.running import run_suite
from meshlint.testing.suites import Suite, load_suite
from tests.judge import COMPILED, TODAY

RULE = """\
name: open-node
severity: error
target: service
when: '!service.is_external'
require: service.type != "NodePort"
at: service.place
message: "{service} opens a port on every node"
help: Make it a ClusterIP.
"""
OPEN = """\
apiVersion: v1
kind: Service
metadata:
  name: web  # expect: open-node
  namespace: shop
spec: {type: NodePort}
"""
CLOSED = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: ClusterIP}
"""


def pack(folder: Path, fixtures: Mapping[str, str], rule: str = RULE, name: str = "open-node") -> Path:
    """Write a pack with one rule and its fixtures; return its folder."""
    top = folder / "own"
    write(top, {"pack.yaml": "name: own\nversion: 1.0.0\n", f"{name}.yaml": rule})
    write(top / "fixtures" / name, fixtures)
    return top


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")


def loaded(folder: Path | str) -> Suite:
    """Return the suite of a folder or of a rule file."""
    return load_suite(str(folder), Cache(COMPILED))


def tried(folder: Path | str) -> Results:
    """Try everything in a folder."""
    return run_suite(loaded(folder), TODAY)


def problems(folder: Path) -> list[tuple[str, str, int, str, tuple[str, ...]]]:
    """Return kind, path below the folder, line, message and notes of everything that does not hold."""
    return [told(folder, problem) for outcome in tried(folder).failed for problem in outcome.problems]


def told(folder: Path, problem: Problem) -> tuple[str, str, int, str, tuple[str, ...]]:
    """Return what a problem says, its path below the folder."""
    assert problem.location is not None
    path = problem.location["path"].removeprefix(f"{folder}/")
    notes = tuple(text for _, text in problem.notes)
    return problem.kind, path, problem.location["start"]["line"], problem.message, notes
