"""`meshlint config`: what is in force for a path, and where it came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from meshlint.cli.main import run

ROOT = """profile: baseline
ignore: [OWN]
fail-on: warning
overrides:
- namespaces: [pay]
  profile: strict
- paths: [apps/web/old/**]
  rules: {MTL001: {severity: info}}
"""
WEB = """select: [MTL001]
ignore:
- HYG
rules:
  RES003: {enabled: true, params: {maximum: 9}}
namespaces: {"**": web}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a repository with a nested configuration."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "apps/web").mkdir(parents=True)
    (tmp_path / ".meshlint.yaml").write_text(ROOT)
    (tmp_path / "apps/web/.meshlint.yaml").write_text(WEB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Return what `config show` says as data."""
    capsys.readouterr()
    assert run(["config", "show", *arguments, "--format", "json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def at(entry: dict[str, Any]) -> str:
    """Return an origin in short."""
    origin = entry["origin"]
    return f"{origin['path']}:{origin['line']}" if origin["kind"] == "file" else str(origin["kind"])


def test_every_value_has_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that does not exist yet is answered for by its folder."""
    told = shown(capsys, "apps/web/new.yaml")
    assert (told["path"], told["namespace"]) == ("apps/web/new.yaml", "web")
    assert told["files"] == [".meshlint.yaml", "apps/web/.meshlint.yaml"]
    rows = [(row["key"], row["value"], at(row)) for row in told["settings"]]
    for row in (
        ("select", ["MTL001"], "apps/web/.meshlint.yaml:1"),
        ("ignore", "OWN", ".meshlint.yaml:2"),
        ("ignore", "HYG", "apps/web/.meshlint.yaml:3"),
        ("namespaces", {"**": "web"}, "apps/web/.meshlint.yaml:6"),
        ("fail-on", "warning", ".meshlint.yaml:3"),
        ("complete", False, "default"),
    ):
        assert row in rows
    rules = {rule["id"]: rule for rule in told["rules"]}
    assert {name: at(rule) for name, rule in rules.items()} == {
        "MTL001": "apps/web/.meshlint.yaml:1", "RES003": "apps/web/.meshlint.yaml:5",
    }  # fmt: skip
    assert rules["MTL001"]["severity"]["value"] == "error"
    assert [(row["key"], row["value"], at(row)) for row in rules["RES003"]["params"]] == [
        ("maximum", 9, "apps/web/.meshlint.yaml:5")
    ]


def test_overrides_are_told_with_whether_they_apply(capsys: pytest.CaptureFixture[str]) -> None:
    """By path and by namespace."""
    assert [row["applies"] for row in shown(capsys, "x.yaml")["overrides"]] == [False, False]
    told = shown(capsys, "--namespace", "pay")
    assert [row["applies"] for row in told["overrides"]] == [True, False]
    assert at(next(row for row in told["settings"] if row["key"] == "profile")) == ".meshlint.yaml:6"
    (old,) = [rule for rule in shown(capsys, "apps/web/old")["rules"] if rule["id"] == "MTL001"] or [None]
    assert old is not None
    assert (old["severity"]["value"], at(old["severity"])) == ("error", "default")  # the nested file is no folder `old`


def test_the_command_line_is_an_origin(capsys: pytest.CaptureFixture[str]) -> None:
    """It speaks last."""
    told = shown(capsys, "apps/web", "--select", "RES,MTL002", "--ignore", "RES001")
    assert (told["settings"][0]["value"], at(told["settings"][0])) == (["RES", "MTL002"], "command line")
    assert ("RES001", "command line") in [(row["value"], at(row)) for row in told["settings"]]
    by_id = {rule["id"]: at(rule) for rule in told["rules"]}
    assert "RES001" not in by_id
    assert by_id["MTL002"] == "command line"


def test_mandatory_is_an_origin(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that nothing chose is on because a configuration says that it always is."""
    (repository / ".meshlint.yaml").write_text("profile: baseline\nmandatory: [RES001]\n")
    assert {rule["id"]: at(rule) for rule in shown(capsys, "apps/web")["rules"]}["RES001"] == ".meshlint.yaml:2"


def test_text_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a value, its origin behind it."""
    assert run(["config", "show", "apps/web", "--namespace", "pay"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "apps/web/, namespace pay"
    assert [".meshlint.yaml:5:", "namespaces", "pay", "applies"] in [line.split() for line in lines]
    assert any(line.split() == ["maximum:", "9", "apps/web/.meshlint.yaml:5"] for line in lines)


def test_a_long_value_does_not_push_the_others_aside(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The origins of short values stand within the width of a terminal."""
    names = ", ".join(f"namespace/team-{number}" for number in range(50))
    (repository / ".meshlint.yaml").write_text(f"externals: [{names}]\nfail-on: info\n")
    (repository / "apps/web/.meshlint.yaml").unlink()
    assert run(["config", "show", "apps/web"]) == 0
    lines = capsys.readouterr().out.splitlines()
    [short] = [line for line in lines if "fail-on: info" in line]
    assert short.endswith(" .meshlint.yaml:2")
    assert len(short) < 120


@pytest.mark.parametrize("path", ["nowhere/a.yaml", "-"])
def test_what_has_no_folder_is_the_callers_mistake(path: str) -> None:
    """There is nothing to answer for."""
    assert run(["config", "show", path]) == 2


def test_validate_tells_mistakes_wherever_they_are(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the whole tree, of a nested file, of any file by name."""
    assert run(["config", "validate"]) == 0
    assert capsys.readouterr().out == "2 configurations without mistakes\n"
    assert run(["config", "validate", "apps/web/.meshlint.yaml"]) == 0
    (repository / "ours.yaml").write_text("profil: strict\n")
    assert run(["config", "validate", "ours.yaml"]) == 2
    assert "ours.yaml:1:1" in capsys.readouterr().err
    (repository / "apps/web/.meshlint.yaml").write_text("complete: true\n")
    for arguments in ((), ("apps/web/.meshlint.yaml",)):
        assert run(["config", "validate", *arguments]) == 2
        assert "apps/web/.meshlint.yaml:1:1" in capsys.readouterr().err
    assert run(["config", "validate", "nowhere.yaml"]) == 2
