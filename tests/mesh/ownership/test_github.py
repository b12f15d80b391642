"""GitHub's reading of CODEOWNERS, by cases."""

from __future__ import annotations

import pytest

from meshlint.mesh.ownership.github import Judge, glob_of, is_owner

PATTERNS = [
    ("*", "mesh.yaml a/mesh.yaml a/b/.hidden", ""),
    ("**", "mesh.yaml a/b/c.yaml", ""),
    ("/**", "mesh.yaml a/b/c.yaml", ""),
    ("/", "", "mesh.yaml a/mesh.yaml"),
    ("*.yaml", "a.yaml deep/er/b.yaml dir.yaml/inside.txt", "a.yml a.yaml.txt"),
    ("/*.yaml", "a.yaml", "deep/b.yaml"),
    ("mesh", "mesh mesh/a.yaml x/mesh x/mesh/y/z.yaml", "meshes x/mesh.yaml"),
    ("/mesh", "mesh mesh/x/y.yaml", "a/mesh meshy"),
    ("mesh/", "mesh/a.yaml x/mesh/a.yaml x/mesh/y/a.yaml", "mesh x/mesh"),
    ("/mesh/", "mesh/a.yaml mesh/b/c.yaml", "mesh x/mesh/a.yaml"),
    ("mesh/prod", "mesh/prod mesh/prod/a.yaml", "x/mesh/prod mesh/production"),
    ("mesh/prod/", "mesh/prod/a.yaml mesh/prod/b/c", "mesh/prod x/mesh/prod/a"),
    ("docs/*", "docs/a.md docs/.b", "docs docs/a/b.md x/docs/a.md"),
    ("docs/*.md", "docs/a.md docs/.md", "docs/x/a.md docs/a.txt"),
    ("/*", "a .github", "a/b"),
    ("/*/", "a/b a/b/c", "a"),
    ("/*/gateway", "a/gateway b/gateway/x.yaml", "gateway a/b/gateway"),
    ("p*", "pay pay/x x/pay/y", "spay x/y"),
    ("/p*/", "pay/x pay/x/y", "pay x/pay/y"),
    ("**/istio", "istio istio/a x/istio x/y/istio/z", "istios x/istio.yaml"),
    ("**/istio/prod", "istio/prod a/b/istio/prod/x.yaml", "istio/x/prod"),
    ("istio/**", "istio/a istio/a/b", "istio x/istio/a"),
    ("istio/**/", "istio/a istio/a/b", "istio"),
    ("a/**/b", "a/b a/x/b a/x/y/b a/x/b/c", "a/xb a/b2 x/a/b ab"),
    ("a/**/b/**/c", "a/b/c a/1/b/2/3/c a/b/b/c/c a/b/x/c/d", "a/c/b"),
    ("**/a/*/b.yaml", "a/x/b.yaml 1/a/2/a/x/b.yaml", "a/b.yaml a/x/y/b.yaml"),
    ("a**b", "ab axxb axxb/c d/ab", "a/b"),
    ("**.yaml", "a.yaml b/c.yaml", "a.yml"),
    ("f?o", "foo fxo x/foo foo/y", "fo fooo f/o"),
    (r"f\*o", "f*o x/f*o", "foo"),
    (r"f\?o", "f?o", "foo"),
    (r"a\ b.yaml", "", "a"),
    (r"api/\[id\].ts", "api/[id].ts", "api/i.ts"),
    ("Mesh.yaml", "Mesh.yaml", "mesh.yaml MESH.YAML"),
    ("a//b", "", "a/b"),
    ("./a", "", "a"),
    ("*a*b*", "ab xaxbx d/ab", "ba"),
    ("a.c", "a.c", "abc"),
]


@pytest.mark.parametrize(("pattern", "inside", "outside"), PATTERNS)
def test_pattern_matches_exactly_these_paths(pattern: str, inside: str, outside: str) -> None:
    """A pattern means what GitHub's documentation and matcher make of it."""
    glob = glob_of(pattern)
    assert [path for path in inside.split() if not glob.matches(path)] == []
    assert [path for path in outside.split() if glob.matches(path)] == []


def test_escaped_space_is_part_of_the_pattern() -> None:
    """A backslash before a space keeps the space in the path."""
    judge = Judge("CODEOWNERS", "/mesh\\ policy/*.yaml\t@hms/mesh")
    assert judge.owners_of("mesh policy/a.yaml").owners == ("@hms/mesh",)
    assert judge.owners_of("mesh").owners == ()


@pytest.mark.parametrize("word", ["@anna", "@anna-b", "@corp_anna", "@hms/mesh-team", "a.b+c@hms.example"])
def test_an_owner_is_a_user_a_team_or_an_address(word: str) -> None:
    """Only these three forms own anything."""
    assert is_owner(word)


@pytest.mark.parametrize(
    "word",
    [
        "@",
        "anna",
        "@a/b/c",
        "docs@",
        "@hms/",
        "a@b",
        "@a,@b",
        "@a@b",
        "@@maintainer",
        "@hms/mesh:all",
        "@ännä",
    ],
)
def test_other_words_are_no_owners(word: str) -> None:
    """Forms of other platforms and typing errors own nothing."""
    assert not is_owner(word)


def test_the_last_matching_line_decides_alone() -> None:
    """Earlier owners do not add up with later ones."""
    judge = Judge("CODEOWNERS", "* @all\nmesh/ @mesh @sec\nmesh/*.md @docs\n")
    assert judge.owners_of("x.yaml").owners == ("@all",)
    found = judge.owners_of("mesh/a.yaml")
    assert (found.owners, found.line, found.pattern) == (("@mesh", "@sec"), 2, "mesh/")
    assert found.because == "line 2 of CODEOWNERS gives it to @mesh and @sec"
    assert judge.owners_of("mesh/a.md").owners == ("@docs",)


def test_a_line_without_owners_takes_ownership_away() -> None:
    """An empty line of owners is a decision, not an omission."""
    found = Judge("CODEOWNERS", "/apps/ @a\n/apps/github # nobody\n").owners_of("apps/github/x.yaml")
    assert (found.owners, found.line, found.known) == ((), 2, True)
    assert found.because == "line 2 of CODEOWNERS names no owner for `/apps/github`"


def test_comments_end_a_line_and_own_nothing() -> None:
    """A comment may follow the owners; what it says is not an owner."""
    judge = Judge("CODEOWNERS", "# head\n  # indented\n*.yaml @a # and @b\n*.md @c#@d\n")
    assert judge.owners_of("x.yaml").owners == ("@a",)
    assert judge.owners_of("x.md").owners == ("@c",)
    assert judge.problems == []


@pytest.mark.parametrize("line", ["!mesh/ @b", r"\#mesh/ @b", "[mn]esh/ @b", "mesh/***/x @b", "mesh/ @b nobody"])
def test_an_invalid_line_is_skipped_and_the_others_stay(line: str) -> None:
    """One bad line loses itself alone."""
    judge = Judge("CODEOWNERS", f"* @a\n{line}\n")
    assert judge.owners_of("mesh/x").owners == ("@a",)
    assert [problem.line for problem in judge.problems] == [2]


def test_a_problem_points_at_its_word() -> None:
    """Line, column and end are those of the word at fault."""
    (problem,) = Judge("CODEOWNERS", "* @a\n  mesh/  @b  @c,  @d\r\n").problems
    assert (problem.code, problem.line, problem.column, problem.end_column) == ("invalid-owner", 2, 14, 17)


def test_an_unowned_file_names_the_skipped_line_that_would_own_it() -> None:
    """The reason for nobody is often a typo one line further."""
    found = Judge("CODEOWNERS", "mesh/ team\n").owners_of("mesh/a.yaml")
    assert found.because == (
        "no line of CODEOWNERS matches it, and line 1, which would, is skipped: `team` is not an owner"
    )


def test_carriage_returns_and_tabs_are_blank() -> None:
    """Files written on Windows say the same."""
    assert Judge("CODEOWNERS", "*.yaml\t@a\r\n\r\n").owners_of("x.yaml").owners == ("@a",)


def test_an_owner_in_the_place_of_the_pattern_is_reported() -> None:
    """`@team` alone is a pattern that owns nothing."""
    judge = Judge("CODEOWNERS", "@hms/mesh\n")
    assert [problem.code for problem in judge.problems] == ["owner-as-pattern"]
