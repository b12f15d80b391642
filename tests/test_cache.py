"""The cache: outside the repository, and never a reason to fail or to answer wrongly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from meshlint.cache import Cache, default_folder


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"MESHLINT_CACHE_DIR": "mine", "XDG_CACHE_HOME": "/xdg", "HOME": "/home/a"}, "mine"),
        ({"XDG_CACHE_HOME": "/xdg", "HOME": "/home/a"}, "/xdg/meshlint"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/a"}, "/home/a/.cache/meshlint"),
        ({"HOME": "/home/a"}, "/home/a/.cache/meshlint"),
        ({"HOME": "relative"}, None),
    ],
)
def test_the_cache_lies_with_the_user(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str | None
) -> None:
    """What would lie below the working folder, and so in the repository, is no cache."""
    for name in ("MESHLINT_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_folder() == expected


def test_what_is_wrong_with_the_cache_is_a_miss(tmp_path: Path) -> None:
    """Broken entries, a file in the place of a folder, and no folder at all."""
    cache = Cache(str(tmp_path / "cache"))
    cache.put("reports", "a", (1, "two"))
    assert cache.get("reports", "a") == (1, "two")
    entry = tmp_path / "cache" / "reports" / "a"
    kept = entry.read_bytes()
    for broken in (b"", kept[:-3], b"\x00" * 40, b"text"):
        entry.write_bytes(broken)
        assert cache.get("reports", "a") is None
    (tmp_path / "file").write_text("")
    for elsewhere in (Cache(str(tmp_path / "file")), Cache(None)):
        elsewhere.put("reports", "a", 1)
        assert elsewhere.get("reports", "a") is None


def test_entries_are_the_users_alone(tmp_path: Path) -> None:
    """Nobody else reads what a manifest said."""
    cache = Cache(str(tmp_path / "cache"))
    cache.put("reports", "a", 1)
    assert os.stat(tmp_path / "cache" / "reports" / "a").st_mode & 0o077 == 0
    assert os.stat(tmp_path / "cache" / "reports").st_mode & 0o077 == 0
