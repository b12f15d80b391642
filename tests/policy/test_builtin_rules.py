"""How the rules that meshlint ships are written."""

from __future__ import annotations

from functools import cache

import pytest

from meshlint.cache import Cache
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.rule import Documentation


@cache
def _catalogue() -> Catalogue:
    return load_builtin(Cache(None))


@cache
def _documents() -> dict[str, Documentation]:
    return _catalogue().documents()


RULES = [pytest.param(rule.id, id=rule.name) for rule in _catalogue().rules]


@pytest.mark.parametrize("rule_id", RULES)
def test_messages_are_facts(rule_id: str) -> None:
    """A message starts low or with a fact, ends without a full stop and preaches nothing."""
    message = _documents()[rule_id].message
    assert message[0] == "{" or message[0].islower()
    assert not message.endswith(".")
    assert " should " not in message


@pytest.mark.parametrize("rule_id", RULES)
def test_helps_are_sentences(rule_id: str) -> None:
    """A help is an imperative sentence."""
    help = _documents()[rule_id].help
    assert help[0].isupper() and help.endswith(".")


@pytest.mark.parametrize("rule_id", RULES)
def test_reasons_and_examples_are_there(rule_id: str) -> None:
    """A rule says why, in words, and shows both sides."""
    documents = _documents()[rule_id]
    assert len(documents.why.split()) > 10
    assert documents.good and documents.bad


def test_a_prefix_belongs_to_one_family() -> None:
    """The letters of an id say the family, and a family has one prefix."""
    pairs = {(rule.id[:3], rule.family) for rule in _catalogue().rules}
    assert len(pairs) == len({prefix for prefix, _ in pairs}) == len({family for _, family in pairs})


def test_frameworks_have_names_for_reports() -> None:
    """Every cited framework is known by a short name."""
    cited = {framework for rule in _catalogue().rules for framework in rule.controls}
    assert cited <= set(_catalogue().frameworks)
