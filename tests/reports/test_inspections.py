"""Inspections as people and programs read them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from meshlint.errors import Location, Position
from meshlint.findings.inspecting import Inspection, inspect
from meshlint.pipeline import Options, inputs_of, prepare
from meshlint.reports.inspections import json as as_json
from meshlint.reports.inspections import text as as_text
from meshlint.reports.inspections.tree import Line, Paper, drawn
from tests.judge import TODAY

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
TREES = sorted((Path(__file__).parent / "trees").glob("*.txt"))


def inspected(tree: str, kind: str, name: str) -> Inspection:
    """Inspect an object of a fixture mesh."""
    folder = str(FIXTURES / tree)
    return inspect(inputs_of(prepare(Options((folder,), TODAY, root=folder, cached=False))), kind, name)


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.stem)
def test_a_tree_reads_as_it_did(path: Path) -> None:
    """The first line of a snapshot says of which mesh and object it is, and how wide the paper is."""
    head, _, expected = path.read_text(encoding="utf-8").partition("\n")
    tree, kind, name, width = shlex.split(head)
    assert as_text.render(inspected(tree, kind, name), Paper(int(width) or None, False)) == expected


def test_there_are_snapshots() -> None:
    """A workload, a service, a namespace and a policy are held."""
    assert len(TREES) >= 4


def test_json_keeps_the_contract() -> None:
    """A workload has ports with number, name, protocol and the mode with its reason and what decided it."""
    document = json.loads(as_json.render(inspected("hms/after", "deploy", "tricare-svc")))
    assert document["version"] == 1
    assert document["object"] == {
        "api_version": "apps/v1", "kind": "Deployment", "namespace": "hms", "name": "tricare-svc",
    }  # fmt: skip
    port = document["ports"][1]
    assert (port["number"], port["name"], port["protocol"]) == (13271, "feed", "tcp")
    mtls = port["mtls"]
    assert mtls["mode"] == "PERMISSIVE"
    assert mtls["because"] == "PeerAuthentication hms/tricare-feed sets port 13271 to PERMISSIVE"
    assert mtls["decided_by"]["object"]["name"] == "tricare-feed"
    assert mtls["decided_by"]["location"]["path"] == "mesh/legacy.yaml"


def test_json_names_what_is_missing() -> None:
    """A fact that the manifests do not tell is null and says what is missing; a known one has no such key."""
    document = json.loads(as_json.render(inspected("hms/before", "svc", "voting-svc")))
    assert "missing" not in document["ports"][0]["protocol"]
    edges = document["callers"]
    assert edges
    assert [edge["mtls"]["value"] for edge in edges] == ["plaintext", "mtls", "mtls"]
    assert edges[0]["mtls"]["decided_by"]["object"]["kind"] == "Namespace"


def test_a_reason_wraps_below_its_fact() -> None:
    """On narrow paper a long reason stays within its branch; in a pipe it is one line."""
    place = Location("a.yaml", Position(3, 1), Position(3, 1))
    line = Line("a", "", None, (Line("b", "one two three four five six", place), Line("c")))
    assert list(drawn(line, Paper(30, False))) == [
        "a", "├─ b", "│     because one two three", "│     four five six (a.yaml:3)", "└─ c",
    ]  # fmt: skip
    assert list(drawn(line, Paper(None, False)))[2] == "│     because one two three four five six (a.yaml:3)"


def test_no_control_character_reaches_the_terminal() -> None:
    """Names come from strangers."""
    assert list(drawn(Line("a\x1b[2Jb"), Paper(None, False))) == ["a\ufffd[2Jb"]
