"""Which conditions of a rule its cases reach, at which place of the file."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.testing.packs import CLOSED, OPEN, RULE, pack, tried, write


def unreached(folder: Path) -> list[tuple[str, int, int, str, tuple[str, ...]]]:
    """Return part, line, column, text and what was never seen, of every rule in the folder."""
    return [
        (row.part, row.location["start"]["line"], row.location["start"]["column"], row.text, row.never)
        for rule in tried(folder).rules
        for row in rule.unreached
    ]


def test_what_no_case_makes_false_or_true_is_told(tmp_path: Path) -> None:
    """At its line and column; a case more, and it is reached."""
    top = pack(tmp_path, {"bad-a.yaml": OPEN})
    assert unreached(top) == [
        ("when", 4, 9, "service.is_external", ("true",)),
        ("require", 5, 10, 'service.type != "NodePort"', ("true",)),
    ]
    external = CLOSED.replace("ClusterIP", "ExternalName, externalName: a.b")
    write(top / "fixtures/open-node", {"good-a.yaml": CLOSED, "good-b.yaml": external})
    assert unreached(top) == []
    [rule] = tried(top).rules
    assert (rule.conditions, rule.reached) == (2, 2)


def test_of_joined_conditions_the_one_that_explains_them_is_told(tmp_path: Path) -> None:
    """What was asked and stayed unknown was neither true nor false."""
    rule = RULE.replace(
        "require: service.type",
        'require: service.name == "web" || !(service.headless || service.meshed) && service.type',
    )
    top = pack(tmp_path, {"good-a.yaml": CLOSED, "bad-a.yaml": OPEN.replace("name: web", "name: db")}, rule)
    assert unreached(top) == [
        ("when", 4, 9, "service.is_external", ("true",)),
        ("require", 5, 37, "service.headless", ("true",)),
        ("require", 5, 57, "service.meshed", ("true", "false")),
        ("require", 5, 76, 'service.type != "NodePort"', ("true",)),
    ]


def test_a_fact_that_is_one_thing_or_unknown_has_these_sides(tmp_path: Path) -> None:
    """Nobody can make it the other thing, because what is in order is not listed; unknown it has to be once."""
    rule = dedent("""\
        name: plain-label
        severity: error
        target: object
        each: {label: object.plain_labels}
        require: '!label.has_proxy'
        at: label.place
        message: "{object} marks {label} as plain"
        help: Remove the label.
    """)
    pod = dedent("""\
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: shop
          labels:
            sidecar.istio.io/inject: "true"
            security.istio.io/tlsMode: disabled  # expect: plain-label
        spec: {containers: [{name: web, image: web}]}
    """)
    top = pack(tmp_path, {"bad-a.yaml": pod}, rule, "plain-label")
    assert unreached(top) == [("require", 5, 12, "label.has_proxy", ("undecided",))]
    unknown = pod.replace('    sidecar.istio.io/inject: "true"\n', "").replace("  # expect: plain-label", "")
    write(top / "fixtures/plain-label", {"good-a.yaml": "# undecided\n" + unknown})
    assert unreached(top) == []


def test_names_elements_and_blocks_have_their_places(tmp_path: Path) -> None:
    """A `let` is told where it stands, once, whoever uses it; blocks count their own lines."""
    rule = RULE.replace(
        "when: '!service.is_external'\n", 'when: |\n  service.name != "x" &&\n    !service.is_external\n'
    )
    rule = rule.replace(
        "require: service", "let: {of_web: 'service.labels.exists(k, k == \"app\")'}\nrequire: of_web || service"
    )
    rule = rule.replace(
        "severity: error\n", "severity: error\nseverity_when: {when: of_web && service.headless, severity: info}\n"
    )
    top = pack(tmp_path, {"good-a.yaml": CLOSED, "bad-a.yaml": OPEN}, rule)
    assert unreached(top) == [
        ("when", 6, 3, 'service.name != "x"', ("false",)),
        ("when", 7, 6, "service.is_external", ("true",)),
        ("let.of_web", 8, 16, 'service.labels.exists(k, k == "app")', ("true",)),
        ("severity_when", 3, 33, "service.headless", ("reached",)),
    ]


def test_cases_of_other_rules_do_not_count(tmp_path: Path) -> None:
    """What they touch by chance says nothing about this rule."""
    top = pack(tmp_path, {"bad-a.yaml": OPEN})
    write(top, {"web-name.yaml": RULE.replace("open-node", "web-name")})
    write(top / "fixtures/web-name", {"bad-a.yaml": OPEN.replace("node", "node, web-name"), "good-a.yaml": CLOSED})
    told = {rule.name: [row.part for row in rule.unreached] for rule in tried(top).rules}
    assert told == {"own/open-node": ["when", "require"], "own/web-name": ["when"]}


def test_claims_count(tmp_path: Path) -> None:
    """What a fixture says of its silence makes a further case."""
    top = pack(tmp_path, {"bad-a.yaml": OPEN, "good-a.yaml": "# fires if `ClusterIP` read `NodePort`\n" + CLOSED})
    assert [row[0] for row in unreached(top)] == ["when"]


def test_a_constant_is_no_condition(tmp_path: Path) -> None:
    """`require: 'false'` cannot be true."""
    rule = RULE.replace('require: service.type != "NodePort"', "require: 'false'").replace(
        "'!service.is_external'", 'service.type == "NodePort"'
    )
    top = pack(tmp_path, {"bad-a.yaml": OPEN, "good-a.yaml": CLOSED}, rule)
    [result] = tried(top).rules
    assert (result.conditions, result.reached, result.unreached) == (1, 1, ())
