"""The fix of every rule, on every bad example and fixture of the rule.

After `fix --unsafe` no finding is left that has a fix, none came, and fixing once more changes nothing. The comments
that say what a fixture expects are taken out before: they go with the line that goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshlint.testing.cases import Case
from tests.repairs.trees import fixed, write_tree
from tests.test_rules import SUITE

NAMES = {rule.id: rule.name for rule in SUITE.rules if rule.fix is not None}
OWNED = {".github/CODEOWNERS": SUITE.base[".github/CODEOWNERS"]}
_EXPECTED = re.compile(r"[ \t]*# expect: .*")


def cases() -> Iterator[object]:
    """Yield the bad examples and fixtures of rules that have a fix."""
    for case in SUITE.cases():
        if case.side == "bad" and case.claim is None and case.rule in NAMES:
            yield pytest.param(case, id=f"{NAMES[case.rule]}-{case.name.replace(' ', '-')}")


HARMFUL = {
    # Each server there takes plain text only, so that what the rule asks for would break the call.
    "port-setting-drops-tls-bad-auto-mtls-switched-off-for-the-namespace.yaml",
    "port-setting-drops-tls-bad-server-without-proxy-below-istio-mutual.yaml",
    # Once its kind exists, the object competes with another one of the fixture.
    "unknown-mesh-kind-bad-group-with-a-slip.yaml",
}
"""Where the fix is taken back, because another finding would come."""


@pytest.mark.parametrize("case", list(cases()))
def test_fixes_remove_their_findings(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What has a fix is fixed, and nothing else is said afterwards."""
    base = OWNED if case.stands_alone else SUITE.base
    write_tree(tmp_path, {path: _EXPECTED.sub("", text) for path, text in {**base, **case.files}.items()})
    outcome, _ = fixed(tmp_path)
    kept = [left.because for left in outcome.left if left.finding.fix is not None]
    if request.node.callspec.id in HARMFUL:
        assert kept and all("would bring" in because for because in kept)
    else:
        assert kept == []
    assert outcome.waiting == ()
    before = Counter(finding.rule for finding in outcome.first.judged.findings)
    assert Counter(finding.rule for finding in outcome.last.judged.findings) <= before
    if "example" in case.name:
        _, again = fixed(tmp_path)
        assert [file.path for file in again] == []
