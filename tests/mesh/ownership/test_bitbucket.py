"""Bitbucket Cloud's reading of CODEOWNERS, as far as it is documented."""

from __future__ import annotations

from meshlint.mesh.ownership.bitbucket import Judge

TEXT = """\
* anna@hms.example # everything
/mesh/ @hms/mesh:random(2) @teams/mesh
/docs/
/odd/ @ok not-an-owner
"""


def test_the_last_match_with_owners_is_sure() -> None:
    """Both documented readings call such a file owned."""
    judge = Judge(".bitbucket/CODEOWNERS", TEXT)
    assert judge.owners_of("mesh/a").owners == ("@hms/mesh:random(2)", "@teams/mesh")
    assert judge.owners_of("a").owners == ("anna@hms.example",)


def test_a_last_match_without_owners_after_one_with_owners_is_unknown() -> None:
    """Whether every matching line applies is documented both ways."""
    assert not Judge(".bitbucket/CODEOWNERS", TEXT).owners_of("docs/a").known
    alone = Judge(".bitbucket/CODEOWNERS", "/docs/\n").owners_of("docs/a")
    assert (alone.owners, alone.known) == ((), True)


def test_a_line_with_an_invalid_word_is_unknown() -> None:
    """Nothing says whether the line or the word is skipped."""
    judge = Judge(".bitbucket/CODEOWNERS", TEXT)
    assert not judge.owners_of("odd/a").known
    assert [(problem.code, problem.line) for problem in judge.problems] == [("invalid-owner", 4)]


def test_a_file_that_no_line_matches_is_unowned() -> None:
    """All readings agree about that."""
    found = Judge(".bitbucket/CODEOWNERS", "/mesh/ @a\n").owners_of("x")
    assert (found.owners, found.known) == ((), True)
