"""Read all sources and take their facts: from the cache, here, or in several processes.

In: sources. Out: the facts of each, in their order. Documents never cross a process border, facts do. A source that
cannot be read becomes a problem of its file, and the others are still read.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from meshlint.cache import Cache, digest
from meshlint.errors import SourceError
from meshlint.processes import may_share, start
from meshlint.records import NamedTuple
from meshlint.sources.source import Source, read

if TYPE_CHECKING:
    from meshlint.resources.facts import FileFacts

_WORTH_A_PROCESS = 3_000_000  # bytes; below it a second process costs more than it saves


class Contents(NamedTuple):
    """Hold what was read and not yet parsed: bytes, or the problem of a source.

    `data` is emptied once the facts are taken: the bytes of a large repository are most of what a run would hold.
    """

    data: list[bytes | None]
    errors: tuple[str, ...]
    digests: tuple[str, ...]


def read_contents(sources: Sequence[Source]) -> Contents:
    """Read the bytes of all sources.

    Raises SourceError for a named source that cannot be read.
    """
    data: list[bytes | None] = []
    errors, digests = [], []
    for source in sources:
        try:
            content, error = read(source), ""
        except SourceError as failure:
            if source.named:
                raise
            content, error = None, failure.message
        data.append(content)
        errors.append(error)
        digests.append(digest(content if content is not None else error, source.path))
    return Contents(data, tuple(errors), tuple(digests))


def take_all(
    sources: Sequence[Source], contents: Contents, cache: Cache, *, processes: int | None = None
) -> tuple[FileFacts, ...]:
    """Take the facts of all sources; what an earlier run took of the same bytes is not taken again."""
    from meshlint.resources.facts import (  # with the parser: not when the report is in the cache
        FACTS_VERSION,
        FileFacts,
    )

    key = digest(*sorted(source.path for source in sources))
    known: dict[str, Any] = cache.get(f"facts-{FACTS_VERSION}", key) or {}
    found: list[FileFacts | None] = []
    todo = []
    for position, (data, mark) in enumerate(zip(contents.data, contents.digests, strict=True)):
        stored = known.get(mark)
        found.append(FileFacts(*stored) if stored is not None else None)
        if stored is None:
            if data is None:
                found[position] = _unreadable(contents.errors[position])
            else:
                todo.append(position)
    if todo:
        for position, facts in zip(todo, _taken(sources, contents, todo, processes), strict=True):
            found[position] = facts
        made = {mark: tuple(facts) for mark, facts in zip(contents.digests, found, strict=True) if facts is not None}
        cache.put(f"facts-{FACTS_VERSION}", key, made)
    return tuple(facts for facts in found if facts is not None)


def _unreadable(message: str) -> FileFacts:
    from meshlint.resources.facts import FileFacts

    return FileFacts([], [("unreadable", message, (1, 1), (1, 1), 0)], [], [], "", 0, 0, True)


def _taken(
    sources: Sequence[Source], contents: Contents, todo: Sequence[int], processes: int | None
) -> list[FileFacts]:
    from meshlint.resources.facts import take_facts

    rows = [(contents.data[position] or b"", sources[position].path) for position in todo]
    contents.data.clear()
    count = processes if processes is not None else min(os.cpu_count() or 1, 8)
    if count > 1 and sum(len(data) for data, _ in rows) >= _WORTH_A_PROCESS and may_share():
        return _in_processes(rows, count)
    return [take_facts(data, path) for data, path in rows]


def _in_processes(rows: list[tuple[bytes, str]], count: int) -> list[FileFacts]:
    """Share the work between forked children, which inherit the bytes and send marshalled facts back by pipes."""
    from meshlint.resources.facts import FileFacts, take_facts

    shares = [range(first, len(rows), count) for first in range(count)]
    waiting = [(start(partial(_marshalled, [rows[position] for position in share])), share) for share in shares[1:]]
    found: dict[int, FileFacts] = {}
    for position in shares[0]:
        found[position] = take_facts(*rows[position])
        rows[position] = (b"", "")
    for wait, share in waiting:
        data = wait()
        if data is not None:
            taken = [FileFacts(*plain) for plain in marshal.loads(data)]
        else:
            taken = [take_facts(*rows[position]) for position in share]  # the child died: do its work here
        found.update(zip(share, taken, strict=True))
    return [found[position] for position in range(len(rows))]


def _marshalled(rows: list[tuple[bytes, str]]) -> bytes:
    from meshlint.resources.facts import take_facts

    return marshal.dumps([tuple(take_facts(*row)) for row in rows])
