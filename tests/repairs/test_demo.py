"""The mesh of the agency, as it was: what `fix --unsafe` makes of it is a change that somebody would take."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from meshlint.repairs.rounds import Outcome
from meshlint.repairs.runs import FileChange
from meshlint.repairs.telling import reviewed
from meshlint.syntax.comments import comments_in
from tests.repairs.trees import fixed

BEFORE = Path(__file__).parent.parent.parent / "fixtures" / "hms" / "before"
Run = tuple[Path, Outcome, list[FileChange]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fix a copy once for all tests."""
    folder = tmp_path_factory.mktemp("demo") / "hms"
    shutil.copytree(BEFORE, folder)
    return folder, *fixed(folder, profile="standard")


def test_nothing_that_has_a_fix_is_left(run: Run) -> None:
    """What is left says why, and has no fix in the reports either."""
    _, outcome, _ = run
    assert [finding for finding in outcome.last.judged.findings if finding.fix is not None] == []
    left = {(left.finding.rule, left.because) for left in outcome.left}
    assert left == {
        ("OWN002", "the configuration names no `ownership.policy-owners`"),
        (
            "INJ001",
            "Service legacy/benefits-cobol port 3270 is legacy raw TCP, and no manifest says whether its servers can "
            "carry a proxy",
        ),
    }
    assert {finding.rule for finding in outcome.without} == {"PRO001"}


def test_every_comment_stays(run: Run) -> None:
    """No comment of any file is lost."""
    folder, _, _ = run
    for path in BEFORE.rglob("*.yaml"):
        before, after = (Counter(comments_in(file.read_bytes())) for file in (path, folder / path.relative_to(BEFORE)))
        assert not before - after, path


def test_a_second_run_changes_nothing(run: Run) -> None:
    """What was written is what was judged."""
    folder, outcome, files = run
    assert files
    again, more = fixed(folder, profile="standard", writes=False)
    assert more == [] and again.first.judged.findings == outcome.last.judged.findings


def test_nothing_is_written_beside_the_faults(run: Run) -> None:
    """Only the files of findings are changed, and new ones stand beside them."""
    _, outcome, files = run
    places = {finding.location.path for finding in outcome.first.judged.findings}
    folders = {path.rpartition("/")[0] for path in places}
    for file in files:
        assert (file.path in places) if file.before is not None else (file.path.rpartition("/")[0] in folders)


def test_numbers_are_named_for_review(run: Run) -> None:
    """Every limit that was written is listed with the line on which it stands."""
    folder, outcome, _ = run
    lines = {place: (folder / place.split(":")[0]).read_text().splitlines() for place, _ in reviewed(outcome)}
    shown = {lines[place][int(place.split(":")[1]) - 1].strip() for place in lines}
    assert {"connectionPool:", "outlierDetection:", "timeout: 15s"} <= shown


def test_callers_are_still_admitted(run: Run) -> None:
    """The default deny comes with a policy for each service that is known to be called."""
    folder, _, _ = run
    text = (folder / "hms-authorization.yaml").read_text()
    assert "cluster.local/ns/hms/sa/passport-svc" in text and "cluster.local/ns/hms/sa/voting-svc" in text
