"""New values, read back by three parsers with three opinions."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshlint.fixes.operations import same
from meshlint.fixes.rendering import Style, entry_lines, flow, pretty, quoted, scalar
from meshlint.syntax.stream import read_stream

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(" \n\t#:-'\"{}[],&*!|>%@`?ab01", max_size=8),
    st.sampled_from(
        ["", "y", "NO", "null", "~", "017", "0o17", "1e3", "1:30", "2026-01-31", "=", "<<", ".inf", "1_0", "---"]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


def read(text: str) -> Any:
    """Return the value of a text that has to be free of problems."""
    stream = read_stream(text.encode())
    assert not stream.problems
    return stream.documents[0].value


@given(VALUES, st.integers(1, 4), st.integers(0, 4), st.sampled_from("'\""))
def test_a_block_is_read_back(value: Any, step: int, dash: int, quote: str) -> None:
    """What is written as a block is that value again."""
    text = "\n".join(entry_lines("key", value, 0, Style(step, min(dash, step), quote))) + "\n"
    assert same(read(text), {"key": value})


@given(VALUES, st.sampled_from("'\""), st.booleans())
def test_brackets_are_read_back(value: Any, quote: str, tight: bool) -> None:
    """What is written in brackets is that value again; JSON for a JSON parser, too."""
    assert same(read(f"[{flow(value, quote, as_json=False)}]"), [value])
    if "inf" not in repr(value):
        assert same(json.loads(flow(value, quote, as_json=True, tight=tight)), value)
        assert same(json.loads(pretty(value, 2, Style())), value)


@given(TEXTS, st.sampled_from("'\""))
def test_a_text_is_a_text_for_every_parser(text: str, quote: str) -> None:
    """PyYAML resolves by YAML 1.1, with dates and times."""
    written = scalar(text, quote)
    assert yaml.safe_load(f"a: {written}\n") == {"a": text}
    assert same(read(f"a: {written}\n"), {"a": text})
    assert yaml.safe_load(quoted(text)) == text


@pytest.mark.parametrize(
    "text", ["STRICT", "10s", "500m", "5Mi", "a.b/c", "http://x:80/y#z", "v1", "é", "a b", "$x", "1.2.3"]
)
def test_common_texts_need_no_quotes(text: str) -> None:
    """Quotes stand only where they are needed."""
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text", ["on", "1.5", "1e3", "a: b", "a #b", "- a", "*a", "2026-01-31", "12:30", "", " a", "a:", "*", "~"]
)
def test_what_would_be_something_else_is_quoted(text: str) -> None:
    """In the quotes of the neighbourhood."""
    assert scalar(text, "'") == f"'{text}'"
