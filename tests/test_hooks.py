"""The hooks as pre-commit runs them: installed from this checkout, on a repository with faults."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@hms.example", "-c", "commit.gpgsign=false"]


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", *IDENTITY, "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_sees_the_whole_repository(hook: dict[str, object]) -> None:
    """It gets no file names, runs alone, runs on a commit that only deletes, and has nothing against no manifests."""
    assert hook["pass_filenames"] is False
    assert hook["require_serial"] is True
    assert hook["always_run"] is True
    assert "--allow-empty" in str(hook["entry"])


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="no git checkout")
def test_pre_commit_runs_both_hooks(tmp_path: Path) -> None:
    """What was there before stops `meshlint` alone; what deleting a policy uncovers stops both."""
    repository = tmp_path / "repository"
    shutil.copytree(ROOT / "fixtures" / "hms" / "before", repository)
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "all")
    assert "ENV001 removed-envoy-field" in tried(repository, "--all-files")[0]
    git(repository, "rm", "-q", "mesh/voting-svc.yaml")
    whole, changed = tried(repository)
    assert "RES001 missing-circuit-breaker" in changed
    assert "ENV001" in whole
    assert "ENV001" not in changed


def tried(repository: Path, *arguments: str) -> tuple[str, str]:
    """Return what each hook printed in a fresh environment of its own."""
    own = {"PRE_COMMIT_HOME": f"{repository}-home", "MESHLINT_CACHE_DIR": f"{repository}-cache"}
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), *arguments]
    done = subprocess.run(
        command, cwd=repository, env=os.environ | own, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    whole, _, changed = done.stdout.partition("\nmeshlint (what this commit brings)")
    return whole, changed
