"""Which rules run: profile, select, configuration, ignore, in that order."""

from __future__ import annotations

import pytest

from meshlint.config.model import RuleSetting
from meshlint.errors import UsageError
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.selection.selection import select_rules
from tests.policy.small import compiled

ROWS = (
    ("MTL001", "open-port", "mtls", "baseline"),
    ("MTL002", "open-mesh", "mtls", "standard"),
    ("RES001", "no-breaker", "resilience", "standard"),
    ("RES009", "odd-breaker", "resilience", "strict"),
)
PROFILES = [("baseline", "", ""), ("standard", "baseline", ""), ("strict", "standard", "")]
RETIRED = [("ABC001", "old-rule", "1.2.0", "open-port", "it said the same")]


def catalogue() -> Catalogue:
    """Return four rules in three profiles."""
    plain = compiled()._replace(params={"limit": 1.0, "names": []})
    rules = [
        tuple(plain._replace(id=id_, name=name, family=family, profile=profile)) for id_, name, family, profile in ROWS
    ]
    empty = {"documents": b"", "controls": b"", "frameworks": {}, "key": ""}
    return Catalogue({"rules": rules, "profiles": PROFILES, "retired": RETIRED, **empty})


def _ids(profile: str = "standard", **options: object) -> str:
    active = select_rules(catalogue(), profile, **options)  # type: ignore[arg-type]  # names of options
    return " ".join(one.rule.id for one in active)


@pytest.mark.parametrize(
    ("profile", "ids"),
    [
        ("baseline", "MTL001"),
        ("standard", "MTL001 MTL002 RES001"),
        ("strict", "MTL001 MTL002 RES001 RES009"),
    ],
)
def test_profiles_include_each_other(profile: str, ids: str) -> None:
    """Baseline is part of standard, which is part of strict."""
    assert _ids(profile) == ids


@pytest.mark.parametrize("word", ["RES009", "odd-breaker"])
def test_select_replaces_the_profile(word: str) -> None:
    """What is selected runs, whatever its profile, and nothing else does."""
    assert _ids(select=[word]) == "RES009"


@pytest.mark.parametrize("word", ["RES", "resilience"])
def test_a_family_is_a_word(word: str) -> None:
    """A family is named by its folder or by the prefix of its ids."""
    assert _ids(select=[word]) == "RES001 RES009"


def test_ignore_comes_last() -> None:
    """Nothing brings an ignored rule back."""
    settings = {"MTL001": RuleSetting(enabled=True)}
    assert _ids(select=["MTL"], ignore=["open-port"], settings=settings) == "MTL002"


def test_the_configuration_switches_rules() -> None:
    """`enabled` adds and takes away; naming a rule in `select` is stronger than `enabled: false`."""
    settings = {"odd-breaker": RuleSetting(enabled=True), "MTL002": RuleSetting(enabled=False)}
    assert _ids(settings=settings) == "MTL001 RES001 RES009"
    assert _ids(select=["open-mesh"], settings=settings) == "MTL002 RES009"
    assert _ids(select=["MTL"], settings=settings) == "MTL001 RES009"


def test_the_configuration_tunes_rules() -> None:
    """Severity and parameters are overridden; a whole number is fine where the default has a fraction."""
    settings = {"open-port": RuleSetting(severity="info", params={"limit": 3})}
    (one,) = select_rules(catalogue(), "baseline", settings=settings)
    assert (one.severity, one.params) == ("info", {"limit": 3.0, "names": []})


@pytest.mark.parametrize(
    ("options", "message", "help"),
    [
        ({"select": ["open-prot"]}, "there is no rule or family `open-prot`", "did you mean `open-port`?"),
        ({"ignore": ["MTL01"]}, "there is no rule or family `MTL01`", "did you mean `MTL001`?"),
        ({"profile": "standart"}, "there is no profile `standart`", "did you mean `standard`?"),
        (
            {"select": ["ABC001"]},
            "the rule `ABC001` was retired in 1.2.0: it said the same",
            "use `open-port`",
        ),
    ],
)
def test_unknown_words_are_told(options: dict[str, object], message: str, help: str) -> None:
    """A word that names nothing is an error of the caller, with the nearest word."""
    with pytest.raises(UsageError) as caught:
        _ids(**options)  # type: ignore[arg-type]  # names of options
    assert (caught.value.message, caught.value.help) == (message, help)
