"""A name for a finding that survives edits: the rule, the path, the object and the cause, never a line.

In: findings. Out: the same with fingerprints. What is said of the repository as a whole is the same wherever it points.
Findings that agree in all of it are numbered in their order.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.cache import digest
from meshlint.findings.finding import Finding


def trace_of(finding: Finding) -> str:
    """Return what is left of a fingerprint without the path: a finding keeps it when its file is moved."""
    return digest(finding.rule, *_identity(finding), finding.cause)


def _identity(finding: Finding) -> tuple[str, ...]:
    if finding.is_of_repository:
        return ()
    subject = finding.resource
    group = subject.api_version.rpartition("/")[0]  # the version of an API is no part of the object
    return group, subject.kind, subject.namespace, subject.name


def with_fingerprints(findings: Sequence[Finding]) -> list[Finding]:
    """Give every finding its fingerprint."""
    seen: dict[str, int] = {}
    named = []
    for finding in findings:
        path = "" if finding.is_of_repository else finding.location.path
        print_ = digest(finding.rule, path, *_identity(finding), finding.cause)
        count = seen[print_] = seen.get(print_, 0) + 1
        named.append(finding._replace(fingerprint=print_ if count == 1 else digest(print_, str(count))))
    return named
