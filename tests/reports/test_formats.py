"""Every format says the same, is valid where a schema exists, and lets no name speak its language."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from meshlint.cache import digest
from meshlint.cli.main import run as command
from meshlint.findings.report import Report
from meshlint.pipeline import Run, check
from meshlint.reports import markdown, sarif
from meshlint.reports.formats import FORMATS
from meshlint.reports.manual import fenced
from tests.judge import TODAY
from tests.reports.produce import ROOT, produced, run_over, write_mesh

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run over a mesh with hostile names."""
    return run_over(write_mesh(tmp_path_factory.mktemp("mesh")))


@pytest.fixture(scope="module")
def report(run: Run) -> Report:
    """Return what the run says; it holds one of each kind."""
    found = check(run)
    assert found.findings
    assert found.suppressed
    assert found.undecided
    assert found.unjudged
    return found


def sarif_run(text: str) -> dict[str, Any]:
    """Return the one run of a valid SARIF document."""
    document = json.loads(text)
    jsonschema.validate(document, json.loads((SCHEMAS / "sarif.json").read_text()), cls=jsonschema.Draft202012Validator)
    return document["runs"][0]


def junit(text: str) -> etree._Element:
    """Return the root of a valid JUnit document."""
    root = etree.fromstring(text.encode())
    etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd")).assertValid(root)
    return root


@pytest.mark.parametrize("name", FORMATS)
def test_the_exit_code_is_that_of_the_findings(name: str, tmp_path: Path) -> None:
    """One run ends alike in every format, on standard output and in a file."""
    before, after = str(ROOT / "fixtures/hms/before"), str(ROOT / "fixtures/hms/after")
    file = tmp_path / "report"
    assert command(["check", before, "--today", TODAY, "--format", name]) == 1
    assert command(["check", before, "--today", TODAY, "--format", f"{name}={file}", "--fail-on", "never"]) == 0
    assert command(["check", after, "--today", TODAY, "--format", f"{name}={file}"]) == 0
    assert file.stat().st_size


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_are_the_same_for_the_same_input(name: str, run: Run, report: Report) -> None:
    """A format adds no time, no order of its own, and nothing that UTF-8 cannot write."""
    text = produced(name, run, report)
    assert text == produced(name, run, check(run))
    assert text.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_file_names_that_are_no_text_are_written_nevertheless(name: str, run: Run, report: Report) -> None:
    """A byte of a file name that is no UTF-8 is escaped or replaced, and the document stays valid."""
    location = {**report.findings[0]["location"], "path": "raw\udcff\x07.yaml"}
    text = produced(name, run, report._replace(findings=[{**report.findings[0], "location": location}]))
    assert text.encode("utf-8")
    assert "\x07" not in text
    assert re.search(r"raw(\ufffd|\\udcff|%FF)", text)


def test_sarif_is_valid_and_points_to_its_rules(run: Run, report: Report) -> None:
    """Results name their rule twice, alike, and have both ends of a region."""
    told = sarif_run(produced("sarif", run, report))
    rules = told["tool"]["driver"]["rules"]
    assert len(told["results"]) == len(report.findings) + len(report.suppressed)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in told["results"])
    assert {rule["id"] for rule in rules} == {active.rule.id for active in run.rules}
    permissive = next(rule for rule in rules if rule["id"] == "MTL001")
    assert permissive["properties"]["security-severity"] == "8.0"
    assert "nist-800-53r5/SC-8" in permissive["properties"]["tags"]
    namespace = next(rule for rule in rules if rule["id"] == "HYG006")
    assert "security-severity" not in namespace["properties"]


def test_sarif_tells_suppressions_and_sarif_open_leaves_them_out(run: Run, report: Report) -> None:
    """The standard wants suppressed results; GitHub would open an alert for each."""
    suppressed = [r for r in sarif_run(produced("sarif", run, report))["results"] if "suppressions" in r]
    assert [r["suppressions"][0]["kind"] for r in suppressed] == ["inSource"]
    assert "two | operators use it; owner @hms/platform; until 2027-01-31" in str(suppressed)
    assert len(sarif_run(produced("sarif-open", run, report))["results"]) == len(report.findings)


def test_sarif_notifies_of_what_was_not_judged(run: Run, report: Report) -> None:
    """Undecided judgements and skipped templates are said beside the results."""
    notifications = sarif_run(produced("sarif", run, report))["invocations"][0]["toolExecutionNotifications"]
    assert {item["associatedRule"]["id"] for item in notifications if "associatedRule" in item} == {
        item["rule"] for item in report.undecided
    }
    assert any("helm template source" in item["message"]["text"] for item in notifications)


def test_sarif_keeps_the_gravest_results_within_the_limits(
    run: Run, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit the least grave go first, and the run says so."""
    graded = [{**report.findings[0], "severity": severity} for severity in ("info", "error", "warning")]
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    told = sarif_run(produced("sarif", run, report._replace(findings=graded)))
    assert [result["level"] for result in told["results"]] == ["error", "warning"]
    assert "2 of 4 results are left out" in str(told["invocations"])


def test_sarif_stays_within_the_size_of_an_upload(run: Run, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large packed loses results until it fits."""
    many = [{**report.findings[0], "fingerprint": digest(str(number))} for number in range(400)]
    whole = len(produced("sarif", run, report._replace(findings=many)))
    room = len(zlib.compress(produced("sarif", run, report._replace(findings=many[:40])).encode(), 6))
    monkeypatch.setattr(sarif, "MOST_BYTES", room)
    text = produced("sarif", run, report._replace(findings=many))
    assert 0 < len(sarif_run(text)["results"]) < 400
    assert len(text) < whole


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b/ü.yaml", {"uri": "a%20b/%C3%BC.yaml", "uriBaseId": "%SRCROOT%"}),
        ("x%:y#?.yaml", {"uri": "x%25%3Ay%23%3F.yaml", "uriBaseId": "%SRCROOT%"}),
        ("raw\udcff.yaml", {"uri": "raw%FF.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/etc/mesh.yaml", {"uri": "file:///etc/mesh.yaml"}),
    ],
)
def test_sarif_addresses_files_by_uris(path: str, expected: dict[str, str]) -> None:
    """Paths are percent-encoded byte by byte, and only those below the root are relative to it."""
    assert sarif.artifact(path) == expected


def test_github_commands_are_one_line_each(run: Run, report: Report) -> None:
    """Names break out of neither a property nor a line."""
    lines = produced("github", run, report).split("\n")
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(report.findings)
    shape = r"::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,title=[^,:]+::.+"
    assert all(re.fullmatch(shape, command) for command in commands)
    assert any("%0A%250A" in command for command in commands)  # a newline and a per cent sign of the file name
    assert lines[-2].startswith("meshlint: ")


def test_github_says_how_many_annotations_do_not_show(run: Run, report: Report) -> None:
    """Ten of a level are shown; the rest is counted, the gravest first."""
    warning = {**report.findings[0], "severity": "warning"}
    error = {**report.findings[0], "severity": "error"}
    summary = {**report.summary, "findings": {"error": 1, "warning": 12, "info": 0}}
    text = produced("github", run, report._replace(findings=[warning] * 12 + [error], summary=summary))
    assert text.startswith("::error ")
    assert "; 2 more stand in this log" in text


def test_gitlab_rows_have_what_its_widget_needs(run: Run, report: Report) -> None:
    """Every violation has its five members, and no two share a fingerprint."""
    rows = json.loads(produced("gitlab", run, report))
    assert len(rows) == len(report.findings) == len({row["fingerprint"] for row in rows})
    for row in rows:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert row["location"]["lines"]["begin"] >= 1


def test_junit_is_valid_and_counts_right(run: Run, report: Report) -> None:
    """Findings fail, suppressed and undecided are skipped, silent rules pass."""
    root = junit(produced("junit", run, report))
    assert len(root.findall(".//failure")) == len(report.findings) == int(root.get("failures"))
    assert len(root.findall(".//skipped")) == len(report.suppressed) + len(report.undecided)
    assert len(root.findall(".//testcase")) == int(root.get("tests"))
    for suite in root:
        assert int(suite.get("tests")) == len(suite)
    texts = [case.get("name") for case in root.iter("testcase")]
    assert any("]]><b>|`" in text for text in texts)


def test_junit_of_a_clean_run_is_not_empty(run: Run) -> None:
    """A rule that judged and found nothing stands there as a passing case."""
    clean = run_over(ROOT / "fixtures/hms/after")
    root = junit(produced("junit", clean))
    assert root.get("failures") == "0"
    assert int(root.get("tests")) > 0


def test_markdown_shows_names_as_they_are(run: Run, report: Report) -> None:
    """No cell is split, no link, HTML or mention comes out of a manifest."""
    text = produced("markdown", run, report)
    assert "<b>" not in text
    assert re.search(r"(?<!\\)\]\(", text) is None
    assert "@hms" not in text
    rows = [line for line in text.split("\n") if line.startswith("| MTL001<br>")]
    assert rows
    assert all(line.count("|") == 4 for line in rows)


def test_markdown_tells_judged_from_not_judged(run: Run, report: Report) -> None:
    """Undecided facts have the line that settles them, suppressed ones reason and expiry, templates a remedy."""
    text = produced("markdown", run, report)
    assert "assume&#58; \\{namespaces&#58; \\{elsewhere&#58; " in text
    assert "two &#124; operators use it | &#64;hms/platform | 2027-01-31 |" in text
    assert "- helm template source; render it" in text
    assert "  - chart/deploy.yaml" in text
    assert re.search(r"\*\*Judged:\*\* \d+ objects in \d+ files by \d+ rules", text)


def test_markdown_fits_into_a_job_summary(run: Run, report: Report) -> None:
    """What exceeds 1 MiB is counted instead."""
    text = produced("markdown", run, report._replace(findings=report.findings[:1] * 10_000))
    assert len(text.encode()) <= markdown.MOST_BYTES
    assert "lines left out" in text


def test_a_fence_is_longer_than_what_it_holds() -> None:
    """An example with a code block of its own stays inside."""
    assert fenced("a ```` b").startswith("`````yaml\n")


def test_an_unknown_format_is_the_callers_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest name is offered."""
    assert command(["check", str(ROOT / "fixtures/hms/after"), "--format", "sarf"]) == 2
    assert "sarif" in capsys.readouterr().err
