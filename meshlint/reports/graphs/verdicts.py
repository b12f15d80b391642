"""The verdicts of an edge as drawings show them: which is how grave, and the words for them.

In: verdicts of the mesh. Out: the gravest of several, and words.
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.mesh.verdicts.verdict import BROKEN, MIXED, MTLS, PLAINTEXT, TLS, UNKNOWN

VERDICTS = (BROKEN, PLAINTEXT, MIXED, UNKNOWN, TLS, MTLS)
"""The gravest first: what stands for several edges shows the first of their verdicts."""

WORDS = {
    BROKEN: "broken",
    PLAINTEXT: "plain text",
    MIXED: "mixed",
    UNKNOWN: "unknown",
    TLS: "TLS",
    MTLS: "mTLS",
}


def gravest(verdicts: Iterable[str]) -> str:
    """Return the gravest of verdicts."""
    return min(verdicts, key=VERDICTS.index)
