"""What is wrong with a rule file is told when it loads: all of it, at its place, with what was meant."""

from __future__ import annotations

import pytest

from tests.policy.small import RULE, compiled, edited, mistakes


def test_a_correct_rule_loads() -> None:
    """The plain rule has no mistakes and knows its family and its summary."""
    rule = compiled()
    assert (rule.family, rule.variable, rule.summary) == ("mtls", "workload", "Because it is open")


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "help"),
    [
        ("require:", "requre:", (9, 1), "unknown field `requre`", "did you mean `require`?"),
        (
            "severity: error",
            "severity: eror",
            (4, 11),
            "`severity` is error, warning or info, not `eror`",
            "did you mean `error`?",
        ),
        ("id: MTL001", "id: MTL1", (1, 5), "`id` is three capitals and three digits", ""),
        ("name: open-port", "name: Open_Port", (2, 7), "`name` is lower-case words joined by hyphens", ""),
        ("since: 0.1.0", "since: 1.0", (3, 8), "`since` is a text", "put it in quotes"),
        ("confidence: high\n", "", (1, 1), "`confidence` is missing", ""),
        (
            "target: workload",
            "target: wrokload",
            (7, 9),
            "unknown target `wrokload`",
            "did you mean `workload`?",
        ),
        ("target: workload", "target: {kinds: [Thing]}", (7, 18), "`Thing` is no kind with its group", ""),
        (
            "target: workload",
            "target: {kinds: [v1/Service]}",
            (7, 18),
            "`v1/Service` names a version, which is no",
            "did you mean `/Service`?",
        ),
        (
            "target: workload",
            "target: {kinds: [apps/v1/Job]}",
            (7, 18),
            "`apps/v1/Job` names a version, which is",
            "did you mean `apps/Job`?",
        ),
        (
            "target: workload",
            "target: {kinds: [a.io/Thing, b.io/Port]}",
            (7, 17),
            "the kinds have different facts",
            "",
        ),
        (
            "when: workload.meshed",
            "when: workload.mehsed",
            (8, 16),
            "Workload has no fact `mehsed`",
            "did you mean `meshed`?",
        ),
        (
            "when: workload.meshed",
            "when: workload.limit",
            (8, 7),
            "the expression is a double, and a bool is needed",
            "",
        ),
        ("p.mode", "p.mdoe", (9, 39), "Port has no fact `mdoe`", "did you mean `mode`?"),
        ("{workload} is", "{workload.nam} is", (10, 21), "Workload has no fact `nam`", ""),
        ("{workload} is", "{workload.labels} is", (10, 12), "`workload.labels` is a map string", ""),
        ("{workload} is", "{workload is", (10, 11), "a lone `{`; write it twice to print it", ""),
        (
            "message:",
            "at: workload.worst.decide_by\nmessage:",
            (10, 20),
            "Port has no fact `decide_by`",
            "did you mean `decided_by`?",
        ),
        (
            "message:",
            "at: workload.limit\nmessage:",
            (10, 5),
            "`workload.limit` is a double and no place",
            "",
        ),
        (
            "message:",
            "at: [workload.place, workload.limit]\nmessage:",
            (10, 22),
            "`workload.limit` is a double and no place",
            "",
        ),
        (
            "when: workload.meshed",
            "each: {p: workload.limit}",
            (8, 11),
            "`workload.limit` is a double and no list",
            "",
        ),
        (
            "when: workload.meshed",
            "each: {package: workload.ports}",
            (8, 8),
            "`package` is no name that an expression may use",
            "",
        ),
        ("require:", "check: cycels\nrequire:", (9, 1), "the rule has both `require` and `check`", ""),
    ],
)
def test_a_mistake_is_told_at_its_place(old: str, new: str, place: tuple[int, int], message: str, help: str) -> None:
    """Every kind of mistake has line, column, words and, where one is near, the right name."""
    found = mistakes(edited(old, new))
    assert any(
        (line, column) == place and told.startswith(message) and hint.startswith(help)
        for line, column, told, hint in found
    ), found


def test_all_mistakes_are_told_at_once() -> None:
    """A wrong shape does not hide a wrong fact, a misspelt key is not missing too, the order is that of the file."""
    text = edited("severity: error", "severity: eror").replace("p.mode", "p.mdoe").replace("help:", "hlep:")
    messages = [message for _, _, message, _ in mistakes(text)]
    assert messages == [
        "`severity` is error, warning or info, not `eror`",
        "Port has no fact `mdoe`",
        "unknown field `hlep`",
    ]


def test_keys_stand_in_their_order() -> None:
    """A key in the wrong place is told with where it belongs."""
    text = RULE.replace("help: Close it.\n", "") + "help: Close it.\n"
    assert mistakes(text) == [(13, 1, "`help` stands after `why`", "move `help` before `why`")]


def test_a_place_inside_a_block_is_found() -> None:
    """An expression of several lines is a block scalar; its mistakes have the file's lines."""
    block = "when: |\n  workload.meshed &&\n    workload.mehsed\n"
    ((line, column, message, _),) = mistakes(edited("when: workload.meshed\n", block))
    assert (line, column, message) == (10, 14, "Workload has no fact `mehsed`")


def test_unknown_controls_are_refused() -> None:
    """A rule cites only frameworks and controls that are known, and the nearest is named."""
    found = mistakes(RULE + "controls: {nist: [SC-8, SC-9], nits: [AC-1]}\n")
    assert [message for _, _, message, _ in found] == [
        "nist has no control `SC-9` that is known here",
        "unknown framework `nits`",
    ]


def test_unquoted_numbers_are_refused() -> None:
    """YAML would turn a control 7.20 into 7.2."""
    ((_, _, message, _),) = mistakes(RULE + "controls: {nist: [7.20]}\n")
    assert "needs quotes" in message


def test_examples_say_what_they_expect() -> None:
    """A bad example names the rule, a good one expects nothing."""
    found = mistakes(RULE + 'examples:\n  good: ["a: 1  # expect: open-port"]\n  bad: ["a: 1"]\n')
    assert [(line, message) for line, _, message, _ in found] == [
        (15, "a good example expects no finding"),
        (16, "the bad example has no comment `# expect: open-port`"),
    ]


def test_checks_are_named() -> None:
    """`check` stands in the place of `require`, brings `found`, and must exist."""
    text = edited("require: '!workload.ports.exists(p, p.mode == \"PERMISSIVE\")'", "check: cycles")
    assert compiled(text.replace("{workload} is", "{found.members} is")).check == "cycles"
    assert mistakes(text.replace("cycles", "cycels"))[0][3] == "did you mean `cycles`?"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("each: {a: workload.ports, b: workload.ports}", "`each` is one name and the path of a list"),
        ("params: [1]", "`params` is a mapping from names to defaults"),
        ("params: {a: {b: 1}}", "`params` `a` needs a default"),
        ("params: {a: [1, x]}", "`params` `a` needs a default"),
        ("related: [workload.place, 3]", "`related` `3` is read as a number and needs quotes"),
        ("controls: [SC-8]", "`controls` is a mapping to lists of texts"),
        ("fix: {set: {a: 1}}", "`safe` is missing"),
        ("fix: {saef: true, safe: true}", "unknown field `saef`"),
        ("examples: {good: x}", "`good` is a list of manifests"),
        ("examples: {good: [{file: x}]}", "`good` holds manifests as texts, or"),
        ("severity_when: {when: 'true', severity: hgih}", "`severity` is error, warning or info"),
        ("let: {workload: 'true'}", "`workload` is already taken"),
        ("on_unknown: fail", "`on_unknown` is fire, silent or undecided"),
    ],
)
def test_shapes_are_told(line: str, message: str) -> None:
    """A value of the wrong shape is told with what belongs there."""
    assert any(told.startswith(message) for _, _, told, _ in mistakes(RULE + line + "\n")), mistakes(RULE + line)


@pytest.mark.parametrize("text", ["", "- a\n", "id: [\n", "id: 1\nid: 2\n", "a: 1\n---\nb: 2\n", "\x00"])
def test_what_is_no_rule_is_a_rule_error(text: str) -> None:
    """Files that hold no mapping, or two, are told as such and never crash."""
    assert mistakes(text)
