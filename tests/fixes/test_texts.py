"""Bytes, and text that becomes the same bytes again."""

from __future__ import annotations

import pytest

from meshlint.fixes.operations import CannotEdit, Set
from meshlint.fixes.texts import decoded, encoded
from meshlint.fixes.yaml_editor import edited


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_edit_keeps_the_encoding(encoding: str) -> None:
    """Mark, byte order and line ends are those of before."""
    data = "# é 😀\r\na: 1\r\n".encode(encoding)
    text = decoded(data)
    assert encoded(text.text, text.encoding) == data
    after = encoded(edited(text.text, {0: [Set("/a", "ü")]}), text.encoding)
    assert after == "# é 😀\r\na: ü\r\n".encode(encoding)


def test_big_endian() -> None:
    """The mark says so."""
    data = "\ufeffa: 1\n".encode("utf-16-be")
    assert encoded(*decoded(data)) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("a: 1\n# größe\n".encode("cp1252"), "byte 0xf6 in line 2 is no UTF-8"),
        (b"\xff\xfea\x00\x00\xd8", "is no UTF-16-LE"),
        (b"a: \xed\xa0\x80\n", "byte 0xed in line 1 is no UTF-8"),
    ],
)
def test_what_has_no_exact_text_is_refused(data: bytes, reason: str) -> None:
    """Nothing is replaced by a guess."""
    with pytest.raises(CannotEdit) as refusal:
        decoded(data)
    assert reason in refusal.value.reason
