"""Standard output and standard error as real processes have them: closed, full, left early, of another encoding."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_exit_codes import BAD
from tests.judge import TODAY

COMMAND = (sys.executable, "-m", "meshlint")
CHECK = (*COMMAND, "check", "a.yaml", "--today", TODAY)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "a.yaml").write_text(BAD.replace("name: web,", "name: wéb,"))


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line; `{}` is the check."""
    text = command.replace("{}", " ".join(CHECK))
    return subprocess.run(
        ["bash", "-c", text], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("ending", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(ending: str) -> None:
    """Who closes a stream wants nothing of it."""
    done = shell("{} " + ending)
    assert done.returncode == 1
    assert done.stderr == ""
    assert shell("{} --fail-on never " + ending).returncode == 0


@pytest.mark.parametrize(("option", "expected"), [("", 1), ("--fail-on never", 0)])
def test_a_reader_that_leaves_changes_no_exit_code(option: str, expected: int) -> None:
    """`| head` shortens what is read and neither the verdict nor the other reports."""
    done = shell("{} --format json --format text=later.txt " + option + " | true; echo ${PIPESTATUS[0]}")
    assert done.stdout == f"{expected}\n"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert Path("later.txt").read_text().startswith("a.yaml:4:18")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_a_full_disk_is_said() -> None:
    """A report that was asked for and cannot be written is 2, whatever was found; the other one is written."""
    done = shell("{} --format text --format json=report.json > /dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("error[usage]: cannot write to stdout: no space left on device")
    assert json.loads(Path("report.json").read_text())["version"] == 1


def test_a_report_that_cannot_be_written_keeps_no_other_back() -> None:
    """The first is the caller's mistake; the rest is written."""
    done = shell("{} --format json=nowhere/report.json --format text")
    assert done.returncode == 2
    assert "cannot write nowhere/report.json" in done.stderr
    assert done.stdout.startswith("a.yaml:4:18")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_the_encoding_of_a_stream_fails_nothing(encoding: str) -> None:
    """Text spells out what a stream cannot hold, JSON is UTF-8 everywhere."""
    assert shell("{} > text", PYTHONIOENCODING=encoding, PYTHONUTF8="0").returncode == 1
    done = subprocess.run([*CHECK, "--format", "json"], capture_output=True, check=False,
                          env={**os.environ, "PYTHONIOENCODING": encoding})  # fmt: skip
    assert any(item["resource"]["name"] == "wéb" for item in json.loads(done.stdout)["findings"])


def test_standard_input_that_is_closed_holds_nothing() -> None:
    """It is empty, not a bug."""
    done = shell(f"{' '.join(COMMAND)} check - <&-")
    assert done.returncode == 2
    assert "nothing to check in -" in done.stderr


def test_frames_show_what_was_read(tmp_path: Path) -> None:
    """A `# Source:` comment names a file, and the line is that of the stream, not of the file of that name."""
    (tmp_path / "web.yaml").write_text("# another text\n" * 20)
    (tmp_path / "stream").write_text(f"---\n# Source: web.yaml{BAD}")
    done = shell(f"{' '.join(COMMAND)} check - --select MTL001 --today {TODAY} < stream", MESHLINT_FRAMES="always")
    assert " --> web.yaml:5:18" in done.stdout
    assert "5 | metadata: {name: shop, labels: {istio-injection: enabled}}" in done.stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_frames_show_text_of_any_encoding(tmp_path: Path, encoding: str) -> None:
    """What the parser reads is what is shown, without marks."""
    (tmp_path / "a.yaml").write_text(BAD.lstrip().replace("\n", "\r\n"), encoding=encoding, newline="")
    assert (
        "3 | metadata: {name: shop, labels: {istio-injection: enabled}}\n"
        in shell("{} --select MTL001", MESHLINT_FRAMES="always").stdout
    )


def test_a_mistake_in_the_configuration_is_shown_from_any_folder(tmp_path: Path) -> None:
    """Its path is relative to the root, and its line comes from the file that was read."""
    (tmp_path / "sub").mkdir()
    (tmp_path / ".meshlint.yaml").write_text("root: true\nprofil: strict\n")
    done = shell(f"cd sub && {' '.join(COMMAND)} check .")
    assert " --> .meshlint.yaml:2:1\n  |\n2 | profil: strict\n  | ^^^^^^\n" in done.stderr


def test_a_configuration_that_is_a_pipe_holds_nothing_up(tmp_path: Path) -> None:
    """It is a mistake, and is opened neither to read it nor to show it."""
    os.mkfifo(tmp_path / ".meshlint.yaml")
    done = subprocess.run([*CHECK], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "error[config]: .meshlint.yaml is not a regular file" in done.stderr
