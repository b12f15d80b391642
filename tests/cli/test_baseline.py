"""A baseline: what is known stays known, what is new fails, and only what a run could have seen is called fixed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meshlint.cli.main import run
from tests.judge import TODAY

FILE = ".meshlint-baseline.json"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
OPEN = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: NAME, namespace: shop}
spec: {selector: {matchLabels: {app: NAME}}, mtls: {mode: PERMISSIVE}}
"""
WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec: {containers: [{name: web, ports: [{containerPort: 8080}]}]}
"""
Say = Callable[..., Any]


def workload(name: str) -> str:
    """Return a workload that a policy of its own opens to plain text."""
    return f"---{OPEN}---{WEB}".replace("NAME", name)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Share a cache, so that the rules are compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def tree(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a root with one workload at fault and a second in a folder."""
    (tmp_path / "tree" / "mesh").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "tree")
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(cache))
    Path(".meshlint.yaml").write_text("root: true\nselect: [MTL001]\n")
    Path("namespace.yaml").write_text(NAMESPACE)
    Path("web.yaml").write_text(workload("web"))
    Path("mesh/api.yaml").write_text(workload("api"))
    return Path()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Say:
    """Return what `check` says: the objects at fault, how many are known, the notes on the baseline."""

    def say(*arguments: str, baseline: str = FILE) -> tuple[list[str], int, list[str]]:
        capsys.readouterr()
        given = [f"--baseline={baseline}"] if baseline else []
        code = run(["check", "--today", TODAY, "--format", "json", *given, *arguments])
        report = json.loads(capsys.readouterr().out)
        assert code == (1 if report["findings"] else 0)
        assert report["summary"]["suppressed"] == len(report["suppressed"])
        kinds = [item["suppression"]["kind"] for item in report["suppressed"]]
        assert kinds.count("baseline") == report["summary"].get("baseline", 0)
        notes = [note for note in report["notes"] if baseline and baseline in note]
        return [item["resource"]["name"] for item in report["findings"]], kinds.count("baseline"), notes

    return say


def baseline(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command on the baseline and return what it printed."""
    capsys.readouterr()
    code = run(["baseline", *arguments, "--today", TODAY])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return printed.out + printed.err


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that is a mistake and return what it was told."""
    capsys.readouterr()
    assert run([*arguments]) == 2
    return capsys.readouterr().err


def test_known_findings_pass_and_new_ones_fail(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """Adoption: everything of today is known, the fault of tomorrow is not; `--no-baseline` shows all."""
    assert "holds      2  MTL001 2" in baseline(capsys, "create")
    assert said() == ([], 2, [])
    (tree / "new.yaml").write_text(workload("new"))
    assert said() == (["new"], 2, [])
    assert said() == (["new"], 2, [])  # from the cache
    (tree / ".meshlint.yaml").write_text(f"root: true\nselect: [MTL001]\nbaseline: {FILE}\n")
    assert said(baseline="")[0] == ["new"]
    assert sorted(said("--no-baseline", baseline="")[0]) == ["api", "new", "web"]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"])
def test_every_format_ends_alike(tree: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """The exit code is that of the judgement, and what is known is no open finding anywhere."""
    baseline(capsys, "create")
    assert run(["check", "--today", TODAY, "--baseline", FILE, "--format", form]) == 0
    assert run(["check", "--today", TODAY, "--format", form]) == 1


def test_the_summary_counts_what_is_known(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People see at a glance that something is suppressed and by what."""
    baseline(capsys, "create")
    assert run(["check", "--today", TODAY, "--baseline", FILE]) == 0
    assert "2 suppressed (2 in the baseline)" in capsys.readouterr().out


def moved_whole(tree: Path) -> None:
    (tree / "web.yaml").rename(tree / "mesh" / "moved.yaml")


def merged(tree: Path) -> None:
    (tree / "mesh" / "api.yaml").write_text(workload("api") + workload("web"))
    (tree / "web.yaml").unlink()


def split_up(tree: Path) -> None:
    (tree / "open.yaml").write_text(OPEN.replace("NAME", "web"))
    (tree / "web.yaml").write_text(WEB.replace("NAME", "web"))


def renumbered(tree: Path) -> None:
    (tree / "web.yaml").write_text("# more\n\n" + workload("web"))


def reordered(tree: Path) -> None:
    (tree / "web.yaml").write_text(("---" + WEB + "---" + OPEN).replace("NAME", "web"))


def another_version(tree: Path) -> None:
    (tree / "web.yaml").write_text(workload("web").replace("istio.io/v1", "istio.io/v1beta1"))


def graver(tree: Path) -> None:
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001]\nrules: {MTL001: {severity: warning}}\n")


@pytest.mark.parametrize(
    "edit",
    [moved_whole, merged, split_up, renumbered, reordered, another_version, graver],
    ids=lambda edit: edit.__name__,
)
def test_edits_keep_what_is_known(
    tree: Path, capsys: pytest.CaptureFixture[str], said: Say, edit: Callable[[Path], None]
) -> None:
    """No line, file, order, version of an API or severity is part of what a finding is known by."""
    baseline(capsys, "create")
    edit(tree)
    assert said() == ([], 2, [])


def test_a_copy_is_no_move(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """The same object in a second environment is a fault of its own, even once the first is mended."""
    baseline(capsys, "create")
    (tree / "mesh" / "staging.yaml").write_text(workload("web"))
    (tree / "web.yaml").write_text(workload("web").replace("PERMISSIVE", "STRICT"))
    (tree / ".meshlint.yaml").write_text(
        "root: true\nselect: [MTL001]\nenvironments: {staging: [mesh/staging.yaml], production: [web.yaml]}\n"
    )
    assert said()[0] == ["web"]


def test_update_and_prune_say_what_they_did(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """What is fixed is told, dropped by both, and new findings are taken in by `update` alone."""
    baseline(capsys, "create")
    (tree / "web.yaml").write_text(workload("web").replace("PERMISSIVE", "STRICT"))
    (tree / "new.yaml").write_text(workload("new"))
    findings, known, (note,) = said()
    assert (findings, known) == (["new"], 1)
    assert note.startswith(f"1 entry of {FILE} is fixed or excepted otherwise (MTL001 1); ")
    assert note.endswith(f"drop with `meshlint baseline prune --file {FILE}`")
    assert "dropped    1  MTL001 1\n  holds      1  MTL001 1" in baseline(capsys, "prune")
    assert said() == (["new"], 1, [])
    assert "new        1  MTL001 1\n  dropped    0\n  holds      2" in baseline(capsys, "update")
    assert said() == ([], 2, [])


def test_rules_of_a_subtree_are_missed_only_there(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """A rule that no longer holds in a folder has found nothing fixed in it."""
    baseline(capsys, "create")
    (tree / "mesh" / ".meshlint.yaml").write_text("ignore: [MTL001]\n")
    assert said() == ([], 1, [])
    baseline(capsys, "prune")
    (tree / "mesh" / ".meshlint.yaml").unlink()
    assert said() == ([], 2, [])


def test_a_file_of_another_name_is_no_manifest(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is known is not read along with what is judged."""
    baseline(capsys, "create", "--file", "mesh/known.json")
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001]\nbaseline: mesh/known.json\n")
    capsys.readouterr()
    assert run(["check", "--today", TODAY]) == 0
    assert "2 suppressed (2 in the baseline), 0 undecided in 4 files, 5 objects" in capsys.readouterr().out
    assert "holds      2" in baseline(capsys, "update")


def test_the_baseline_needs_an_owner_as_the_configuration_does(
    tree: Path, capsys: pytest.CaptureFixture[str], said: Say
) -> None:
    """Whoever changes it decides what is reported."""
    (tree / ".meshlint.yaml").write_text(
        f"root: true\nselect: [unowned-policy-file]\nbaseline: {FILE}\nownership: {{platform: github}}\n"
    )
    for owned, unowned in (("*", []), ("*.yaml", [FILE])):
        (tree / "CODEOWNERS").write_text(f"{owned} @shop/mesh\n")
        assert said("--no-baseline", baseline="")[0] == unowned


def test_what_is_written_again_is_the_same(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file holds one sorted entry a line and nothing that changes with the day."""
    baseline(capsys, "create")
    first = Path(FILE).read_text()
    assert run(["baseline", "create", "--force", "--today", "2027-05-05"]) == 0
    assert Path(FILE).read_text() == first
    baseline(capsys, "update")
    assert Path(FILE).read_text() == first
    paths = [json.loads(line.rstrip(","))["path"] for line in first.splitlines() if '"fingerprint"' in line]
    assert paths == ["mesh/api.yaml", "web.yaml"]
    assert list(json.loads(first)) == ["version", "tool", "paths", "findings"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["mesh"],
        ["mesh/api.yaml", "namespace.yaml"],
        ["--select", "RES001"],
        ["--ignore", "MTL001", "--profile", "strict"],
    ],
    ids=" ".join,
)
def test_a_part_of_the_tree_or_of_the_rules_calls_nothing_fixed(
    tree: Path, capsys: pytest.CaptureFixture[str], said: Say, arguments: list[str]
) -> None:
    """Whoever did not look cannot have missed anything; neither check nor update nor prune drops an entry."""
    baseline(capsys, "create")
    (tree / "web.yaml").write_text(workload("web").replace("PERMISSIVE", "STRICT"))
    before = json.loads(Path(FILE).read_text())["findings"]
    assert said("--allow-empty", *arguments)[2] == []
    baseline(capsys, "prune", "--allow-empty", *arguments)
    baseline(capsys, "update", "--allow-empty", *arguments)
    after = json.loads(Path(FILE).read_text())["findings"]
    assert [entry for entry in after if entry in before] == before


def test_a_baseline_of_a_folder_is_pruned_by_runs_over_that_folder(
    tree: Path, capsys: pytest.CaptureFixture[str], said: Say
) -> None:
    """The file remembers what it was made of, so `prune` without paths judges just that."""
    baseline(capsys, "create", "mesh", "namespace.yaml")
    (tree / "mesh" / "api.yaml").write_text(workload("api").replace("PERMISSIVE", "STRICT"))
    assert len(said("mesh", "namespace.yaml")[2]) == 1
    assert said("mesh")[2] == []
    assert "dropped    1" in baseline(capsys, "prune")


def test_what_cannot_be_seen_is_not_fixed(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """A file that is broken, excluded, or whose objects became undecided has not been mended."""
    baseline(capsys, "create")
    (tree / "web.yaml").write_text("apiVersion: v1\nkind: [\n")
    assert said() == ([], 1, [])
    (tree / "web.yaml").write_text(workload("web"))
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001]\nexclude: [web.yaml]\n")
    assert said() == ([], 1, [])
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001]\n")
    (tree / "namespace.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n")
    assert said() == ([], 0, [])


def test_objects_of_a_broken_file_are_not_mended(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """What points to a policy in one file is not gone because the file of the workload cannot be read."""
    split_up(tree)
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001, HYG001]\n")
    baseline(capsys, "create")
    (tree / "web.yaml").write_text("apiVersion: v1\nkind: [\n")
    assert said()[1:] == (1, [])


def test_an_exception_with_a_reason_replaces_an_entry(
    tree: Path, capsys: pytest.CaptureFixture[str], said: Say
) -> None:
    """Otherwise the entry would take over, unasked, on the day on which the exception ends."""
    baseline(capsys, "create")
    (tree / ".meshlint.yaml").write_text(
        "root: true\nselect: [MTL001]\nexceptions: [{rule: MTL001, object: Deployment shop/web, reason: moves, "
        'owner: "@shop", expires: 2099-01-01}]\n'
    )
    assert len(said()[2]) == 1
    baseline(capsys, "prune")
    assert said() == ([], 1, [])


def test_mandatory_rules_are_never_known(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """No entry takes their findings out, and none is written for them."""
    baseline(capsys, "create")
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001]\nmandatory: [MTL001]\n")
    findings, known, notes = said()
    assert (sorted(findings), known, notes) == (["api", "web"], 0, [])
    told = baseline(capsys, "update")
    assert "holds      0" in told
    assert "findings of mandatory rules are never known: MTL001 2" in told


def test_every_suppression_has_the_same_keys(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads reports need not tell an entry of the baseline from an exception."""
    baseline(capsys, "create")
    exception = 'exceptions: [{rule: MTL001, object: Deployment shop/web, reason: a, owner: "@b", expires: 2099-01-01}]'
    (tree / ".meshlint.yaml").write_text(f"root: true\nselect: [MTL001]\n{exception}\n")
    capsys.readouterr()
    assert run(["check", "--today", TODAY, "--baseline", FILE, "--format", "json"]) == 0
    one, other = (item["suppression"] for item in json.loads(capsys.readouterr().out)["suppressed"])
    assert (list(one), {one["kind"], other["kind"]}) == (list(other), {"config", "baseline"})


def test_a_file_is_never_written_over_unasked(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`create` refuses what is there and says what to do."""
    Path("mine.json").write_text("{}")
    told = refused(capsys, "baseline", "create", "--file", "mine.json")
    assert "mine.json is there already" in told
    assert "--force" in told
    assert Path("mine.json").read_text() == "{}"
    baseline(capsys, "create", "--file", "mine.json", "--force")
    assert json.loads(Path("mine.json").read_text())["version"] == 1


MISTAKES = {
    "not json": ("{", "is no JSON"),
    "a merge": ('{"version": 1,\n<<<<<<< HEAD\n', "resolve the merge"),
    "another version": ('{"version": 2, "paths": ["."], "findings": []}', "has version 2"),
    "a list": ("[]", "holds no list `findings`"),
    "no paths": ('{"version": 1, "findings": []}', "`paths` of the baseline"),
    "a bare entry": ('{"version": 1, "paths": ["."], "findings": [\n{"rule": "A"}]}', "holds no text `name`"),
    "no utf-8": ("\udcff", "is no JSON"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_file_that_is_no_baseline_is_a_mistake_with_a_place(
    tree: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Whatever is wrong with the file ends with 2, for every command, and never with a green run."""
    text, expected = MISTAKES[name]
    Path("known.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    for command in (["check", "--baseline"], ["baseline", "update", "--file"], ["baseline", "prune", "--file"]):
        told = refused(capsys, *command, "known.json")
        assert expected in told
        assert "--> known.json:" in told


@pytest.mark.parametrize(("path", "expected"), [("absent.json", "no such file"), ("mesh", "no regular file")])
def test_a_file_that_cannot_be_read_is_a_mistake(
    tree: Path, capsys: pytest.CaptureFixture[str], path: str, expected: str
) -> None:
    """So is one that the configuration names and nobody wrote, and a folder."""
    assert expected in refused(capsys, "check", "--baseline", path)
    Path(".meshlint.yaml").write_text(f"root: true\nbaseline: {path}\n")
    assert expected in refused(capsys, "check")
    assert "--baseline names no file" in refused(capsys, "check", "--baseline", "")
    assert "--file names no file" in refused(capsys, "baseline", "create", "--file", "")
    assert "cannot write none/known.json" in refused(capsys, "baseline", "create", "--file", "none/known.json")
    assert "exclude each other" in refused(capsys, "check", "--baseline", FILE, "--no-baseline")


def test_standard_input_has_a_baseline_too(
    tree: Path, capsys: pytest.CaptureFixture[str], said: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rendered chart is adopted like files."""
    import io
    import sys

    def pipe(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((NAMESPACE + text).encode())))

    pipe(workload("web"))
    baseline(capsys, "create", "-", "--select", "MTL001")
    pipe(workload("web") + workload("new"))
    assert said("-", "--select", "MTL001") == (["new"], 1, [])
    pipe(workload("new"))
    findings, known, notes = said("-", "--select", "MTL001")
    assert (findings, known, len(notes)) == (["new"], 0, 1)


def test_an_entry_is_no_undocumented_suppression(tree: Path, capsys: pytest.CaptureFixture[str], said: Say) -> None:
    """The rules on suppressions have nothing to say about a baseline, which carries its own record."""
    (tree / ".meshlint.yaml").write_text("root: true\nselect: [MTL001, HYG026, HYG027]\n")
    baseline(capsys, "create")
    assert said() == ([], 2, [])


def test_what_is_said_of_the_repository_is_known_wherever_it_points(tree: Path, said: Say) -> None:
    """That owners are missing is said at the first policy, which is another one after a change or for some files."""
    Path(".meshlint.yaml").write_text("root: true\nselect: [OWN002]\n")
    assert run(["baseline", "create", "--today", TODAY]) == 0
    assert said() == ([], 1, [])
    Path("a.yaml").write_text(workload("a"))
    assert said() == ([], 1, [])
    assert said("web.yaml") == ([], 1, [])
    Path("CODEOWNERS").write_text("* @hms/platform\n")
    assert said()[:2] == ([], 0)
