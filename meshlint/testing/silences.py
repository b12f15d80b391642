"""What keeps a rule silent, said by the fixture itself.

In: the files of a fixture. Out: for each claim in a comment, the same files without the one thing that silences the
rule. It must not know how a rule judges: a claim is a change of text, and whether the rule then fires is for the trial.

    # fires if `protocol: UDP` read `protocol: TCP`
    # fires without `istio.io/dataplane-mode: none`
    # fires without `overlays/prod/kustomization.yaml`                            (a file of the fixture)
    # fires weakened-strict-mtls without `meshlint.dev/expires: "2099-01-31"`     (another rule than the folder's)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from meshlint.records import NamedTuple

_MARK = "# fires "
_CLAIM = re.compile(
    r"# fires (?:(?!if |without )(?P<rule>[a-z0-9-]+(?:/[a-z0-9-]+)?) )?"
    r"(?:if `(?P<old>[^`]+)` read `(?P<new>[^`]*)`|without `(?P<gone>[^`]+)`)"
)


class Claim(NamedTuple):
    """Say which rule would fire if one text of the fixture read otherwise; `rule` is empty for that of the fixture.

    A comment that begins like a claim and is none has no `old`.
    """

    path: str
    line: int
    text: str
    rule: str
    old: str
    new: str


def claims_of(files: Mapping[str, str]) -> Iterator[Claim]:
    """Yield what the comments of a fixture claim about its silence."""
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), start=1):
            if line.startswith(_MARK):
                told = _CLAIM.fullmatch(line.rstrip())
                parts = (told["rule"] or "", told["old"] or told["gone"], told["new"] or "") if told else ("", "", "")
                yield Claim(path, number, line.rstrip(), *parts)


def without_silence(files: Mapping[str, str], claim: Claim) -> dict[str, str] | None:
    """Return the files as the claim wants them; None where what silences stands in none of them and is none."""
    if claim.old in files:
        return {path: text for path, text in files.items() if path != claim.old}
    changed = {path: _changed(text, claim) for path, text in files.items()}
    return changed if changed != dict(files) else None


def _changed(text: str, claim: Claim) -> str:
    lines = text.split("\n")
    return "\n".join(line if line.startswith(_MARK) else line.replace(claim.old, claim.new) for line in lines)
