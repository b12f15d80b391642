"""What expressions may say, where a mistake stands, and what evaluating them gives."""

from __future__ import annotations

import pytest

from meshlint.policy.expressions.compiling import Compiler, ExpressionMistakes, Mistake
from meshlint.policy.expressions.running import TOO_LONG, Program, bind, missing_key
from tests.policy.small import LEXICON, port, workload

COMPILER = Compiler(LEXICON, {"workload": "Workload", "namespace": "Workload"})


def mistakes_in(text: str, lets: dict[str, str] | None = None) -> list[Mistake]:
    """Return what is wrong with an expression."""
    with pytest.raises(ExpressionMistakes) as caught:
        COMPILER.compile(text, lets)
    return list(caught.value.mistakes)


@pytest.mark.parametrize(
    ("text", "word", "message", "help"),
    [
        ("workload.mehsed", "mehsed", "Workload has no fact `mehsed`", "did you mean `meshed`?"),
        (
            'workload.ports.exists(p, p.mdoe == "a")',
            "mdoe",
            "Port has no fact `mdoe`",
            "did you mean `mode`?",
        ),
        ("worklaod.meshed", "worklaod", "unknown name `worklaod`", "did you mean `workload`?"),
        ("namespaze.meshed", "namespaze", "unknown name `namespaze`", "did you mean `namespace`?"),
        ('workload.meshed == "a"', "==", "`==` does not take bool, string", ""),
        ("workload.limit > 1", ">", "`>` does not take double, int", ""),
        (
            "workload.meshed &&",
            "",
            "the expression ends too early",
            "a bracket is not closed, or something is missing behind an operator",
        ),
        (
            'workload.namespace.matches("pay[")',
            '"',
            "the pattern is no regular expression of RE2: missing ]: [",
            "",
        ),
        (
            f"{'(' * 100}true{')' * 100}",
            "(" * 100 + "true" + ")" * 100,
            "the expression is nested too deeply, or has too many parts in a row",
            "give its parts names by `let:`",
        ),
        ("workload.meshed and true", "and", "`and` is no operator", "write `&&`"),
        ('workload.namespace = "a"', "=", "`=` is no operator", "write `==`"),
        ('workload.namespace == "a', '"', "the text has no closing quote", ""),
        (
            "workload.namespace == payments",
            "payments",
            "unknown name `payments`",
            'a text stands in quotes, "payments"; the names here are namespace, workload',
        ),
    ],
)
def test_a_mistake_is_told_at_its_word(text: str, word: str, message: str, help: str) -> None:
    """Spelling, types and syntax are refused by the checker, at the place, with the nearest name."""
    (found,) = mistakes_in(text)
    assert (found.message, found.help) == (message, help)
    assert text[found.column - 1 :].startswith(word)


def test_all_mistakes_of_an_expression_are_told_with_their_lines() -> None:
    """Two misspelt facts on two lines are two mistakes."""
    found = mistakes_in("workload.mehsed &&\n  workload.prots.size() > 0")
    assert [(m.line, m.column, m.message) for m in found] == [
        (1, 10, "Workload has no fact `mehsed`"),
        (2, 12, "Workload has no fact `prots`"),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("true || has(workload.meshed)", "has"),
        ("has(workload.ports[0].mode)", "has"),
        ('workload.ports.filter(p, p.mode == "A").size() == 0', "filter"),
        ("workload.ports.map(p, p.mode).size() == 0", "map"),
        ('workload.ports.map(p, p.mode == "A", p.number).size() == 0', "map"),
        ('workload.ports.exists_one(p, p.mode == "A")', "exists_one"),
        ("workload.guests.filter(g, g.captured).size() == 0", "filter"),
        ("workload.worst == workload.ports[0]", "=="),
        ("workload.worst in workload.ports", "in"),
        ("workload.ports != workload.guests", "!="),
        ("dyn(workload).meshed", "dyn"),
        ("meshlint.Port{} == workload.worst", "meshlint"),
        ("workload.ports.all(p, workload.guests.exists(g, g.number == p.number))", "exists"),
    ],
)
def test_what_blurs_absent_and_unknown_is_refused(text: str, word: str) -> None:
    """Nothing a rule may say takes an unknown fact for an absent one, or hides a violation behind it."""
    starts = [text[m.column - 1 : m.column - 1 + m.length] for m in mistakes_in(text)]
    assert word in starts


@pytest.mark.parametrize(
    "text",
    [
        "has(workload.labels.app)",
        "has(workload.extra.deep)",
        "workload.ports.filter(p, p.captured).size() == 0",
        "workload.ports.map(p, p.captured, p.number).size() == 0",
        "workload.ports.exists_one(p, p.number == 8080)",
        'workload.ports.all(p, p.mode == "STRICT") || workload.limit > 0.5',
        'workload.ports.exists(p, ["A", "B"].exists(m, m == p.mode))',
        'workload.worst.mode in ["A", "B"]',
        'namespace.namespace == "namespace"  // the namespace',
        '"app" in workload.labels && workload.labels["app"].startsWith("a")',
    ],
)
def test_what_keeps_them_apart_is_accepted(text: str) -> None:
    """Collecting over facts that are always known, quantifiers and known labels are allowed."""
    assert COMPILER.compile(text).type == "bool"


def test_a_let_carries_its_doubt_into_a_collection() -> None:
    """A named expression over an unknown fact is as unknown as the fact."""
    (found,) = mistakes_in("workload.ports.filter(p, sure).size() == 0", {"sure": "workload.meshed"})
    assert "`meshed`" in found.message


def test_mistakes_behind_lets_keep_their_place() -> None:
    """Names that are bound in front of an expression do not move its lines."""
    lets = {"a": "workload.meshed", "b": "a &&\n true"}
    (found,) = mistakes_in("b &&\n workload.mehsed", lets)
    assert (found.line, found.column) == (2, 11)


def evaluated(text: str, **variables: object) -> tuple[object, str]:
    """Compile and run an expression."""
    return Program(COMPILER.compile(text).program).value(bind(variables))


def test_a_known_violation_wins_over_an_unknown_neighbour() -> None:
    """`exists` is true as soon as one element is, and open when none is and one is unknown."""
    text = 'workload.ports.exists(p, p.mode == "PERMISSIVE")'
    view = workload(port(1, None), port(2, "PERMISSIVE")).view
    assert evaluated(text, workload=view) == (True, "")
    value, error = evaluated(text, workload=workload(port(1, None), port(2)).view)
    assert value is None and missing_key(error) == "mode"


def test_the_variable_of_a_namespace_is_called_namespace() -> None:
    """CEL reserves the word; rules use it all the same."""
    assert evaluated("namespace.meshed", namespace={"meshed": True}) == (True, "")


def test_a_list_that_is_too_long_is_no_crash() -> None:
    """CEL stops after ten thousand steps, and says so as an error text; what runs without it has no such bound."""
    view = {"ports": [{"number": n} for n in range(10_001)]}
    assert evaluated("workload.ports.all(p, p.number % 2 < 2)", workload=view) == (None, TOO_LONG)
    assert evaluated("workload.ports.all(p, p.number >= 0)", workload=view) == (True, "")


def test_other_errors_are_no_missing_keys() -> None:
    """An index out of bounds does not read like an unknown fact."""
    value, error = evaluated("workload.ports[3].captured", workload={"ports": []})
    assert value is None and error and missing_key(error) == ""
