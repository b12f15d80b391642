"""Reading `[tool.meshlint]` of a `pyproject.toml`: the same settings, and mistakes at their lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from meshlint.config.loader import find, load
from meshlint.config.model import DEFAULTS, ConfigErrors, KnownRule
from meshlint.sources.root import find_root

RULES = (KnownRule("RES003", "unlimited-circuit-breaker", "resilience", {"maximum": 1000000}),)
WHOLE = """\
[project]
name = "shop"

[tool.meshlint]
root = true
profile = "strict"
externals = [
  "api.partner.example",
]

[tool.meshlint.rules.RES003]
severity = "warning"
params.maximum = 65536

[[tool.meshlint.exceptions]]
rule = "RES003"
object = "DestinationRule shop/web"
reason = "measured"
expires = 2027-01-31

[[tool.meshlint.exceptions]]
rule = "RES003"
path = "old/**"
reason = "goes away"
"""


def written(folder: Path, text: str) -> Path:
    """Write the file and return its folder."""
    (folder / "pyproject.toml").write_text(text)
    return folder


def mistakes(folder: Path, text: str) -> list[tuple[str, int]]:
    """Return message and line of every mistake."""
    with pytest.raises(ConfigErrors) as caught:
        load(None, start=str(written(folder, text)), root=str(folder), known_rules=RULES)
    return [(error.message, error.location.start.line if error.location else 0) for error in caught.value.errors]


def test_the_table_says_what_a_file_of_its_own_would(tmp_path: Path) -> None:
    """Keys and values are those of `.meshlint.yaml`; dates of TOML are dates."""
    settings = load(None, start=str(written(tmp_path, WHOLE)), root=str(tmp_path), known_rules=RULES)
    assert (settings.path, settings.root, settings.profile) == ("pyproject.toml", True, "strict")
    assert settings.rules["RES003"][:3] == ("warning", None, {"maximum": 65536})
    assert [external.name for external in settings.externals] == ["api.partner.example"]
    assert [exception.expires for exception in settings.exceptions] == ["2027-01-31", ""]


def test_entries_know_their_lines(tmp_path: Path) -> None:
    """Findings about an entry point to the header that begins it, or to the key of its list."""
    settings = load(None, start=str(written(tmp_path, WHOLE)), root=str(tmp_path))
    lines = WHOLE.splitlines()
    assert lines[settings.rules["RES003"].line - 1] == "[tool.meshlint.rules.RES003]"
    assert [lines[exception.line] for exception in settings.exceptions] == ['rule = "RES003"', 'rule = "RES003"']
    assert settings.exceptions[0].line < settings.exceptions[1].line
    assert lines[settings.externals[0].line - 1] == "externals = ["


def test_a_file_of_its_own_comes_first(tmp_path: Path) -> None:
    """Beside `.meshlint.yaml` the table counts for nothing; a nearer table beats a farther file."""
    written(tmp_path, WHOLE)
    assert find(str(tmp_path), str(tmp_path)) == str(tmp_path / "pyproject.toml")
    (tmp_path / ".meshlint.yaml").write_text("profile: baseline\n")
    assert find(str(tmp_path), str(tmp_path)) == str(tmp_path / ".meshlint.yaml")
    (tmp_path / "app").mkdir()
    written(tmp_path / "app", WHOLE)
    assert find(str(tmp_path / "app"), str(tmp_path)) == str(tmp_path / "app" / "pyproject.toml")


@pytest.mark.parametrize("text", ["[project]\nname = 'shop'\n", "[tool.meshlinter]\n", "# [tool.meshlint]\n", "= ["])
def test_a_file_without_the_table_is_somebody_elses(tmp_path: Path, text: str) -> None:
    """Neither the settings nor the faults of other tools' files are ours."""
    assert load(None, start=str(written(tmp_path, text)), root=str(tmp_path)) is DEFAULTS


def test_mistakes_are_shown_at_their_lines(tmp_path: Path) -> None:
    """Unknown keys, wrong values and unknown parameters point to where they stand."""
    found = mistakes(tmp_path, '[tool.meshlint]\nprofil = "strict"\ncomplete = "yes"\n[tool.meshlint.rules.RES003]\n'
                     "params.maximun = 3\n")  # fmt: skip
    assert [line for _, line in found] == [2, 3, 5]
    assert "profil" in found[0][0]
    assert "maximun" in found[2][0]


def test_what_is_no_toml_is_a_mistake_at_its_line(tmp_path: Path) -> None:
    """The reader's own words follow the name of the file."""
    [(message, line)] = mistakes(tmp_path, "[tool.meshlint]\nprofile = \n")
    assert message.startswith("pyproject.toml is no TOML: ")
    assert line == 2
    assert mistakes(tmp_path, "[tool.meshlint.rules]\n[tool]\nmeshlint = 3\n")[0][0].startswith("pyproject.toml is no")


def test_a_table_may_end_the_search_for_the_root(tmp_path: Path) -> None:
    """`root = true` counts inside the table only."""
    below = written(tmp_path, WHOLE) / "deploy"
    below.mkdir()
    assert find_root([str(below)]) == str(tmp_path)
    written(tmp_path, "[tool.meshlint]\nprofile = 'strict'\n[tool.other]\nroot = true\n")
    assert find_root([str(below)]) is None


def test_the_reader_of_toml_stays_away_where_no_table_is(tmp_path: Path) -> None:
    """Most repositories have a pyproject.toml that does not speak of meshlint."""
    written(tmp_path, "[project]\nname = 'shop'\n")
    code = (
        "import sys; from meshlint.config.loader import load;"
        f"load(None, start={str(tmp_path)!r}, root={str(tmp_path)!r}); assert 'tomllib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
