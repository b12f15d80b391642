"""Gitea's reading of CODEOWNERS, by cases."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh.ownership.gitea import Judge
from meshlint.mesh.ownership.regular import compile_plain


def test_lines_are_whole_regular_expressions_and_all_of_them_apply() -> None:
    """Owners of all matching lines add up; a leading `!` turns the match round."""
    judge = Judge("CODEOWNERS", ".*\\\\.yaml @a\nmesh/.* @hms/mesh\n!docs/.* @rest # note\n")
    assert judge.owners_of("mesh/x.yaml").owners == ("@a", "@hms/mesh", "@rest")
    assert judge.owners_of("docs/x.yaml").owners == ("@a",)
    assert judge.owners_of("docs/x.md").owners == ()
    assert judge.owners_of("docs/x.md").known


def test_what_hangs_on_an_expression_that_is_not_run_is_unknown() -> None:
    """A nested repetition is not guessed at; a plain line that matches settles the question."""
    judge = Judge("CODEOWNERS", "(a+)+b @x\nmesh/.* @m\n")
    assert not judge.owners_of("aaaa").known
    assert judge.owners_of("mesh/a").owners == ("@m",)
    assert [problem.code for problem in judge.problems] == ["not-evaluated"]


@pytest.mark.parametrize("line", ["mesh/.*", "mesh/.* -", "mesh/.* a/b/c", "* @a"])
def test_lines_that_gitea_skips_own_nothing(line: str) -> None:
    """No owner, no valid owner, no valid expression."""
    judge = Judge("CODEOWNERS", line)
    assert judge.owners_of("mesh/a").owners == ()
    assert judge.problems


EXPRESSIONS = ["abc", "a.c", ".*", "a*", "a+b?", "[a-c]+x", "[^/]*/a", "a\\.b", "(a|b)c", "(?:a|)b", "^a$"]
EXPRESSIONS += ["\\d+", "\\w*/\\W", "[a\\-c]", "x*?y", "a[b]*c+", "[a-]b"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
@given(path=st.text(alphabet="abcx/.-1", max_size=8))
def test_the_plain_part_means_what_regular_expressions_mean(expression: str, path: str) -> None:
    """The linear matcher agrees with a backtracking one on whole texts."""
    compiled = compile_plain(expression)
    assert compiled is not None
    assert compiled.matches(path) == (re.fullmatch(expression, path, re.ASCII) is not None)


@pytest.mark.parametrize(
    "expression",
    ["a|b", "(a*)*", "(a|b)+", "a{2}", "\\bx", "(?i)a", "[[:alpha:]]", "[", "a**", "(a(b))", "a\\"],
)
def test_the_rest_is_not_run(expression: str) -> None:
    """None says so, and the answer becomes unknown."""
    assert compile_plain(expression) is None


def test_hostile_expressions_take_linear_time() -> None:
    """Fifty stars over a long path are fifty bits, not a search."""
    compiled = compile_plain(".*a" * 50)
    assert compiled is not None
    assert not compiled.matches("a" * 49 + "b" * 5000)
