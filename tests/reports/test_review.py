"""`meshlint report`: what was judged, found and left open, by control, namespace, rule and owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from meshlint.cli.main import run as command
from meshlint.reports.review import VIEWS
from tests.judge import TODAY
from tests.reports.produce import ROOT, write_mesh

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    """Return a mesh with one of each kind, owned by two teams."""
    folder = write_mesh(tmp_path / "mesh")
    (folder / ".github").mkdir()
    (folder / ".github" / "CODEOWNERS").write_text("* @hms/platform\n/unknown.yaml @hms/cart\n/web.yaml\n")
    return folder


def rows(folder: Path, by: str, capsys: Capture, *more: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a review by the last part of their key."""
    words = ["report", str(folder), "--root", str(folder), "--today", TODAY, "--by", by, "--format", "json", *more]
    assert command(words) == 0
    return {row["key"][-1]: row for row in json.loads(capsys.readouterr().out)["rows"]}


def test_controls_say_what_was_judged_found_and_left_open(mesh: Path, capsys: Capture) -> None:
    """A control counts the judgements of its rules and shows the framework's words for it."""
    found = rows(mesh, "control", capsys, "--select", "MTL001")
    row = found["SC-8"]
    assert row["title"] == "Keep transmitted information confidential and unaltered"
    assert row["rules"] == {"MTL001": 3}
    assert row["judged"] == 3
    assert len(row["findings"]) == 2
    assert len(row["suppressed"]) == 1
    assert [item["path"] for item in row["undecided"]] == ["unknown.yaml"]
    assert row["statement"] == ("2 findings against the manifest-checkable part of SC-8, 1 suppressed, 1 undecided")


def test_no_finding_is_never_called_compliance(capsys: Capture) -> None:
    """A clean control speaks of its manifest-checkable part; one that nothing was judged for says that."""
    found = rows(ROOT / "fixtures/hms/after", "control", capsys)
    assert found["SC-8"]["statement"] == "no finding against the manifest-checkable part of SC-8"
    assert command(["report", str(ROOT / "fixtures/hms/after"), "--today", TODAY]) == 0
    assert "complian" not in capsys.readouterr().out.lower()


def test_what_met_nothing_is_not_called_clean(capsys: Capture) -> None:
    """A rule without a target has judged nothing, and a control of such rules neither."""
    words = ("--select", "ENV001")
    assert (
        rows(ROOT / "fixtures/hms/after", "rule", capsys, *words)["ENV001"]["statement"]
        == "ENV001 met nothing to judge"
    )
    row = rows(ROOT / "fixtures/hms/after", "control", capsys, *words)["SA-22"]
    assert row["statement"] == "nothing was there to judge against the manifest-checkable part of SA-22"


def test_namespaces_add_up(mesh: Path, capsys: Capture) -> None:
    """Every judgement, finding and undecided one belongs to one namespace, a Namespace to itself."""
    found = rows(mesh, "namespace", capsys, "--select", "MTL001,INJ001")
    assert found["shop"]["judged"] >= 3
    assert found["elsewhere"]["statement"].startswith("nothing could be judged in namespace elsewhere, ")
    by_rule = rows(mesh, "rule", capsys, "--select", "MTL001,INJ001")
    assert sum(row["judged"] for row in found.values()) == sum(row["judged"] for row in by_rule.values())


def test_owners_are_those_of_the_files(mesh: Path, capsys: Capture) -> None:
    """Findings go to the owner of their file, undecided ones to that of their object's, the rest to nobody."""
    found = rows(mesh, "owner", capsys, "--select", "MTL001")
    assert found["@hms/platform"]["findings"]
    assert len(found["@hms/cart"]["undecided"]) == 1
    assert found["@hms/platform"]["judged"] is None


@pytest.mark.parametrize("by", VIEWS)
def test_a_cached_review_says_the_same(by: str, mesh: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts are kept with the report."""
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(mesh.parent / "cache"))
    assert rows(mesh, by, capsys) == rows(mesh, by, capsys) == rows(mesh, by, capsys, "--no-cache")


@pytest.mark.parametrize("by", VIEWS)
def test_the_text_has_every_row(by: str, mesh: Path, capsys: Capture) -> None:
    """Text and JSON come from the same rows."""
    found = rows(mesh, by, capsys)
    assert command(["report", str(mesh), "--root", str(mesh), "--today", TODAY, "--by", by]) == 0
    text = capsys.readouterr().out
    assert all(f"  {row['statement']}\n" in text for row in found.values())


def test_a_rule_shows_its_controls(mesh: Path, capsys: Capture) -> None:
    """Which ports accept plain text, by whose decision and under which control stands in one place."""
    assert command(["report", str(mesh), "--root", str(mesh), "--by", "rule", "--select", "MTL001"]) == 0
    text = capsys.readouterr().out
    assert "  controls: NIST 800-53r5 SC-8, " in text
    assert "accepts plain text on port 80, because" in text


def test_a_mistake_of_the_caller_ends_as_everywhere(tmp_path: Path) -> None:
    """What is not there cannot be reported on."""
    assert command(["report", str(tmp_path / "nowhere")]) == 2
    assert command(["report", str(tmp_path)]) == 2
    assert command(["report", str(tmp_path), "--allow-empty"]) == 0


def test_explain_tells_controls_with_titles_and_how_to_except(capsys: Capture) -> None:
    """The page of a rule names what each control asks, what becomes of unknown facts, and the ways out."""
    assert command(["explain", "MTL001"]) == 0
    text = capsys.readouterr().out
    assert "    SC-8     Keep transmitted information confidential and unaltered\n" in text
    assert "  unknown  what the manifests do not say leaves it undecided\n" in text
    assert "owner, reason and expiry are all needed" in text
    assert command(["explain", "HYG006"]) == 0
    assert "all needed" not in capsys.readouterr().out
