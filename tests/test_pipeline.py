"""The whole program: what a kept report may answer for, and what it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from meshlint.pipeline import Options, check, prepare
from tests.judge import TODAY

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
"""
STRICT = """apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository with a cache beside it, in which a first run was green or nearly so."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", str(tmp_path / "cache"))
    (folder / "a.yaml").write_text(f"{NAMESPACE}---\n{WORKLOAD}")
    (folder / "b.yaml").write_text(STRICT)
    (folder / "broken.yaml").write_text("a: [\n")
    (folder / "CODEOWNERS").write_text("* @hms/platform\n")
    (folder / ".github").mkdir()
    return folder


def rules(*operands: str, **options: object) -> list[str]:
    """Return the rules that fire, with the cache or without."""
    chosen = {"today": TODAY, "profile": "strict", "allow_empty": True, **options}
    report = check(prepare(Options(operands or (".",), **chosen)))  # type: ignore[arg-type]  # names of Options
    return [f"{finding['rule']} {finding['location']['path']}" for finding in report.findings]


def _edit(path: str, text: str) -> Callable[[Path], dict[str, object]]:
    def act(folder: Path) -> dict[str, object]:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
        return {}

    return act


def _move(folder: Path) -> dict[str, object]:
    (folder / "b.yaml").rename(folder / "c.yaml")
    return {}


def _with(**options: object) -> Callable[[Path], dict[str, object]]:
    return lambda _folder: options


@pytest.mark.parametrize(
    "change",
    [
        _edit("b.yaml", STRICT.replace("STRICT", "PERMISSIVE")),
        _edit("CODEOWNERS", "a.yaml @hms/platform\n"),
        _edit(".github/CODEOWNERS", "a.yaml @hms/platform\n"),
        _edit(".gitignore", "b.yaml\n"),
        _edit(".meshlint.yaml", "exclude: [b.yaml]\n"),
        _edit(".meshlint.yaml", "rules: {MTL002: {severity: info}}\n"),
        _edit("c.yaml", "# meshlint: ignore[MTL001]\n" + WORKLOAD.replace("web", "api")),
        _move,
        _with(complete=True),
        _with(profile="baseline"),
        _with(select=("OWN001",)),
        _with(ignore=("MTL",)),
        _with(today="2027-11-24"),
        _with(namespace="shop"),
        _with(root="/"),
    ],
)
def test_a_kept_report_is_never_stale(repository: Path, change: Callable[[Path], dict[str, object]]) -> None:
    """Whatever a report depends on, a change of it is judged anew."""
    rules()
    options = change(repository)
    assert rules(**options) == rules(**options, cached=False)


def test_a_kept_report_knows_which_files_were_named(repository: Path) -> None:
    """What is wrong with a named file is said, and the same files met in a folder are no answer to that."""
    assert "HYG001 broken.yaml" not in rules()
    assert "HYG001 broken.yaml" in rules("a.yaml", "b.yaml", "broken.yaml")
    assert "HYG001 broken.yaml" not in rules()


def test_a_kept_report_knows_what_lies_below_the_root(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files of one name and content, one of them outside the root: CODEOWNERS speaks of the other alone."""
    outside = repository.parent / "elsewhere"
    outside.mkdir()
    (outside / "b.yaml").write_text(STRICT)
    (repository / "CODEOWNERS").write_text("a.yaml @hms/platform\n")
    assert "OWN001 b.yaml" in rules("b.yaml", root=".")
    monkeypatch.chdir(outside)
    assert "OWN001 b.yaml" not in rules("b.yaml", root=str(repository))


EXCEPTIONS = """exceptions:
- {rule: OWN001, object: PeerAuthentication shop/default, reason: r, owner: "@o"}
- {rule: OWN001, path: "a*", reason: r, owner: "@o"}
"""


def test_a_part_of_a_repository_proves_no_exception_unused(repository: Path) -> None:
    """An exception for a file that was not looked at, or not among its neighbours, may well be needed."""
    (repository / ".meshlint.yaml").write_text(EXCEPTIONS)
    (repository / "sub").mkdir()
    (repository / "sub" / "c.yaml").write_text("# meshlint: ignore[OWN001] owner=@o why\n" + WORKLOAD)
    (repository / "b.yaml").rename(repository / "sub" / "b.yaml")
    unused = ["HYG027 .meshlint.yaml", "HYG027 .meshlint.yaml", "HYG027 sub/c.yaml"]
    suppressions = ("OWN001", "HYG027")
    assert rules(select=suppressions) == unused
    assert rules("a.yaml", "sub/c.yaml", "sub/b.yaml", select=suppressions) == []
    assert rules("sub", select=suppressions) == [unused[0], unused[2]]


def test_exclude_holds_without_a_root(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a repository it is relative to the folder of the configuration, wherever the run is started."""
    (repository / ".git").rmdir()
    (repository / ".meshlint.yaml").write_text("exclude: [/broken.yaml, /a.yaml]\n")
    for start in (repository, repository.parent, Path("/")):
        monkeypatch.chdir(start)
        report = check(prepare(Options((str(repository),), today=TODAY)))
        assert report.summary["files"] == 2  # the configuration and b.yaml


def test_names_of_no_encoding_are_printable(repository: Path) -> None:
    """Unix names are bytes; one that is no UTF-8 is reported with its bytes spelt out."""
    with open(b"odd\xff.yaml", "w") as stream:
        stream.write(STRICT.replace("default", "odd"))
    (repository / "CODEOWNERS").write_text("a.yaml @hms/platform\n")
    assert "OWN001 odd\\xff.yaml" in rules()


def test_a_repository_is_asked_for_codeowners_for_its_own_files_only(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input, files outside the root and exempted ones are not its own."""
    (repository / "CODEOWNERS").unlink()
    assert rules(select=("OWN",)) == ["OWN002 b.yaml"]
    (repository.parent / "c.yaml").write_text(STRICT)
    assert rules("../c.yaml", root=".", select=("OWN",)) == []
    with (repository / "b.yaml").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert rules("-", root=".", select=("OWN",)) == []
    (repository / ".meshlint.yaml").write_text("ownership: {exempt: [b.yaml]}\n")
    assert rules(select=("OWN",)) == []


@pytest.mark.parametrize(("encoding", "ending"), [("utf-16", "\n"), ("utf-8-sig", "\r\n")])
def test_comments_are_read_in_any_encoding(repository: Path, encoding: str, ending: str) -> None:
    """The next line of content is that of the text, not of its bytes."""
    comment = "# meshlint: ignore[OWN001] owner=@o why\n# more\n\n"
    text = "# head\n" + STRICT.replace("metadata", comment + "metadata")
    (repository / "CODEOWNERS").write_text("a.yaml @hms/platform\n")
    (repository / "b.yaml").write_text(text.replace("\n", ending), encoding=encoding, newline="")
    assert rules(select=("OWN001", "HYG026", "HYG027")) == []


SERVICE = """---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
"""


def _notes(folder: str) -> list[str]:
    options = Options((".",), TODAY, allow_empty=True, sources=(folder,))
    return [note for note in check(prepare(options)).notes if "program" in note]


def test_what_programs_say_is_part_of_the_key_of_a_report(repository: Path) -> None:
    """A call that no folder attributes is told; a file moved into the folder of a workload is no longer."""
    (repository / "a.yaml").write_text(f"{NAMESPACE}---\n{WORKLOAD}{SERVICE}")
    program = repository / "lib" / "main.py"
    program.parent.mkdir()
    program.write_text("import requests\nrequests.get('http://api/x')\n")
    assert _notes("lib") == [
        "1 call in a program is attributed to no workload (lib/main.py:2:15 names api): "
        "no folder above bears the name of a workload, its service, app or image"
    ]
    (repository / "lib" / "web").mkdir()
    program.rename(repository / "lib" / "web" / "main.py")
    assert _notes("lib") == []
