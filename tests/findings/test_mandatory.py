"""Rules that the configuration makes mandatory: nothing takes their findings out, and whoever tries is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.cli.main import run as command
from meshlint.config.model import ConfigErrors
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
PERMISSIVE_MESH = f"""
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default, namespace: istio-system}}
spec: {{mtls: {{mode: PERMISSIVE}}}}  # meshlint: ignore[MTL002] {WHY}
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


def test_a_baseline_takes_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule may become mandatory after its findings were written down."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".meshlint.yaml").write_text("root: true\nselect: [AUT002, MTL001]\n")
    (tmp_path / "a.yaml").write_text(MESH % ("#", ""))
    options = ["--no-cache", "--today", TODAY]
    assert command(["baseline", "create", *options]) == 0
    assert command(["check", "--baseline", ".meshlint-baseline.json", *options]) == 0
    (tmp_path / ".meshlint.yaml").write_text("root: true\nselect: [AUT002, MTL001]\nmandatory: [AUT002]\n")
    capsys.readouterr()
    assert command(["check", "--baseline", ".meshlint-baseline.json", "--fail-on", "warning", *options]) == 1
    told = capsys.readouterr().out
    assert "warning[AUT002 " in told
    assert "1 suppressed (1 in the baseline)" in told


def in_team(nested: str, base: str = "mandatory: [AUT002]\n") -> list[str]:
    """Return what is said about a mesh in a folder with a configuration of its own."""
    head = f"# meshlint: ignore[AUT002, MTL001] {WHY}"
    files = {"team/a.yaml": MESH % (head, ""), ".meshlint.yaml": base, "team/.meshlint.yaml": nested}
    return sorted(finding.rule for finding in judged(files, select=()))


@pytest.mark.parametrize("nested", ["", "root: true\n", "select: [MTL002]\n", "root: true\nselect: [MTL002]\n"])
def test_the_configuration_of_a_subtree_takes_nothing_out(nested: str) -> None:
    """One that is a root of its own neither."""
    assert {"AUT002", "HYG031"} <= {*in_team(nested), *(["HYG031"] if "select" in nested else [])}


@pytest.mark.parametrize(
    ("nested", "told"),
    [
        (
            "ignore: [authz]\n",
            "`ignore` leaves out AUT002, which `mandatory` in line 1 of .meshlint.yaml makes mandatory",
        ),
        (
            "rules: {AUT002: {enabled: false}}\n",
            "AUT002 is switched off, although `mandatory` in line 1 of .meshlint.yaml",
        ),
        (
            "exclude: [a.yaml]\n",
            "`exclude` hides files from AUT002, which `mandatory` in line 1 of .meshlint.yaml makes mandatory",
        ),
    ],
)
def test_a_subtree_that_tries_is_a_mistake(nested: str, told: str) -> None:
    """It names both files."""
    with pytest.raises(ConfigErrors) as raised:
        in_team(nested)
    assert told in raised.value.errors[0].message
    assert raised.value.errors[0].location is not None
    assert raised.value.errors[0].location.path == "team/.meshlint.yaml"


def test_a_subtree_may_make_more_mandatory() -> None:
    """For itself."""
    assert "AUT002" not in in_team("", "")
    assert {"AUT002", "HYG031"} <= set(in_team("mandatory: [AUT002]\n", ""))
    mesh = MESH % (f"# meshlint: ignore[AUT002, MTL001] {WHY}", "")
    files = {"other/a.yaml": mesh, "team/.meshlint.yaml": "mandatory: [AUT002]\n", "team/b.yaml": "kind: A\n"}
    assert "AUT002" not in [finding.rule for finding in judged(files, select=CHOSEN)]


def test_a_fix_changes_only_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mandatory rules judge, whatever `--select` says, and wait for their turn."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".meshlint.yaml").write_text("root: true\nmandatory: [MTL002]\n")
    (tmp_path / "a.yaml").write_text(MESH % ("#", ""))
    fix = ["fix", "--check", "--unsafe", "--no-cache", "--today", TODAY]
    assert command([*fix, "--select", "RES001"]) == 0
    assert "MTL002" not in "".join(capsys.readouterr())
    assert command([*fix, "--select", "MTL002"]) == 1
    assert "would create default-peer-authentication.yaml" in "".join(capsys.readouterr())


RULE = """
name: labelled
severity: warning
mandatory: true
target: object
require: object.kind != "Service"
message: "{object} is a Service"
help: Have none.
"""
SERVICE = """
# meshlint: ignore[own/labelled] owner=@o why
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
"""


def test_a_pack_may_make_its_own_rules_mandatory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever uses the pack cannot leave them out."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "labelled.yaml").write_text(RULE)
    (tmp_path / "a.yaml").write_text(SERVICE)
    configuration = tmp_path / ".meshlint.yaml"
    configuration.write_text("root: true\nrules: [./own]\nselect: [HYG031]\n")
    check = ["check", str(tmp_path / "a.yaml"), "--no-cache"]
    assert command(check) == 0
    told = capsys.readouterr().out
    assert "warning[own/labelled] Service shop/web is a Service" in told
    assert "HYG031" in told
    assert command([*check, "--ignore", "own"]) == 2
    assert "leaves out own/labelled, which its pack makes mandatory" in capsys.readouterr().err
    configuration.write_text("root: true\nrules: [./own, {own/labelled: {enabled: false}}]\n")
    assert command(check) == 2
    assert "own/labelled is switched off, although its pack makes it mandatory" in capsys.readouterr().err
    configuration.write_text("root: true\nrules: [./own]\n")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "b.yaml").write_text(SERVICE)
    (tmp_path / "team" / ".meshlint.yaml").write_text("ignore: [own]\n")
    assert command(["check", str(tmp_path), "--no-cache"]) == 2
    assert capsys.readouterr().err.count("leaves out own/labelled") == 1


def judged_rules(text: str, configuration: str, select: tuple[str, ...]) -> list[str]:
    """Return the rules that find something in one file."""
    return sorted(finding.rule for finding in judged({"a.yaml": text, ".meshlint.yaml": configuration}, select=select))


def test_it_does_not_go_with_a_cause_that_is_suppressed() -> None:
    """The policy of the mesh decides; whoever excepts that would except every workload under it."""
    mesh = MESH % ("", "") + PERMISSIVE_MESH
    select = ("MTL001", "MTL002")
    assert judged_rules(mesh, "", select) == []
    assert judged_rules(mesh.replace("# meshlint", "# "), "", select) == ["MTL002"]
    assert judged_rules(mesh, "mandatory: [MTL001]\n", select) == ["MTL001"]
    assert judged_rules(mesh.replace("# meshlint", "# "), "mandatory: [MTL001, MTL002]\n", select) == ["MTL002"]
