"""Notes on exceptions that end soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.pipeline import Options, check, prepare

MESH = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
# meshlint: ignore[MTL001] until=%s owner=@shop/web it moves in spring
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
"""
POLICY = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: web
  namespace: shop
  annotations: {meshlint.dev/owner: "@shop/web", meshlint.dev/reason: r, meshlint.dev/expires: "2027-01-31"}
spec: {selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}
"""
LEGACY = "legacy: [{namespace: shop, ports: [81], owner: '@shop/web', reason: r, expires: '2027-01-31'}]\n"


def notes(folder: Path, today: str, *, until: str = "2027-01-31", **files: str) -> list[str]:
    """Return the notes on expiry for a day."""
    (folder / "a.yaml").write_text(MESH % until)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    options = Options((str(folder),), today, root=str(folder), select=("MTL001",), cached=False)
    return [note for note in check(prepare(options)).notes if "expire" in note]


@pytest.mark.parametrize(
    ("today", "when"),
    [
        ("2027-01-01", "in 30 days"),
        ("2027-01-19", "in 12 days"),
        ("2027-01-30", "tomorrow"),
        ("2027-01-31", "today"),
    ],
)
def test_what_ends_within_thirty_days_is_noted(tmp_path: Path, today: str, when: str) -> None:
    """With its place, its date, and who answers for it."""
    text = f"the comment for MTL001 (a.yaml:6) expires {when}, on 2027-01-31; @shop/web answers for it"
    assert notes(tmp_path, today) == [text]


@pytest.mark.parametrize("today", ["2026-12-31", "2027-02-01"])
def test_nothing_is_noted_before_and_after(tmp_path: Path, today: str) -> None:
    """What has ended is a finding."""
    assert notes(tmp_path, today) == []


def test_what_takes_nothing_out_has_nothing_to_end(tmp_path: Path) -> None:
    """It is told as unused."""
    (tmp_path / "b.yaml").write_text("kind: A\n# meshlint: ignore[MTL001] until=2027-01-31 owner=@o why\n")
    assert len(notes(tmp_path, "2027-01-31")) == 1


def test_the_exceptions_of_one_day_share_a_note(tmp_path: Path) -> None:
    """Those that policies and the configuration declare are among them."""
    found = notes(tmp_path, "2027-01-21", p_yaml=POLICY, _meshlint_yaml=LEGACY, until="2027-01-30")
    assert found == [
        "the comment for MTL001 (a.yaml:6) expires in 9 days, on 2027-01-30; @shop/web answers for it",
        "2 exceptions expire in 10 days, on 2027-01-31 (p.yaml:2, .meshlint.yaml:1)",
    ]
