"""What is wrong with a configuration, and where."""

from __future__ import annotations

import marshal
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.config.loader import load, validated
from meshlint.config.model import DEFAULTS, ConfigErrors, KnownRule
from meshlint.config.plain import from_plain, to_plain
from meshlint.errors import ConfigError

RULES = (
    KnownRule("MTL001", "permissive-mtls", "mtls"),
    KnownRule("RES004", "weak-breaker", "resilience", {"max-requests": 100, "names": ["a"], "strictly": True}),
    KnownRule("OWN001", "unowned-policy-file", "ownership", {"share": 0.5, "map": {}, "any": None, "list": []}),
)


def _mistakes(folder: Path, text: str, rules: tuple[KnownRule, ...] = ()) -> list[str]:
    """Return every mistake as `line:column message (help)`."""
    (folder / ".meshlint.yaml").write_text(text)
    with pytest.raises(ConfigErrors) as raised:
        load(None, start=str(folder), root=str(folder), known_rules=rules)
    found = []
    for error in raised.value.errors:
        assert error.location is not None
        assert error.location.path == ".meshlint.yaml"
        line, column = error.location.start
        found.append(f"{line}:{column} {error.message}" + (f" ({error.help})" if error.help else ""))
    return found


MISTAKES = [
    ("profil: strict\n",
     "1:1 unknown key `profil` (did you mean `profile`?)"),
    ("fail_on: error\n",
     "1:1 unknown key `fail_on` (did you mean `fail-on`?)"),
    ("profile: strictt\n",
     "1:10 `profile` holds `strictt`, which is none of baseline, standard, strict (did you mean `strict`?)"),
    ("select: MTL001\n",
     "1:9 `select` holds `MTL001`, where a list belongs (write it as a list: [MTL001])"),
    ("select:\n",
     "1:8 `select` holds nothing, where a list belongs (give it a value or remove it)"),
    ("root: 1\n",
     "1:7 `root` holds the number 1, where true or false belongs"),
    ("ignore: [MTL001, '']\n",
     '1:18 `ignore[1]` holds empty text'),
    ("rules:\n  MTL001:\n    severty: error\n",
     "3:5 unknown key `severty` (did you mean `severity`?)"),
    ("rules: 3\n",
     "1:8 `rules` holds the number 3, where a mapping belongs"),
    ("rules: [./policy, {MTL001: {severty: error}}]\n",
     "1:29 unknown key `severty` (did you mean `severity`?)"),
    ("rules: [./policy, 3]\n",
     "1:19 `rules[1]` holds the number 3, where a mapping belongs"),
    ("rules: [./policy, ./policy]\n",
     "1:8 `rules` names `./policy` twice"),
    ("legacy:\n- service: a\n",
     "2:3 `legacy[0]` lacks `namespace` (add `namespace`)"),
    ("legacy:\n- namespace: a\n  ports: [80, 70000]\n",
     "3:15 `legacy[0].ports[1]` holds 70000, which is no port number from 1 to 65535"),
    ("legacy:\n- namespace: a\n  expires: 2027-02-30\n",
     "3:12 `legacy[0].expires` holds `2027-02-30`, which is no date of the form 2027-01-31"),
    ("legacy:\n- namespace: a\n  expires: 20270131\n",
     "3:12 `legacy[0].expires` holds the number 20270131, where text belongs (put it in quotes)"),
    ("exceptions:\n- rule: RES001\n",
     "2:3 `exceptions[0]` names none of `object`, `path`, `namespace`"),
    ("exceptions:\n- rule: RES001\n  object: payments\n",
     "3:11 `exceptions[0].object` holds `payments`, which is not of the form `Kind namespace/name` "
     "or `Kind name`"),
    ("externals: ['a b']\n",
     '1:13 `externals[0]` holds `a b`, which is neither a host nor Kind/namespace/name nor Kind/name'),
    ("assume:\n  namespaces:\n    a: {labels: {x: true}}\n",
     "3:21 `assume.namespaces.a.labels.x` holds true, where text belongs (put it in quotes)"),
    ("assume: {mesh-config: {}}\n",
     "1:10 unknown key `mesh-config` (did you mean `meshConfig`?)"),
    ("environments: {prod: []}\n",
     "1:22 `environments.prod` is empty"),
    ("ownership: {platform: githup}\n",
     "1:23 `ownership.platform` holds `githup`, which is none of auto, github, gitlab, bitbucket, "
     "gitea (did you mean `github`?)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    """Each says what the file holds, where, and what was probably meant."""
    assert _mistakes(tmp_path, text) == [expected]


RULE_MISTAKES = [
    ("rules: {MTL01: {}}\n",
     "1:9 there is no rule `MTL01` (did you mean `MTL001`?)"),
    ("rules: {permisive-mtls: {}}\n",
     "1:9 there is no rule `permisive-mtls` (did you mean `permissive-mtls`?)"),
    ("select: [ownrship]\n",
     "1:10 there is no rule `ownrship` (did you mean `ownership`?)"),
    ("rules: {RES004: {params: {max-request: 1}}}\n",
     "1:27 RES004 has no parameter `max-request` (did you mean `max-requests`?)"),
    ("rules: {RES004: {params: {max-requests: many}}}\n",
     "1:41 parameter `max-requests` of RES004 takes a whole number"),
    ("rules: {RES004: {params: {names: [1]}}}\n",
     "1:34 parameter `names` of RES004 takes a list, each item text"),
    ("rules: {RES004: {params: {strictly: 1}}}\n",
     "1:37 parameter `strictly` of RES004 takes true or false"),
    ("rules: {OWN001: {params: {share: a}}}\n",
     "1:34 parameter `share` of OWN001 takes a number"),
    ("rules: {OWN001: {params: {map: 1, any: 2, list: [3], share: 1}}}\n",
     "1:32 parameter `map` of OWN001 takes a mapping"),
    ("ignore: [x]\n",
     "1:10 there is no rule `x` (one of MTL, MTL001, OWN, OWN001, RES, RES004, mtls, ownership, "
     "permissive-mtls, "
     "resilience, unowned-policy-file, weak-breaker)"),
    ("rules: {MTL001: {}, permissive-mtls: {}}\n",
     "1:21 `permissive-mtls` and `MTL001` are the same rule (keep one of them)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RULE_MISTAKES)
def test_rules_are_held_against_the_catalogue(tmp_path: Path, text: str, expected: str) -> None:
    """Unknown rules, unknown parameters and parameters of another type."""
    assert _mistakes(tmp_path, text, RULES) == [expected]


_PIECES = ("a", ":", " ", "\n", "- ", "legacy", "rules", "{", "}", "[", "]", "exceptions: ", "assume:\n  ")


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Nobody wants to learn them one by one."""
    text = "complete: maybe\nlegacy:\n- ports: [0]\nprofil: x\n"
    found = _mistakes(tmp_path, text)
    assert [line.split(":")[0] for line in found] == ["1", "3", "3", "4"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("profile: strict\nprofile: baseline\n", 2), ("a: [\n", 2), ("- a\n", 1), ("a: 1\n---\nb: 1\n", 2)],
)
def test_what_is_wrong_as_yaml_is_a_mistake(tmp_path: Path, text: str, line: int) -> None:
    """Duplicate keys, broken syntax, a list, a second document."""
    assert _mistakes(tmp_path, text)[0].startswith(f"{line}:")


def test_an_exception_for_an_unknown_rule_is_no_mistake(tmp_path: Path) -> None:
    """It matches nothing, which is a finding."""
    text = "exceptions: [{rule: NOPE, path: a}]\n"
    (tmp_path / "own.yaml").write_text(text)
    settings = load(str(tmp_path / "own.yaml"), start=".", root=None, known_rules=RULES)
    assert settings.exceptions[0].rules == ("NOPE",)


@pytest.mark.parametrize("text", ["profile: {{ .Values.profile }}\n", "---\n---\nroot: true\n"])
def test_templates_and_further_documents_are_not_passed_over(tmp_path: Path, text: str) -> None:
    """What would be skipped in a manifest is told about a configuration."""
    assert _mistakes(tmp_path, text)


def test_values_are_named_by_their_kind(tmp_path: Path) -> None:
    """Long texts, huge numbers, lists and mappings are not printed."""
    long, huge = "x" * 99, "9" * 30
    text = f"profile: {long}\nselect: {{}}\nroot: {huge}\ncomplete: []\nrules: {{MTL001: }}\n"
    shown = [message.split(" holds ")[1].split(",")[0] for message in _mistakes(tmp_path, text)]
    assert shown == ["a long text", "a mapping", "a huge number", "a list", "nothing"]


@given(
    data=st.binary(max_size=40)
    | st.lists(st.sampled_from(_PIECES), max_size=8).map(lambda pieces: "".join(pieces).encode())
)
def test_any_bytes_are_settings_or_mistakes_with_a_place(data: bytes) -> None:
    """Nothing else comes out of a file, and every mistake can be pointed to."""
    settings, errors = DEFAULTS, list[ConfigError]()
    try:
        settings = validated(data, "x")
    except ConfigErrors as mistakes:
        errors += mistakes.errors
    assert all(error.location and error.location.start.line >= 1 for error in errors)
    assert from_plain(marshal.loads(marshal.dumps(to_plain(settings)))) == settings


def test_an_expired_date_is_no_mistake(tmp_path: Path) -> None:
    """It becomes a finding of the run, which knows the day."""
    data = b"exceptions: [{rule: RES001, path: a, reason: b, owner: c, expires: 2001-01-01}]"
    assert validated(data, "x").exceptions[0].expires == "2001-01-01"


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_named_file_must_be_readable(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are mistakes of the caller."""
    with pytest.raises(ConfigErrors):
        load(str(tmp_path / name), start=str(tmp_path), root=None)


def test_a_large_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    """A configuration is a small regular file."""
    (tmp_path / "large.yaml").write_bytes(b"#" * (1 << 21))
    os.mkfifo(tmp_path / "pipe")
    for name, told in (("large.yaml", "is larger than 1 MB"), ("pipe", "is not a regular file")):
        with pytest.raises(ConfigErrors, match=told):
            load(str(tmp_path / name), start=".", root=None)


def test_mistakes_of_the_schema_and_of_rules_are_told_together(tmp_path: Path) -> None:
    """One run tells everything: unknown keys, wrong values and rules that do not exist."""
    text = "profil: strict\nselect: [MTL01]\nrules:\n  RES004: {severity: loud}\n  XYZ: {enabled: false}\n"
    told = _mistakes(tmp_path, text, RULES)
    assert [line.split()[0] for line in told] == ["1:1", "2:10", "4:22", "5:3"]
