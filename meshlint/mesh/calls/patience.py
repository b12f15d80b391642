"""Calls that go on after everybody who waits for them has given up.

In: chains. Out: `Outlived` by the VirtualService that states the longer wait. A service is judged when every caller of
it that is known has a limit, and the call that it makes itself has one, too; inside a circle no order of limits could
be right. What a service does beside its requests nobody can see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.calls.chains import Chains, Hop, circles_of
from meshlint.mesh.model import Place
from meshlint.records import NamedTuple


class Outlived(NamedTuple):
    """Say that a service waits longer for an answer than its callers wait for the service; milliseconds."""

    service: str
    called: str
    wait: float
    tries: int  # how many tries make up the wait; 1 where a timeout limits them together
    callers_wait: float
    place: Place
    there: Place


def outlived_calls(chains: Chains) -> dict[int, list[Outlived]]:
    """Return what is outlived by the index of the VirtualService that states the wait, each place once."""
    nodes = dict.fromkeys(node for hop in chains.hops for node in (hop.source, hop.target))
    home = {node: number for number, circle in enumerate(circles_of(nodes, chains.hops)) for node in circle}
    found: dict[int, dict[str, Outlived]] = {}
    for node, callers in chains.into.items():
        longest = _longest(callers)
        for hop in chains.out_of.get(node, ()) if longest is not None else ():
            if longest is not None and home[hop.target] != home[node]:
                for row in _judged(hop, longest, chains):
                    found.setdefault(row.place.resource.index, {}).setdefault(row.place.pointer, row)
    return {index: list(rows.values()) for index, rows in found.items()}


def _longest(callers: Sequence[Hop]) -> tuple[float, Place] | None:
    """Return the longest wait of those who call a service, None when one of them has no limit."""
    found: tuple[float, Place] | None = None
    for hop in callers:
        wait, place = hop.policy.longest, _place(hop)
        if wait is None or place is None:
            return None
        if found is None or wait > found[0]:
            found = wait, place
    return found


def _judged(hop: Hop, longest: tuple[float, Place], chains: Chains) -> Iterator[Outlived]:
    wait, place = hop.policy.longest, _place(hop)
    if wait is not None and place is not None and wait > longest[0]:
        tries = 1 if hop.policy.timeout is not None else 1 + hop.policy.attempts
        yield Outlived(chains.name(hop.source), chains.name(hop.target), wait, tries, longest[0], place, longest[1])


def _place(hop: Hop) -> Place | None:
    return hop.policy.timeout_by or hop.policy.retries_by
