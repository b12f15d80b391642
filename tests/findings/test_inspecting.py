"""Every object of the fixture meshes can be asked about, and every answer names what decided it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from meshlint.errors import UsageError
from meshlint.findings.inspecting import Heard, Inspected, Inspection, Owners, inspect
from meshlint.findings.judging import Inputs, Resolved, resolve_all
from meshlint.mesh.inspections.inspections import answer_of
from meshlint.mesh.inspections.naming import Found, candidates
from meshlint.mesh.mesh import Mesh
from meshlint.pipeline import Options, inputs_of, prepare
from meshlint.reports.inspections import json as as_json
from meshlint.reports.inspections import text as as_text
from tests.judge import TODAY

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
TREES = ("hms/before", "hms/after", "base", "meshes/sidecar", "meshes/ambient")
MODES = ("STRICT", "PERMISSIVE", "DISABLE", "NONE", "GATEWAY")


def inputs(folder: Path, **options: Any) -> Inputs:
    """Read a folder that is its own root."""
    chosen = {"today": TODAY, "root": str(folder), "cached": False, **options}
    return inputs_of(prepare(Options((str(folder),), **chosen)))


@cache
def resolved(tree: str) -> Resolved:
    """Resolve a fixture mesh once."""
    return resolve_all(inputs(FIXTURES / tree))


def asked(tree: str, kind: str) -> Iterator[tuple[Mesh, Found]]:
    """Yield every object of a kind in every environment."""
    for mesh in resolved(tree).meshes:
        for found in candidates(mesh, kind):
            yield mesh, found


def inspection(tree: str, mesh: Mesh, found: Found) -> Inspection:
    """Answer for one object, without what the rules say."""
    inspected = Inspected("", found, answer_of(mesh, found), Owners((), "", None), Heard((), (), ()))
    return Inspection((inspected,), (), resolved(tree).locator)


def plain(tree: str, mesh: Mesh, found: Found) -> dict[str, Any]:
    """Return the answer for one object as JSON gives it."""
    document: dict[str, Any] = json.loads(as_json.render(inspection(tree, mesh, found)))
    return document


@pytest.mark.parametrize("tree", TREES)
def test_every_port_says_why_it_is_in_its_mode(tree: str) -> None:
    """Each port has a mode, and a reason that names the object that decided or what is absent."""
    ports = [(f.text, port) for m, f in asked(tree, "workload") for port in plain(tree, m, f)["ports"]]
    assert ports
    for text, port in ports:
        mtls = port["mtls"]
        assert mtls["mode"] in MODES or mtls["missing"], text
        assert names_what_decided(mtls), (text, mtls)
        assert mtls["mode"] in ("STRICT", "NONE", "GATEWAY") or len(mtls["steps"]) >= 2, text


def names_what_decided(fact: dict[str, Any]) -> bool:
    """Tell whether a reason names the object that decided, or says what is absent."""
    place = fact["decided_by"]
    if place is None:
        return bool(fact["because"])
    return place["object"]["name"] in fact["because"] and place["location"]["start"]["line"] >= 1


@pytest.mark.parametrize("tree", TREES)
def test_every_port_says_who_may_call_it(tree: str) -> None:
    """Each port has callers or the reason why nobody can tell, and the rules stand in the order of proxies."""
    order = ["CUSTOM", "DENY", "ALLOW", "AUDIT"]
    for mesh, found in asked(tree, "workload"):
        for port in plain(tree, mesh, found)["ports"]:
            who = port["who_may_call"]
            assert who["because"], found.text
            assert who["value"] is not None or who["missing"], found.text
            actions = [order.index(rule["action"]) for rule in who["rules"]]
            assert actions == sorted(actions), found.text


def facts_of(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every fact of a document."""
    if isinstance(value, dict):
        if "because" in value and "value" in value:
            yield value
        for item in value.values():
            yield from facts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from facts_of(item)


@pytest.mark.parametrize("tree", TREES)
def test_every_object_is_answered(tree: str) -> None:
    """Whatever kind the mesh holds can be asked about; an unknown fact always says what is missing."""
    kinds = {resource.kind for mesh in resolved(tree).meshes for resource in mesh.inventory.resources}
    for kind in sorted(kinds):
        for mesh, found in asked(tree, kind):
            for fact in facts_of(plain(tree, mesh, found)):
                assert fact["value"] is not None or fact.get("missing"), (found.text, fact)


@pytest.mark.parametrize("tree", TREES)
def test_no_line_of_a_tree_is_wider_than_its_paper(tree: str) -> None:
    """On a terminal everything wraps but single words, at any depth."""
    for kind in ("workload", "service", "namespace", "destinationrule"):
        for mesh, found in asked(tree, kind):
            for line in as_text.render(inspection(tree, mesh, found), as_text.Paper(80, False)).splitlines():
                assert len(line) <= 80 or max(map(len, line.split())) > 50, line


def test_a_name_that_several_objects_have_is_refused() -> None:
    """The candidates are named as they would have to be asked for."""
    with pytest.raises(UsageError) as refused:
        inspect(inputs(FIXTURES / "hms/after"), "netpol", "default-deny")
    assert refused.value.message == "`default-deny` is 2 objects"
    assert "`networkpolicy.networking.k8s.io hms/default-deny`" in refused.value.help


@pytest.mark.parametrize(
    ("kind", "name", "help_text"),
    [
        ("deply", "voting-svc", "did you mean `deploy`?"),
        ("deploy", "votin-svc", "did you mean `hms/voting-svc`?"),
        ("deploy", "legacy/voting-svc", "did you mean `hms/voting-svc`?"),
        ("rollout", "voting-svc", "the paths hold none of that kind"),
    ],
)
def test_a_misspelt_name_is_put_right(kind: str, name: str, help_text: str) -> None:
    """Kinds and names that do not exist say what was probably meant."""
    with pytest.raises(UsageError) as refused:
        inspect(inputs(FIXTURES / "hms/before"), kind, name)
    assert refused.value.help == help_text


def test_environments_that_differ_are_told_apart() -> None:
    """An object of two overlays is answered for each of them, one that both share once."""
    told = inputs(FIXTURES / "meshes/sidecar")
    texts = [answer.environment for answer in inspect(told, "dr", "notify/notifier").answers]
    assert texts == ["notify/overlays/production", "notify/overlays/staging"]
    assert [answer.environment for answer in inspect(told, "deploy", "orders/pricing").answers] == [""]


def test_owners_and_rules_speak_of_the_object() -> None:
    """The line of CODEOWNERS is named, and findings on the object or inside it are listed."""
    found = inspect(inputs(FIXTURES / "hms/after"), "pa", "hms/tricare-feed").answers[0]
    assert found.owners.value == ("@hms/mesh-team",)
    assert found.owners.line is not None
    assert found.owners.line.path == ".github/CODEOWNERS"
    before = inspect(inputs(FIXTURES / "hms/before"), "dr", "hms/voting-svc").answers[0]
    assert "RES001" in {finding.rule for finding in before.heard.findings}


@pytest.mark.parametrize(
    ("tree", "name", "rule"),
    [("hms/before", "hms/passport-svc", "INJ001"), ("meshes/sidecar", "logistics/label-printer", "MTL007")],
)
def test_findings_on_what_decided_are_heard(tree: str, name: str, rule: str) -> None:
    """A finding on the namespace or policy that decides about a workload names the workload, and is listed there."""
    found = inspect(inputs(FIXTURES / tree), "deploy", name).answers[0]
    assert rule in {finding.rule for finding in found.heard.findings}


def test_a_longer_name_is_another_object() -> None:
    """What is said of `voting-svc-canary` is not said of `voting-svc`."""
    found = inspect(inputs(FIXTURES / "hms/before"), "deploy", "hms/voting-svc").answers[0]
    assert {finding.resource.name for finding in found.heard.findings if finding.rule == "MTL001"} == {"voting-svc"}


def test_a_broken_file_elsewhere_hides_nothing(tmp_path: Path) -> None:
    """What cannot be read is noted, and everything else is answered."""
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: [\n")
    found = inspect(inputs(tmp_path), "ns", "shop")
    assert found.answers[0].found.text == "Namespace shop"
    assert [note.partition(":")[0] for note in found.notes] == ["broken.yaml"]


def test_an_object_that_is_described_twice_is_answered_twice() -> None:
    """Two documents of one identity that nothing separates each have an answer, owners and findings of their own."""
    found = inspect(inputs(FIXTURES / "meshes/sidecar"), "se", "payments/card-network")
    paths = [one.found.resource.path for one in found.answers if one.found.resource is not None]
    assert paths == ["payments/card-network.yaml", "platform/egress/card-network.yaml"]
    assert found.answers[0].owners != found.answers[1].owners
