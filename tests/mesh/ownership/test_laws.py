"""Laws of ownership that hold for any text and any path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.mesh.ownership import fnmatch, github
from meshlint.mesh.ownership.codeowners import CodeOwners

PLATFORMS = ("github", "gitlab", "bitbucket", "gitea")
_NAMES = st.sampled_from(["a", "b", "ab", "a.b", "b.a", "aab"])
PATHS = st.lists(_NAMES, min_size=1, max_size=4).map("/".join)
_PARTS = st.sampled_from(["*", "**", "a", "b", "a*", "*b", "?", "a.b", "*a*b*"])
PATTERNS = st.builds(
    lambda lead, parts, end: lead + "/".join(parts) + end,
    st.sampled_from(["", "/"]),
    st.lists(_PARTS, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)
TEXTS = st.text(alphabet="ab*?/[]!^\\# \t\n\r@.-|()+\ufeff\0é", max_size=80)


@pytest.mark.parametrize("platform", PLATFORMS)
@given(data=st.binary(max_size=60) | TEXTS.map(str.encode), path=PATHS)
def test_reading_returns_on_any_bytes(platform: str, data: bytes, path: str) -> None:
    """Nothing raises, every answer has a reason, every problem a place."""
    owners = CodeOwners(data, path="CODEOWNERS", platform=platform)
    assert owners.owners_of(path).because
    assert all(p.line >= 1 and 1 <= p.column <= p.end_column for p in owners.problems)


@pytest.mark.parametrize("platform", ["github", "gitlab"])
@given(patterns=st.lists(PATTERNS, max_size=6), path=PATHS)
def test_the_index_changes_no_answer(platform: str, patterns: list[str], path: str) -> None:
    """The decision equals that of asking every line in turn."""
    lines = list(dict.fromkeys(patterns))
    owners = CodeOwners("".join(f"{p} @o\n" for p in lines).encode(), path="C", platform=platform)
    matching = [entry.line for entry in owners.entries if not entry.skipped and entry.glob.matches(path)]
    assert owners.owners_of(path).line == (matching[-1] if matching else None)


@given(patterns=st.lists(PATTERNS, max_size=5), path=PATHS)
def test_a_later_matching_line_wins(patterns: list[str], path: str) -> None:
    """Appending a line that matches gives the path to its owner, whatever stood before."""
    text = "".join(f"{pattern} @before\n" for pattern in patterns) + f"/{path} @after\n"
    assert CodeOwners(text.encode(), path="C", platform="github").owners_of(path).owners == ("@after",)


@pytest.mark.parametrize("platform", ["github", "gitlab", "gitea"])
@given(patterns=st.lists(PATTERNS, max_size=5), path=PATHS)
def test_blank_and_comment_lines_change_nothing(platform: str, patterns: list[str], path: str) -> None:
    """They move line numbers and nothing else."""
    lines = [f"{pattern} @o" for pattern in patterns]
    plain = CodeOwners("\n".join(lines).encode(), path="C", platform=platform)
    spaced = CodeOwners("\n# x @y\n\n".join(["", *lines]).encode(), path="C", platform=platform)
    assert plain.owners_of(path).owners == spaced.owners_of(path).owners


def _fits(parts: list[str], names: list[str]) -> bool:
    """Match segment by segment, slowly and plainly; `**` skips folders unless it is the last part."""
    if not parts:
        return not names
    if parts[0] == "**" and len(parts) > 1:
        return any(_fits(parts[1:], names[skip:]) for skip in range(len(names)))
    return bool(names) and _one(parts[0], names[0]) and _fits(parts[1:], names[1:])


def _one(part: str, name: str) -> bool:
    if not part:
        return not name
    if part[0] == "*":
        return any(_one(part[1:], name[skip:]) for skip in range(len(name) + 1))
    return bool(name) and part[0] in (name[0], "?") and _one(part[1:], name[1:])


@given(pattern=PATTERNS, path=PATHS)
def test_gitlab_globs_agree_with_a_plain_matcher(pattern: str, path: str) -> None:
    """The compiled glob means what a search over all splits finds."""
    text = "/**/*" if pattern == "*" else pattern if pattern.startswith("/") else f"/**/{pattern}"
    text = f"{text}**/*" if text.endswith("/") else text
    expected = _fits(text.split("/")[1:], path.split("/"))
    assert fnmatch.glob_of(pattern)[1].matches(path) == expected


@given(pattern=PATTERNS, path=PATHS)
def test_github_globs_agree_with_a_plain_matcher(pattern: str, path: str) -> None:
    """The compiled glob means what gitignore's rules spell out, folder by folder."""
    names = path.split("/")
    parts = pattern.strip("/").split("/")
    anchored = pattern.startswith("/") or len(parts) > 1
    folder_only = pattern.endswith("/") or parts[-1] == "**"
    while parts and parts[-1] == "**":
        parts.pop()
    if not parts:
        expected = True
    else:
        parts = parts if anchored else ["**", *parts]
        ends = range(1, len(names)) if folder_only else range(1, len(names) + 1)
        if parts[-1] == "*" and not folder_only:
            ends = range(len(names), len(names) + 1)
        expected = any(_fits(parts, names[:end]) for end in ends)
    assert github.glob_of(pattern).matches(path) == expected
