"""What a change brings: a run over the work tree, less what a revision had."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from meshlint.cli.main import run
from tests.judge import TODAY

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, ports: [{containerPort: 8080}]}]}
"""
STRICT = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""


class Repository:
    """A git repository in a folder, and what the command line says of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git as somebody whom no configuration of the machine knows."""
        who = ["-c", "user.name=a", "-c", "user.email=a@hms.example", "-c", "commit.gpgsign=false"]
        command = ["git", *who, "-c", "protocol.file.allow=always", "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def write(self, **files: str) -> None:
        """Write files; `_` in a name stands for the dot before `yaml`."""
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text)

    def commit(self, **files: str) -> None:
        """Write files and commit all that is there."""
        self.write(**files)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "more")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Stand in an empty repository with a cache of its own."""
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(tmp_path / "cache"))
    return Repository(tmp_path / "repository")


def said(capsys: pytest.CaptureFixture[str], *arguments: str, select: str = "MTL001") -> list[str]:
    """Return rule and object of every finding that a change brings."""
    capsys.readouterr()
    code = run(["check", "--today", TODAY, "--format", "json", "--select", select, "--allow-empty", *arguments])
    report = json.loads(capsys.readouterr().out)
    assert code == (1 if report["findings"] else 0)
    assert sum(report["summary"]["findings"].values()) == len(report["findings"])
    return [f"{item['rule']} {item['resource']['name']}" for item in report["findings"]]


def test_a_repository_without_commits_has_nothing_earlier(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first commit brings everything."""
    repository.write(namespace=NAMESPACE, web=WEB)
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 web"]


def test_what_was_there_is_not_blamed(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """An old fault stays unsaid while a new one is told, from a warm cache as from a cold one."""
    repository.commit(namespace=NAMESPACE, web=WEB)
    repository.write(api=WEB.replace("web", "api"))
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 api"]
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 api"]
    assert said(capsys, "--changed-since", "HEAD", "--no-cache") == ["MTL001 api"]


def test_a_deleted_policy_shows_what_it_covered(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """The fault stands in a file that did not change."""
    repository.commit(namespace=NAMESPACE, web=WEB, strict=STRICT)
    (repository.folder / "strict.yaml").unlink()
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 web"]


def test_a_moved_and_renumbered_file_brings_nothing(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines above a fault and another name of its file make no new fault."""
    open_ = STRICT.replace("STRICT", "PERMISSIVE")
    repository.commit(namespace=NAMESPACE, web=WEB, open=open_)
    repository.git("mv", "open.yaml", "elsewhere.yaml")
    (repository.folder / "elsewhere.yaml").write_text("# more\n\n" + open_)
    assert said(capsys, "--changed-since", "HEAD") == []


def test_each_end_has_its_own_configuration(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """Taking an exception away brings the finding that it hid."""
    exception = (
        'exceptions: [{rule: MTL001, object: "Deployment shop/web", reason: old, owner: "@a", expires: 2027-01-01}]\n'
    )
    repository.commit(namespace=NAMESPACE, web=WEB, **{".meshlint": exception})
    assert said(capsys, "--changed-since", "HEAD") == []
    repository.write(**{".meshlint": "profile: standard\n"})
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 web"]


def test_a_broken_configuration_may_be_mended(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """An earlier configuration that cannot be read keeps nobody from mending it."""
    repository.commit(namespace=NAMESPACE, web=WEB, **{".meshlint": "profil: strict\n"})
    repository.write(**{".meshlint": "profile: strict\n"})
    assert said(capsys, "--changed-since", "HEAD") == []


def test_each_end_has_its_own_baseline(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """What the baseline knows is not told, what it lets go of is, and a file that the change brings was not there."""
    repository.commit(namespace=NAMESPACE, web=WEB)
    assert run(["baseline", "create", "--today", TODAY, "--select", "MTL001"]) == 0
    known = "baseline: .meshlint-baseline.json\n"
    repository.write(api=WEB.replace("web", "api"), **{".meshlint": known})
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 api"]
    assert said(capsys, "--changed-since", "HEAD", "--baseline", ".meshlint-baseline.json") == ["MTL001 api"]
    repository.commit(**{".meshlint": known})
    repository.write(**{".meshlint": "profile: standard\n"})
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 web"]


def test_worktrees_and_folders_of_a_repository(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A linked work tree compares with the same revisions; a folder with what it held."""
    (repository.folder / "mesh").mkdir()
    repository.commit(**{"mesh/namespace": NAMESPACE, "mesh/web": WEB})
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    monkeypatch.chdir(tmp_path / "linked")
    (tmp_path / "linked" / "mesh" / "api.yaml").write_text(WEB.replace("web", "api"))
    assert said(capsys, "--changed-since", "main", "mesh") == ["MTL001 api"]
    monkeypatch.chdir(tmp_path / "linked" / "mesh")
    assert said(capsys, "--changed-since", "main") == ["MTL001 api"]
    assert said(capsys, "--changed-since", "main", "--root", ".") == ["MTL001 api"]


def test_a_submodule_is_compared_with_the_commit_it_was_at(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What a submodule held before is not blamed on the change."""
    (tmp_path / "part").mkdir()
    part = Repository(tmp_path / "part")
    part.commit(namespace=NAMESPACE, web=WEB)
    repository.git("submodule", "--quiet", "add", str(tmp_path / "part"), "part")
    repository.commit()
    assert said(capsys) == ["MTL001 web"]
    assert said(capsys, "--changed-since", "HEAD") == []


def test_what_cannot_be_compared_is_the_callers_mistake(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An unknown revision, an option in its place, a shallow clone that ends before it, no repository."""
    repository.commit(namespace=NAMESPACE)
    repository.commit(web=WEB)
    for revision in ("nope", "--all", ""):
        assert run(["check", "--changed-since", revision]) == 2
    shallow = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth=1", f"file://{repository.folder}", str(shallow))
    capsys.readouterr()
    assert run(["check", "--changed-since", "HEAD~1", str(shallow)]) == 2
    assert "shallow" in capsys.readouterr().err
    (tmp_path / "plain").mkdir()
    assert run(["check", "--changed-since", "HEAD", "--root", str(tmp_path / "plain"), str(tmp_path / "plain")]) == 2


def test_a_shallow_clone_is_told_how_to_go_on(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command of the help, typed as it stands, makes the call work."""
    repository.commit(one=NAMESPACE + "---" + WEB + "---" + STRICT)
    repository.git("checkout", "-q", "-b", "feature/open")
    repository.commit(one=NAMESPACE + "---" + WEB)
    monkeypatch.chdir(tmp_path)
    repository.git("clone", "-q", "--depth=1", f"file://{repository.folder}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    for revision, command in (
        ("origin/main", "git fetch --depth=1 origin main:refs/remotes/origin/main"),
        ("HEAD~1", "git fetch --unshallow"),
    ):
        assert run(["check", "--changed-since", revision]) == 2
        assert f"`{command}`" in capsys.readouterr().err
        subprocess.run(command.split(), check=True, capture_output=True)
        assert said(capsys, "--changed-since", revision) == ["MTL001 web"]


def test_notes_count_the_open_questions_that_the_summary_counts(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the revision left open, too, is neither counted nor told."""
    unlabelled = WEB.replace("namespace: shop", "namespace: elsewhere")
    repository.commit(one=unlabelled)
    repository.write(two=WEB.replace("namespace: shop", "namespace: new"))
    call = ["check", "--select", "MTL001", "--format", "json", "--today", TODAY]
    assert run([*call, "--changed-since", "HEAD"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["summary"]["undecided"] == 1
    assert [line.split(":")[1] for line in told.err.splitlines()] == [
        " 1 judgement undecided (MTL001 on Deployment new/web)"
    ]


def test_the_summary_of_a_job_counts_what_was_there_before(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table that tells only what is new says so."""
    repository.commit(one=NAMESPACE + "---" + WEB)
    call = ["check", "--select", "MTL001", "--format", "markdown", "--today", TODAY]
    assert run([*call, "--changed-since", "HEAD"]) == 0
    told = capsys.readouterr().out
    assert "| undecided | there before |\n| --: | --: | --: | --: | --: | --: |\n| 0 | 0 | 0 | 0 | 0 | 1 |\n" in told
    assert "0 judgements that the change leaves open" in told
    assert run(call) == 1
    told = capsys.readouterr().out
    assert "there before" not in told
    assert "0 judgements that the manifests leave open" in told


def test_nothing_of_the_repository_runs(
    repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Hooks, filters, textconv, the file system monitor and replacement objects stay out of it."""
    ran = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    repository.commit(namespace=NAMESPACE, web=WEB)
    (repository.folder / ".gitattributes").write_text("* filter=evil diff=evil\n")
    repository.git("add", ".gitattributes")
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        repository.git("config", key, str(script))
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(script, repository.folder / ".git" / "hooks" / hook)
    ran.unlink(missing_ok=True)
    assert said(capsys, "--changed-since", "HEAD") == []
    assert not ran.exists()


def test_links_lead_nowhere_else(repository: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A link that was committed is followed inside the repository only."""
    (tmp_path / "outside.yaml").write_text(NAMESPACE)
    os.symlink(tmp_path / "outside.yaml", repository.folder / "absolute.yaml")
    os.symlink("../outside.yaml", repository.folder / "upwards.yaml")
    (repository.folder / "web.txt").write_text(WEB)
    os.symlink("namespace.txt", repository.folder / "dangling.yaml")
    repository.commit(web=WEB)
    assert said(capsys, "--changed-since", "HEAD") == ["MTL001 web"]


def test_both_ends_are_judged_by_their_own_nested_configurations(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nested file that goes brings what it silenced; one that was broken is taken as it is now."""
    (repository.folder / "apps").mkdir()
    nested = repository.folder / "apps/.meshlint.yaml"
    nested.write_text("rules: {MTL001: {enabled: false}}\n")
    (repository.folder / "apps/web.yaml").write_text(f"{NAMESPACE}---{WEB}")
    repository.commit()
    assert _configured(capsys, "--changed-since", "HEAD") == []
    nested.unlink()
    assert _configured(capsys, "--changed-since", "HEAD") == ["MTL001 web"]
    nested.write_text("ruls: {}\n")
    repository.commit()
    nested.write_text("rules: {MTL001: {severity: info}}\n")
    assert _configured(capsys, "--changed-since", "HEAD") == []


def _configured(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return rule and object of every finding of the rule on ports, as configurations say where it holds."""
    capsys.readouterr()
    run(["check", "--today", TODAY, "--format", "json", *arguments])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [f"{item['rule']} {item['resource']['name']}" for item in found if item["rule"] == "MTL001"]
