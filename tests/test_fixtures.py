"""What the READMEs of the fixtures claim, held against the fixtures.

The tables of the READMEs are the expected output of a run. Here they are read as data: the files and the objects that
a row names exist.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

FIXTURES = Path(__file__).parent.parent / "fixtures"
TREES = ("hms/before", "hms/after", "base", "meshes/sidecar", "meshes/ambient")
FAULTY = ("hms/before", "meshes/sidecar", "meshes/ambient")
OBJECT = re.compile(r"(?P<kind>[A-Z]\w+) (?:[a-z0-9-]+/)?(?P<name>[a-z0-9.-]+)")


class Row(NamedTuple):
    """One line of a table: the rule, the object as messages name it, the file that the finding points to."""

    rule: str
    object: str
    file: str


def rows_of(tree: str, heading: str = "") -> list[Row]:
    """Return the rows that begin with a rule id, below one heading or in the whole README."""
    text = (FIXTURES / tree / "README.md").read_text(encoding="utf-8")
    section = text.partition(heading)[2].partition("\n## ")[0] if heading else text
    found = []
    for line in section.splitlines():
        cells = line.strip("| ").split(" | ")
        if len(cells) >= 3 and re.fullmatch(r"[A-Z]{3}\d{3}", cells[0]):
            found.append(Row(*cells[:3]))
    return found


def objects_of(tree: str) -> set[tuple[str, str]]:
    """Return kind and name of every object of a tree; the sources of Helm charts hold none."""
    found = set()
    for path in (FIXTURES / tree).rglob("*.yaml"):
        if "templates" not in path.parts:
            documents = yaml.safe_load_all(path.read_text(encoding="utf-8"))
            found |= {(d["kind"], d["metadata"]["name"]) for d in documents if d and "metadata" in d}
    return found


@pytest.mark.parametrize("tree", TREES)
def test_every_manifest_parses(tree: str) -> None:
    """All manifests are YAML; only the sources of a Helm chart are not."""
    for path in (FIXTURES / tree).rglob("*.yaml"):
        if "templates" not in path.parts:
            assert list(yaml.safe_load_all(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize("tree", FAULTY)
def test_named_files_and_objects_exist(tree: str) -> None:
    """A finding that a README promises is about an object of the tree and points to one of its files."""
    objects = objects_of(tree)
    for row in rows_of(tree):
        assert row.file == "—" or (FIXTURES / tree / row.file).is_file(), row
        named = OBJECT.fullmatch(row.object)
        assert named is None or row.file == "—" or (named["kind"], named["name"]) in objects, row


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
