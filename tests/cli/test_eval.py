"""What an expression yields, and what is said of one that cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from meshlint.cli.main import run

MESHED = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {tier: front}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web, trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}}}}
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Share a cache, so that the rules are compiled once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a workload whose namespace is described, and one whose is not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(cache))
    Path("shop.yaml").write_text(f"{MESHED}---{WEB}---{RULE}")
    Path("other.yaml").write_text(WEB.replace("shop", "other"))


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return what `eval` prints as JSON."""
    assert run(["eval", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def mistake(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what is said of a call that is a mistake."""
    assert run(["eval", *arguments]) == 2
    return capsys.readouterr().err


def test_a_value_for_each_target_and_a_reason_where_nothing_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """Unknown facts leave the answer undecided, with what the manifests do not say."""
    assert run(["eval", "workload.meshed"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "other.yaml:4:18: Deployment other/web  undecided: the manifests do not say the labels of namespace other",
        "shop.yaml:7:18: Deployment shop/web  true",
        "1 true, 0 false, 1 undecided",
    ]


@pytest.mark.parametrize(
    ("expression", "type_word", "value"),
    [
        ("workload.ports.size()", "int", 2),
        ("workload.name + '!'", "string", "web!"),
        ("workload.ports.map(p, p.number)", "list int", [8080, 9090]),
        ("workload.mtls.disabled.ports", "string", ""),
        ("workload.labels", "map string", {"app": "web"}),
        ("1.0 / 2.0", "double", 0.5),
    ],
)
def test_values_keep_their_types(
    capsys: pytest.CaptureFixture[str], expression: str, type_word: str, value: object
) -> None:
    """JSON holds what the expression yields, and the type that it was checked for."""
    told = evaluated(capsys, expression, "--target", "workload", "shop.yaml")
    assert told["type"] == type_word
    assert [row["value"] for row in told["answers"]] == [value]


def test_places_in_values_are_locations(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody sees the addresses by which views name places."""
    told = evaluated(capsys, "workload.home", "shop.yaml")["answers"][0]["value"]
    assert (told["text"], told["location"]["path"], told["location"]["start"]["line"]) == (
        "Namespace shop",
        "shop.yaml",
        3,
    )


def test_kinds_elements_and_named_expressions(capsys: pytest.CaptureFixture[str]) -> None:
    """What a rule may ask can be tried: a kind with its group, `each`, and `let` upon `let`."""
    kind = "networking.istio.io/DestinationRule"
    assert [row["value"] for row in evaluated(capsys, "object.host", "--target", kind)["answers"]] == [
        "web.shop.svc.cluster.local"
    ]
    told = evaluated(
        capsys, "port.number > limit", "--target", "workload", "--each", "port=workload.ports", "shop.yaml",
        "--let", "base=8000", "--let", "limit=base + 1000",
    )  # fmt: skip
    assert [(row["element"], row["value"]) for row in told["answers"]] == [("port[0]", False), ("port[1]", True)]


def test_an_expression_that_fails_is_no_undecided_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A key that is not there is the expression's own fault, and a note says what a rule would come to."""
    assert run(["eval", 'workload.labels["nope"] == ""', "shop.yaml"]) == 0
    printed = capsys.readouterr()
    assert 'fails: there is no key "nope"' in printed.out
    assert "a rule that says this fails there" in printed.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["workload.mesh"],
            ["Workload has no fact `mesh`", "--> expression:1:10", "         ^^^^", "did you mean `meshed`?"],
        ),
        (["workload.ports.exists(p,\n  p.numbr > 1)"], ["--> expression:2:5", "did you mean `number`?"]),
        (["workload.meshed &&"], ["--> expression:1:", "the expression ends too early"]),
        (["has(workload.meshed)"], ["`has` cannot tell an unknown `meshed` from an absent one"]),
        (["a", "--target", "workload", "--let", "a=wrkload.meshed"], ["--> let a:1:1", "did you mean `workload`?"]),
        (["true", "--target", "workload", "--each", "p=workload.prts"], ["--> each:1:10", "did you mean `ports`?"]),
        (["true", "--target", "workload", "--each", "p=workload.meshed"], ["is a bool and no list"]),
        (["true", "--target", "workload", "--each", "p"], ["write --each NAME=…"]),
        (["true", "--target", "workload", "--let", "workload=1"], ["`workload` is already taken"]),
        (["true", "--target", "workloads"], ["did you mean `workload`?", "targets are workload, service"]),
        (["true", "--target", "destinationrule"], ["did you mean `networking.istio.io/DestinationRule`?"]),
        (["true", "--target", "suppression"], ["known only when all rules have judged"]),
        (["true"], ["pass --target with one of workload, service"]),
        (["workload.meshed", "nowhere.yaml"], ["cannot read nowhere.yaml"]),
    ],
)
def test_mistakes_are_told_at_their_place(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: list[str]
) -> None:
    """Line, column, and what was probably meant; never a trace."""
    told = mistake(capsys, *arguments)
    for text in expected:
        assert text in told


def test_a_kind_that_does_not_occur_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Silence would read like an answer."""
    assert run(["eval", "object.name", "--target", "rbac.authorization.k8s.io/ClusterRol"]) == 0
    assert "did you mean rbac.authorization.k8s.io/ClusterRole?" in capsys.readouterr().err
