"""Fix a tree of texts the way `meshlint fix` does, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from meshlint.pipeline import Options, Run
from meshlint.repairs.rounds import Outcome
from meshlint.repairs.runs import FileChange, files_of, fix_run
from tests.judge import COMPILED, TODAY


def write_tree(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts below a folder."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8", newline="")


def fixed(
    folder: Path, *, unsafe: bool = True, writes: bool = True, **options: object
) -> tuple[Outcome, list[FileChange]]:
    """Fix a folder as its own repository under the strict profile, and write what changed."""
    chosen: dict[str, object] = {
        "root": str(folder),
        "profile": "strict",
        "today": TODAY,
        "allow_empty": True,
        **options,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MESHLINT_CACHE_DIR", COMPILED)
        run: Run
        asked = Options((str(folder),), **chosen)  # type: ignore[arg-type]  # names of options
        run, outcome = fix_run(asked, unsafe=unsafe)
    files = files_of(run, outcome)
    for file in files if writes else ():
        Path(file.file).parent.mkdir(parents=True, exist_ok=True)
        Path(file.file).write_bytes(file.after)
    return outcome, files
