"""The cache: outside the repository, and never a reason to fail or to answer wrongly."""

from __future__ import annotations

import os
import subprocess
import sys
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


def test_a_kept_report_needs_neither_mesh_nor_rules_at_work(tmp_path: Path) -> None:
    """A run over unchanged files imports what reads and prints, and nothing that resolves or judges."""
    manifest = tmp_path / "a.yaml"
    manifest.write_text("{apiVersion: v1, kind: Namespace, metadata: {name: a}}\n", encoding="utf-8")
    code = (
        f"import sys; sys.argv = ['meshlint', 'check', {str(manifest)!r}, '--root', {str(tmp_path)!r}]\n"
        "from meshlint.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = ('meshlint.mesh.mesh', 'meshlint.policy.engine', 'meshlint.syntax.stream', 'cel_expr_python')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)\n"
    )
    environment = {**os.environ, "MESHLINT_CACHE_DIR": str(tmp_path / "cache")}
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
        for _ in "ab"
    ]
    assert "meshlint.mesh.mesh" in runs[0].stderr
    assert runs[1].stderr == "[]\n"
