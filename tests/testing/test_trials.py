"""What a case says when it does not hold, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.packs import CLOSED, OPEN, RULE, loaded, pack, problems, tried, write

EXAMPLES = RULE + "examples:\n  bad:\n    - |\n" + "".join(f"      {line}\n" for line in OPEN.splitlines())


def test_what_holds_holds(tmp_path: Path) -> None:
    """Examples, fixtures and claims are cases."""
    claim = CLOSED.replace("spec", "# fires if `ClusterIP` read `NodePort`\nspec")
    results = tried(pack(tmp_path, {"good-a.yaml": claim, "bad-a.yaml": OPEN}, EXAMPLES))
    assert [(row.name, row.side, row.problems) for row in results.outcomes] == [
        ("bad example 1", "bad", ()),
        ("bad-a.yaml", "bad", ()),
        ("good-a.yaml", "good", ()),
        ("good-a.yaml:4", "good", ()),
    ]


def test_a_finding_on_another_line_is_missing_here_and_unexpected_there(tmp_path: Path) -> None:
    """Both sides of the difference are shown; an example is shown at its place in the rule file."""
    top = pack(
        tmp_path,
        {},
        EXAMPLES.replace("  # expect: open-node", "").replace("spec:", "# expect-next: open-node\n      spec:"),
    )
    assert problems(top) == [
        ("missing", "open-node.yaml", 18, "own/open-node was expected here and was not found",
         (f"it fires in line 15 of {top}/open-node.yaml instead",)),
        ("unexpected", "open-node.yaml", 15, "own/open-node was found here and was not expected",
         ("Service shop/web opens a port on every node",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "instead"),
    [
        (OPEN.replace("NodePort", "ClusterIP"), 4, "`require` holds in 1 judgement, and no other fault is there"),
        (OPEN.replace("NodePort", "ExternalName, externalName: a.b"), 4, "`when` is false for Service shop/web"),
        (OPEN.replace("Service", "ConfigMap"), 4, "nothing in the case is a service"),
        (
            "# meshlint: ignore[own/open-node] until=2099-01-01 owner=@x reason\n" + OPEN,
            5,
            "it is suppressed by comment in line 5 of {top}/fixtures/open-node/bad-a.yaml",
        ),
    ],
)
def test_a_missing_finding_is_told_with_what_was_found(tmp_path: Path, text: str, line: int, instead: str) -> None:
    """Why the rule is silent is said."""
    top = pack(tmp_path, {"bad-a.yaml": text})
    path = "fixtures/open-node/bad-a.yaml"
    told = "own/open-node was expected here and was not found"
    assert problems(top) == [("missing", path, line, told, (instead.format(top=top),))]


def test_what_is_undecided_is_told_with_its_reason(tmp_path: Path) -> None:
    """An expectation may fail on what the manifests do not say."""
    rule = RULE.replace("'!service.is_external'", "service.meshed")
    text = (
        OPEN.replace("{type: NodePort}", "{type: NodePort, selector: {app: web}}")
        + "---\n"
        + """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
"""
    )
    [(kind, _, line, _, notes)] = problems(pack(tmp_path, {"bad-a.yaml": text}, rule))
    assert (kind, line) == ("missing", 4)
    assert notes[0].startswith("Service shop/web is undecided: the manifests do not say")


@pytest.mark.parametrize("name", ["", ": open-node", ": own/open-node", ": broken-mtls-edge, open-node"])
def test_a_case_may_say_what_it_leaves_undecided(tmp_path: Path, name: str) -> None:
    """The comment names rules, or means the rule of the case."""
    rule = RULE.replace("when: '!service.is_external'", "when: service.meshed")
    text = OPEN.replace("  # expect: open-node", "")
    told = problems(pack(tmp_path, {"good-a.yaml": f"# undecided{name}\n{text}"}, rule))
    kinds = [(kind, line, message) for kind, _, line, message, _ in told if kind != "untried"]
    beside = [("decided", 1, "broken-mtls-edge leaves nothing undecided here")] if "broken" in name else []
    assert kinds == beside


def test_what_is_decided_all_the_same_is_told(tmp_path: Path) -> None:
    """With what was found of the rule instead; a name that no rule has is a mistake."""
    path = "fixtures/open-node/bad-a.yaml"
    told = "own/open-node leaves nothing undecided here"
    top = pack(tmp_path, {"bad-a.yaml": "# undecided\n" + OPEN})
    assert problems(top) == [("decided", path, 1, told, ("it fires",))]
    write(top / "fixtures/open-node", {"bad-a.yaml": OPEN + "# undecided: open-nod\n"})
    assert [row[:4] for row in problems(top)] == [("unknown-rule", path, 7, "there is no rule `open-nod`")]


def test_a_good_case_is_silent_under_the_whole_pack(tmp_path: Path) -> None:
    """Another rule of the folder may spoil it."""
    top = pack(tmp_path, {"good-a.yaml": CLOSED, "bad-a.yaml": OPEN.replace("node", "node, web-name")})
    other = RULE.replace("open-node", "web-name").replace('service.type != "NodePort"', 'service.name != "web"')
    write(top, {"web-name.yaml": other, "fixtures/web-name/bad-a.yaml": OPEN.replace("open-node", "own/web-name")})
    found = problems(top)
    assert [row[:3] for row in found] == [("unexpected", "fixtures/open-node/good-a.yaml", 3)]
    assert found[0][3] == "own/web-name was found here and was not expected"


def test_rules_of_the_catalogue_may_be_expected(tmp_path: Path) -> None:
    """They judge a case that names them, and no other."""
    text = OPEN.replace("open-node", "open-node, missing-circuit-breaker").replace(
        "{type: NodePort}", "{type: NodePort, ports: [{name: http, port: 80}]}"
    )
    [(kind, _, _, message, notes)] = problems(pack(tmp_path, {"bad-a.yaml": text, "good-a.yaml": CLOSED}))
    assert (kind, message) == ("missing", "missing-circuit-breaker was expected here and was not found")
    assert notes


def test_a_misspelt_expectation_is_told(tmp_path: Path) -> None:
    """At the very word, with the rule that was meant."""
    found = problems(pack(tmp_path, {"bad-a.yaml": OPEN.replace("open-node", "open-nod")}))
    path = "fixtures/open-node/bad-a.yaml"
    assert found == [("unknown-rule", path, 4, "there is no rule `open-nod`", ("did you mean `open-node`?",))]


@pytest.mark.parametrize(
    ("claim", "kind", "message"),
    [
        ("# fires without `colour`", "not-there", "`colour` stands nowhere in the case"),
        ("# fires wihtout `web`", "unreadable-claim", "the claim cannot be read"),
        ("# fires if `web` read `shop`", "still-silent", "own/open-node stays silent all the same"),
        ("# fires closed-node without `web`", "unknown-rule", "there is no rule `closed-node`"),
    ],
)
def test_a_claim_that_does_not_hold_is_told(tmp_path: Path, claim: str, kind: str, message: str) -> None:
    """Each for its own reason, at its line."""
    found = problems(pack(tmp_path, {"bad-a.yaml": OPEN, "good-a.yaml": f"{claim}\n{CLOSED}"}))
    assert [row[:4] for row in found] == [(kind, "fixtures/open-node/good-a.yaml", 1, message)]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("# only words\n", "nothing-judged", "the case holds no object that could be judged"),
        ("\udcff\udc80", "nothing-judged", "the case holds no object that could be judged"),
        (CLOSED.replace("ClusterIP}", "["), "unexpected", "unparsable-document was found here and was not expected"),
        ("# expect: open-node\n" + CLOSED, "missing", "own/open-node was expected here and was not found"),
    ],
)
def test_a_good_case_has_to_be_judged(tmp_path: Path, text: str, kind: str, message: str) -> None:
    """What cannot be read, or holds nothing, is silent for no merit of the rule."""
    top = pack(tmp_path, {"bad-a.yaml": OPEN})
    (top / "fixtures/open-node/good-a.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert [(row[0], row[3]) for row in problems(top)] == [(kind, message)]


def test_a_bad_case_says_what_is_at_fault(tmp_path: Path) -> None:
    """Without an expectation it says nothing."""
    found = problems(pack(tmp_path, {"bad-a.yaml": OPEN.replace("expect", "expected")}))
    assert [(row[0], row[3]) for row in found] == [("no-expectation", "the case says of no line that it is at fault")]


def test_nobody_has_seen_a_rule_without_a_bad_case_fire(tmp_path: Path) -> None:
    """That is a failure of the rule."""
    found = problems(pack(tmp_path, {"good-a.yaml": CLOSED}))
    assert [row[:4] for row in found] == [
        ("untried", "open-node.yaml", 1, "no bad example shows own/open-node at work")
    ]


def test_fixtures_that_belong_to_nothing_are_told(tmp_path: Path) -> None:
    """A folder of no rule, a file on no side."""
    top = pack(tmp_path, {"bad-a.yaml": OPEN, "other.yaml": CLOSED})
    write(top / "fixtures", {"open-nodes/good-a.yaml": CLOSED})
    assert [(row[0], row[1], row[4]) for row in problems(top)] == [
        ("stray", "fixtures/open-node/other.yaml", ("begin its name with good- or bad-",)),
        ("stray", "fixtures/open-nodes", ("did you mean `open-node`?",)),
    ]


def test_cases_are_laid_over_the_base(tmp_path: Path) -> None:
    """Unless they say otherwise; the base has to be silent itself."""
    entry = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {type: NodePort}\n"
    top = pack(tmp_path, {"bad-alone.yaml": "# base: none\n" + OPEN, "bad-a.yaml": OPEN, "good-a.yaml": CLOSED})
    write(top / "fixtures/base", {"mesh/db.yaml": entry, "README.md": "# no manifest"})
    path = "fixtures/base/mesh/db.yaml"
    told = "own/open-node was found here and was not expected"
    found = problems(top)
    assert [row[:4] for row in found] == [("unexpected", path, 3, told)] * 3
    write(top / "fixtures/base", {"mesh/db.yaml": entry.replace("NodePort", "ClusterIP")})
    assert problems(top) == []


def test_a_fixture_may_be_a_folder(tmp_path: Path) -> None:
    """With a configuration and several files, each at its path."""
    top = pack(tmp_path, {"bad-a/one/web.yaml": OPEN, "bad-a/.meshlint.yaml": "ignore: [own/open-node]\n"})
    assert [row[:3] + row[4:] for row in problems(top)] == [
        (
            "missing",
            "fixtures/open-node/bad-a/one/web.yaml",
            4,
            ("the configuration of the case switches the rule off",),
        )
    ]
    write(top / "fixtures/open-node", {"bad-a/.meshlint.yaml": "ignroe: []\n"})
    assert [row[:3] for row in problems(top)] == [("failed", "fixtures/open-node/bad-a/.meshlint.yaml", 1)]


@pytest.mark.parametrize("path", ["../evil.yaml", "/tmp/meshlint-evil.yaml", "a/../../evil.yaml", "", "."])
def test_no_case_writes_outside(tmp_path: Path, path: str) -> None:
    """Whatever an example calls its files."""
    rule = RULE + f"examples:\n  bad:\n    - files: {{'{path}': '# expect: open-node'}}\n"
    top = pack(tmp_path, {"bad-a.yaml": OPEN}, rule)
    [(kind, _, line, message, _)] = problems(top)
    assert (kind, line) == ("failed", 11)
    assert message == f"the file `{path}` of an example lies outside of it"
    assert not Path("/tmp/meshlint-evil.yaml").exists()


def test_files_that_exclude_each_other_end_their_case_only(tmp_path: Path) -> None:
    """The next case is judged as if nothing had been."""
    rule = RULE + "examples:\n  bad:\n    - files: {a: 'x # expect: open-node', a/b: x}\n"
    [(kind, _, _, message, _)] = problems(pack(tmp_path, {"bad-a.yaml": OPEN}, rule))
    assert (kind, message.partition(":")[0]) == ("failed", "the files of the example cannot lie together")


@pytest.mark.parametrize("operand", ["own", "own/open-node.yaml"])
def test_a_rule_may_be_named_by_its_file(tmp_path: Path, operand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the whole pack judges, and its cases alone are tried; paths are as the caller writes them."""
    pack(tmp_path, {"bad-a.yaml": OPEN})
    write(tmp_path / "own/rules", {"web-name.yaml": RULE.replace("open-node", "web-name")})
    monkeypatch.chdir(tmp_path)
    suite = loaded(operand)
    assert [rule.name for rule in suite.rules] == ["own/open-node", "own/web-name"]
    names = {"own": ["own/open-node", "own/web-name"]}.get(operand, ["own/open-node"])
    assert [rule.name for rule in suite.chosen] == names
    assert {case.origin for case in suite.cases()} == {"own/fixtures/open-node/bad-a.yaml"}
    assert [rule.name for rule in loaded("own/rules/web-name.yaml").chosen] == ["own/web-name"]
