"""What messages make of facts."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.policy.templates import TemplateMistake, parse, render, walk

FACTS: dict[str, Any] = {
    "workload": {"text": "Deployment payments/ledger", "ports": [{"number": 1}, {"number": 2}], "why": ""},
    "params": {"limit": 1.5, "on": True},
    "many": list(range(12)),
}


def rendered(template: str) -> str:
    """Render a template over the facts."""
    return render(parse(template)[0], lambda path: walk(FACTS, path))


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{workload} is open", "Deployment payments/ledger is open"),
        ("ports {workload.ports.number}", "ports 1, 2"),
        ("at {params.limit}, {params.on}", "at 1.5, true"),
        ("{many}", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"),
        ("mode {workload.mode}", "mode unknown"),
        ("open[, because {workload.why}]", "open"),
        ("open[ in {workload.mode}]", "open"),
        ("open[ on {workload.ports.number}]", "open on 1, 2"),
        ("ignore[RES001] {{as is}}", "ignore[RES001] {as is}"),
        ("a [ alone", "a [ alone"),
    ],
)
def test_templates_print_facts(template: str, text: str) -> None:
    """Objects print their text, lists are joined and cut, clauses go when their facts are missing."""
    assert rendered(template) == text


@pytest.mark.parametrize(("template", "offset"), [("a {b", 2), ("a } b", 2), ("a {b c}", 3), ("{}", 1)])
def test_a_broken_template_tells_where(template: str, offset: int) -> None:
    """Braces that do not pair and paths that are none are refused at their place."""
    with pytest.raises(TemplateMistake) as caught:
        parse(template)
    assert caught.value.offset == offset


def test_paths_are_listed_with_their_offsets() -> None:
    """The compiler checks every path, also those in clauses."""
    assert parse("{a} [x {b.c}]")[1] == [(("a",), 1), (("b", "c"), 8)]
