"""The compiled catalogue: what is in it, when it is made again, and what reading it costs."""

from __future__ import annotations

import marshal
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.policy import catalogue
from meshlint.policy.catalogue import Catalogue, load_builtin, load_folder, rules_folder
from meshlint.policy.rule_files.rule_file import RuleErrors

RULE = """\
id: {id}
name: {name}
since: 0.1.0
severity: {severity}
confidence: high
profile: baseline
target: workload
require: workload.meshed
message: "{{workload}} is out"
help: Bring it in.
why: Because.
controls: {{own: [A-1]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with one rule and what belongs to it."""
    rules = tmp_path / "rules"
    shutil.copytree(Path(rules_folder()) / "profiles", rules / "profiles")
    (rules / "controls").mkdir()
    own = "framework: own\nshort: Own\ntitle: Our own\ncontrols: {A-1: Be in}\n"
    (rules / "controls/own.yaml").write_text(own)
    _write(rules, "MTL001", "out")
    return rules


def _write(rules: Path, id_: str, name: str, severity: str = "error") -> None:
    (rules / "mtls").mkdir(exist_ok=True)
    (rules / f"mtls/{name}.yaml").write_text(RULE.format(id=id_, name=name, severity=severity))


def _load(folder: Path) -> Catalogue:
    return load_folder(str(folder), Cache(str(folder.parent / "cache")))


def test_a_file_is_a_rule(folder: Path) -> None:
    """A rule is added by adding its file; rules are sorted by id."""
    _write(folder, "AAA001", "first")
    loaded = _load(folder)
    assert [rule.id for rule in loaded.rules] == ["AAA001", "MTL001"]
    assert loaded.documents()["MTL001"].why == "Because."
    assert loaded.controls() == {"own": {"A-1": "Be in"}}
    assert loaded.find("out") == loaded.find("MTL001") == loaded.rules[1]


def test_a_changed_rule_is_compiled_again(folder: Path) -> None:
    """A changed file changes what is loaded, and the key by which reports are cached."""
    before = _load(folder)
    _write(folder, "MTL001", "out", severity="warning")
    after = _load(folder)
    assert (before.rules[0].severity, after.rules[0].severity) == ("error", "warning")
    assert before.key != after.key


def test_an_unchanged_folder_comes_from_the_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second load compiles nothing, also when only the stamps of files changed."""
    before = _load(folder)
    (folder / "mtls/out.yaml").touch()
    monkeypatch.setitem(sys.modules, "meshlint.policy.rule_files.folder", None)
    assert _load(folder).rules == before.rules


def test_one_id_is_one_rule(folder: Path) -> None:
    """Two files cannot share an id, and the file is called like its rule."""
    _write(folder, "MTL001", "again")
    (folder / "mtls/again.yaml").rename(folder / "mtls/zzz.yaml")
    with pytest.raises(RuleErrors) as caught:
        _load(folder)
    assert [error.message for error in caught.value.errors] == [
        "`MTL001` is already the id of rules/mtls/out.yaml",
        "the file of `again` has another name",
    ]


def test_a_retired_id_is_never_given_again(folder: Path) -> None:
    """Ids and names of retired rules stay theirs."""
    row = "retired:\n  - {id: MTL001, name: old, since: 0.2.0, why: it was wrong}\n"
    (folder / "retired.yaml").write_text(row)
    with pytest.raises(RuleErrors, match="already the id of a retired rule"):
        _load(folder)


def test_mistakes_of_all_files_are_told(folder: Path) -> None:
    """One run shows everything that is wrong, with paths."""
    (folder / "mtls/out.yaml").write_text(RULE.format(id="MTL001", name="out", severity="eror"))
    (folder / "controls/own.yaml").write_text("framework: own\nshrot: Own\ntitle: x\ncontrols: {}\n")
    with pytest.raises(RuleErrors) as caught:
        _load(folder)
    places = [error.location and (error.location.path, error.location.start.line) for error in caught.value.errors]
    assert ("rules/controls/own.yaml", 2) in places
    assert ("rules/mtls/out.yaml", 4) in places


def test_a_wheel_carries_the_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the build packs is what is loaded, without a look at the rule files."""
    compiled = tmp_path / "catalogue.bin"
    compiled.write_bytes(catalogue.compiled_bytes(rules_folder()))
    monkeypatch.setattr(catalogue, "COMPILED_FILE", str(compiled))
    monkeypatch.setitem(sys.modules, "meshlint.policy.rule_files.folder", None)
    assert load_builtin(Cache(None)).rules


def test_another_library_version_compiles_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serialised programs of one version are not given to another."""
    compiled = tmp_path / "catalogue.bin"
    compiled.write_bytes(marshal.dumps(("0.0.0", {}), 4))
    monkeypatch.setattr(catalogue, "COMPILED_FILE", str(compiled))
    assert load_builtin(Cache(None)).rules


def test_a_warm_load_imports_nothing_heavy(tmp_path: Path) -> None:
    """Neither pydantic nor protobuf nor YAML nor the expression library is imported to read the catalogue."""
    program = (
        "import sys; from meshlint.cache import Cache; from meshlint.policy.catalogue import load_builtin;"
        f"import meshlint.policy.engine; load_builtin(Cache({str(tmp_path)!r}));"
        "heavy = {'pydantic', 'google.protobuf', 'yaml', 'cel_expr_python.cel', 'difflib'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    load_builtin(Cache(str(tmp_path)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
