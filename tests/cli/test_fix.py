"""`meshlint fix`: exit codes, streams, what is written and what is not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from meshlint.cli.main import run
from tests.judge import COMPILED, TODAY

ENVOY = """\
# the ledger
static_resources:
  clusters:
  - name: ledger
    type: STRICT_DNS
    hosts:
    - socket_address: {address: ledger, port_value: 8080}
    circuit_breakers:
      thresholds: [{max_connections: 100, max_pending_requests: 50, max_requests: 200, max_retries: 3}]
"""
PEERS = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec:
  mtls:
    mode: PERMISSIVE  # for now
"""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a repository of two files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", COMPILED)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "envoy.yaml").write_text(ENVOY)
    (tmp_path / "peers.yaml").write_text(PEERS)


def fix(*arguments: str) -> int:
    """Run `meshlint fix` on a fixed day, the ownership of the files left aside."""
    return run(["fix", "--today", TODAY, "--root", ".", "--ignore", "ownership", *arguments])


def test_safe_fixes_are_applied_and_unsafe_ones_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --unsafe nothing changes what a proxy does."""
    assert fix() == 0
    out, err = capsys.readouterr()
    assert out == "" and "changed envoy.yaml" in err
    assert "fixed 1 finding in 1 file; 1 has an unsafe fix (--unsafe)" in err
    assert "load_assignment" in (tmp_path / "envoy.yaml").read_text()
    assert (tmp_path / "peers.yaml").read_text() == PEERS


def test_unsafe_fixes_are_applied_on_request(tmp_path: Path) -> None:
    """A mode is raised in place, and the comment beside it stays."""
    assert fix("--unsafe") == 0
    assert "    mode: STRICT  # for now\n" in (tmp_path / "peers.yaml").read_text()


def test_a_diff_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--diff prints what `git apply` takes."""
    assert fix("--diff", "--unsafe", "--select", "MTL002") == 0
    out, err = capsys.readouterr()
    assert out.startswith("--- a/peers.yaml\n+++ b/peers.yaml\n@@ ")
    assert "would change peers.yaml" in err
    assert (tmp_path / "peers.yaml").read_text() == PEERS


def test_check_ends_with_1_where_something_would_change(tmp_path: Path) -> None:
    """--check writes nothing, and is content once the fixes are in."""
    assert fix("--check") == 1
    assert (tmp_path / "envoy.yaml").read_text() == ENVOY
    assert fix() == 0
    assert fix("--check") == 0


def test_files_that_were_not_named_are_left_alone(tmp_path: Path) -> None:
    """Only operands are fixed."""
    assert fix("peers.yaml", "--unsafe") == 0
    assert (tmp_path / "envoy.yaml").read_text() == ENVOY


def test_what_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are fixed; a document that no rule saw is no success."""
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata:\n  name: [x\n")
    assert fix() == 1
    err = capsys.readouterr().err
    assert "changed envoy.yaml" in err
    assert "left broken.yaml:5:1: error[HYG001 unparsable-document] no fix here because broken.yaml cannot be" in err
    assert fix("peers.yaml") == 0


def test_templates_are_told_and_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody takes a file that was skipped for one without faults."""
    (tmp_path / "chart.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Values.name }}}\n")
    assert fix("chart.yaml") == 0
    assert "note: 1 file is helm template source and not judged (chart.yaml)" in capsys.readouterr().err


def test_suppressed_findings_are_left_alone(tmp_path: Path) -> None:
    """What somebody excepted is not fixed."""
    excepted = PEERS.replace("# for now", "# meshlint: ignore[MTL002] owner=@shop/mesh until=2027-06-30 clients move")
    (tmp_path / "peers.yaml").write_text(excepted)
    assert fix("peers.yaml", "--unsafe") == 0
    assert (tmp_path / "peers.yaml").read_text() == excepted


def test_reports_say_what_the_fix_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Safe or not, and in one sentence; nothing for what is no file."""
    check = ["check", "--today", TODAY, "--format", "json", "--select", "ENV001"]
    assert run([*check, "envoy.yaml"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["fix"] == {
        "safe": True,
        "description": "Turn `hosts` into `load_assignment` with the same addresses.",
    }
    with (tmp_path / "envoy.yaml").open() as given:
        monkeypatch.setattr(sys, "stdin", given)
        assert run([*check, "-"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["fix"] is None


def test_what_a_baseline_knows_is_left_alone(tmp_path: Path) -> None:
    """A finding that a team has put off is not fixed by the way."""
    assert run(["baseline", "create", "--today", TODAY, "--root", ".", "--file", "known.json"]) == 0
    assert fix("--unsafe", "--baseline", "known.json") == 0
    assert (tmp_path / "peers.yaml").read_text() == PEERS
    assert fix("--unsafe", "--no-baseline") == 0
    assert (tmp_path / "peers.yaml").read_text() != PEERS


@pytest.mark.parametrize("arguments", [("-",), ("gone",), ("--select", "MTL999"), ("--today", "soon")])
def test_2_the_callers_mistake(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Standard input, a missing path, an unknown rule or a wrong date: nothing on standard output."""
    assert fix(*arguments) == 2
    assert capsys.readouterr().out == ""


def test_2_nothing_to_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without manifests is a mistake, unless it may be empty."""
    (tmp_path / "empty").mkdir()
    assert fix("empty") == 2
    assert "nothing to fix in empty" in capsys.readouterr().err
    assert fix("empty", "--allow-empty") == 0


def test_2_a_file_that_nobody_may_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link that leads out of the repository is not followed for writing."""
    outside = tmp_path / "outside"
    (tmp_path / "repository").mkdir()
    outside.mkdir()
    (outside / "envoy.yaml").write_text(ENVOY)
    (tmp_path / "repository" / "envoy.yaml").symlink_to(outside / "envoy.yaml")
    assert fix("repository", "--root", "repository") == 2
    assert "outside" in capsys.readouterr().err
    assert (outside / "envoy.yaml").read_text() == ENVOY
