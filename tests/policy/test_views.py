"""Which view answers which target."""

from __future__ import annotations

import pytest

from meshlint.policy.views.targets import targets, view_of
from meshlint.policy.vocabulary import KINDS
from tests.mesh.build import mesh


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_with_facts_of_its_own_has_a_view(kind: str) -> None:
    """Views are found by name when an object of their kind is there; each name leads to one."""
    assert callable(view_of(kind))


def test_kinds_that_do_not_occur_have_no_targets() -> None:
    """Nothing is viewed, or imported, for what is not there."""
    assert list(targets(("networking.istio.io/Gateway",), mesh(""))) == []
