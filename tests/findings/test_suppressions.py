"""What takes a finding out: comments and configured exceptions, and what is said about them."""

from __future__ import annotations

import pytest

from tests.judge import judged

SERVICE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app}]}}}
---
%s
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  %s
  - name: http  %s
    port: 80
"""
WHY = "owner=@shop/web two operators use it"


def rules(head: str = "", above: str = "#", behind: str = "", **options: object) -> list[str]:
    """Return the rules that speak about the Service and its suppressions."""
    text = SERVICE % (head, above, behind)
    found = judged({"a.yaml": text}, select=("RES001", "HYG026", "HYG027"), **options)
    return [finding.rule for finding in found]


def test_nothing_is_suppressed_without_a_word() -> None:
    """The fault itself."""
    assert rules() == ["RES001"]


@pytest.mark.parametrize("name", ["RES001", "missing-circuit-breaker", "MTL001, RES001"])
def test_a_comment_behind_the_line(name: str) -> None:
    """It speaks of its own line, by id or name."""
    assert "RES001" not in rules(behind=f"# meshlint: ignore[{name}] {WHY}")


def test_a_comment_above_the_line() -> None:
    """It speaks of the next line of content, other comments passed over."""
    assert rules(above=f"# meshlint: ignore[RES001] {WHY}\n  # more words") == []


def test_a_comment_above_the_object() -> None:
    """With nothing of the document above it, it speaks of the whole object."""
    assert rules(head=f"# meshlint: ignore[RES001] {WHY}") == []


def test_a_comment_for_the_whole_file() -> None:
    """`ignore-file` covers every document of its file."""
    assert rules(head=f"# meshlint: ignore-file[RES001] {WHY}") == []


def test_another_line_is_not_covered() -> None:
    """A comment elsewhere takes nothing out and is said to be unused."""
    text = SERVICE.replace("kind: Service", f"kind: Service  # meshlint: ignore[RES001] {WHY}") % ("", "#", "")
    found = judged({"a.yaml": text}, select=("RES001", "HYG026", "HYG027"))
    assert sorted(finding.rule for finding in found) == ["HYG027", "RES001"]


def test_an_expired_comment_takes_nothing_out() -> None:
    """It is said to have expired, and the fault speaks again."""
    assert sorted(rules(behind=f"# meshlint: ignore[RES001] until=2026-11-23 {WHY}")) == ["HYG026", "RES001"]
    assert rules(behind=f"# meshlint: ignore[RES001] until=2026-11-24 {WHY}") == []


def test_a_comment_without_reason_is_said() -> None:
    """It still works, and is a finding of its own."""
    assert rules(behind="# meshlint: ignore[RES001]") == ["HYG026"]


def test_an_unknown_rule_is_said() -> None:
    """A misspelt name silences nothing."""
    assert sorted(rules(behind=f"# meshlint: ignore[RES01] {WHY}")) == ["HYG027", "RES001"]


def test_a_comment_that_cannot_be_read_is_said() -> None:
    """`# meshlint:` with anything else is a mistake, not a wish."""
    assert sorted(rules(behind="# meshlint: off")) == ["HYG026", "RES001"]


def test_unused_is_not_said_when_the_rule_did_not_run() -> None:
    """Partial runs prove nothing."""
    text = SERVICE % ("", "#", f"# meshlint: ignore[MTL007] until=2027-01-01 {WHY}")
    assert judged({"a.yaml": text}, select=("HYG026", "HYG027")) == []


def test_opening_a_port_needs_all_three_parts() -> None:
    """A comment for a legacy rule without expiry does not open anything."""
    text = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {istio-injection: enabled}}
    ---
    # meshlint: ignore[MTL001] %s
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}}
    """
    found = judged({"a.yaml": text % WHY}, select=("MTL001", "HYG026"))
    assert sorted(finding.rule for finding in found) == ["HYG026", "MTL001"]
    assert judged({"a.yaml": text % f"until=2027-01-01 {WHY}"}, select=("MTL001", "HYG026")) == []


EXCEPTION = "root: true\nexceptions:\n- {rule: RES001, %s, reason: r, owner: '@o', expires: '%s'}\n"


@pytest.mark.parametrize(
    ("what", "expires", "expected"),
    [
        ("object: Service shop/web", "2027-01-01", []),
        ("path: '*.yaml'", "2027-01-01", []),
        ("object: Service shop/other", "2027-01-01", ["HYG027", "RES001"]),
        ("object: Service shop/web", "2026-01-01", ["HYG026", "RES001"]),
    ],
)
def test_configured_exceptions(what: str, expires: str, expected: list[str]) -> None:
    """They name an object or a path, and end on their date."""
    files = {"a.yaml": SERVICE % ("", "#", ""), ".meshlint.yaml": EXCEPTION % (what, expires)}
    found = judged(files, select=("RES001", "HYG026", "HYG027"))
    assert sorted(finding.rule for finding in found) == expected


def test_thousands_of_comments_in_one_file() -> None:
    """Each is matched by what it covers, so their number does not multiply with that of the findings."""
    found = judged({"a.yaml": "# meshlint: ignore[RES002] nothing here\n" * 5000 + SERVICE % ("", "#", "")})
    assert [(finding.rule, len(finding.related)) for finding in found if finding.rule == "HYG027"] == [("HYG027", 100)]
