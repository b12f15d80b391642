"""A folder becomes a pack: which files count, what its rules are called, what is kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.errors import UsageError
from meshlint.policy.packs.files import MOST_BYTES
from tests.policy.packs.small import MANIFEST, RULE, laid_out, mistakes, read


def test_a_folder_of_rules_is_a_pack_of_its_name(tmp_path: Path) -> None:
    """Without `pack.yaml` the folder names the pack; a rule without an id goes by its full name, in every profile."""
    pack = read(laid_out(tmp_path / "house-rules", {"foreign-caller.yaml": RULE}))
    (rule,) = pack.catalogue.rules
    assert (pack.name, pack.version) == ("house-rules", "")
    assert (rule.id, rule.name, rule.family, rule.pack) == (*["house-rules/foreign-caller"] * 2, *["house-rules"] * 2)
    assert (rule.profile, rule.confidence, rule.summary) == ("baseline", "high", "Call it from namespace web")
    assert pack.catalogue.documents()[rule.id].path == "policy/foreign-caller.yaml"


def test_rules_lie_at_the_top_in_rules_and_one_folder_down(tmp_path: Path) -> None:
    """Test data, hidden files and deeper folders are no rules."""
    places = ("a.yaml", "rules/b.yml", "calls/c.yaml", "rules/calls/d.yaml")
    files = {place: RULE.replace("foreign-caller", Path(place).stem) for place in places}
    others = ("fixtures/a/bad-x.yaml", "calls/deeper/e.yaml", ".hidden.yaml", ".git/f.yaml", "notes.txt")
    pack = read(laid_out(tmp_path / "hms", {**files, **dict.fromkeys(others, "no: rule"), "pack.yaml": MANIFEST}))
    assert [rule.name for rule in pack.catalogue.rules] == ["hms/a", "hms/b", "hms/c", "hms/d"]
    assert (pack.name, pack.version) == ("hms", "1.0.0")


def test_a_rule_of_a_pack_may_have_an_id_and_a_framework_of_its_own(tmp_path: Path) -> None:
    """The controls of a pack are known to its rules, with ours."""
    framework = "framework: house\nshort: House\ntitle: House rules\ncontrols: {H-1: Ask first}\n"
    rule = f"id: HMSX001\n{RULE}controls: {{house: [H-1], nist-800-53r5: [AC-4]}}\n"
    pack = read(laid_out(tmp_path / "hms", {"controls/house.yaml": framework, "foreign-caller.yaml": rule}))
    assert pack.catalogue.rules[0].id == "HMSX001"
    assert pack.catalogue.controls()["house"] == {"H-1": "Ask first"}


def test_an_example_expects_the_rule_by_either_name(tmp_path: Path) -> None:
    """Within its pack a rule is known by its own name."""
    examples = 'examples: {{bad: ["kind: A # expect: {}"]}}\n'
    folder = laid_out(tmp_path / "hms", {"foreign-caller.yaml": RULE + examples.format("foreign-caller")})
    assert mistakes(folder) == []
    laid_out(folder, {"foreign-caller.yaml": RULE + examples.format("hms/foreign-caller")})
    assert mistakes(folder) == []
    laid_out(folder, {"foreign-caller.yaml": RULE + examples.format("other/foreign-caller")})
    assert len(mistakes(folder)) == 1


def test_what_a_pack_tunes_keeps_its_place(tmp_path: Path) -> None:
    """Whoever asks where a value comes from is told the line."""
    manifest = f"{MANIFEST}tunes:\n  RES003:\n    severity: info\n  missing-request-timeout: {{enabled: false}}\n"
    tunes = read(laid_out(tmp_path / "hms", {"pack.yaml": manifest})).tunes
    assert [(word, setting.line) for word, setting in tunes.items()] == [("RES003", 5), ("missing-request-timeout", 7)]
    assert (tunes["RES003"].severity, tunes["missing-request-timeout"].enabled) == ("info", False)


def test_what_was_compiled_is_kept_until_a_file_changes(tmp_path: Path) -> None:
    """The key of the rules changes with every byte, and with nothing else."""
    folder, cache = laid_out(tmp_path / "hms", {"foreign-caller.yaml": RULE}), Cache(str(tmp_path / "cache"))
    first = read(folder, cache)
    os.utime(folder / "foreign-caller.yaml", ns=(1, 1))
    again = read(folder, cache)
    assert (first.catalogue.key, first.catalogue.rules) == (again.catalogue.key, again.catalogue.rules)
    laid_out(folder, {"foreign-caller.yaml": RULE.replace("error", "warning")})
    changed = read(folder, cache)
    assert changed.catalogue.key != first.catalogue.key
    assert changed.catalogue.rules[0].severity == "warning"


def test_links_that_lead_out_and_other_odd_files_are_refused(tmp_path: Path) -> None:
    """A stranger's folder names no file of ours, holds up no run and fills no memory."""
    outside = laid_out(tmp_path / "outside", {"secret.yaml": "password: x"})
    folder = laid_out(tmp_path / "hms", {"rules/inner.txt": RULE, "large.yaml": "#" * (MOST_BYTES + 1)})
    (folder / "secret.yaml").symlink_to(outside / "secret.yaml")
    (folder / "linked").symlink_to(outside)
    (folder / "nowhere.yaml").symlink_to(tmp_path / "missing")
    (folder / "foreign-caller.yaml").symlink_to(folder / "rules" / "inner.txt")
    os.mkfifo(folder / "pipe.yaml")
    laid_out(folder, {"pack.yml": MANIFEST, "profiles/house.yaml": "name: house\n"})
    assert mistakes(folder) == [
        f"policy/large.yaml has {MOST_BYTES + 1} bytes, more than the {MOST_BYTES} that are read",
        "policy/nowhere.yaml cannot be read: no such file or directory",
        "policy/pack.yml is not read: its name is pack.yaml",
        "policy/pipe.yaml is no regular file",
        "policy/secret.yaml is a link that leads out of the pack",
        "policy/linked/secret.yaml is a link that leads out of the pack",
        "policy/profiles/house.yaml is not read: rules of a pack say by `profile:` where they run",
    ]


@pytest.mark.skipif(sys.platform == "win32" or not os.geteuid(), reason="root reads everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    """The mistakes of the other files are told along with it."""
    folder = laid_out(tmp_path / "hms", {"a.yaml": RULE, "foreign-caller.yaml": RULE})
    (folder / "a.yaml").chmod(0)
    assert mistakes(folder) == ["policy/a.yaml cannot be read: Permission denied"]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A missing folder is told as such, an empty one as one without rules."""
    with pytest.raises(UsageError, match="policy cannot be read as a folder of rules: no such file or directory"):
        read(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    assert mistakes(tmp_path / "empty") == [
        "policy holds no rule (rules are *.yaml files in the folder or one folder further down)"
    ]
