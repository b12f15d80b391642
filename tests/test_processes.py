"""Work in a forked child: what comes back, and what a dead child does."""

from __future__ import annotations

import os

import pytest

from meshlint.policy import sharing
from meshlint.processes import may_share, start
from tests.judge import judged

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_the_bytes_of_a_child_come_back() -> None:
    """More than a pipe holds at once arrives whole."""
    assert start(lambda: b"x" * 3_000_000)() == b"x" * 3_000_000


def test_a_child_that_dies_gives_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """A failure in the child is no failure of the run: the parent does the work."""

    def die() -> bytes:
        os._exit(3)

    assert start(die)() is None


def test_two_processes_judge_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings and their order do not depend on how the work was shared."""
    folder = os.path.join(os.path.dirname(__file__), "..", "fixtures", "hms", "before")
    files = {}
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".yaml"):
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    files[os.path.relpath(os.path.join(place, name), folder)] = file.read()
    alone = judged(files)
    monkeypatch.setattr(sharing, "_WORTH_A_PROCESS", 1)
    assert alone and judged(files) == alone
    assert may_share() or os.cpu_count() == 1
