"""Kinds that rules and expressions are about, as somebody wrote them.

In: `group/Kind`, and the kinds that have facts of their own. Out: what is wrong with it, and the kind that was meant. A
kind of a group that is not the mesh's may be anything: its objects have the facts that all objects have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from meshlint.records import NamedTuple
from meshlint.resources.schemas.served import unserved
from meshlint.spelling import did_you_mean, nearest

_KIND = re.compile(r"[a-z0-9.-]*/[A-Z][A-Za-z0-9]*")
_VERSION = re.compile(r"(?:.*/)?v[0-9]+(?:(?:alpha|beta)[0-9]+)?/(\w+)")


class WrongKind(NamedTuple):
    """Say what is wrong with a kind, what to do, and which one was meant, if that is clear."""

    message: str
    help: str
    meant: str


def wrong_kind(kind: str, known: Iterable[str]) -> WrongKind | None:
    """Return what is wrong with a kind, None where there may be objects of it."""
    known = tuple(known)
    if versioned := _VERSION.fullmatch(kind):
        group = kind.removesuffix(f"/{versioned[1]}").rpartition("/")[0]
        meant = f"{group}/{versioned[1]}"
        return WrongKind(f"`{kind}` names a version, which is no part of a kind", f"did you mean `{meant}`?", meant)
    if not _KIND.fullmatch(kind):
        help = did_you_mean(kind, known) or "write `group/Kind`, `/Kind` for the core group"
        return WrongKind(f"`{kind}` is no kind with its group", help, nearest(kind, known) or "")
    if (found := unserved(kind)) is None:
        return None
    told, meant = found
    group = kind.partition("/")[0]
    help = f"did you mean `{meant}`?" if meant else did_you_mean(kind, [other for other in known if group in other])
    return WrongKind(told, help, meant)
