"""Run the examples of every rule and the fixtures beside them, over the compliant base.

A bad one fires exactly on the lines that say so; a good one is silent under the whole catalogue in profile `strict`.
A fixture is a file, or a folder when its idea needs several. A fixture may say what keeps a rule
silent (`tests/silences.py`); without that the rule fires.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from meshlint.cache import Cache
from meshlint.findings.finding import Finding
from meshlint.policy.catalogue import load_builtin
from meshlint.policy.expectations import Expectation, compare, expectations_of, stands_alone
from tests.judge import judged
from tests.silences import Claim, claims_of, without_silence

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "rules"
BASE = ROOT / "fixtures" / "base"
ALONE = "example.yaml"
CATALOGUE = load_builtin(Cache(None))
NAMES = {rule.name for rule in CATALOGUE.rules}


def files_in(folder: Path) -> dict[str, str]:
    """Return the files of a tree by their relative paths."""
    paths = [Path(top) / name for top, _, names in os.walk(folder) for name in names]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


BASE_FILES = {path: text for path, text in files_in(BASE).items() if path != "README.md"}


def examples(is_good: bool) -> Iterator[object]:
    """Yield every example and fixture of one side, each with the rule that it speaks of."""
    documents = CATALOGUE.documents()
    for rule in CATALOGUE.rules:
        told = documents[rule.id]
        for number, example in enumerate(told.good if is_good else told.bad):
            files = {ALONE: example} if isinstance(example, str) else dict(example)
            yield pytest.param(rule.name, files, id=f"{rule.name}-example-{number}")
    for path, files in fixtures("good" if is_good else "bad"):
        yield pytest.param(path.parent.name, files, id=f"{path.parent.name}-{path.stem}")


def fixtures(side: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield the fixtures of one side with their files."""
    for path in sorted(FIXTURES.glob(f"*/{side}-*")):
        yield path, files_in(path) if path.is_dir() else {ALONE: path.read_text(encoding="utf-8")}


def claims() -> Iterator[object]:
    """Yield what fixtures say of the silence of a rule, each with its files."""
    for path, files in (*fixtures("good"), *fixtures("bad")):
        for number, claim in enumerate(claims_of(files, path.parent.name)):
            yield pytest.param(files, claim, id=f"{path.parent.name}-{path.stem}-{number}")


def found(files: Mapping[str, str]) -> list[Finding]:
    """Return what is found in an example and its base."""
    base = {} if any(stands_alone(text) for text in files.values()) else BASE_FILES
    return judged({**base, **files})


@pytest.mark.parametrize(("rule", "files"), list(examples(is_good=True)))
def test_good_ones_are_silent(rule: str, files: dict[str, str]) -> None:
    """No rule says anything about a good example."""
    said = [f"{f.location.path}:{f.location.start.line} {f.name}: {f.message}" for f in found(files)]
    assert said == [], rule


@pytest.mark.parametrize(("files", "claim"), list(claims()))
def test_rules_fire_without_what_silences_them(files: dict[str, str], claim: Claim) -> None:
    """What a fixture names as the reason for the silence of a rule is the reason."""
    if expectations_of(files):
        assert claim.rule not in {finding.name for finding in found(files)}
    said = [f"{finding.name}: {finding.message}" for finding in found(without_silence(files, claim))]
    assert any(line.startswith(f"{claim.rule}: ") for line in said), said


@pytest.mark.parametrize(("rule", "files"), list(examples(is_good=False)))
def test_bad_ones_fire_where_they_say(rule: str, files: dict[str, str]) -> None:
    """The rules that a bad example names, and its own, fire where it says and nowhere else.

    A fixture whose fault is the business of another rule expects that rule alone.
    """
    expected = expectations_of(files)
    named = {rule} | {row.rule for row in expected}
    assert expected
    given = [Expectation(f.location.path, f.location.start.line, f.name) for f in found(files) if f.name in named]
    difference = compare(expected, given)
    assert not difference.missing and not difference.unexpected


def test_fixtures_belong_to_rules() -> None:
    """A folder of fixtures bears the name of a rule, and every file in it says which side it is on."""
    for folder in FIXTURES.iterdir():
        assert folder.name in NAMES
        assert all(path.name.startswith(("good-", "bad-")) for path in folder.iterdir()), folder.name


def test_the_base_is_silent() -> None:
    """What the examples are laid over gives no rule a reason to speak."""
    assert judged(BASE_FILES) == []
