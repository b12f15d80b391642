"""The fix of every rule, on every bad example and fixture of the rule.

After `fix --unsafe` no finding is left that has a fix, none came, every comment is still there, and fixing once more
changes nothing. The comments that say what a fixture expects are taken out before: they go with the line that goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshlint.policy.expectations import stands_alone
from tests.repairs.trees import fixed, write_tree
from tests.test_rules import ALONE, BASE_FILES, CATALOGUE, fixtures

WITH_FIX = {rule.name for rule in CATALOGUE.rules if rule.fix is not None}
OWNED = {".github/CODEOWNERS": BASE_FILES[".github/CODEOWNERS"]}
_EXPECTED = re.compile(r"[ \t]*# expect: .*")


def trees() -> Iterator[object]:
    """Yield the bad examples and fixtures of rules that have a fix."""
    documents = CATALOGUE.documents()
    for rule in CATALOGUE.rules:
        for number, example in enumerate(documents[rule.id].bad if rule.name in WITH_FIX else ()):
            files = {ALONE: example} if isinstance(example, str) else dict(example)
            yield pytest.param(rule.name, files, id=f"{rule.name}-example-{number}")
    for path, files in fixtures("bad"):
        if path.parent.name in WITH_FIX:
            yield pytest.param(path.parent.name, files, id=f"{path.parent.name}-{path.stem}")


HARMFUL = {
    # Each server there takes plain text only, so that what the rule asks for would break the call.
    "port-setting-drops-tls-bad-auto-mtls-switched-off-for-the-namespace",
    "port-setting-drops-tls-bad-server-without-proxy-below-istio-mutual",
    # Once its kind exists, the object competes with another one of the fixture.
    "unknown-mesh-kind-bad-group-with-a-slip",
}
"""Where the fix is taken back, because another finding would come."""


@pytest.mark.parametrize(("rule", "files"), list(trees()))
def test_fixes_remove_their_findings(
    rule: str, files: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What has a fix is fixed, and nothing else is said afterwards."""
    base = OWNED if any(stands_alone(text) for text in files.values()) else BASE_FILES
    bare = {path: _EXPECTED.sub("", text) for path, text in {**base, **files}.items()}
    write_tree(tmp_path, bare)
    outcome, _ = fixed(tmp_path)
    kept = [left.because for left in outcome.left if left.finding.fix is not None]
    if request.node.callspec.id in HARMFUL:
        assert kept and all("would bring" in because for because in kept)
    else:
        assert kept == []
    assert outcome.waiting == ()
    before = Counter(finding.rule for finding in outcome.first.judged.findings)
    assert Counter(finding.rule for finding in outcome.last.judged.findings) <= before, rule
    if "-example-" in request.node.callspec.id:
        _, again = fixed(tmp_path)
        assert [file.path for file in again] == []
