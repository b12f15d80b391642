"""Notes on what was not judged; what one says about an open question is what closes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meshlint.findings.finding import Subject, Unsettled
from meshlint.findings.notes import notes_of
from meshlint.findings.report import Report
from meshlint.pipeline import Options, check, prepare
from tests.judge import COMPILED, TODAY
from tests.mesh.build import deployment, namespace
from tests.mesh.verdicts.writing import service

CLIENT = namespace("web", "{istio.io/dataplane-mode: ambient}") + deployment("client", "web").replace(
    "containers: [{", 'containers: [{env: [{name: API, value: "http://api.server"}], '
)
SERVER = namespace("server", "{istio-injection: enabled}") + deployment("api", "server") + service("api", "server")


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a tree where ztunnel calls a sidecar."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", COMPILED)
    (tmp_path / "all.yaml").write_text(CLIENT + SERVER)
    return tmp_path


def asked(configuration: str) -> Report:
    """Return the report of a run with a configuration."""
    Path(".meshlint.yaml").write_text(f"root: true\nselect: [MTL005]\n{configuration}")
    return check(prepare(Options((".",), today=TODAY)))


def test_the_line_of_a_note_is_not_the_line_that_is_there() -> None:
    """Who has assumed a MeshConfig is asked for the field that it lacks."""
    first = "assume: {meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}}"
    assert "the manifests do not say the MeshConfig;" in asked("").notes[0]
    [note] = asked(first).notes
    assert "the manifests do not say the proxyMetadata ISTIO_META_ENABLE_HBONE of the MeshConfig;" in note
    line = re.findall("`(assume: .*)`", note)[0]
    settled = asked(line)
    assert (settled.undecided, settled.notes, settled.findings) == ([], [], [])
    assert len(asked(line.replace('"true"', '"false"')).findings) == 1


def test_many_reasons_are_told_in_few_lines() -> None:
    """Ten reasons are told one by one, those with most judgements first; nothing is left out of the count."""
    undecided = [
        Unsettled("EGR013", Subject("v1", "Service", "shop", f"s{number}"), f"encryption of calls to s{number:02}")
        for number in range(14)
    ]
    undecided.append(undecided[13]._replace(rule="MTL001"))
    notes = notes_of((), undecided)
    assert len(notes) == 11
    assert notes[0].startswith("2 judgements undecided (EGR013, MTL001 on Service shop/s13)")
    assert notes[-1] == ("4 further judgements undecided (EGR013), for 4 further reasons; the JSON report lists them")
