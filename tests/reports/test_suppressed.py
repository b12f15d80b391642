"""What every report says of a suppressed finding: by what, why, who answers for it, until when, and the ticket."""

from __future__ import annotations

import json

import pytest

from meshlint.findings.report import Report
from meshlint.pipeline import Run, check
from meshlint.reports.formats import Setting, rendered
from meshlint.reports.review import review, review_text
from tests.reports.produce import produced, run_over
from tests.reports.test_formats import junit, sarif_run

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: %s, namespace: shop%s}
spec:
  selector: {app: web}
  ports:
  - name: http  # %s
    port: 80
"""
FILES = {
    "mesh.yaml": """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
""",
    "a.yaml": SERVICE % ("a", "", "meshlint: ignore[RES001] until=2027-01-31 owner=@o ticket=T-1 because of a"),
    "b.yaml": SERVICE
    % ("b", ', annotations: {meshlint.dev/ignore: "RES001 owner=@o ticket=T-2 because of b"}', "nothing"),
    "c.yaml": SERVICE % ("c", "", "nothing"),
    "open.yaml": SERVICE % ("open", "", "nothing"),
    ".meshlint.yaml": """
root: true
select: [RES001]
exceptions:
- {rule: RES001, object: Service shop/c, reason: because of c, owner: "@o", ticket: T-3}
""",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run over three suppressed findings, one of each kind, and an open one."""
    folder = tmp_path_factory.mktemp("mesh")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return run_over(folder)


@pytest.fixture(scope="module")
def report(run: Run) -> Report:
    """Return what it says."""
    return check(run)


def test_json_tells_all_of_it(run: Run, report: Report) -> None:
    """The kind, the words, the ticket, and where the suppression stands."""
    rows = [item["suppression"] for item in json.loads(produced("json", run, report))["suppressed"]]
    told = [(row["kind"], row["reason"], row["owner"], row["expires"], row["ticket"]) for row in rows]
    assert told == [
        ("comment", "because of a", "@o", "2027-01-31", "T-1"),
        ("annotation", "because of b", "@o", None, "T-2"),
        ("config", "because of c", "@o", None, "T-3"),
    ]
    places = [(row["location"]["path"], row["location"]["start"]["line"], row["location"]["pointer"]) for row in rows]
    assert places == [
        ("a.yaml", 8, ""),
        ("b.yaml", 4, "/metadata/annotations/meshlint.dev~1ignore"),
        (".meshlint.yaml", 5, "/exceptions/0"),
    ]


def test_text_counts_by_kind_and_lists_on_request(run: Run, report: Report) -> None:
    """The list is asked for; the count stands there always."""
    text = produced("text", run, report)
    assert "3 suppressed (1 by comments, 1 by annotations, 1 by the configuration)" in text
    assert "because of" not in text
    listed = rendered("text", report, Setting(run.catalogue, lambda _path: (), shows_suppressed=True))
    line = next(line for line in listed.split("\n") if line.startswith("b.yaml"))
    assert line.startswith("b.yaml:8:5: suppressed[RES001 missing-circuit-breaker] ")
    assert line.endswith("(annotation at b.yaml:4: because of b; owner @o; ticket T-2)")


def test_sarif_says_where_and_in_which_words(run: Run, report: Report) -> None:
    """What stands in the manifests is `inSource`, the configuration `external`."""
    results = sarif_run(produced("sarif", run, report))["results"]
    told = [result["suppressions"][0] for result in results if "suppressions" in result]
    assert [row["kind"] for row in told] == ["inSource", "inSource", "external"]
    assert told[0]["justification"] == "because of a; owner @o; until 2027-01-31; ticket T-1"
    places = [row["location"]["physicalLocation"]["artifactLocation"]["uri"] for row in told]
    assert places == ["a.yaml", "b.yaml", ".meshlint.yaml"]


def test_junit_skips_with_the_words(run: Run, report: Report) -> None:
    """Each is a skipped case."""
    told = {case.get("message") for case in junit(produced("junit", run, report)).findall(".//skipped")}
    assert told == {
        "suppressed by comment: because of a; owner @o; until 2027-01-31; ticket T-1",
        "suppressed by annotation: because of b; owner @o; ticket T-2",
        "suppressed by config: because of c; owner @o; ticket T-3",
    }


def test_markdown_has_a_row_for_each(run: Run, report: Report) -> None:
    """With the ticket in the last column."""
    text = produced("markdown", run, report)
    assert "| annotation | because of b | &#64;o | never | T-2 |" in text


def test_a_review_names_owner_and_ticket(run: Run, report: Report) -> None:
    """So that whoever reviews knows whom to ask."""
    rules = [active.rule for active in run.rules]
    rows = review("rule", report, run.catalogue, rules, lambda _path: ())
    text = review_text("rule", rows, report, {})
    assert "  suppressed by config (because of c; owner @o; ticket T-3): c.yaml:8:5" in text


def test_the_log_of_a_step_counts_them(run: Run, report: Report) -> None:
    """GitHub has no annotation for what is suppressed."""
    text = produced("github", run, report)
    assert "1 by annotations" in text
    assert "because of" not in text
