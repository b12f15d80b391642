"""Which rules hold where: files, overrides and the command line, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from meshlint.config.folder import Folder
from meshlint.config.model import Override, RuleSetting, Settings
from meshlint.config.tree import Tree
from meshlint.policy.selection.areas import Areas, Command
from tests.policy.selection.test_selection import catalogue

Rules = Mapping[str, RuleSetting]


def _file(place: str = "", **keys: object) -> Settings:
    settings = Settings(path=f"{place}.meshlint.yaml", said=tuple(keys), folder=Folder("", place))
    return settings._replace(**keys)


def _areas(*files: Settings, **words: object) -> Areas:
    base = files[0] if files[0].folder.place == "" else Settings()
    command = Command(**words)  # type: ignore[arg-type]  # names of words
    return Areas(catalogue(), Tree(base, [one for one in files if one is not base]), command)


def _ids(areas: Areas, path: str = "a.yaml", namespace: str = "") -> str:
    return " ".join(areas.at(path, namespace))


def test_one_namespace_is_strict_and_the_rest_is_baseline() -> None:
    """An override holds for the namespaces that its globs mean."""
    areas = _areas(_file(profile="baseline", overrides=(Override(namespaces=("pay*",), profile="strict"),)))
    assert _ids(areas, namespace="shop") == "MTL001"
    assert _ids(areas, namespace="payments") == "MTL001 MTL002 RES001 RES009"
    assert [active.rule.id for active in areas.rules] == ["MTL001", "MTL002", "RES001", "RES009"]


def test_paths_and_namespaces_must_both_match() -> None:
    """What is given narrows."""
    both = Override(paths=("apps/**",), namespaces=("shop",), select=("MTL001",))
    areas = _areas(_file(profile="strict", overrides=(both,)))
    assert _ids(areas, "apps/x/a.yaml", "shop") == "MTL001"
    assert _ids(areas, "apps/x/a.yaml", "other") == _ids(areas, "lib/a.yaml", "shop") == "MTL001 MTL002 RES001 RES009"


def test_a_nested_file_inherits_what_it_does_not_say() -> None:
    """Keys of single rules are joined one by one, what is ignored adds up, a profile is chosen anew."""
    top = _file(profile="baseline", ignore=("RES009",), rules={"MTL001": RuleSetting("info", params={"limit": 2})})
    below = _file("a/", profile="strict", ignore=("MTL002",), rules={"open-port": RuleSetting(params={"names": ["x"]})})
    areas = _areas(top, below, _file("a/b/"))
    assert _ids(areas, "c.yaml") == "MTL001"
    assert _ids(areas, "a/c.yaml") == _ids(areas, "a/b/c/d.yaml") == "MTL001 RES001"
    assert areas.at("a/c.yaml", "")["MTL001"][1:3] == ("info", {"limit": 2.0, "names": ["x"]})
    assert areas.at("ab/c.yaml", "")["MTL001"][1:3] == ("info", {"limit": 2.0, "names": []})


@pytest.mark.parametrize(
    ("above", "below", "ids"),
    [
        ({"ignore": ("MTL",)}, {"select": ("open-port", "MTL002")}, "MTL001 MTL002"),  # naming a rule brings it back
        ({"ignore": ("MTL",)}, {"select": ("mtls",)}, ""),  # a family does not
        ({"ignore": ("MTL",)}, {"rules": {"MTL001": RuleSetting(enabled=True)}}, "MTL001 RES001"),
        ({"rules": {"MTL001": RuleSetting(enabled=False)}}, {"profile": "strict"}, "MTL002 RES001 RES009"),
        ({"rules": {"MTL001": RuleSetting(enabled=False)}}, {"select": ("MTL001",)}, "MTL001"),
        ({"select": ("MTL001", "RES")}, {"rules": {"MTL001": RuleSetting(enabled=False)}}, "RES001 RES009"),
        ({"select": ("MTL001",)}, {"profile": "baseline"}, "MTL001"),
        ({"select": ("RES009",)}, {"select": ()}, "MTL001 MTL002 RES001"),
        ({"profile": "strict", "select": ("RES009",)}, {"select": ()}, "MTL001 MTL002 RES001 RES009"),
    ],
)
def test_the_later_one_wins(above: Mapping[str, object], below: Mapping[str, object], ids: str) -> None:
    """A nested file wins over those above it, and so does an override over its file."""
    assert _ids(_areas(_file(**above), _file("a/", **below)), "a/b.yaml") == ids
    override = Override(paths=("a/**",), **below)  # type: ignore[arg-type]  # names of its fields
    assert _ids(_areas(_file(**above, overrides=(override,))), "a/b.yaml") == ids


def test_an_override_of_the_root_loses_to_a_nested_file() -> None:
    """The nearer one knows better."""
    top = _file(profile="baseline", overrides=(Override(paths=("a/**",), profile="strict"),))
    assert _ids(_areas(top, _file("a/", select=("RES001",))), "a/b.yaml") == "RES001"


def test_a_root_of_its_own_inherits_nothing() -> None:
    """Neither keys nor overrides of the files above it."""
    top = _file(profile="strict", ignore=("MTL001",), overrides=(Override(paths=("a/**",), select=("RES001",)),))
    assert (
        _ids(_areas(top, _file("a/", root=True), _file("a/b/", ignore=("RES",))), "a/x.yaml") == "MTL001 MTL002 RES001"
    )
    assert _ids(_areas(top, _file("a/", root=True), _file("a/b/", ignore=("RES",))), "a/b/x.yaml") == "MTL001 MTL002"


def test_the_command_line_speaks_last_and_everywhere() -> None:
    """`--profile` and `--select` choose anew, `--ignore` comes last; settings of single rules stay."""
    files = (
        _file(profile="strict", overrides=(Override(namespaces=("x",), select=("RES009",)),)),
        _file("a/", select=("MTL",), rules={"MTL001": RuleSetting("info")}),
    )
    for path, namespace in (("b.yaml", "x"), ("a/b.yaml", "y"), ("b.yaml", "")):
        assert _ids(_areas(*files, profile="baseline"), path, namespace) == "MTL001"
        assert _ids(_areas(*files, select=("RES",), ignore=("RES001",)), path, namespace) == "RES009"
    assert _areas(*files, profile="baseline").at("a/b.yaml", "")["MTL001"].severity == "info"


def test_rules_that_hold_somewhere_run() -> None:
    """One that an override turns on in a corner is among them, one that is off everywhere is not."""
    top = _file(profile="baseline", overrides=(Override(namespaces=("x",), select=("RES009",)),))
    nested = _file("a/", rules={"RES001": RuleSetting(enabled=True)})
    assert [active.rule.id for active in _areas(top, nested).rules] == ["MTL001", "RES001", "RES009"]
    assert _areas(top, nested).everywhere() == frozenset()
    assert _areas(_file(), nested).everywhere() == {"MTL001", "MTL002", "RES001"}


def test_a_rule_judges_once_for_each_set_of_parameters() -> None:
    """Only the rules that differ run again, and only for what is met."""
    tuned = (Override(namespaces=("x",), rules={"MTL001": RuleSetting("info", params={"limit": 9})}),)
    areas = _areas(_file(profile="baseline", overrides=tuned), _file("a/", profile="standard"))
    ids = [[active.rule.id for active in rules] for rules in areas.variants(["a/b.yaml"], ["", "x"])]
    assert ids == [["MTL001", "MTL002", "RES001"], ["MTL001"]]
    assert len(areas.variants(["a/b.yaml"], [""])) == 1
    assert {active.severity for rules in areas.variants(["a/b.yaml"], ["x"]) for active in rules} == {""}
