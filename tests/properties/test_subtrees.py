"""What holds for a file does not depend on how much of its repository is checked."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.pipeline import Options, check, prepare
from tests.judge import TODAY

_COMPILED = tempfile.mkdtemp(prefix="meshlint-tests-")
atexit.register(shutil.rmtree, _COMPILED, ignore_errors=True)

FOLDERS = ("", "a", "a/b", "a/b/c", "d")
KEYS = st.sampled_from([
    "select: [HYG002]", "select: [HYG006, HYG002]", "profile: baseline", "ignore: [HYG002]", "root: true",
    "rules: {HYG002: {severity: info}}", "rules: {HYG006: {enabled: true, severity: error}}",
    "rules: {HYG002: {enabled: false}}", "exclude: [/b/x.yaml]", "namespaces: {b/**: shop}",
    "overrides: [{paths: [b/**], select: [HYG002]}]", "overrides: [{namespaces: [shop], ignore: [HYG006]}]",
    "exceptions: [{rule: HYG002, path: x.yaml, reason: r, owner: o}]",
])  # fmt: skip
FILES = st.fixed_dictionaries({folder: st.lists(KEYS, max_size=3) for folder in FOLDERS})
FAULTY = """apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: %s}
spec: {mtls: {mode: STRICT}, unknown: 1}
"""


@settings(max_examples=8)
@given(FILES, st.sampled_from(FOLDERS[1:]))
def test_a_subtree_is_judged_as_a_part_of_the_whole(files: dict[str, list[str]], part: str) -> None:
    """Rules that look at one file say the same of it, by the same severity and in the same namespace."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MESHLINT_CACHE_DIR", _COMPILED)
        (Path(folder) / ".git").mkdir()
        for place, keys in files.items():
            at = Path(folder, place)
            at.mkdir(parents=True, exist_ok=True)
            (at / "x.yaml").write_text(FAULTY % f"n{FOLDERS.index(place)}")
            lines = {key.partition(":")[0]: key for key in keys if place or not key.startswith("root")}
            (at / ".meshlint.yaml").write_text("\n".join(lines.values()) + "\n")
        whole, alone = _said(folder, folder), _said(folder, os.path.join(folder, part))
    assert [row for row in whole if row[0].startswith(f"{part}/")] == alone


def _said(root: str, operand: str) -> list[tuple[str, str, str, str]]:
    report = check(prepare(Options((operand,), today=TODAY, root=root, allow_empty=True)))
    return [
        (row["location"]["path"], row["rule"], row["severity"], row["resource"]["namespace"])
        for row in report.findings
        if row["rule"] in ("HYG002", "HYG006")
    ]
