"""What is wrong with a pack is told at once, at its place, with what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint import __version__
from tests.policy.packs.small import MANIFEST, RULE, laid_out, mistakes

AT = "policy/foreign-caller.yaml:"

MISSPELT = [
    ("severity:", "severty:", f"{AT}2:1 unknown field `severty` (did you mean `severity`?)"),
    ("target: edge", "target: edges", f"{AT}3:9 unknown target `edges` (did you mean `edge`?)"),
    ("client.namespace", "client.namspace", f"{AT}5:22 EdgeClient has no fact `namspace` (did you mean `namespace`?)"),
    ('in ["payments", "web"]', "== 3", f"{AT}5:32 `==` does not take string, int"),
    (
        '"web"]',
        '"web"',
        f"{AT}5:53 the expression ends too early "
        "(a bracket is not closed, or something is missing behind an operator)",
    ),
    (
        'edge.is_known && edge.server.namespace == "payments"',
        "!edge.is_known",
        f"{AT}4:7 YAML reads `!edge.is_known` as a tag and not as a part of the text "
        "(put the whole expression in quotes)",
    ),
    (
        '"{edge.client} calls {edge.target_text}"',
        "{edge.client} calls {edge.target_text}",
        f"{AT}6:24 did not find expected key while parsing a block mapping of line 1 "
        "(put all of the text after `message:` in quotes)",
    ),
    (
        'message: "{edge.client} calls {edge.target_text}"',
        "message: {edge}",
        f"{AT}6:10 `message` is a text (put it in quotes)",
    ),
    (
        '["payments", "web"]',
        "params.callrs\nparams: {callers: [web]}",
        f"{AT}5:42 Params has no fact `callrs` (did you mean `callers`?)",
    ),
    ('["payments", "web"]', "params.callers", f"{AT}5:35 unknown name `params` (the rule has no `params:`)"),
    ("severity: error", "severity:", f"{AT}2:10 `severity` is empty: write error, warning or info"),
    (
        "help: Call it from namespace web.",
        'help: "Call it.\ncontrols: {}',
        f"{AT}7:7 found unexpected end of stream while scanning a quoted scalar of line 7 (close the quote)",
    ),
    (
        'require: edge.client.namespace in ["payments", "web"]',
        "check: house/callers",
        f"{AT}5:8 there is no check `house/callers` (install the distribution that offers it)",
    ),
    ("severity: error", "severity: critical", f"{AT}2:11 `severity` is error, warning or info, not `critical`"),
    ("severity: error", "\tseverity: error", f"{AT}2:1 the line is indented by a tab (YAML is indented by spaces)"),
    (
        "help:",
        "---\nhelp:",
        f"{AT}7:1 the file holds 2 documents (write each rule into a file of its own)",
    ),
    (RULE, "", f"{AT}1:1 the file is empty"),
    (RULE, "- a\n", f"{AT}1:1 the file does not hold one mapping (begin with `name: …`)"),
    (
        "name: foreign-caller",
        "name: foreign-callers",
        f"{AT}1:7 the rule of the file foreign-caller.yaml has another name (call the file foreign-callers.yaml)",
    ),
    (
        'require: edge.client.namespace in ["payments", "web"]',
        "let: {caller: edge.clint.name}\nrequire: caller in params.callers\nparams: {callers: [web]}",
        f"{AT}5:20 Edge has no fact `clint` (did you mean `client`?)",
    ),
    (
        '["payments", "web"]',
        "params.callers\nparams: {callers: [web, 3]}",
        f"{AT}6:9 `params` `callers` needs a default: a text, a number, a bool, or a list of one of them",
    ),
    ('edge.client.namespace in ["payments", "web"]', "true", f"{AT}5:10 `require` is a text (put it in quotes)"),
    (
        RULE,
        "name: foreign-caller\nseverity: error\ntarget: {kinds: [security.istio.io/AuthorisationPolicy]}\n"
        'require: object.action == "DENY"\nmessage: a\nhelp: B\n',
        f"{AT}3:18 security.istio.io has no kind AuthorisationPolicy "
        "(did you mean `security.istio.io/AuthorizationPolicy`?)",
    ),
    (
        RULE,
        "name: foreign-caller\nseverity: error\ntarget: {kinds: [security.istio.io/AuthorizationPolicy]}\n"
        "each: {caller: object.action}\nrequire: caller.occurs\nat: caller.place\nmessage: a\nhelp: B\n",
        f"{AT}4:16 `object.action` is a string and no list",
    ),
    (
        "name: foreign-caller",
        "name: Foreign\nexamples: {good: [], bad: [\"a: 1  # expect: Foreign\"]}",
        f"{AT}1:7 `name` is lower-case words joined by hyphens, not `Foreign`",
    ),
    ("{edge.client}", "{edge.clint}", f"{AT}6:17 Edge has no fact `clint` (did you mean `client`?)"),
    (
        "target: edge",
        "target: volcano",
        f"{AT}3:9 unknown target `volcano` (one of edge, file, mesh, namespace, object, port, repository, service, "
        f"suppression, workload; meshlint {__version__} has no others)",
    ),
    (
        "name: foreign-caller",
        "id: MTL900\nname: foreign-caller",
        f"{AT}1:5 ids that begin with MTL are those of meshlint itself (leave the id out)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), MISSPELT)
def test_a_misspelt_rule_is_explained(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Each of the mistakes that those make who write their first rule."""
    assert old in RULE
    folder = laid_out(tmp_path / "hms", {})
    folder.mkdir()
    (folder / "foreign-caller.yaml").write_text(RULE.replace(old, new))
    assert mistakes(folder) == [expected]


def test_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Nobody wants to learn of one file after the other."""
    files = {
        "pack.yaml": "name: HMS\nversion: 1.0\nrequire: '>=0.1'\n",
        "controls/house.yaml": "framework: house\nshort: House\ncontrols: {}\n",
        "a.yaml": RULE.replace("edge.client.namespace", "edge.client.namespaze"),
        "deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\n",
    }
    found = mistakes(laid_out(tmp_path / "hms", files))
    assert found[:4] == [
        "policy/pack.yaml:1:7 `name` is lower-case words joined by hyphens, not `HMS`",
        "policy/pack.yaml:2:10 `version` is a text (put it in quotes)",
        "policy/pack.yaml:3:1 unknown field `require` (did you mean `requires`?)",
        "policy/controls/house.yaml:1:1 `title` is missing",
    ]
    assert "policy/a.yaml:5:22 EdgeClient has no fact `namespaze` (did you mean `namespace`?)" in found
    assert "policy/deployment.yaml:2:1 the file is a manifest and no rule (keep test data below fixtures/)" in found


def test_both_places_of_one_id_and_one_name_are_told(tmp_path: Path) -> None:
    """Two files of one pack that claim the same."""
    rule = f"id: HMS001\n{RULE}"
    found = mistakes(laid_out(tmp_path / "hms", {"a/foreign-caller.yaml": rule, "b/foreign-caller.yaml": rule}))
    assert found == [
        "policy/a/foreign-caller.yaml:1:5 `HMS001` is the id of policy/b/foreign-caller.yaml, too",
        "policy/a/foreign-caller.yaml:2:7 `foreign-caller` is the name of policy/b/foreign-caller.yaml, too",
        "policy/b/foreign-caller.yaml:1:5 `HMS001` is already the id of policy/a/foreign-caller.yaml",
        "policy/b/foreign-caller.yaml:2:7 `foreign-caller` is already the name of policy/a/foreign-caller.yaml",
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (">=9", f"policy/pack.yaml:3:11 the pack needs meshlint >=9, and this is {__version__}"),
        ("2.0", 'policy/pack.yaml:3:11 `2.0` is no range of versions (write it as ">=0.1,<2")'),
    ],
)
def test_a_pack_for_another_meshlint(tmp_path: Path, wanted: str, expected: str) -> None:
    """Where the pack asks for another version, nothing else that it says is held against this one."""
    manifest = MANIFEST.replace(">=0.1,<2", wanted)
    rule = RULE.replace("target: edge", "target: volcano") if wanted == ">=9" else RULE
    assert mistakes(laid_out(tmp_path / "hms", {"pack.yaml": manifest, "foreign-caller.yaml": rule})) == [expected]


@pytest.mark.parametrize(
    ("tunes", "expected"),
    [
        ("{MTL00: {severity: info}}", "4:9 there is no rule `MTL00` (did you mean `MTL001`?)"),
        ("{RES003: {params: {maxmum: 1}}}", "4:27 RES003 has no parameter `maxmum` (did you mean `maximum`?)"),
        ("{RES003: {sevrity: info}}", "4:18 unknown field `sevrity` (did you mean `severity`?)"),
    ],
)
def test_what_a_pack_tunes_has_to_exist(tmp_path: Path, tunes: str, expected: str) -> None:
    """Settings of our rules are held against our rules, as those of a configuration are."""
    found = mistakes(laid_out(tmp_path / "hms", {"pack.yaml": f"{MANIFEST}tunes: {tunes}\n"}))
    assert found == [f"policy/pack.yaml:{expected}"]


@pytest.mark.parametrize("name", ["mtls", "permissive-mtls"])
def test_a_pack_is_not_called_like_what_is_there(tmp_path: Path, name: str) -> None:
    """A word of `select` means one thing."""
    folder = laid_out(tmp_path / name, {"foreign-caller.yaml": RULE})
    assert mistakes(folder)[0].startswith("the name of the folder policy names rules of meshlint itself (rename it")
    laid_out(folder, {"pack.yaml": MANIFEST.replace("hms", name)})
    assert mistakes(folder) == [f"policy/pack.yaml:1:7 `{name}` names rules of meshlint itself"]


def test_a_folder_whose_name_is_none(tmp_path: Path) -> None:
    """It needs a `pack.yaml`."""
    (found,) = mistakes(laid_out(tmp_path / "House Rules", {"foreign-caller.yaml": RULE}))
    assert found.startswith("the name of the folder policy is no name of a pack: lower-case words joined by hyphens")
