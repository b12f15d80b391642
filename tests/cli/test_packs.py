"""Packs as their users meet them: named on the command line, in the configuration, installed; colliding, tuning."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from meshlint.cli.main import run
from tests.judge import COMPILED, TODAY
from tests.policy.packs.small import MANIFEST, RULE, laid_out

EXAMPLE = Path(__file__).parents[2] / "fixtures" / "packs" / "hms"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: payments}
spec: {selector: {app: ledger}, ports: [{name: http, port: 8080}]}
---
"""
NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata: {name: statistics, labels: {istio-injection: enabled}}
"""
CALLER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: reports, namespace: statistics}
spec:
  selector: {matchLabels: {app: reports}}
  template:
    metadata: {labels: {app: reports}}
    spec:
      containers:
      - name: app
        image: x
        env: [{name: LEDGER, value: "http://ledger.payments:8080"}]
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository with one call that nobody agreed on."""
    monkeypatch.setenv("MESHLINT_CACHE_DIR", COMPILED)
    monkeypatch.setenv("NO_COLOR", "1")
    folder = laid_out(
        tmp_path / "repository",
        {"k8s/calls.yaml": SERVICE + CALLER, "k8s/statistics.yaml": NAMESPACE, ".git/HEAD": "ref: refs/heads/main"},
    )
    monkeypatch.chdir(folder)
    return folder


def check(*arguments: str) -> int:
    """Run `meshlint check` on a fixed day."""
    return run(["check", "--today", TODAY, *arguments])


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the findings of a run as text."""
    check(*arguments)
    return capsys.readouterr().out.splitlines()[:-1]


@pytest.mark.parametrize("word", ["hms", "hms/foreign-caller"])
def test_a_pack_of_the_command_line_judges(capsys: pytest.CaptureFixture[str], word: str) -> None:
    """Its rules are selected by the name of the pack and by their own; a rule without an id is named once."""
    shutil.copytree(EXAMPLE, "policy")
    assert check("--rules", "policy", "--select", word, "--ignore", "hms/workload-without-team") == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "k8s/calls.yaml:17:37: error[hms/foreign-caller] Deployment statistics/reports calls "
        "Service payments/ledger port 8080, which only namespace web may call"
    )


def test_the_configuration_names_and_bends_a_pack(capsys: pytest.CaptureFixture[str]) -> None:
    """Folders are relative to the configuration; its settings of rules come after those of packs."""
    shutil.copytree(EXAMPLE, "policy")
    Path(".meshlint.yaml").write_text(
        "rules: [./policy, {hms/foreign-caller: {severity: info, params: {callers: [statistics]}}}]\nselect: [hms]\n"
    )
    os.chdir("k8s")
    assert [line.partition(" ")[2] for line in found(capsys)] == [
        "warning[hms/workload-without-team] Deployment statistics/reports has pods without the label `team`"
    ]


def test_a_pack_is_no_manifest_of_the_repository(capsys: pytest.CaptureFixture[str]) -> None:
    """Its test data is read where it is named, and nowhere else."""
    shutil.copytree(EXAMPLE, "policy")
    assert not [line for line in found(capsys, "--rules", "policy") if line.startswith("policy/")]
    assert [line for line in found(capsys, "policy/fixtures", "--rules", "policy") if line.startswith("policy/")]


def test_the_example_tunes_ours_and_the_configuration_has_the_last_word(capsys: pytest.CaptureFixture[str]) -> None:
    """Built-in < packs < configuration: what each leaves open stays as it was."""
    laid_out(
        Path("policy"), {"pack.yaml": f"{MANIFEST}tunes: {{AUT002: {{severity: error}}, MTL002: {{enabled: false}}}}\n"}
    )
    ours = found(capsys, "--select", "AUT002")
    tuned = found(capsys, "--select", "AUT002", "--rules", "policy")
    assert [line.replace("warning[", "error[") for line in ours] == tuned
    assert tuned
    Path(".meshlint.yaml").write_text("rules: {workload-without-authorization-policy: {severity: info}}\n")
    assert found(capsys, "--select", "AUT002", "--rules", "policy")[0].split()[1].startswith("info[")
    assert not [line for line in found(capsys, "--rules", "policy") if "MTL002" in line]


def test_a_pack_takes_nothing_away_that_is_mandatory(capsys: pytest.CaptureFixture[str]) -> None:
    """Both files are named; a pack may make a mandatory rule graver."""
    tunes = "tunes:\n  MTL002: {severity: info, enabled: false}\n  AUT002: {severity: error}\n"
    laid_out(Path("policy"), {"pack.yaml": MANIFEST + tunes})
    Path(".meshlint.yaml").write_text("mandatory: [mtls, AUT002]\n")
    assert check("--rules", "policy") == 2
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith(("error", " -->"))] == [
        "error[rule]: MTL002 is softened from error to info, although `mandatory` in line 1 of .meshlint.yaml makes it "
        "mandatory",
        " --> policy/pack.yaml:5:22",
        "error[rule]: MTL002 is switched off, although `mandatory` in line 1 of .meshlint.yaml makes it mandatory",
        " --> policy/pack.yaml:5:37",
    ]


def test_what_a_pack_tunes_is_said_to_come_from_it(capsys: pytest.CaptureFixture[str]) -> None:
    """`meshlint config show` names the file and the line of a pack."""
    shutil.copytree(EXAMPLE, "policy")
    Path(".meshlint.yaml").write_text("rules: [./policy]\n")
    assert run(["config", "show", "k8s"]) == 0
    said = {line.split()[0]: line.split()[-1] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert said["maximum:"] == "policy/pack.yaml:10"
    assert said["RES007"] == "policy/pack.yaml:8"


def test_rules_of_packs_are_excepted_like_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """By a comment with the full name, and by the configuration."""
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE})
    arguments = ("--rules", "policy", "--select", "hms")
    assert len(found(capsys, *arguments)) == 1
    comment = "# meshlint: ignore-file[hms/foreign-caller] owner=@team agreed on\n"
    Path("k8s/calls.yaml").write_text(comment + SERVICE + CALLER)
    assert found(capsys, *arguments) == []
    Path("k8s/calls.yaml").write_text(SERVICE + CALLER)
    Path(".meshlint.yaml").write_text(
        "exceptions: [{rule: hms/foreign-caller, path: k8s/**, reason: agreed on, owner: '@team'}]\n"
    )
    assert found(capsys, *arguments) == []


@pytest.mark.parametrize(
    ("rules", "place", "told", "help"),
    [
        ("[./polcy]", "2:10", "there is no folder ./polcy", "did you mean `./policy`?"),
        ("[./k8s/calls.yaml]", "2:10", "./k8s/calls.yaml is no folder", ""),
        ("[policy]", "2:10", "there is no installed pack `policy`", "write ./policy for the folder"),
        ("[AUT002]", "2:10", "there is no installed pack `AUT002`", "it is a rule: write `select: [AUT002]`"),
        ("[./policy, {hms/foreign-calle: {}}]", "2:21", "there is no rule `hms/foreign-calle`", "did you mean"),
        ("[./policy, {hms/foreign-caller: {params: {a: 1}}}]", "2:51", "hms/foreign-caller has no parameter `a`", ""),
    ],
)
def test_a_wrong_name_in_the_configuration(
    capsys: pytest.CaptureFixture[str], rules: str, place: str, told: str, help: str
) -> None:
    """It is told at its place, with what was meant."""
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE})
    Path(".meshlint.yaml").write_text(f"# Ours.\nrules:  {rules}\n")
    assert check() == 2
    said = capsys.readouterr().err
    assert f"error[config]: {told}" in said
    assert f".meshlint.yaml:{place}" in said
    assert help in said


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("polcy", "--rules polcy: there is neither a folder nor an installed pack of that name"),
        ("./polcy", "--rules ./polcy: there is no such folder"),
        ("policy/pack.yaml", "--rules policy/pack.yaml is no folder"),
    ],
)
def test_a_wrong_name_on_the_command_line(capsys: pytest.CaptureFixture[str], word: str, told: str) -> None:
    """It is told with what was meant."""
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE})
    assert check("--rules", word) == 2
    said = capsys.readouterr().err
    assert f"error[usage]: {told}" in said
    assert "policy" in said.partition("help:")[2]


def test_a_mistake_in_a_pack_shows_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the working folder is."""
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE.replace("severity", "severty")})
    os.chdir("k8s")
    assert check("--rules", "../policy") == 2
    assert capsys.readouterr().err.splitlines() == [
        "error[rule]: unknown field `severty`",
        " --> policy/foreign-caller.yaml:2:1",
        "  |",
        "2 | severty: error",
        "  | ^^^^^^^",
        "  = help: did you mean `severity`?",
    ]


def test_a_rule_of_a_pack_that_fails_is_a_mistake_of_the_pack(capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and not as a bug of ours, and everything else is judged and reported."""
    dividing = "10 / (edge.port - 8080) > 0 || edge.client.namespace in"
    broken = RULE.replace("foreign-caller", "broken").replace("edge.client.namespace in", dividing)
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE, "broken.yaml": broken})
    assert check("--rules", "policy", "--select", "hms") == 2
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "error[rule]: rule hms/broken failed on Deployment statistics/reports → Service payments/ledger port 8080: "
        "divide by zero",
        "  = help: mend the pack hms; everything else was judged and reported",
    ]
    assert "error[hms/foreign-caller]" in said.out


@pytest.mark.parametrize(("host", "count"), [("ledger.payments.svc.cluster.local", 1), ("ledger.payments", 0)])
def test_a_service_of_another_repository_is_known_by_its_host(
    capsys: pytest.CaptureFixture[str], host: str, count: int
) -> None:
    """A host of two words may be one of elsewhere, as long as nothing of its namespace is there."""
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE})
    Path("k8s/calls.yaml").write_text(CALLER.replace("ledger.payments", host))
    arguments = ("--rules", "policy", "--select", "hms")
    assert len(found(capsys, *arguments)) == count
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: payments}\n---\n"
    Path("k8s/calls.yaml").write_text(other + CALLER.replace("ledger.payments", host))
    assert len(found(capsys, *arguments)) == 1


def test_two_packs_of_one_name_and_one_id(capsys: pytest.CaptureFixture[str]) -> None:
    """Both places are shown; the same folder named twice is one pack."""
    rule = f"id: HMS001\n{RULE}"
    laid_out(Path("one"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": rule})
    laid_out(Path("two"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": rule})
    assert check("--rules", "one", "--rules", "./one", "--select", "HMS") == 1
    capsys.readouterr()
    assert check("--rules", "one", "--rules", "two") == 2
    said = capsys.readouterr().err
    assert [line for line in said.splitlines() if "-->" in line] == [" --> one/pack.yaml:1:7", " --> two/pack.yaml:1:7"]
    laid_out(Path("two"), {"pack.yaml": MANIFEST.replace("hms", "pms")})
    assert check("--rules", "one", "--rules", "two") == 2
    said = capsys.readouterr().err
    assert [line for line in said.splitlines() if "-->" in line] == [
        " --> one/foreign-caller.yaml:1:5",
        " --> two/foreign-caller.yaml:1:5",
    ]


def test_explain_shows_what_a_rule_gives_names_to(capsys: pytest.CaptureFixture[str]) -> None:
    """A judgement that rests on a name is not understood without it; defaults read as they are written."""
    rule = RULE.replace("require: ", "let: {caller: edge.client.namespace}\nrequire: caller != params.own || ")
    rule += "params: {own: web, ports: [], names: [a, b], is_so: true}\n"
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": rule})
    assert run(["explain", "--rules", "policy", "foreign-caller"]) == 0
    told = capsys.readouterr().out
    assert "  let      caller = edge.client.namespace\n" in told
    assert "  own: web\n  ports: []\n  names: [a, b]\n  is_so: true\n" in told


def test_an_empty_list_takes_any_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is exempt until a configuration says so, whatever it is that may be exempt."""
    rule = RULE.replace("require: ", "require: edge.port in params.ports || ") + "params: {ports: []}\n"
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": rule})
    assert check("--rules", "policy", "--select", "hms") == 1
    Path(".meshlint.yaml").write_text("rules: [./policy, {hms/foreign-caller: {params: {ports: [8080]}}}]\n")
    assert check("--select", "hms") == 0


def test_rules_and_explain_know_packs(capsys: pytest.CaptureFixture[str]) -> None:
    """On the command line or by the configuration; `explain` takes the short name, too."""
    shutil.copytree(EXAMPLE, "policy")
    assert run(["rules", "--rules", "policy", "--format", "json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rules"]
    assert {row["id"]: row["name"] for row in rows if row["pack"] == "hms"} == {
        "HMS001": "hms/default-namespace",
        "hms/foreign-caller": "hms/foreign-caller",
        "hms/workload-without-team": "hms/workload-without-team",
    }
    assert all(row["pack"] is None for row in rows if row["family"] != "hms")
    Path(".meshlint.yaml").write_text("rules: [./policy]\n")
    for word in ("foreign-caller", "hms/foreign-caller"):
        assert run(["explain", word]) == 0
        told = capsys.readouterr().out
        assert "of the pack hms, in policy/foreign-caller.yaml" in told
        assert "  callers: [web]\n" in told
    assert run(["explain", "hms/foreign-calle"]) == 2
    assert "did you mean `hms/foreign-caller`?" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["sarif", "github", "gitlab", "junit", "markdown", "json"])
def test_every_format_names_a_rule_without_an_id_once(capsys: pytest.CaptureFixture[str], form: str) -> None:
    """The full name stands where others have id and name."""
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": RULE})
    assert check("--rules", "policy", "--select", "hms", "--format", form) == 1
    said = capsys.readouterr().out
    assert "hms/foreign-caller" in said
    assert "hms/foreign-caller hms/foreign-caller" not in said


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = "[meshlint.packs]\nhms = hms_policy.data\n\n[meshlint.checks]\nshouting = hms_policy.shouting\n"
    laid_out(
        folder,
        {
            "hms_policy-1.2.0.dist-info/entry_points.txt": points,
            "hms_policy/__init__.py": "raise SystemExit('a pack is data')\n",
            "hms_policy/data/pack.yaml": MANIFEST,
            "hms_policy/data/foreign-caller.yaml": RULE,
        },
    )
    monkeypatch.syspath_prepend(str(folder))


def test_an_installed_pack_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found without importing anything of it, runs where it is named, and nowhere else."""
    _install(tmp_path / "site", monkeypatch)
    assert check("--select", "RES001") == 0
    assert check("--rules", "hms", "--select", "hms") == 1
    Path(".meshlint.yaml").write_text("rules: [hms]\nselect: [hms]\n")
    assert check() == 1
    assert "hms_policy" not in sys.modules


def test_an_unknown_installed_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest that is installed is named."""
    _install(tmp_path / "site", monkeypatch)
    Path(".meshlint.yaml").write_text("rules: [hmss]\n")
    assert check() == 2
    assert "did you mean `hms`?" in capsys.readouterr().err


CHECK = """
YIELDS = {"name": "string", "place": "Place"}


def check(model, target, params):
    if target.view["name"] == "broken":
        raise KeyError("no such thing")
    yield {"name": target.view["name"].upper(), "place": target.view["place"]}
"""


def test_a_check_of_a_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with its distribution and imported when a rule names it; its failure is said to be its own."""
    _install(tmp_path / "site", monkeypatch)
    laid_out(tmp_path / "site", {"hms_policy/__init__.py": "", "hms_policy/shouting.py": CHECK})
    rule = RULE.split("when:")[0].replace("edge", "workload").replace("foreign-caller", "quiet-workload")
    rule += 'check: hms-policy/shouting\nmessage: "{found.name} is quiet"\nhelp: Shout.\n'
    laid_out(Path("policy"), {"pack.yaml": MANIFEST, "quiet-workload.yaml": rule})
    assert found(capsys, "--rules", "policy", "--select", "hms") == [
        "k8s/calls.yaml:8:18: error[hms/quiet-workload] REPORTS is quiet"
    ]
    Path("k8s/calls.yaml").write_text(CALLER.replace("reports", "broken"))
    assert check("--rules", "policy", "--select", "hms") == 2
    assert "the check `hms-policy/shouting` failed: KeyError: 'no such thing'" in capsys.readouterr().err
    laid_out(Path("policy"), {"quiet-workload.yaml": rule.replace("/shouting", "/shoutin")})
    assert check("--rules", "policy") == 2
    assert "did you mean `hms-policy/shouting`?" in capsys.readouterr().err


def test_a_folder_brings_no_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither modules nor metadata of the linted repository are looked at."""
    points = "[meshlint.checks]\nevil = evil\n[meshlint.packs]\nevil = evil\n"
    laid_out(Path(), {"evil-1.dist-info/entry_points.txt": points, "evil.py": "raise SystemExit('ran')\n"})
    rule = RULE.split("when:")[0] + "check: evil/evil\nmessage: m\nhelp: h\n"
    laid_out(
        Path("policy"), {"pack.yaml": MANIFEST, "foreign-caller.yaml": rule, "check.py": "raise SystemExit('ran')"}
    )
    assert check("--rules", "policy") == 2
    assert "there is no check `evil/evil`" in capsys.readouterr().err
    assert check("--rules", "evil") == 2
