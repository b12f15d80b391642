"""The line reader gives what the parser gives, or nothing: tried on fixtures, on damaged fixtures, on odd texts."""

from __future__ import annotations

import glob
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.syntax.document import DEFAULT_LIMITS
from meshlint.syntax.encoding import readable
from meshlint.syntax.plain import read_plain
from meshlint.syntax.stream import Reader

FILES = sorted(glob.glob("fixtures/**/*.yaml", recursive=True) + glob.glob("rules/**/*.yaml", recursive=True))
DAMAGE = [
    " ", "  ", "-", "- ", ":", ": ", "#", " #", "\n", "\n\n", "'", '"', "|", "|-", "|+", ">", "[", "]", "{", "}", ",",
    "&a", "*a", "!t ", "\t", "\r\n", "---\n", "...\n", "%YAML 1.1\n", "? ", "~", "y", "0x1F", "1_0", "\\", "<<: ",
    "null", "@", "`", ".", "---", "- - ", "=", "\ufeff", "é", "\x85", "k: |\n   a\n", "a", "1", "1" * 5000,
]  # fmt: skip
PIECES = st.sampled_from(
    ["a", "b", "y", "1", "017", "~", "key", "'q'", '"d"', ": ", ":", " ", "  ", "    ", "- ", "-", "\n", "\n", "\n  ",
     "\n- ", "# c", " # c", "|\n", "|-\n", "{a: b}", "[a, 'b']", "[]", "{}", "---\n", "...", "&x ", "*x", "!!int ",
     "<<", "\t", "\r"]
)  # fmt: skip


def parsed(text: bytes) -> tuple[list[tuple[int, str]], bool]:
    """Return line and value of every document as the parser sees them, and whether it had nothing to object."""
    reader = Reader(text, DEFAULT_LIMITS)
    reader.run()
    assert reader.openings == [document.start.line for document in reader.documents] or reader.problems
    intact = not reader.problems and all(document.intact for document in reader.documents)
    return [(document.start.line, shown(document.value)) for document in reader.documents], intact


def shown(value: Any) -> str:
    """Write a value with its types and the order of its keys."""
    return repr(value)


def is_read(data: bytes) -> bool:
    """Tell whether the line reader takes a text; when it does, it has to agree with the parser."""
    text = readable(data)[0]
    plain = read_plain(text, DEFAULT_LIMITS)
    if plain is None:
        return False
    assert ([(line, shown(value)) for line, value in plain], True) == parsed(text)
    return True


def damaged(text: str, rng: random.Random) -> str:
    """Return a few lines of a text with a few signs put in, taken out, moved in or moved round."""
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    text = "\n".join(lines[start : start + rng.randrange(3, 14)])
    for _ in range(rng.randrange(1, 5)):
        at, lines = rng.randrange(len(text) + 1), text.split("\n")
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(5):
            case 0 | 1:
                text = text[:at] + rng.choice(DAMAGE) + text[at:]
            case 2:
                text = text[:at] + text[at + rng.randrange(1, 4) :]
            case 3:
                lines[one] = " " * rng.randrange(4) + lines[one].lstrip(" " if rng.random() < 0.3 else "")
                text = "\n".join(lines)
            case _:
                lines[one], lines[other] = lines[other], lines[one]
                text = "\n".join(lines)
    return text + "\n"


def test_most_fixtures_are_read_and_equal() -> None:
    """Manifests as people write them need no parser, nearly always."""
    read = sum(is_read(Path(path).read_bytes()) for path in FILES)
    assert read > 0.8 * len(FILES)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_fixtures_are_equal_or_refused(seed: int) -> None:
    """Nothing that the parser reads otherwise, or objects to, is ever taken."""
    rng = random.Random(seed)
    texts = [Path(path).read_text(encoding="utf-8") for path in FILES]
    tried = [is_read(damaged(rng.choice(texts), rng).encode()) for _ in range(1500)]
    assert 0.05 < sum(tried) / len(tried) < 0.9


@given(st.lists(PIECES, max_size=24).map("".join))
def test_any_pieces_are_equal_or_refused(text: str) -> None:
    """Texts put together without sense are no exception."""
    is_read(f"{text}\n".encode())
    is_read(f"k:\n  {text}\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "a: {b: 1, b: 2}\n",
        "a: &x 1\n",
        "a: [&x 1, *x]\n",
        "a: *x\n",
        "a: !t 1\n",
        "a:\t1\n",
        "a: 1\r\n",
        "a: one\n  two\n",
        "a: 'one\n  two'\n",
        "a:\n  one\n",
        'a: "\\x41"\n',
        "a: 'it''s'\n",
        "a: >\n  b\n",
        "a: |+\n  b\n",
        "a: |2\n   b\n",
        "a: |\n\n  b\n",
        "a: |\n",
        "a: |\n  b\n     \n",
        "a:\n    b: 1\n  c: 2\n",
        "- a\n b: 1\n",
        "a: - b\n",
        "a: b: c\n",
        "a: b:\n",
        "<<: {a: 1}\n",
        "? a\n: b\n",
        "{a: b}: c\n",
        "a: [b\n",
        "a: {y: 1, on: 2}\n",
        "a\n",
        "%YAML 1.1\n---\na: 1\n",
        "--- a\n",
        "a: 1\n...\n",
        "é: 1\n",
        "a: 1",
        f"a: {'1' * 10_000}\n",
        "".join(f"{' ' * depth}a:\n" for depth in range(190)),
        "a: " + "[" * 100 + "]" * 100 + "\n",
        "- " * 190 + "a\n",
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(text: str) -> None:
    """Forms with a meaning beyond their line, and mistakes, are refused."""
    assert read_plain(text.encode(), DEFAULT_LIMITS) is None


@pytest.mark.parametrize(
    "text",
    [
        "\n# nothing\n",
        "---\n",
        "---\n---\n# c\na: 1\n---\n",
        "a:\nb:\n- 1\n-\n- c: 2\n  d:\n  - e\n-\n  f: y\n",
        "- - a\n  - - b\n    - c\n- d\n",
        "a: 1 # c\nb: x#y\nc: 'p # q' # r\nd: a:b ::c\ne: # c\n",
        "on: 0o17\n017: 1e3\nnull: 22:22\n'on': \"017\"\n",
        "a: |\n  b: c\n   d\n\n  # e\n\nf: |-\n g\n# h\ni: 1\n",
        "a: {b: [c, 'd', {}]} # e\nf: []\ng: {}\n",
        """a: {b: 1, "c":  'd, e', y: .5, 017: off} # f\ng: [ a, "b", 2 ]\nh: { }\n""",
        f"a: {'1' * 900}\nb: -{'9' * 40}\nc: 18446744073709551616\n",
        "a: --x\nb: -1\nc: ---\nd: .5\ne: /p?q=1&r\n",
        "".join(f"{'  ' * depth}a:\n" for depth in range(100)),
    ],
)
def test_what_is_plain_is_read(text: str) -> None:
    """Comments, nulls, lists in the column of their key, literal blocks and one-line collections need no parser."""
    assert is_read(text.encode())


def test_collections_of_equal_lines_are_not_shared() -> None:
    """What is remembered of a line is never handed out twice."""
    read = read_plain(b"a: {b: []}\n---\na: {b: []}\n", DEFAULT_LIMITS)
    assert read is not None
    assert read[0][1]["a"] is not read[1][1]["a"]
    assert read[0][1]["a"]["b"] is not read[1][1]["a"]["b"]


def test_plain_manifests_need_no_parser() -> None:
    """The parser is imported by the first text that is not plain: a hook on one file starts without it."""
    script = (
        "import sys; from meshlint.resources.facts import take_facts\n"
        "take_facts(sys.argv[1].encode(), 'a.yaml'); print('yaml' in sys.modules)"
    )
    for text, expected in (("kind: A\nspec: {b: [c, 1, {}]}\n", "True"), ("kind: A\nspec: {b: c}\n", "False")):
        done = subprocess.run([sys.executable, "-c", script, text], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
