"""The peers' own test data runs through, nearly without false alarms; skipped where it is absent."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SUITES = Path(__file__).parent.parent.parent.parent / "shared" / "suites"
pytestmark = pytest.mark.skipif(not (SUITES / "score.py").exists(), reason="the shared suites are not here")


@pytest.mark.parametrize("suite", ["istio", "kiali"])
def test_a_suite_runs_through_without_false_alarms(suite: str) -> None:
    """Every case gives a report; what we say is nearly never what the peer denies."""
    command = [sys.executable, str(SUITES / "score.py"), suite, "--cmd", f"{sys.executable} -m meshlint"]
    command += ["--disagreements", str(Path(__file__).parent / f"disagreements-{suite}.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    last = done.stdout.strip().splitlines()[-1]
    match = re.search(r"\((\d+) hit, (\d+) false, (\d+) missed", last)
    assert match is not None
    hit, false = int(match[1]), int(match[2])
    assert hit >= 0.97 * (hit + false) > 0, last
