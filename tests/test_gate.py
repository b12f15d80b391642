"""The gates as their platforms run them: the script of the composite action, and the job for GitLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
JOB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["meshlint"]
STEP = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "check")


def run_step(folder: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Run the step that judges with these inputs; return its exit code, its log and its outputs."""
    tools = folder / "tools" / "meshlint" / "bin"
    tools.mkdir(parents=True)
    (tools / "meshlint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m meshlint "$@"\n')
    (tools / "meshlint").chmod(0o755)
    repository = folder / "repository"
    shutil.copytree(ROOT / "fixtures" / "hms" / "before", repository)
    given = {name: value["default"] for name, value in ACTION["inputs"].items()} | inputs
    environment = {name.upper().replace("-", "_"): value for name, value in given.items()}
    assert set(STEP["env"]) == set(environment)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", STEP["run"]],
        cwd=repository, capture_output=True, text=True, check=False,
        env={**os.environ, **environment, "RUNNER_TEMP": str(folder / "tools"), "PYTHONPATH": str(ROOT),
             "GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")},
    )  # fmt: skip
    outputs = dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())
    return done.returncode, done.stdout, outputs


def test_the_action_annotates_summarises_and_writes_sarif(tmp_path: Path) -> None:
    """Findings end the step with 1, and every report is there all the same."""
    code, log, outputs = run_step(tmp_path)
    assert code == 1
    assert outputs == {"exit-code": "1", "sarif": "meshlint.sarif"}
    assert "::error file=envoy/bootstrap.yaml,line=47" in log
    assert "ENV001" in (tmp_path / "summary.md").read_text()
    document = json.loads((tmp_path / "repository" / "meshlint.sarif").read_text())
    assert {result["ruleId"] for result in document["runs"][0]["results"]} >= {"ENV001", "MTL001"}


def test_inputs_of_the_action_are_words_and_never_a_script(tmp_path: Path) -> None:
    """What stands in an input reaches meshlint as it is, several paths as several words."""
    code, _, outputs = run_step(tmp_path, paths="mesh envoy", **{"fail-on": "never"})
    assert (code, outputs["exit-code"]) == (0, "0")
    assert "${{" not in STEP["run"]


def test_a_mistake_in_the_call_is_2(tmp_path: Path) -> None:
    """A profile that does not exist fails the step as a mistake of the caller."""
    code, _, outputs = run_step(tmp_path, profile="$(touch x)")
    assert (code, outputs["exit-code"]) == (2, "2")
    assert not (tmp_path / "repository" / "x").exists()


@pytest.mark.parametrize("report", ["codequality", "junit"])
def test_the_job_for_gitlab_writes_the_reports_it_hands_over(report: str, tmp_path: Path) -> None:
    """The paths of its artifacts are those of the command, which runs."""
    script: Any = JOB["script"][0].replace("/opt/meshlint/bin/meshlint", f"{sys.executable} -m meshlint")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MESHLINT_OPTIONS": "", "MESHLINT_PATHS": "."}
    shutil.copytree(ROOT / "fixtures" / "hms" / "before", tmp_path / "repository")
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path / "repository", env=environment, check=False)
    assert done.returncode == 1
    assert (tmp_path / "repository" / JOB["artifacts"]["reports"][report]).stat().st_size > 1000
