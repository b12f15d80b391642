"""Reading `.meshlint.yaml`: what it says, and what is wrong with it and where."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.config.loader import find, load
from meshlint.config.model import DEFAULTS, External, KnownRule, Settings

COMPLETE = Path(__file__).parents[2] / "fixtures/config/complete.yaml"
RULES = (
    KnownRule("MTL001", "permissive-mtls", "mtls"),
    KnownRule("RES003", "unlimited-circuit-breaker", "resilience", {"maximum": 1000000}),
    KnownRule("OWN001", "unowned-policy-file", "ownership"),
    KnownRule("OWN002", "missing-codeowners", "ownership"),
    KnownRule("HYG027", "unused-suppression", "hygiene"),
)


def _load(folder: Path, text: str, **options: object) -> Settings:
    (folder / ".meshlint.yaml").write_text(text)
    return load(None, start=str(folder), root=str(folder), **options)  # type: ignore[arg-type]  # names of options


def test_the_complete_example_says_what_its_comments_say() -> None:
    """The documented file is valid for the rules it names and every value arrives."""
    settings = load(str(COMPLETE), start=".", root=str(COMPLETE.parent), known_rules=RULES)
    assert (settings.path, settings.root, settings.profile, settings.fail_on) == (
        "complete.yaml", True, "strict", "warning",
    )  # fmt: skip
    assert settings.select == ("MTL", "resilience", "unowned-policy-file")
    assert (settings.ignore, settings.complete) == (("HYG027",), True)
    assert settings.exclude == ("vendor/", "**/testdata/*.yaml")
    assert settings.environments["staging"] == ("overlays/staging/**",)
    assert settings.required_exception_fields == ("reason", "owner", "expires")
    assert settings.mandatory == ("unowned-policy-file",)
    assert settings.ownership == ("github", ("@hms/platform", "@hms/security"), False, ("charts/**",))


def test_the_complete_example_keeps_lists_in_order_with_their_lines() -> None:
    """Findings about an entry point to its line."""
    settings = load(str(COMPLETE), start=".", root=None)
    lines = COMPLETE.read_text().splitlines()
    rule = settings.rules["RES003"]
    assert (rule.severity, rule.enabled, rule.params) == ("warning", True, {"maximum": 65536})
    assert lines[rule.line - 1] == "  RES003:"
    legacy = settings.legacy[1]
    assert (legacy.service, legacy.workload, legacy.expires) == (None, {"app": "ledger"}, "2027-06-30")
    assert settings.legacy[0].ports == (4071,)
    assert lines[legacy.line - 1] == "  - namespace: records"
    first, second, third = settings.exceptions
    assert (first.object, first.ticket, second.path) == ("Service voting/results", "HMS-1204", "migration/**")
    assert "rule: permissive-mtls" in lines[second.line - 1]
    assert (third.rules, third.namespace) == (("RES003", "missing-circuit-breaker"), "sandbox-*")
    assert settings.externals[1][:3] == ("gateway-certificate", "istio-system", "Secret")


def test_the_complete_example_shows_every_key() -> None:
    """A key that is added to the schema must be documented there."""
    from meshlint.config.schema import PARTS, keys_of

    text = COMPLETE.read_text()
    assert [key for model in PARTS.values() for key in keys_of(model) if f"{key}:" not in text] == []


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """No configuration is a configuration."""
    assert load(None, start=str(tmp_path), root=str(tmp_path)) == DEFAULTS


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}\n"])
def test_an_empty_file_holds_the_defaults(tmp_path: Path, text: str) -> None:
    """A file may say nothing."""
    assert _load(tmp_path, text)._replace(path=None, text=b"") == DEFAULTS


def test_the_nearest_file_upwards_is_found_and_none_above_the_root(tmp_path: Path) -> None:
    """Configuration belongs to a tree, and the root ends it."""
    deep = tmp_path / "a/b"
    deep.mkdir(parents=True)
    (tmp_path / ".meshlint.yaml").write_text("")
    assert find(str(deep), str(tmp_path)) == str(tmp_path / ".meshlint.yaml")
    assert find(str(deep), str(tmp_path / "a")) is None
    (tmp_path / "a/.meshlint.yaml").write_text("")
    assert find(str(deep), None) == str(tmp_path / "a/.meshlint.yaml")


def test_a_file_outside_the_root_is_shown_as_given(tmp_path: Path) -> None:
    """Inside, it is relative to the root."""
    (tmp_path / "root").mkdir()
    (tmp_path / "own.yaml").write_text("")
    settings = load(str(tmp_path / "own.yaml"), start=".", root=str(tmp_path / "root"))
    assert settings.path == str(tmp_path / "own.yaml")


def test_a_word_means_a_rule_by_id_name_family_and_prefix() -> None:
    """These are the words of `select`, `ignore` and the command line."""
    rule = RULES[0]
    assert all(rule.is_named(word) for word in ("MTL001", "permissive-mtls", "mtls", "MTL"))
    assert not rule.is_named("MTL002")


def test_a_kept_configuration_equals_the_validated_one(tmp_path: Path) -> None:
    """What comes out of the cache is what went in, wherever the file stands now."""
    cache = Cache(str(tmp_path / "cache"))
    first = load(str(COMPLETE), start=".", root=None, cache=cache)
    assert load(str(COMPLETE), start=".", root=None, cache=cache) == first


def test_a_warm_run_imports_neither_pydantic_nor_yaml(tmp_path: Path) -> None:
    """A kept configuration costs a file and a few values."""
    code = (
        "import sys; from meshlint.cache import Cache; from meshlint.config.loader import load; "
        f"load({str(COMPLETE)!r}, start='.', root=None, cache=Cache({str(tmp_path)!r})); "
        "print(sorted({'pydantic', 'yaml', 'difflib', 'dataclasses', 'pathlib'} & set(sys.modules)))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "ab"]
    assert "pydantic" in runs[0].stdout
    assert runs[1].stdout == "[]\n"


def test_externals_cover_hosts_and_objects() -> None:
    """`*` stands for any text; kinds are compared without case."""
    assert External("*.corp.example").covers_host("Db.Corp.example.")
    assert not External("*.corp.example").covers_host("corp.example")
    assert External("tls*", "istio-system", "Secret").covers_object("secret", "istio-system", "tls-a")
    assert not External("*.corp.example").covers_object("Secret", "", "a.corp.example")
