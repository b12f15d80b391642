"""What takes a finding out: comments and configured exceptions, and what is said about them."""

from __future__ import annotations

import pytest

from meshlint.cache import Cache
from meshlint.findings.suppressions.suppressions import LEGACY_RULES
from meshlint.policy.catalogue import load_builtin
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
    found = judged({"a.yaml": text}, **{"select": ("RES001", "HYG026", "HYG027"), **options})
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


@pytest.mark.parametrize("until", ["someday", "2027-02-30", "2027-1-31", "31.01.2027", ""])
def test_a_comment_until_no_date_takes_nothing_out(until: str) -> None:
    """What has no end that can be told would never end; it is said, and the fault speaks."""
    found = sorted(rules(behind=f"# meshlint: ignore[RES001] until={until} {WHY}"))
    assert found == (["HYG026", "RES001"] if until else [])


def test_the_fields_that_the_configuration_demands() -> None:
    """A ticket and an expiry date are asked for like a reason and an owner."""
    demand = "required-exception-fields: [reason, owner, expires, ticket]\n"
    for words, expected in (("", ["HYG026"]), ("ticket=HMS-1 until=2027-01-31", [])):
        text = SERVICE % ("", "#", f"# meshlint: ignore[RES001] {words} {WHY}")
        found = judged({"a.yaml": text, ".meshlint.yaml": demand}, select=("RES001", "HYG026", "HYG027"))
        assert [finding.rule for finding in found] == expected
        assert all(finding.message.endswith("lacks an expiry date, a ticket") for finding in found)


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
    for word in ("MTL001", "permissive-mtls"):
        found = judged({"a.yaml": text.replace("MTL001", word) % WHY}, select=("MTL001", "HYG026"))
        assert sorted(finding.rule for finding in found) == ["HYG026", "MTL001"]
    assert judged({"a.yaml": text % f"until=2027-01-01 {WHY}"}, select=("MTL001", "HYG026")) == []


def test_rules_that_open_ports_are_known_by_both_words() -> None:
    """The table of the ids and names agrees with the catalogue."""
    catalogue = load_builtin(Cache(None))
    assert {rule: found.name for rule in LEGACY_RULES if (found := catalogue.find(rule))} == LEGACY_RULES


EXCEPTION = "root: true\nexceptions:\n- {rule: RES001, %s, reason: r, owner: '@o', expires: '%s'}\n"


@pytest.mark.parametrize(
    ("what", "expires", "expected"),
    [
        ("object: Service shop/web", "2027-01-01", []),
        ("object: Service shop/w*", "2027-01-01", []),
        ("object: Service */web", "2027-01-01", []),
        ("object: Service web", "2027-01-01", ["HYG027", "RES001"]),
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


def test_a_group_tells_two_kinds_of_one_name_apart() -> None:
    """`Gateway` is of Istio and of the Gateway API; without a group both are meant."""
    text = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: entry}\n"
    for kind, expected in (
        ("Gateway", []),
        ("Gateway.networking.istio.io", []),
        ("Gateway.gateway.networking.k8s.io", ["HYG006", "HYG027"]),
    ):
        entry = EXCEPTION.replace("RES001", "HYG006") % (f"object: {kind} entry", "2027-01-01")
        found = judged({"a.yaml": text, ".meshlint.yaml": entry}, select=("HYG006", "HYG027"))
        assert sorted(finding.rule for finding in found) == expected


def test_every_suppression_is_a_finding_of_its_own() -> None:
    """Two of one rule in one file are two, whatever signs they hold, and neither knows a line."""
    text = "# meshlint: ignore[RES|1] why\nkind: A\n---\n# meshlint: ignore[RES|1] why\nkind: B\n"
    entries = (
        "- {rule: RES001, object: Service a/b, reason: r, owner: o}\n- {rule: RES001, path: x, reason: r, owner: o}"
    )
    files = {"a.yaml": text, ".meshlint.yaml": f"exceptions:\n{entries}\n"}
    found = judged(files, select=("RES001", "HYG027"))
    assert [(finding.location.path, finding.location.start.line) for finding in found] == [
        (".meshlint.yaml", 2),
        (".meshlint.yaml", 3),
        ("a.yaml", 1),
        ("a.yaml", 4),
    ]
    moved = judged(files | {"a.yaml": "\n" + text}, select=("RES001", "HYG027"))
    assert [finding.fingerprint for finding in moved] == [finding.fingerprint for finding in found]
    assert len({finding.fingerprint for finding in found}) == 4


def test_thousands_of_comments_in_one_file() -> None:
    """Each is matched by what it covers, so their number does not multiply with that of the lines."""
    found = judged({"a.yaml": "# meshlint: ignore[RES002] nothing here\n" * 5000 + SERVICE % ("", "#", "")})
    assert sum(finding.rule == "HYG027" for finding in found) == 5000


ENTRY = "exceptions:\n- {%s, reason: r, owner: '@o', expires: '2027-01-31'}\n"


def entry(what: str, **options: object) -> list[tuple[str, str]]:
    """Return rule and message of what is said about a mesh with one configured exception."""
    files = {"a/a.yaml": SERVICE % ("", "#", ""), ".meshlint.yaml": ENTRY % what}
    found = judged(files, select=("RES001", "HYG026", "HYG027", "HYG030"), **options)
    return sorted((finding.rule, finding.message) for finding in found)


@pytest.mark.parametrize(
    ("what", "silent"),
    [
        ("rule: RES001, namespace: shop", True),
        ("rule: RES001, namespace: s*p", True),
        ("rule: RES001, namespace: web", False),
        ("rules: [MTL001, RES001], namespace: shop", True),
        ("rules: [missing-circuit-breaker], path: a/", True),
    ],
)
def test_exceptions_for_namespaces_and_several_rules(what: str, silent: bool) -> None:
    """A namespace stands for its objects."""
    assert ("RES001" not in [rule for rule, _ in entry(what)]) is silent


@pytest.mark.parametrize(
    ("what", "breadth"),
    [
        ("rule: resilience, object: Service shop/web", "covers all {RES} rules of resilience"),
        ("rule: RES, object: Service shop/web", "covers all {RES} rules of RES"),
        ("rule: '*', object: Service shop/web", "covers every rule"),
        ("rule: RES001, path: '**'", "covers every file"),
        ("rule: RES001, path: '*.yaml'", "covers every file"),
        ("rule: RES001, object: 'Service */*'", "covers every Service"),
        ("rule: RES001, namespace: '*'", "covers every namespace"),
        ("rules: [RES, '*'], path: '**/*'", "covers every rule, all {RES} rules of RES and every file"),
        ("rule: RES001, path: 'a/**'", ""),
        ("rule: RES001, object: 'Service shop/*'", ""),
        ("rule: RES001, object: 'Service */web'", ""),
        ("rule: RES001, namespace: shop", ""),
    ],
)
def test_what_covers_too_much_takes_effect_and_is_said(what: str, breadth: str) -> None:
    """A family, or a rule everywhere; an object, a folder or a namespace is no blanket."""
    number = sum(rule.family == "resilience" for rule in load_builtin(Cache(None)).rules)
    found = entry(what)
    assert [rule for rule, _ in found] == (["HYG030"] if breadth else [])
    assert all(message.endswith(breadth.replace("{RES}", str(number))) for _, message in found)


def test_a_wide_word_does_not_reach_the_rules_on_suppressions() -> None:
    """They are meant by id or name alone, so nobody looks away from having looked away."""
    for word in ("*", "hygiene", "HYG"):
        assert "HYG030" in rules(head=f"# meshlint: ignore-file[{word}] {WHY}", select=("RES001", "HYG030"))


def test_a_family_is_unused_when_all_of_it_ran() -> None:
    """Part of a family proves nothing."""
    text = "kind: A\n# meshlint: ignore[protocol] owner=@o left over\n"
    assert [f.rule for f in judged({"a.yaml": text}, select=("protocol", "HYG027"))] == ["HYG027"]
    assert judged({"a.yaml": text}, select=("PRO001", "HYG027")) == []
