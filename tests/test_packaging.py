"""What is shipped: the wheel holds the rules and the compiled catalogue, and runs by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RULES = {str(path.relative_to(ROOT)) for path in (ROOT / "rules").rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build wheel and sdist once, without fetching anything."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return folder


def wheel_of(folder: Path) -> Path:
    """Return the one wheel."""
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_all_rules_and_nothing_else(built: Path) -> None:
    """`rules/**` of the checkout is `meshlint/rules/**` of the wheel, and the catalogue is compiled."""
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        names = set(wheel.namelist())
    assert {name.removeprefix("meshlint/") for name in names if name.startswith("meshlint/rules/")} == RULES
    assert "meshlint/catalogue.bin" in names
    assert {"meshlint/reports/graphs/page/page.css", "meshlint/reports/graphs/page/page.js"} <= names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"meshlint"}


def test_the_source_distribution_can_be_built_again(built: Path) -> None:
    """It holds the rules, the build hook, the fixtures and the tests."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= RULES
    assert {"hatch_build.py", "pyproject.toml", "README.md", "LICENSE", "Makefile"} <= names
    assert any(name.startswith("fixtures/hms/") for name in names)


def test_the_wheel_runs_from_where_it_lies(built: Path, tmp_path: Path) -> None:
    """Unpacked anywhere, it judges by its own compiled rules."""
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        wheel.extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "MESHLINT_CACHE_DIR": str(tmp_path / "cache")}
    target = ROOT / "fixtures" / "hms" / "before"
    command = [sys.executable, "-m", "meshlint", "check", str(target), "--today", "2026-11-24"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "MTL001 permissive-mtls" in done.stdout
