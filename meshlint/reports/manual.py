"""What reports say about rules beyond their findings: reasons, examples, rank, how to except them.

In: the catalogue. Out: `Entry` for the rules of a run. Decoding the manual costs time, so only formats that print it
ask for it. It knows no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from meshlint.policy.catalogue import Catalogue
from meshlint.policy.rule import CompiledRule, Documentation, Example
from meshlint.policy.templates import bare
from meshlint.records import NamedTuple

_SECURITY_FAMILIES = ("AC-", "AU-", "IA-", "SC-", "SI-")
_SCORES = {"error": "8.0", "warning": "5.0", "info": "2.0"}


class Entry(NamedTuple):
    """Hold one rule with what its author wrote about it."""

    rule: CompiledRule
    told: Documentation

    @property
    def help(self) -> str:
        """Return the help of the rule, with an ellipsis where a finding names what it is about."""
        return bare(self.told.help)

    @property
    def security_severity(self) -> str:
        """Return a score between 0 and 10 for rules that serve a technical safeguard, empty for all others.

        A safeguard is a control of NIST 800-53 on access, audit, authentication, protection or integrity.
        """
        ids = self.rule.controls.get("nist-800-53r5", ())
        return _SCORES[self.rule.severity] if any(id_.startswith(_SECURITY_FAMILIES) for id_ in ids) else ""


def entries(catalogue: Catalogue, ids: Iterable[str]) -> list[Entry]:
    """Return the rules of the given ids, sorted by id."""
    wanted = set(ids)
    told = catalogue.documents()
    return [Entry(rule, told[rule.id]) for rule in catalogue.rules if rule.id in wanted]


def control_lines(controls: Mapping[str, Iterable[str]], catalogue: Catalogue) -> list[str]:
    """Return `framework id: title` for each control."""
    titles = catalogue.controls()
    return [
        f"{catalogue.frameworks.get(framework, framework)} {id_}: {titles.get(framework, {}).get(id_, '')}".rstrip(": ")
        for framework, ids in controls.items()
        for id_ in ids
    ]


def example_text(example: Example) -> str:
    """Return an example as one text, each of several files under its name."""
    if isinstance(example, str):
        return example.rstrip()
    return "\n".join(f"# file {path}\n{text.rstrip()}" for path, text in example.items())


def exception_comment(rule: str) -> str:
    """Return the comment that excepts one place from a rule."""
    return f"# meshlint: ignore[{rule}] until=2027-01-31 owner=@team the reason in words"


def exception_annotation(rule: str) -> str:
    """Return the annotation that excepts one object from a rule."""
    return f"meshlint.dev/ignore: {rule} until=2027-01-31 owner=@team the reason in words"


def fenced(text: str, language: str = "yaml") -> str:
    """Return a Markdown code block whose fence is longer than any run of backticks in it."""
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
