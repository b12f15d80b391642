"""Exit codes and streams of the command line, one by one, in this process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from meshlint.cli.main import commands, run
from tests.judge import TODAY

BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
"""
UNKNOWN = BAD.split("---")[1]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")


def check(*arguments: str) -> int:
    """Run `meshlint check` on a fixed day."""
    return run(["check", "--today", TODAY, *arguments])


def test_0_nothing_at_or_above_the_threshold(tmp_path: Path) -> None:
    """Clean input, and findings below the threshold."""
    (tmp_path / "a.yaml").write_text(BAD)
    assert check("a.yaml", "--fail-on", "never") == 0
    assert check("a.yaml", "--select", "HYG001") == 0


def test_1_findings(tmp_path: Path) -> None:
    """An error fails by default, a warning only when asked for."""
    (tmp_path / "a.yaml").write_text(BAD)
    assert check("a.yaml") == 1
    (tmp_path / "b.yaml").write_text("apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a}\n")
    assert check("b.yaml", "--select", "HYG006") == 0
    assert check("b.yaml", "--select", "HYG006", "--fail-on", "warning") == 1


def test_1_undecided_when_asked_for(tmp_path: Path) -> None:
    """`--fail-on-undecided` takes every rule, or the one that is named."""
    (tmp_path / "a.yaml").write_text(UNKNOWN)
    assert check("a.yaml", "--select", "MTL001") == 0
    assert check("a.yaml", "--select", "MTL001", "--fail-on-undecided") == 1
    assert check("a.yaml", "--select", "MTL001", "--fail-on-undecided", "MTL001") == 1
    assert check("a.yaml", "--select", "MTL001", "--fail-on-undecided", "RES001") == 0


def test_an_operand_behind_fail_on_undecided_is_no_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule is optional, so a path may stand in its place; a word that is neither is a mistake."""
    (tmp_path / "a.yaml").write_text(UNKNOWN)
    assert check("--select", "MTL001", "--fail-on-undecided", "a.yaml") == 1
    assert check("--select", "MTL001", "--fail-on-undecided", ".") == 1
    assert check("--fail-on-undecided", "MTL01", "a.yaml") == 2
    assert "did you mean `MTL001`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.yaml"], "cannot read nowhere.yaml"),
        (["."], "nothing to check"),
        ([".", "--select", "permisive-mtls"], "did you mean `permissive-mtls`"),
        ([".", "--profile", "lax"], "baseline"),
        ([".", "--format", "jsn"], "there is no format `jsn`"),
        ([".", "--format", "text", "--format", "json"], "two reports cannot share"),
        ([".", "--root", "nowhere"], "--root nowhere is no folder"),
        ([".", "--config", "nowhere.yaml"], "nowhere.yaml"),
        ([".", "--fomat"], "error[usage]: there is no option `--fomat`\n  = help: did you mean `--format`?"),
        ([".", "--xyzzy"], "`meshlint check --help`"),
        ([".", "--profile"], "error[usage]: option '--profile' requires an argument\n"),
    ],
)
def test_2_mistakes_of_the_caller(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is said on standard error, with a way out."""
    assert check(*arguments) == 2
    assert said in capsys.readouterr().err


def test_2_a_wrong_date(capsys: pytest.CaptureFixture[str]) -> None:
    """`--today` takes a calendar date."""
    assert run(["check", ".", "--today", "2026-02-30"]) == 2
    assert "is no date" in capsys.readouterr().err


def test_2_a_wrong_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is framed, with line and column."""
    (tmp_path / ".meshlint.yaml").write_text("profil: strict\n")
    assert check(".") == 2
    assert ".meshlint.yaml:1:1" in capsys.readouterr().err


def test_2_an_unknown_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest one is named."""
    assert run(["chek"]) == 2
    assert "did you mean `check`" in capsys.readouterr().err


def test_2_a_working_folder_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal stays in a folder that somebody removes, and that is no bug of ours."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert check() == 2
    assert "the working folder does not exist any more" in capsys.readouterr().err


def test_2_goes_before_1(tmp_path: Path) -> None:
    """A report that cannot be written is the caller's mistake, whatever was found."""
    (tmp_path / "a.yaml").write_text(BAD)
    assert check("a.yaml", "--format", "json=nowhere/report.json") == 2


def test_3_a_bug_names_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No trace unless it is asked for."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of our own making")

    monkeypatch.setattr(commands, "main", broken)
    assert run(["check"]) == 3
    assert "ZeroDivisionError: of our own making" in capsys.readouterr().err
    monkeypatch.setenv("MESHLINT_DEBUG", "1")
    assert run(["check"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_130_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C leaves with the code of the signal."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "main", interrupted)
    assert run(["check"]) == 130


def test_an_empty_tree_may_be_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    """`--allow-empty` is for hooks."""
    assert check(".", "--allow-empty") == 0
    assert capsys.readouterr().out.startswith("0 errors")


def test_reports_go_where_they_are_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One format on standard output, others into files; all are written whatever the exit."""
    (tmp_path / "a.yaml").write_text(BAD)
    assert check("a.yaml", "--format", "text", "--format", "json=report.json") == 1
    assert "MTL001 permissive-mtls" in capsys.readouterr().out
    assert json.loads((tmp_path / "report.json").read_text())["version"] == 1


def test_the_json_report_keeps_its_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Version 1: keys, types, and the same bytes for the same input, cached or not."""
    (tmp_path / "a.yaml").write_text(BAD)
    texts = []
    for extra in ([], [], ["--no-cache"]):
        check("a.yaml", "--format", "json", *extra)
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] == texts[2]
    report = json.loads(texts[0])
    assert list(report)[:6] == ["version", "tool", "summary", "findings", "suppressed", "undecided"]
    finding = next(item for item in report["findings"] if item["rule"] == "MTL001")
    assert set(finding) >= {
        "rule", "name", "severity", "confidence", "message", "help", "resource", "location", "related", "controls",
        "fix", "fingerprint",
    }  # fmt: skip
    assert finding["resource"] == {"api_version": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web"}
    assert set(finding["location"]) == {"path", "start", "end", "pointer"}


def test_a_terminal_gets_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Source line, caret, help and controls."""
    (tmp_path / "a.yaml").write_text(BAD)
    monkeypatch.setenv("MESHLINT_FRAMES", "always")
    check("a.yaml", "--select", "MTL001")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("error[MTL001 permissive-mtls]: Deployment shop/web accepts plain text on port 80")
    assert lines[1] == " --> a.yaml:4:18"
    assert lines[4].endswith("^^^^")
    assert lines[6] == "  = controls: NIST 800-53r5 SC-8, SC-8(1), SC-23, IA-3, IA-3(1), IA-9"


def test_colours_are_a_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """FORCE_COLOR paints, NO_COLOR wins."""
    (tmp_path / "a.yaml").write_text(BAD)
    monkeypatch.setenv("MESHLINT_FRAMES", "always")
    monkeypatch.setenv("FORCE_COLOR", "1")
    check("a.yaml")
    assert "\x1b[" not in capsys.readouterr().out
    monkeypatch.delenv("NO_COLOR")
    check("a.yaml")
    assert "\x1b[1;31m" in capsys.readouterr().out


def test_control_characters_never_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name may hold an escape sequence; a report never does."""
    (tmp_path / "a.yaml").write_text(BAD.replace("name: web,", 'name: "we\\u001bb",'))
    check("a.yaml")
    assert "\x1b" not in capsys.readouterr().out


def test_rules_and_explain(capsys: pytest.CaptureFixture[str]) -> None:
    """Every rule is listed with its metadata, and explained by id or name."""
    assert run(["rules"]) == 0
    assert "MTL001  permissive-mtls" in capsys.readouterr().out
    assert run(["rules", "--format", "json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    wanted = {
        "id",
        "name",
        "family",
        "severity",
        "confidence",
        "profile",
        "target",
        "summary",
        "equivalents",
        "controls",
    }
    assert all(wanted <= set(rule) for rule in rules)
    for rule in rules:
        assert run(["explain", rule["id"]]) == 0
        assert run(["explain", rule["name"]]) == 0
    assert "How to except it" in capsys.readouterr().out
    assert run(["explain", "MTL01"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_a_pipe_in_place_of_the_configuration_holds_nobody_up(tmp_path: Path) -> None:
    """It is refused, and telling so does not open it either."""
    os.mkfifo(tmp_path / ".meshlint.yaml")
    (tmp_path / "a.yaml").write_text(BAD)
    assert check("a.yaml") == 2


def test_owners_that_are_no_utf8_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte that is no UTF-8 in CODEOWNERS is no fault of ours."""
    (tmp_path / "a.yaml").write_text("apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a}\n")
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "CODEOWNERS").write_bytes(b"*.yaml @caf\xe9\n")
    assert check(".", "--root", ".", "--select", "OWN001", "--no-cache") in (0, 1)
    assert "in 1 file, 1 object" in capsys.readouterr().out
