"""`meshlint inspect`: exit codes, streams and what it says of mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.cli.main import run
from tests.judge import TODAY

MESH = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
"""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with one mesh and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "mesh.yaml").write_text(MESH)


def inspect(*arguments: str) -> int:
    """Run `meshlint inspect` on a fixed day."""
    return run(["inspect", "--today", TODAY, *arguments])


def test_0_whatever_is_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    """An object that is found is shown, findings or not."""
    assert inspect("deploy", "shop/web") == 0
    out, err = capsys.readouterr()
    assert "port 80 (TCP): mTLS PERMISSIVE" in out
    assert "MTL001" in out
    assert err == ""


@pytest.mark.parametrize("arguments", [("deploy", "nothing"), ("deply", "web"), ("deploy",), ("deploy", "web", "gone")])
def test_2_the_callers_mistake(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown object, kind or path, or too few words, and nothing on standard output."""
    assert inspect(*arguments) == 2
    assert capsys.readouterr().out == ""


def test_2_nothing_to_inspect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without manifests holds no object."""
    (tmp_path / "empty").mkdir()
    assert inspect("deploy", "web", "empty") == 2
    assert "nothing to inspect in empty" in capsys.readouterr().err


def test_the_options_of_check_mean_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """`--namespace` places what states no namespace, and the port becomes STRICT."""
    assert inspect("deploy", "web", "--namespace", "shop", "--format", "json") == 0
    mtls = json.loads(capsys.readouterr().out)["ports"][0]["mtls"]
    assert (mtls["mode"], mtls["decided_by"]["object"]["namespace"]) == ("STRICT", "shop")


def test_rules_are_chosen_as_for_check(capsys: pytest.CaptureFixture[str]) -> None:
    """`--ignore` leaves a rule out of what is said of the object."""
    assert inspect("deploy", "web", "--select", "MTL001,MTL002", "--ignore", "MTL002", "--format", "json") == 0
    assert [finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]] == ["MTL001"]


def test_a_broken_file_is_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer stands on standard output, what could not be read on standard error."""
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: [\n")
    assert inspect("workload", "web") == 0
    out, err = capsys.readouterr()
    assert out.startswith("Deployment shop/web")
    assert err.startswith("note: broken.yaml:")


def test_two_runs_print_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing depends on the order of sets, nor on a cache."""
    assert inspect("ns", "shop", "--format", "json") == 0
    first = capsys.readouterr().out
    assert inspect("ns", "shop", "--format", "json", "--no-cache") == 0
    assert capsys.readouterr().out == first
