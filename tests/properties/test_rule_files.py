"""A rule file is somebody's text: whatever it holds, loading ends with a rule or with mistakes at places."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.policy.rule_files.schema import KEYS
from meshlint.policy.templates import TemplateMistake, parse
from tests.policy.small import RULE, mistakes

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(("workload.ports", "params.x", "workload.place", "{workload.ports.number}", "p.mode == 1")),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(("a", "{", "}", "[", "]", "{{", "}}", "{a.b}", ".", " ", "\n"))


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=4))
def test_any_value_of_any_key_is_told_or_taken(values: dict[str, Any]) -> None:
    """No value of a key escapes as anything but mistakes of the file, each with a place in it."""
    text = yaml.safe_dump({**yaml.safe_load(RULE), **values}, sort_keys=False)
    last = text.count("\n") + 1
    assert all(1 <= line <= last and column >= 1 and message for line, column, message, _ in mistakes(text))


@settings(max_examples=200)
@given(st.text(alphabet="workload.ports exists(p,=\"'&|!){}[]\n0123", max_size=40))
def test_any_expression_is_told_or_taken(text: str) -> None:
    """No text of an expression brings the compiler down."""
    rule = yaml.safe_load(RULE) | {"require": text or "true"}
    mistakes(yaml.safe_dump(rule, sort_keys=False))


@given(st.lists(WORDS, max_size=12).map("".join))
def test_any_template_is_parsed_or_refused_at_a_character(template: str) -> None:
    """Templates give parts, or a mistake inside the text."""
    try:
        parse(template)
    except TemplateMistake as mistake:
        assert 0 <= mistake.offset <= len(template)
