"""A rule to begin from passes its tests at once, whatever it judges."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.errors import UsageError
from meshlint.policy.vocabulary import KINDS, TARGETS
from meshlint.testing.drafting import draft, written
from tests.testing.packs import loaded, tried


@pytest.fixture(autouse=True)
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile our own rules once for the process."""
    from tests.judge import COMPILED

    monkeypatch.setenv("MESHLINT_CACHE_DIR", COMPILED)


@pytest.mark.parametrize("target", [*TARGETS, *KINDS, "/Service", "apps/Deployment", "example.com/Thing"])
def test_a_draft_passes_and_reaches_every_condition(tmp_path: Path, target: str) -> None:
    """For every word and every kind."""
    files = draft("own-rule", str(tmp_path / "policy"), target)
    written(files)
    results = tried(tmp_path / "policy")
    assert results.failed == []
    assert [row for rule in results.rules for row in rule.unreached] == []
    assert {row.side for row in results.outcomes} == {"good", "bad"}
    assert "RULE" not in "".join([*files, *files.values()])


def test_drafts_of_one_pack_leave_each_other_in_peace(tmp_path: Path) -> None:
    """The good cases of each are silent under all of them."""
    for target in TARGETS:
        written(draft(f"own-{target}", str(tmp_path / "policy"), target))
    results = tried(tmp_path / "policy")
    assert len(results.rules) == len(TARGETS)
    assert results.failed == []


@pytest.mark.parametrize(
    ("folder", "name"),
    [("policy", "policy"), ("My Rules", "my-rules"), ("mtls", "own-mtls"), ("2", "own-2"), ("no", "no")],
)
def test_a_new_folder_gets_a_manifest(tmp_path: Path, folder: str, name: str) -> None:
    """Its name is that of the folder, as far as a pack may be called so."""
    written(draft("on", str(tmp_path / folder), "service"))
    suite = loaded(tmp_path / folder)
    assert [rule.name for rule in suite.rules] == [f"{name}/on"]


def test_a_folder_that_is_there_gets_no_manifest(tmp_path: Path) -> None:
    """And where rules have a folder of their own, the new one goes there."""
    (tmp_path / "policy/rules").mkdir(parents=True)
    (tmp_path / "policy/README.md").write_text("words")
    files = draft("own-rule", str(tmp_path / "policy"), "service")
    assert {path.removeprefix(f"{tmp_path}/policy/").partition("/")[0] for path in files} == {"rules", "fixtures"}
    written(files)
    assert tried(tmp_path / "policy").failed == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Neither the rule, wherever it lies, nor one of its fixtures; then nothing is written."""
    folder = tmp_path / "policy"
    written(draft("own-rule", str(folder), "service"))
    with pytest.raises(UsageError, match=r"own-rule\.yaml is there already"):
        draft("own-rule", str(folder), "service")
    (folder / "own-rule.yaml").rename(folder / "other.yml")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="is there already"):
        written(draft("own-rule", str(folder), "service"))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """A file stands where a folder is needed."""
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "fixtures").write_text("in the way")
    with pytest.raises(UsageError, match="cannot write"):
        written(draft("own-rule", str(folder), "service"))
    assert sorted(path.name for path in folder.iterdir()) == ["fixtures"]


@pytest.mark.parametrize(
    ("name", "target", "message", "help"),
    [
        (
            "OwnRule",
            "service",
            "`OwnRule` is no name of a rule: lower-case words joined by hyphens",
            "did you mean `own-rule`?",
        ),
        ("../x", "service", "`../x` is no name of a rule: lower-case words joined by hyphens", "did you mean `x`?"),
        ("x", "servce", "there is no target `servce`", "did you mean `service`?"),
        (
            "x",
            "VirtualService",
            "there is no target `VirtualService`",
            "did you mean `networking.istio.io/VirtualService`?",
        ),
        ("x", "route", "there is no target `route`", "one of "),
    ],
)
def test_a_wrong_name_or_target_is_told(tmp_path: Path, name: str, target: str, message: str, help: str) -> None:
    """With what was probably meant."""
    with pytest.raises(UsageError) as told:
        draft(name, str(tmp_path / "policy"), target)
    assert told.value.message == message
    assert told.value.help.startswith(help)


def test_our_own_catalogue_is_no_pack() -> None:
    """Its rules need more than a draft says."""
    with pytest.raises(UsageError, match="is a catalogue of its own and no pack"):
        draft("own-rule", str(Path(__file__).parent.parent.parent / "rules"), "service")
