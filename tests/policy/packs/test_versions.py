"""Ranges of versions are compared number by number."""

from __future__ import annotations

import pytest

from meshlint.policy.packs.versions import is_met, mistake_in


@pytest.mark.parametrize(
    ("wanted", "version", "met"),
    [
        (">=0.1,<2", "0.1.0", True),
        (">= 0.1, < 2", "2.0", False),
        (">0.9", "0.10", True),
        ("==1", "1.0.0", True),
        ("!=1.0.1", "1.0.1", False),
        ("<=1.2", "1.2.0.dev3", True),
        (">1.2", "1.2.0", False),
    ],
)
def test_a_range_holds_a_version_or_not(wanted: str, version: str, met: bool) -> None:
    """Missing numbers are zero, what stands behind the numbers does not count."""
    assert mistake_in(wanted) == ""
    assert is_met(wanted, version) is met


@pytest.mark.parametrize(("wanted", "wrong"), [("1.0", "1.0"), (">=1,", ">=1,"), (">=1,~2", "~2"), ("=>1", "=>1")])
def test_what_is_no_range(wanted: str, wrong: str) -> None:
    """The part that cannot be read is named."""
    assert mistake_in(wanted) == wrong
