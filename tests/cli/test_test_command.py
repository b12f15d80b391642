"""`meshlint test` and `meshlint new-rule` as their users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from meshlint.cli.main import run
from tests.judge import COMPILED
from tests.testing.packs import CLOSED, OPEN, RULE, pack, write


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", COMPILED)
    monkeypatch.setenv("NO_COLOR", "1")


def test_a_new_rule_passes_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """And says where it lies and what is next."""
    assert run(["new-rule", "own-account"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote policy/pack.yaml",
        "wrote policy/own-account.yaml",
        "wrote policy/fixtures/own-account/good-outside-the-mesh.yaml",
        "wrote policy/fixtures/own-account/bad-default-by-name.yaml",
        "",
        "meshlint vocabulary workload lists what it may say",
        "meshlint test policy tries it, meshlint check --rules policy judges by it",
    ]
    assert run(["test", "policy", "--require-branches"]) == 0
    assert capsys.readouterr().out == (
        "1 rule, 5 cases: 5 passed, 0 failed; 2 of 2 conditions were seen both true and false\n"
    )
    assert run(["new-rule", "own-account"]) == 2


def test_without_a_folder_the_packs_of_the_configuration_are_tested(capsys: pytest.CaptureFixture[str]) -> None:
    """And a new rule goes into the one that is named."""
    Path(".meshlint.yaml").write_text("rules: [./own]\n")
    assert run(["new-rule", "own-rule", "--target", "service"]) == 0
    assert run(["test"]) == 0
    assert "1 rule, 4 cases: 4 passed" in capsys.readouterr().out


def test_without_a_configuration_the_folder_of_new_rules_is_tested(capsys: pytest.CaptureFixture[str]) -> None:
    """`new-rule` writes there, so `test` looks there."""
    assert run(["new-rule", "own-account"]) == 0
    assert run(["test"]) == 0
    assert "1 rule, 5 cases: 5 passed" in capsys.readouterr().out


def test_a_kind_that_does_not_exist_is_no_target(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither of a new rule nor of an expression: nothing would ever be judged."""
    kind = "security.istio.io/AuthorisationPolicy"
    for command in (["new-rule", "a-b", "--target", kind], ["eval", "true", "--target", kind]):
        assert run(command) == 2
        assert "did you mean `security.istio.io/AuthorizationPolicy`?" in capsys.readouterr().err


def test_a_failure_is_framed_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing at its line, with what was found instead; then what no case reaches."""
    pack(tmp_path, {"bad-a.yaml": OPEN.replace("NodePort", "ClusterIP")})
    assert run(["test", "own"]) == 1
    assert (
        capsys.readouterr().out
        == """\
error[own/open-node bad-a.yaml]: own/open-node was expected here and was not found
 --> own/fixtures/open-node/bad-a.yaml:4:3
  |
4 |   name: web  # expect: open-node
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = found: `require` holds in 1 judgement, and no other fault is there

own/open-node.yaml:4:9: info[own/open-node when] no case of the rule makes `service.is_external` true
own/open-node.yaml:5:10: info[own/open-node require] no case of the rule makes `service.type != "NodePort"` false
1 rule, 1 case: 0 passed, 1 failed; 0 of 2 conditions were seen both true and false
"""
    )


def test_branches_fail_only_where_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are told in any case."""
    pack(tmp_path, {"bad-a.yaml": OPEN, "good-a.yaml": CLOSED})
    assert run(["test", "own"]) == 0
    assert ": info[own/open-node when] " in capsys.readouterr().out
    assert run(["test", "own", "--require-branches"]) == 1
    assert ": error[own/open-node when] " in capsys.readouterr().out


def test_json_and_junit_hold_every_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is version 1; in JUnit a rule is a suite, and branches are skipped unless they are required."""
    pack(tmp_path, {"bad-a.yaml": OPEN.replace("open-node", "open-nod"), "good-a.yaml": CLOSED})
    assert run(["test", "own", "--format", "json", "--format", "junit=report.xml"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    assert told["summary"] == {"rules": 1, "cases": 2, "passed": 1, "failed": 1, "conditions": 2, "reached": 0}
    [bad, good] = told["cases"]
    assert good == {
        "rule": "own/open-node", "name": "own/open-node", "case": "good-a.yaml", "side": "good",
        "path": "own/fixtures/open-node/good-a.yaml", "passed": True, "problems": [],
    }  # fmt: skip
    [problem] = bad["problems"]
    assert problem["kind"] == "unknown-rule"
    assert problem["notes"] == [{"name": "help", "text": "did you mean `open-node`?"}]
    assert problem["location"]["start"] == {"line": 4, "column": 24}
    assert [(row["part"], row["never"]) for row in told["rules"][0]["unreached"]] == [
        ("when", ["true"]), ("require", ["false"]),
    ]  # fmt: skip
    suites = etree.parse("report.xml").getroot()
    assert dict(suites.attrib) == {
        "name": "meshlint test",
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert [case.get("name") for case in suites.iter("testcase")] == ["bad-a.yaml", "good-a.yaml", "branches"]
    assert [element.get("type") for element in suites.iter("failure")] == ["unknown-rule"]


def test_rules_are_chosen_by_name_or_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not chosen is not tried, and judges all the same."""
    pack(tmp_path, {"bad-a.yaml": OPEN})
    write(tmp_path / "own", {"web-name.yaml": RULE.replace("open-node", "web-name")})
    assert run(["test", "own"]) == 1
    for arguments in (["own", "--select", "open-node"], ["own", "--select", "own/open-node"], ["own/open-node.yaml"]):
        capsys.readouterr()
        assert run(["test", *arguments]) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith("1 rule, 1 case: 1 passed, 0 failed")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to test"),
        (["nowhere"], "nowhere does not exist"),
        (["owm"], "did you mean `own`?"),
        (["empty"], "empty holds no rule"),
        (["own", "--select", "open-nodes"], "did you mean `own/open-node`?"),
        (["own", "--format", "sarif"], "there is no format `sarif`"),
        (["own", "--today", "soon"], "--today soon is no date"),
        (["own/pack.yaml"], "own/pack.yaml is no rule of own"),
        (["own", "--format", "json=nowhere/a.json"], "cannot write nowhere/a.json"),
        (["broken"], "broken/open-node.yaml:5:18"),
    ],
)
def test_a_mistake_of_the_caller_ends_with_2(
    tmp_path: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing to test is one, and a broken rule is one, told at its place."""
    pack(tmp_path, {"bad-a.yaml": OPEN})
    write(tmp_path, {"broken/open-node.yaml": RULE.replace("service.type", "service.typ"), "empty/README.md": ""})
    assert run(["test", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_pack_that_shows_the_way_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """What documents show as an example is one."""
    folder = Path(__file__).parent.parent.parent / "fixtures/packs/hms"
    assert run(["test", str(folder)]) == 0, capsys.readouterr().out
