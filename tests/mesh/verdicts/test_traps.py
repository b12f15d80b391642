"""The traps that neither a naive reader nor Kiali sees: each fixture says in a comment what becomes of its calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mesh.build import mesh
from tests.mesh.verdicts.asking import ask, expected, steps

TRAPS = sorted((Path(__file__).parents[3] / "fixtures" / "traps").glob("*.yaml"))


@pytest.mark.parametrize("path", TRAPS, ids=[path.stem for path in TRAPS])
def test_traps(path: Path) -> None:
    """The verdict is the one that the fixture states, and so is the step at which encryption was lost."""
    text = path.read_text(encoding="utf-8")
    promised = expected(text)
    assert promised
    found = mesh(text)
    for row in promised:
        answer = ask(found, row.source, row.service, row.port, row.subset)
        assert answer.mtls == row.mtls, (row.line, answer)
        assert not row.step or row.step in steps(answer), (row.line, answer)
        assert answer.because
