"""Reports of real runs for the tests of formats."""

from __future__ import annotations

from pathlib import Path

from meshlint.findings.report import Report
from meshlint.pipeline import Options, Run, check, prepare
from meshlint.reports.formats import Setting, rendered
from tests.judge import TODAY

ROOT = Path(__file__).parent.parent.parent
HOSTILE = "a]]><b>|`*_[x](http://y) \"'&% ::error::\\r"
"""A name that speaks every language that reports are written in."""


def run_over(folder: Path) -> Run:
    """Return a prepared run over a folder that is its own root."""
    return prepare(Options((str(folder),), TODAY, root=str(folder), cached=False))


def produced(name: str, run: Run, report: Report | None = None) -> str:
    """Return the report of a run in a format."""
    return rendered(name, report or check(run), Setting(run.catalogue, lambda _path: ()))


def write_mesh(folder: Path) -> Path:
    """Write a mesh with an open finding, a suppressed one, an undecided one, a template, and hostile names."""
    (folder / "chart").mkdir(parents=True)
    (folder / "chart" / "deploy.yaml").write_text("kind: Deployment\nmetadata: {name: {{ .Values.name }}}\n")
    (folder / "namespace.yaml").write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
    )
    (folder / "web.yaml").write_text(_workload("web", "shop"))
    (folder / "excepted.yaml").write_text(
        "# meshlint: ignore[MTL001] until=2027-01-31 owner=@hms/platform two | operators use it\n"
        + _workload("till", "shop")
    )
    (folder / "unknown.yaml").write_text(_workload("cart", "elsewhere"))
    (folder / (HOSTILE.replace("/", "") + "\n%0A\udcff.yaml")).write_text(_workload(HOSTILE, "shop"))
    return folder


def _workload(name: str, namespace: str) -> str:
    quoted = "'" + name.replace("'", "''") + "'"
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {quoted}\n  namespace: {namespace}\n"
        "spec: {template: {metadata: {labels: {app: web}},\n"
        "  spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}\n"
    )
