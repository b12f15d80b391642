"""A rule in one sentence.

In: what its author wrote. Out: text about no object in particular, for lists of rules.
"""

from __future__ import annotations

import re

from meshlint.policy.schema import Rule


def summary_of(rule: Rule) -> str:
    """Return the first sentence of the reason, of the help where no reason is given."""
    text = " ".join((rule.why or bare(rule.help)).split())
    end = re.search(r"\.(?= [A-Z`]|$)", text)
    return text[: end.start()] if end else text


def bare(template: str) -> str:
    """Return a template as a sentence about no object in particular."""
    return re.sub(r"\{[^{}]*\}", "…", template).strip()
