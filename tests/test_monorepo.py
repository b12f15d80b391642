"""Configurations of subtrees and overrides: what a run over a repository of many teams says, and where."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from meshlint.config.model import ConfigErrors
from meshlint.findings.report import Report
from meshlint.pipeline import Options, check, prepare
from tests.judge import TODAY

_COMPILED = tempfile.mkdtemp(prefix="meshlint-tests-")
atexit.register(shutil.rmtree, _COMPILED, ignore_errors=True)

TEAM = """apiVersion: v1
kind: Namespace
metadata: {{name: {0}, labels: {{istio-injection: enabled}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: api, namespace: {0}}}
spec:
  selector: {{matchLabels: {{app: api}}}}
  template:
    metadata: {{labels: {{app: api}}}}
    spec: {{containers: [{{name: api, image: "a:1", ports: [{{containerPort: 8080}}]}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: api, namespace: {0}}}
spec: {{selector: {{app: api}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: api, namespace: {0}}}
spec: {{host: api, trafficPolicy: {{connectionPool: {{tcp: {{maxConnections: 5000}}}}}}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default, namespace: {0}}}
spec: {{mtls: {{mode: PERMISSIVE}}}}
"""
NOWHERE = """apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: nowhere}
spec: {mtls: {mode: STRICT}, unknown: 1}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository of two teams, with a cache of compiled rules beside it."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    for team in ("pay", "web"):
        (folder / "apps" / team).mkdir(parents=True)
        (folder / "apps" / team / "all.yaml").write_text(TEAM.format(team))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MESHLINT_CACHE_DIR", _COMPILED)
    return folder


def write(**files: str) -> None:
    """Write configurations; `_` stands for the folders between, `root` for none."""
    for place, text in files.items():
        Path("" if place == "root" else place.replace("_", "/"), ".meshlint.yaml").write_text(text)


def report(*operands: str, **options: object) -> Report:
    """Judge operands, by default the repository."""
    chosen = {"today": TODAY, "allow_empty": True, "select": (), **options}
    return check(prepare(Options(operands or (".",), **chosen)))  # type: ignore[arg-type]  # names of Options


def said(*operands: str, **options: object) -> list[str]:
    """Return severity, rule and file of every finding."""
    found = report(*operands, **options).findings
    return [f"{one['severity']} {one['rule']} {one['location']['path']}" for one in found]


def test_one_namespace_is_judged_by_more_rules_and_counted_by_them() -> None:
    """The others neither fail by those rules nor count as judged."""
    write(root="select: [MTL001]\noverrides: [{namespaces: ['p*'], select: [MTL001, AUT001]}]\n")
    found = report()
    rows = [f"{one['rule']} {one['resource']['namespace'] or one['resource']['name']}" for one in found.findings]
    assert rows == ["AUT001 pay", "MTL001 pay", "MTL001 web"]
    assert found.judged == {"MTL001": {"pay": 1, "web": 1}, "AUT001": {"pay": 1}}


def test_a_severity_holds_where_it_is_set() -> None:
    """In a subtree, and for an override inside of it."""
    write(
        root="select: [MTL001]\n",
        apps="rules: {MTL001: {severity: info}}\noverrides: [{paths: [/web], rules: {MTL001: {severity: warning}}}]\n",
    )
    assert said() == ["info MTL001 apps/pay/all.yaml", "warning MTL001 apps/web/all.yaml"]


def test_parameters_differ_by_place() -> None:
    """Each place keeps what its own parameters find, whichever is narrower."""
    narrow, wide = "{RES003: {params: {maximum: 100}}}", "{RES003: {params: {maximum: 9000}}}"
    write(root=f"select: [RES003]\nrules: {narrow}\noverrides: [{{namespaces: [web], rules: {wide}}}]\n")
    assert said() == ["error RES003 apps/pay/all.yaml"]
    write(root=f"select: [RES003]\nrules: {wide}\n", apps_web=f"rules: {narrow}\n")
    found = report()
    assert [one["location"]["path"] for one in found.findings] == ["apps/web/all.yaml"]
    assert found.judged["RES003"] == {"pay": 1, "web": 1}


@pytest.mark.parametrize("operands", [("apps/web",), ("apps/web/all.yaml",), ("apps/web/all.yaml", "apps/pay"), (".",)])
def test_what_is_in_force_does_not_depend_on_the_operands(operands: tuple[str, ...], repository: Path) -> None:
    """A file is judged alike whether it, its folder or the repository is named, in any order, from anywhere."""
    write(root="select: [MTL001, HYG002]\n", apps_web="ignore: [HYG002]\nrules: {MTL001: {severity: info}}\n")
    (repository / "apps/web/more.yaml").write_text(NOWHERE)
    for order in (operands, operands[::-1]):
        assert [row for row in said(*order) if "web" in row] == ["info MTL001 apps/web/all.yaml"]
    os.chdir("apps")
    assert [row for row in said(*(os.path.relpath(repository / one) for one in operands)) if "web" in row] == [
        "info MTL001 apps/web/all.yaml"
    ]


def test_without_a_root_the_outermost_configuration_counts(repository: Path) -> None:
    """A subtree inherits from above, wherever the run is started."""
    (repository / ".git").rmdir()
    write(
        root="select: [MTL001, HYG002]\noverrides: [{paths: [apps/web/more.yaml], ignore: [HYG]}]\n",
        apps_web="rules: {MTL001: {severity: info}}\n",
    )
    (repository / "apps/web/more.yaml").write_text(NOWHERE)
    assert said("apps/web") == ["info MTL001 apps/web/all.yaml"]
    os.chdir("apps/web")
    assert said() == said("more.yaml", "all.yaml") == ["info MTL001 all.yaml"]
    os.chdir("/")
    assert said(str(repository / "apps/web")) == [f"info MTL001 {str(repository).lstrip('/')}/apps/web/all.yaml"]


def test_a_root_of_its_own_stands_apart(repository: Path) -> None:
    """It inherits nothing; what it says of whole runs holds when it is checked by itself."""
    write(
        root='select: [MTL001, HYG002]\nexceptions: [{rule: HYG002, path: apps/**, reason: r, owner: "@o"}]\n',
        apps_web="root: true\nselect: [HYG002]\nfail-on: never\ncomplete: true\n",
    )
    for team in ("pay", "web"):
        (repository / f"apps/{team}/more.yaml").write_text(NOWHERE.replace("nowhere", team))
    assert said() == ["error MTL001 apps/pay/all.yaml", "warning HYG002 apps/web/more.yaml"]
    assert said("apps/web") == ["warning HYG002 more.yaml"]
    assert (prepare(Options()).settings.fail_on, prepare(Options(("apps/web",))).settings.fail_on) == ("error", "never")


def test_globs_start_at_the_folder_of_their_file(repository: Path) -> None:
    """`exclude`, `exceptions` and `overrides` of a subtree speak of it alone."""
    (repository / "apps/web/gone").mkdir()
    for place in ("all.yaml", "apps/gone.yaml", "apps/web/gone/all.yaml"):
        (repository / place).write_text(NOWHERE.replace("nowhere", place.replace("/", "-")))
    why = "reason: r, owner: '@o', expires: 2027-01-31"
    write(
        root="select: [MTL001, HYG002]\n",
        apps_web=f"exclude: [/gone]\nexceptions: [{{rule: MTL001, path: /all.yaml, {why}}}]\n",
        apps_pay=f"exceptions: [{{rule: MTL001, object: PeerAuthentication web/default, {why}}}]\n",
    )
    assert said() == ["warning HYG002 all.yaml", "warning HYG002 apps/gone.yaml", "error MTL001 apps/pay/all.yaml"]
    assert [one["suppression"]["kind"] for one in report().suppressed] == ["config"]


def test_legacy_entries_of_a_subtree_open_nothing_elsewhere(repository: Path) -> None:
    """The services of others are not theirs to except."""
    text = (repository / "apps/web/all.yaml").read_text()
    text = text.replace("name: http,", "name: tcp,").replace("PERMISSIVE", "STRICT")
    (repository / "apps/web/all.yaml").write_text(text)
    entry = "legacy: [{namespace: web, ports: [80]}]\n"
    write(root="select: [PRO001]\n", apps_pay=entry)
    assert said() == []
    write(apps_web=entry)
    assert said() == ["error PRO001 apps/web/all.yaml"]


def test_mistakes_of_all_nested_files_are_told_at_once() -> None:
    """Each with its file and line, what belongs to the whole run included."""
    write(
        apps="fail-on: never\nprofil: strict\n",
        apps_web="rules:\n  MTL01: {}\n",
        apps_pay="ownership: {exempt: [a], platform: gitlab}\nrules: [./policy]\n",
    )
    with pytest.raises(ConfigErrors) as caught:
        report()
    told = [(e.location.path, e.location.start.line, e.message, e.file) for e in caught.value.errors if e.location]
    root = os.getcwd()
    whole = "holds for a whole run, not for a folder"
    assert told == [
        ("apps/.meshlint.yaml", 1, f"`fail-on` {whole}", f"{root}/apps/.meshlint.yaml"),
        ("apps/.meshlint.yaml", 2, "unknown key `profil`", f"{root}/apps/.meshlint.yaml"),
        ("apps/pay/.meshlint.yaml", 1, f"`ownership.platform` {whole}", f"{root}/apps/pay/.meshlint.yaml"),
        ("apps/pay/.meshlint.yaml", 2, f"the pack ./policy {whole}", f"{root}/apps/pay/.meshlint.yaml"),
        ("apps/web/.meshlint.yaml", 2, "there is no rule `MTL01`", f"{root}/apps/web/.meshlint.yaml"),
    ]


def test_a_table_of_a_pyproject_is_a_nested_configuration_too(repository: Path) -> None:
    """One that does not speak of meshlint is none."""
    write(root="select: [MTL001]\n")
    (repository / "apps/web/pyproject.toml").write_text("[tool.meshlint.rules.MTL001]\nseverity = 'info'\n")
    (repository / "apps/pay/pyproject.toml").write_text("[tool.other]\nroot = 1\n")
    assert said() == ["error MTL001 apps/pay/all.yaml", "info MTL001 apps/web/all.yaml"]


def test_a_named_configuration_is_the_only_one(tmp_path: Path) -> None:
    """`--config` takes the place of all; outside of the tree its globs start at the root."""
    write(root="select: [HYG002]\n", apps_web="rules: {MTL001: {severity: info}}\n")
    (tmp_path / "ours.yaml").write_text("select: [MTL001]\nexclude: [/apps/pay]\n")
    assert said(config=str(tmp_path / "ours.yaml")) == ["error MTL001 apps/web/all.yaml"]


def test_a_namespace_by_path(repository: Path) -> None:
    """The last glob of the nearest file decides; it goes before `--namespace`, and what the object says before both."""
    (repository / "apps/web/more.yaml").write_text(NOWHERE + "---\n" + NOWHERE.replace("nowhere}", "x, namespace: x}"))
    write(root="select: [HYG002]\nnamespaces: {apps/web/**: a, apps/web/more.yaml: b}\n")
    assert [one["resource"]["namespace"] for one in report().findings] == ["b", "x"]
    write(apps="namespaces: {web/more.yaml: c}\n")
    assert [one["resource"]["namespace"] for one in report(namespace="z").findings] == ["c", "x"]
    write(apps="namespaces: {other/**: c}\n", root="select: [HYG002]\n")
    assert [one["resource"]["namespace"] for one in report(namespace="z").findings] == ["z", "x"]


def test_an_override_for_nothing_is_told_by_whole_runs_only() -> None:
    """A part of a tree proves nothing; in the whole, a misspelt namespace would go without its rules in silence."""
    write(root="overrides:\n- {paths: [gone/**], ignore: [MTL]}\n- {namespaces: [wbe, web, p*], ignore: [MTL]}\n")
    told = [
        ".meshlint.yaml:2: the override for gone/** covers no file that was read",
        ".meshlint.yaml:3: the override for namespace wbe covers no object that was read",
    ]
    assert [note for note in report().notes if "override" in note] == told
    assert [note for note in report("apps/web").notes if "override" in note] == []


def test_overlays_that_patch_share_a_note(repository: Path) -> None:
    """A repository has hundreds of them, and a note for each would bury the findings."""
    for env in ("dev", "prod", "qa", "uat"):
        (repository / f"overlays/{env}").mkdir(parents=True)
        text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: a.yaml}]\n"
        (repository / f"overlays/{env}/kustomization.yaml").write_text(text)
    (repository / "overlays/qa/kustomization.yaml").write_text(text + "namePrefix: qa-\n")
    dev, prod, uat = (f"overlays/{env}/kustomization.yaml" for env in ("dev", "prod", "uat"))
    assert [note for note in report().notes if "rendered" in note] == [
        f"3 kustomizations were not rendered ({dev}, {prod}, {uat}): patches are applied only by rendering; "
        "judge the result with `kustomize build DIR | meshlint check -`",
        "overlays/qa/kustomization.yaml was not rendered: patches and prefixes of names are applied only by rendering; "
        "judge the result with `kustomize build overlays/qa | meshlint check -`",
    ]


def test_a_suppression_is_unused_only_where_its_rule_holds(repository: Path) -> None:
    """Where the rule is off, nothing is known about the comment."""
    for team in ("pay", "web"):
        strict = TEAM.format(team).replace("PERMISSIVE", "STRICT")
        comment = "# meshlint: ignore[MTL001] owner=@o why\n"
        (repository / f"apps/{team}/all.yaml").write_text(comment + strict)
    write(root="select: [MTL001, HYG027]\noverrides: [{namespaces: [web], ignore: [MTL001]}]\n")
    assert said() == ["info HYG027 apps/pay/all.yaml"]


def test_standard_input_is_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart that is rendered into the check proves no exception of the repository unused."""
    write(root="select: [HYG002, HYG027]\nexceptions: [{rule: HYG002, namespace: gone, reason: r, owner: o}]\n")
    assert said() == ["info HYG027 .meshlint.yaml"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEAM.format("web").encode())))
    assert said("-") == []


def test_a_kept_report_follows_every_configuration() -> None:
    """A nested file that changes, comes or goes is judged anew."""
    write(root="select: [MTL001]\n")
    assert len(said("apps/web")) == 1
    for text, count in (("ignore: [MTL]\n", 0), ("ignore: [RES]\n", 1), ("ignore: [MTL001]\n", 0)):
        write(apps_web=text)
        assert len(said("apps/web")) == count
    os.remove("apps/web/.meshlint.yaml")
    assert len(said("apps/web")) == 1


def test_links_and_folders_outside_the_root_are_read(repository: Path, tmp_path: Path) -> None:
    """The configuration in a folder holds for whoever is led there; outside the root that of the root holds."""
    write(root="select: [MTL001]\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "all.yaml").write_text(TEAM.format("out"))
    (outside / ".meshlint.yaml").write_text("rules: {MTL001: {severity: info}}\n")
    (repository / "link").symlink_to(outside)
    (repository / "broken").symlink_to(repository / "nowhere")
    assert "info MTL001 link/all.yaml" in said()
    rows = [f"error MTL001 {outside}/all.yaml", "error MTL001 apps/pay/all.yaml"]
    assert said(str(outside), "apps/pay", root=".") == rows


def test_nothing_below_takes_out_what_is_mandatory(repository: Path) -> None:
    """A profile, a selection or a root of its own leaves it in, and naming it is a mistake with both places."""
    write(
        root="select: [HYG002]\nmandatory: [MTL001, RES003]\noverrides: [{namespaces: [pay], select: [HYG002]}]\n",
        apps_web="root: true\nselect: [HYG002]\n",
    )
    assert said() == ["error MTL001 apps/pay/all.yaml", "error MTL001 apps/web/all.yaml"]
    place = "`mandatory` in line 2 of .meshlint.yaml"
    for text, told in (
        ("ignore: [MTL]", f"`ignore` leaves out MTL001, which {place} makes mandatory"),
        (
            "overrides: [{paths: [a], rules: {MTL001: {severity: info}}}]",
            f"MTL001 is softened from error to info, although {place} makes it mandatory",
        ),
        (
            "rules: {permissive-mtls: {params: {}}, RES003: {params: {maximum: 9}}}",
            f"RES003 is tuned in a folder, although {place} makes it mandatory",
        ),
    ):
        write(apps_web=text)
        with pytest.raises(ConfigErrors) as caught:
            report()
        assert caught.value.message == told
        assert caught.value.location is not None
        assert caught.value.location.path == "apps/web/.meshlint.yaml"
