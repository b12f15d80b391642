"""GitLab's reading of CODEOWNERS, by cases."""

from __future__ import annotations

import pytest

from meshlint.mesh.ownership.fnmatch import glob_of
from meshlint.mesh.ownership.gitlab import Judge, owners_in

PATTERNS = [
    ("*", "a.yaml a/b.yaml a/.b", ""),
    ("*.yaml", "a.yaml x/y/a.yaml .yaml", "a.yml a.yaml/b"),
    ("/*.yaml", "a.yaml", "x/a.yaml"),
    ("mesh", "mesh x/mesh", "mesh/a.yaml"),
    ("/mesh", "mesh", "mesh/a x/mesh"),
    ("mesh/", "mesh/a mesh/b/c x/mesh/a", "mesh"),
    ("/mesh/", "mesh/a mesh/b/c", "x/mesh/a mesh"),
    ("mesh/prod.yaml", "mesh/prod.yaml x/y/mesh/prod.yaml", "prod.yaml mesh/x/prod.yaml"),
    ("/docs/*", "docs/a docs/.a", "docs/a/b x/docs/a"),
    ("/docs/**", "docs/a", "docs/a/b"),
    ("/docs/**/*", "docs/a docs/a/b", "docs"),
    ("/docs/**/index.md", "docs/index.md docs/a/b/index.md", "index.md docs/index.md/x"),
    ("/a/**/b/**/c", "a/b/c a/x/b/y/z/c a/b/b/c", "a/c b/c"),
    ("/a**/b", "ax/b a/b", "a/x/b"),
    ("**/*.tf", "x.tf a/b/x.tf", "x.tfvars"),
    ("/f?o", "foo f.o", "fo f/o"),
    ("/[ab].yaml", "a.yaml b.yaml", "c.yaml [ab].yaml"),
    ("/[!ab].yaml", "c.yaml", "a.yaml"),
    ("/[^ab].yaml", "c.yaml", "b.yaml"),
    ("/[a-c]x", "ax bx cx", "dx -x"),
    ("/[c-a]x", "ax cx", "bx"),
    (r"/\[id\].ts", "[id].ts", "i.ts"),
    ("/x[^a]y", "xby", "x/y xay"),
    ("/x[", "", "x x["),
    ("/x[]y", "", "xy x]y"),
    (r"\#head", "#head x/#head", "head"),
    (r"/a\*", "a*", "ab"),
    (r"/a\/b", "a/b", "ab"),
    ("Mesh", "Mesh", "mesh"),
]


@pytest.mark.parametrize(("pattern", "inside", "outside"), PATTERNS)
def test_pattern_matches_exactly_these_paths(pattern: str, inside: str, outside: str) -> None:
    """A pattern means what `File.fnmatch` makes of its normal form."""
    _, glob = glob_of(pattern)
    assert [path for path in inside.split() if not glob.matches(path)] == []
    assert [path for path in outside.split() if glob.matches(path)] == []


@pytest.mark.parametrize(
    ("word", "owners"),
    [
        ("@anna", ("@anna",)),
        ("@hms/mesh/prod", ("@hms/mesh/prod",)),
        ("anna.b@hms.example", ("anna.b@hms.example",)),
        ("@@maintainer", ("@@maintainer",)),
        ("@@Developers", ("@@Developers",)),
        ("@@guest", ()),
        ("anna", ()),
        ("@anna,", ("@anna",)),
        ("@hms/", ("@hms",)),
        ("-", ()),
    ],
)
def test_owners_are_found_inside_words(word: str, owners: tuple[str, ...]) -> None:
    """GitLab picks references out of the text and ignores the rest."""
    assert owners_in(word) == owners


SECTIONS = """\
* @all
*.md @docs

[Mesh][2] @mesh @sec
/mesh/
/mesh/legacy/ @cobol
!/mesh/vendor/

^[Docs]
*.md @writers
"""


@pytest.mark.parametrize(
    ("path", "owners", "line"),
    [
        ("a.yaml", ("@all",), 1),
        ("mesh/a.yaml", ("@all", "@mesh", "@sec"), 1),
        ("mesh/legacy/a.yaml", ("@all", "@cobol"), 1),
        ("mesh/vendor/a.yaml", ("@all",), 1),
        ("mesh/a.md", ("@docs", "@mesh", "@sec", "@writers"), 2),
    ],
)
def test_every_section_applies_and_its_last_match_decides(path: str, owners: tuple[str, ...], line: int) -> None:
    """Sections add up; inside one the last match, its defaults and its exclusions count."""
    found = Judge("CODEOWNERS", SECTIONS).owners_of(path)
    assert (found.owners, found.line) == (owners, line)


def test_a_section_tells_approvals_and_whether_it_is_optional() -> None:
    """The answer keeps what later rules ask of a section."""
    found = Judge("CODEOWNERS", SECTIONS).owners_of("mesh/a.md").sections
    told = [(s.section, s.approvals, s.optional, s.inherited, s.line) for s in found]
    assert told == [("", 1, False, False, 2), ("Mesh", 2, False, True, 5), ("Docs", 1, True, False, 10)]


def test_sections_of_one_name_are_one_whatever_the_case() -> None:
    """They merge, and the section is required when one heading requires it."""
    judge = Judge("CODEOWNERS", "[Mesh]\n*.md @a\n[Docs]\n*.txt @x\n^[MESH]\n*.yaml @b\n*.m* @c\n")
    (section,) = judge.owners_of("x.yaml").sections
    assert (section.section, section.owners, section.optional) == ("Mesh", ("@b",), False)
    assert judge.owners_of("x.md").owners == ("@c",)


def test_a_repeated_pattern_keeps_its_place_and_takes_the_last_meaning() -> None:
    """The parser stores patterns under their normal form, so a repetition does not move to the end."""
    judge = Judge("CODEOWNERS", "*.md @first\n* @all\n*.md @last\n")
    assert judge.owners_of("x.md").owners == ("@all",)
    assert [problem.code for problem in judge.problems] == ["repeated-pattern"]


def test_an_exclusion_cannot_be_taken_back() -> None:
    """In its section an excluded path stays excluded; other sections still own it."""
    judge = Judge("CODEOWNERS", "!*.lock\n*.lock.x @a\npoetry.lock @b\n[Deps]\n*.lock @deps\n")
    assert judge.owners_of("poetry.lock").owners == ("@deps",)
    alone = Judge("CODEOWNERS", "* @a\n!/vendor/\n").owners_of("vendor/x")
    assert (alone.owners, alone.because) == ((), "line 2 of CODEOWNERS (`!/vendor/`) excludes it")


def test_an_entry_without_owners_is_approved_by_itself() -> None:
    """Zero owners own nothing, and the reason says what GitLab does then."""
    found = Judge("CODEOWNERS", "/mesh/ nobody\n").owners_of("mesh/a")
    assert (found.owners, found.known, found.line) == ((), True, 1)
    assert "approves by itself" in found.because


def test_malformed_owners_do_not_bring_the_defaults_back() -> None:
    """Words after the pattern replace the section's owners, valid or not."""
    assert Judge("CODEOWNERS", "[Mesh] @mesh\n/mesh/ nobody\n").owners_of("mesh/a").owners == ()


def test_owners_inside_a_comment_count() -> None:
    """GitLab has no comments behind an entry."""
    judge = Judge("CODEOWNERS", "*.js @js # once @evil\n")
    assert judge.owners_of("a.js").owners == ("@js", "@evil")
    (problem,) = judge.problems
    assert (problem.code, problem.column) == ("inline-comment", 10)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[Mesh\n", "unclosed-section"),
        ("[] @a\n", "unnamed-section"),
        ("^[Mesh][2] @a\n", "optional-approvals"),
        ("[Mesh][two] @a\n", "heading-rest"),
        ("[abc].txt @a\n", "heading-rest"),
        ("[Mesh] a\n", "invalid-owner"),
        ("/mesh/\n", "missing-owner"),
        ("/mesh/ @a b\n", "invalid-owner"),
        ("/x[ @a\n", "invalid-pattern"),
    ],
)
def test_what_is_not_read_as_written_is_reported(text: str, code: str) -> None:
    """Each of these lines means something else than it seems to."""
    assert code in [problem.code for problem in Judge("CODEOWNERS", text).problems]


def test_an_unclosed_heading_is_an_entry_of_the_section_before() -> None:
    """The lines after it stay in that section, too."""
    judge = Judge("CODEOWNERS", "[Docs] @docs\n[Mesh @mesh\nmesh/\n")
    assert judge.owners_of("mesh/a").owners == ("@docs",)


def test_a_section_called_codeowners_joins_the_unnamed_one() -> None:
    """GitLab uses that name for the entries before the first heading."""
    found = Judge("CODEOWNERS", "*.md @a\n[codeowners]\n* @b\n").owners_of("x.md")
    assert (found.owners, len(found.sections)) == (("@b",), 1)


def test_escaped_spaces_belong_to_the_path() -> None:
    """The first blank without a backslash ends the pattern."""
    assert Judge("CODEOWNERS", "mesh\\ policy/ @a\n").owners_of("x/mesh policy/y").owners == ("@a",)


def test_a_binary_file_holds_no_entries() -> None:
    """A NUL character anywhere makes it binary."""
    judge = Judge("CODEOWNERS", "* @a\n\0")
    assert judge.owners_of("x").owners == ()
    assert [problem.code for problem in judge.problems] == ["binary"]
