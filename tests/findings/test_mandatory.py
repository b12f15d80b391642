"""Rules that the configuration makes mandatory: nothing takes their findings out, and whoever tries is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.cli.main import run as command
from tests.judge import TODAY, judged

WHY = "owner=@shop/web until=2027-01-31 for a while"
MESH = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
%s
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, annotations: {%s}}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
"""
CHOSEN = ("MTL001", "AUT002", "HYG026", "HYG027", "HYG030", "HYG031")


def said(configuration: str, head: str = "#", annotation: str = "", **options: object) -> list[str]:
    """Return what is said about a mesh with a suppression."""
    files = {"a.yaml": MESH % (head, annotation), ".meshlint.yaml": configuration}
    found = judged(files, **{"select": CHOSEN, **options})
    return sorted(finding.rule for finding in found)


@pytest.mark.parametrize("words", ["[AUT002]", "[workload-without-authorization-policy]", "[authz]", "[AUT]"])
def test_a_comment_takes_nothing_out_and_is_said(words: str) -> None:
    """Whatever word makes the rule mandatory."""
    head = f"# meshlint: ignore[AUT002, MTL001] {WHY}"
    assert said("", head) == []
    assert set(said(f"mandatory: {words}\n", head)) >= {"AUT002", "HYG031"}
    assert "MTL001" not in said(f"mandatory: {words}\n", head)


def test_an_annotation_takes_nothing_out_and_is_said() -> None:
    """Ours by name, those of others by what they would have taken out."""
    ours = f'meshlint.dev/ignore: "AUT002 {WHY}"'
    assert said("mandatory: [AUT002]\n", annotation=ours) == ["AUT002", "HYG031", "MTL001"]
    kiali = "kiali.io/ignore-validations: KIA1301"
    assert said("", annotation=kiali) == ["HYG026", "MTL001"]
    assert said("mandatory: [AUT002]\n", annotation=kiali) == ["AUT002", "HYG026", "HYG031", "MTL001"]


def test_a_configured_exception_takes_nothing_out_and_is_said() -> None:
    """The file contradicts itself; the exception is where to mend that."""
    entry = "{rules: [AUT002, MTL001], namespace: shop, reason: r, owner: o, expires: '2027-01-31'}"
    assert said(f"exceptions: [{entry}]\n") == []
    assert said(f"mandatory: [AUT002]\nexceptions: [{entry}]\n") == ["AUT002", "HYG031"]


def test_a_family_is_told_only_where_it_met_a_mandatory_rule() -> None:
    """A wide word names no rule of its own."""
    head = f"# meshlint: ignore[authz] {WHY}"
    assert said("mandatory: [AUT002]\n", head) == ["AUT002", "HYG030", "HYG031", "MTL001"]
    assert said("mandatory: [AUT004]\n", head, select=("AUT002", "HYG031")) == []


def test_mandatory_rules_always_run() -> None:
    """Neither the profile nor `select` leaves them out."""
    assert "AUT002" not in said("", select=("MTL002",))
    assert "AUT002" in said("mandatory: [AUT002]\n", select=("MTL002",))
    assert "AUT002" in said("mandatory: [AUT002]\n", select=(), profile="baseline")


def test_the_command_line_cannot_ignore_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message points to the line that makes it mandatory."""
    (tmp_path / ".meshlint.yaml").write_text("root: true\nmandatory:\n- mtls\n- AUT002\n")
    (tmp_path / "a.yaml").write_text(MESH % ("#", ""))
    run = ["check", str(tmp_path), "--no-cache", "--today", TODAY]
    assert command([*run, "--ignore", "RES001"]) == 1
    capsys.readouterr()
    assert command([*run, "--ignore", "RES001,AUT"]) == 2
    told = capsys.readouterr().err
    assert "--ignore AUT leaves out AUT002, which the configuration makes mandatory" in told
    assert ".meshlint.yaml:4:3" in told
