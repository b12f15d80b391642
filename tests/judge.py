"""Judge texts the way a run does, in this process."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from textwrap import dedent

import pytest

from meshlint.cache import Cache
from meshlint.findings.finding import Finding
from meshlint.pipeline import Options, check, prepare

TODAY = "2026-11-24"
COMPILED = tempfile.mkdtemp(prefix="meshlint-tests-")
atexit.register(shutil.rmtree, COMPILED, ignore_errors=True)


def findings_of(text: str, **options: object) -> list[Finding]:
    """Return the findings on one text under the strict profile."""
    return list(judged({"all.yaml": text}, **options))


def judged(files: Mapping[str, str], **options: object) -> list[Finding]:
    """Return the findings on several files under the strict profile; the rules are compiled once for the process."""
    from meshlint.findings.judging import judge_all
    from meshlint.pipeline import inputs_of

    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = os.path.join(folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8") as stream:
                stream.write(dedent(text))
        chosen: dict[str, object] = {
            "root": folder,
            "profile": "strict",
            "today": TODAY,
            "allow_empty": True,
            **options,
        }
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MESHLINT_CACHE_DIR", COMPILED)
            run = prepare(Options((folder,), **chosen))  # type: ignore[arg-type]  # callers name fields of Options
        return list(judge_all(inputs_of(run._replace(cache=Cache(None)))).findings)


__all__ = ["TODAY", "check", "findings_of", "judged"]
