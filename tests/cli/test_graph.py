"""`meshlint graph` as a command: exit codes, files, what its options mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.cli.main import run

SHOP = """
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, env: [{name: CART_URL, value: "http://cart"}]}]}
"""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """Write a shop whose objects state no namespace."""
    (tmp_path / "shop.yaml").write_text(SHOP)
    return "shop.yaml"


def test_0_whatever_is_drawn(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A graph is no judgement."""
    assert run(["graph", shop]) == 0
    assert "web -> cart:80" in capsys.readouterr().out


def test_2_nothing_to_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As `check` does; `--allow-empty` allows it."""
    (tmp_path / "other.yaml").write_text("a: 1\n")
    assert run(["graph", "other.yaml"]) == 2
    assert "nothing to draw in other.yaml" in capsys.readouterr().err
    assert run(["graph", "other.yaml", "--allow-empty"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.yaml"], "nowhere.yaml"),
        (["shop.yaml", "--format", "htm"], "did you mean `html`?"),
        (["shop.yaml", "--only", "plain"], "plain"),
        (["shop.yaml", "--around", "crat"], "did you mean `cart`?"),
        (["shop.yaml", "--depth", "-1"], "depth"),
        (["shop.yaml", "--format", "dot", "--format", "json"], "two reports cannot share standard output"),
        (["shop.yaml", "--format", "html=no/such/folder.html"], "cannot write no/such/folder.html"),
    ],
)
def test_2_mistakes_of_the_caller(
    shop: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is named, with what was probably meant."""
    assert run(["graph", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_several_formats_in_one_run(shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files and standard output, each in its format."""
    formats = ["text", "html=page.html", "json=graph.json", "mermaid=graph.mmd", "dot=graph.dot"]
    assert run(["graph", shop, *(word for name in formats for word in ("--format", name))]) == 0
    assert "web -> cart:80" in capsys.readouterr().out
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    assert json.loads((tmp_path / "graph.json").read_text())["edges"][0]["port"] == 80
    assert (tmp_path / "graph.mmd").read_text().startswith("flowchart LR")
    assert (tmp_path / "graph.dot").read_text().startswith('digraph "shop.yaml" {')


def test_unstated_namespaces_can_be_told(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--unstated-namespace` says where objects go, `--namespace` what is shown."""
    assert run(["graph", shop, "--format", "json"]) == 0
    assert {item["namespace"] for item in json.loads(capsys.readouterr().out)["nodes"]} == {""}
    assert run(["graph", shop, "--format", "json", "--unstated-namespace", "prod", "--namespace", "prod"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {item["id"] for item in found["nodes"]} == {"service:prod/cart", "workload:prod/Deployment/web"}
    assert run(["graph", shop, "--namespace", "prod"]) == 2


def test_what_could_not_be_read_is_noted(shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A drawing must not look whole when a chart was left out."""
    (tmp_path / "chart.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Values.name }}}\n")
    assert run(["graph", "."]) == 0
    told = capsys.readouterr()
    assert "note: 1 file is helm template source and not judged (chart.yaml)" in told.err
    assert "web -> cart:80" in told.out


def test_only_may_be_repeated(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Several verdicts are shown together."""
    assert run(["graph", shop, "--only", "unknown", "--only", "broken"]) == 0
    assert "web -> cart:80" in capsys.readouterr().out
    assert run(["graph", shop, "--only", "mtls"]) == 0
    assert "web" not in capsys.readouterr().out
