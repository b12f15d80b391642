"""What the READMEs of the fixtures claim, held against the fixtures and against a run over them.

The tables of the READMEs are the expected output. They are read as data here, and a run reports exactly their rows.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

FIXTURES = Path(__file__).parent.parent / "fixtures"
TREES = ("hms/before", "hms/after", "base", "meshes/sidecar", "meshes/ambient")
FAULTY = ("hms/before", "meshes/sidecar", "meshes/ambient")
TODAY = "2026-11-24"


class Row(NamedTuple):
    """One line of a table: the rule, the object as messages name it, the file that the finding points to."""

    rule: str
    object: str
    file: str


def rows_of(tree: str, heading: str = "") -> list[Row]:
    """Return the rows that begin with a rule id, below one heading or in the whole README."""
    text = (FIXTURES / tree / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"\n{heading}")[2].partition("\n## ")[0] if heading else text
    found = []
    for line in section.splitlines():
        cells = line.strip("| ").split(" | ")
        if len(cells) >= 3 and re.fullmatch(r"[A-Z]{3}\d{3}", cells[0]):
            found.append(Row(*cells[:3]))
    return found


@pytest.mark.parametrize("tree", TREES)
def test_every_manifest_parses(tree: str) -> None:
    """All manifests are YAML; only the sources of a Helm chart are not."""
    for path in (FIXTURES / tree).rglob("*.yaml"):
        if "templates" not in path.parts:
            assert list(yaml.safe_load_all(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize("tree", FAULTY)
def test_the_count_agrees_with_the_table(tree: str) -> None:
    """The sentence above a table of findings counts its rows."""
    text = (FIXTURES / tree / "README.md").read_text(encoding="utf-8")
    counts = re.search(r"^(\d+) errors, (\d+) warnings, (no|\d+) information\.", text, re.MULTILINE)
    assert counts is not None
    numbers = [0 if number == "no" else int(number) for number in counts.groups()]
    assert len(rows_of(tree, "## Findings")) == sum(numbers)


@pytest.mark.parametrize("tree", TREES)
def test_every_tree_is_a_root(tree: str) -> None:
    """Paths and ownership of a fixture do not leak into the repository of meshlint."""
    assert "root: true" in (FIXTURES / tree / ".meshlint.yaml").read_text(encoding="utf-8")


def report_on(tree: str, profile: str = "standard") -> dict[str, Any]:
    """Run the program over a tree and return its JSON report."""
    command = [sys.executable, "-m", "meshlint", "check", "--no-cache", "--format", "json"]
    command += ["--today", TODAY, "--profile", profile, "."]
    done = subprocess.run(command, cwd=FIXTURES / tree, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def rows_in(entries: list[dict[str, Any]], promised: list[Row]) -> list[Row]:
    """Return findings as rows; one about text is filed under the object that its README names."""
    texts = {(row.rule, row.file): row.object for row in promised}
    found = []
    for entry in entries:
        resource = entry["resource"]
        path = entry.get("location", {}).get("path", "")
        name = "/".join(part for part in (resource["namespace"], resource["name"]) if part)
        shown = f"{resource['kind']} {name}"
        if resource["kind"] == "File":
            shown = texts.get((entry["rule"], path), shown)
        found.append(Row(entry["rule"], shown, path))
    return found


@pytest.mark.parametrize("tree", FAULTY)
def test_a_run_finds_what_the_table_promises(tree: str) -> None:
    """No finding is missing, none is accidental, and each points to the promised file."""
    promised = rows_of(tree, "## Findings")
    assert sorted(rows_in(report_on(tree)["findings"], promised)) == sorted(promised)


@pytest.mark.parametrize("tree", FAULTY)
def test_a_run_leaves_undecided_and_suppressed_what_the_tables_promise(tree: str) -> None:
    """Unknown membership is reported as such, and suppressions take out what they name and nothing else."""
    report = report_on(tree)
    for section, heading in (("undecided", "## Undecided"), ("suppressed", "## Suppressed")):
        found = [row[:2] for row in rows_in(report[section], [])]
        assert sorted(found) == sorted(row[:2] for row in rows_of(tree, heading)), section


@pytest.mark.parametrize("profile", ["baseline", "standard", "strict"])
@pytest.mark.parametrize("tree", ["hms/after", "base"])
def test_compliant_trees_are_silent(tree: str, profile: str) -> None:
    """What is right is right under every profile, without a suppression and without an open question."""
    report = report_on(tree, profile)
    assert [*report["findings"], *report["suppressed"], *report["undecided"]] == []
