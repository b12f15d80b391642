"""How facts are said: one line each.

In: facts. Out: lines of a tree. What all sorts of objects share stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from meshlint.errors import Location
from meshlint.findings.finding import Finding, Unsettled
from meshlint.findings.inspecting import Inspected
from meshlint.mesh.inspections.answers import Access, Clause, Connection, Legacy, Mtls, Protection, RouteFacts, Rule
from meshlint.mesh.model import Decided, Place
from meshlint.reports.inspections.tree import Line, place_text

Where = Callable[[Place], Location]
_GOOD, _BAD, _OPEN = "good", "error", "warning"
_SHOWN = {"NONE": "no mTLS", "GATEWAY": "as its listeners say"}
_VERDICTS = {"mtls": _GOOD, "tls": _GOOD, "unknown": _OPEN}
_MOST_PLACES = 3  # of evidence, in one line
_MOST_NAMES = 2  # that one line holds
_MODES = {"STRICT": _GOOD, "PERMISSIVE": _BAD, "DISABLE": _BAD, "NONE": _BAD, "GATEWAY": "", None: _OPEN}


class Words:
    """Say facts, with the place of what decided them."""

    def __init__(self, where: Where) -> None:
        self._where = where

    def at(self, place: Place | None) -> Location | None:
        """Return where a place stands."""
        return None if place is None else self._where(place)

    def fact(self, name: str, fact: Decided, shown: str = "", children: Iterable[Line] = (), colour: str = "") -> Line:
        """Say one fact; an unknown one says what the manifests do not."""
        if fact.value is None:
            because = fact.because or f"the manifests do not say the {fact.missing}"
            return Line(f"{name}: unknown", because, self.at(fact.decided_by), tuple(children), _OPEN)
        return Line(
            f"{name}: {shown or said(fact.value)}", fact.because, self.at(fact.decided_by), tuple(children), colour
        )

    def mtls(self, name: str, mtls: Mtls, children: Sequence[Line] = ()) -> Line:
        """Say the mode of a port, and where it is not STRICT what every level had to say."""
        shown = _SHOWN.get(mtls.mode or "", f"mTLS {mtls.mode or 'unknown'}")
        steps = tuple(Line(f"{step.level}: {step.because}", "", self.at(step.decided_by)) for step in mtls.steps)
        ladder = [Line("PeerAuthentications, from near to far:", "", None, steps)] if steps else []
        if mtls.mode == "STRICT":
            ladder = []
        return Line(f"{name}: {shown}", mtls.because, self.at(mtls.decided_by), (*ladder, *children), _MODES[mtls.mode])

    def access(self, access: Access, name: str = "who may call") -> Line:
        """Say who may call, and the rules in the order in which they are asked."""
        names = access.value or ()
        shown = " or ".join(names) or "nobody"
        if len(names) > _MOST_NAMES:
            shown = f"{names[0]} and {len(names) - 1} more, by the rules below"
        fact = Decided(access.value, access.because, access.decided_by, access.missing)
        return self.fact(name, fact, shown, map(self._clause, access.rules))

    def _clause(self, clause: Clause) -> Line:
        what = f": {clause.what}" if clause.what else ""
        off = "" if clause.acts else " (decides nothing here)"
        if len(clause.who) > _MOST_NAMES:
            names = tuple(map(Line, clause.who))
            text = f"{clause.action} {len(clause.who)} callers{what}{off}"
            return Line(text, clause.because, self.at(clause.decided_by), names)
        text = f"{clause.action} {' or '.join(clause.who)}{what}{off}"
        return Line(text, clause.because, self.at(clause.decided_by))

    def legacy(self, legacy: Legacy) -> Line:
        """Say that old peers speak raw TCP on a port, and what was decided about that."""
        adapter = f"adapter {legacy.adapter}" if legacy.adapter else "no adapter"
        server = f"server {legacy.server}" if legacy.server else "server unknown"
        shown = f"legacy raw TCP: {server}, {adapter}, exception {legacy.value}"
        return Line(shown, legacy.because, self.at(legacy.decided_by))

    def rule(self, rule: Rule) -> Line:
        """Say which DestinationRule the clients of a namespace see."""
        clients = f"for clients of namespace {rule.clients_of or '(unstated)'}"
        if not rule.value:
            unknown = "unknown" if rule.value is None else "none"
            return Line(f"DestinationRule {clients}: {unknown}", rule.because, None, (), _OPEN if rule.missing else "")
        return Line(f"{rule.value} {clients}", rule.because, self.at(rule.decided_by))

    def breaker(self, breaker: Decided) -> Line:
        """Say whether a circuit breaker governs a port."""
        shown = "yes" if breaker.value else "none"
        return self.fact("circuit breaker", breaker, shown, colour=_GOOD if breaker.value else _BAD)

    def route(self, route: RouteFacts) -> Line:
        """Say one route with its timeout and retries."""
        if route.object is None:
            return Line(
                "route: none, so for callers with a sidecar or through a waypoint", "", None, self._limits(route)
            )
        name = f"{route.object.text}, {route.name}"
        through = ", ".join("the mesh" if item == "mesh" else f"gateway {item}" for item in route.through)
        return Line(f"route: {name} (through {through})", "", self.at(route.place), self._limits(route))

    def _limits(self, route: RouteFacts) -> tuple[Line, ...]:
        limits = (("timeout", route.timeout), ("retries", route.retries))
        return tuple(self.fact(word, fact) for word, fact in limits if fact is not None)

    def connections(self, name: str, connections: Sequence[Connection]) -> Iterator[Line]:
        """Say who is known at the other end, then whom policies only name."""
        known = [connection for connection in connections if connection.known_by != "expected"]
        seen = {connection.name for connection in known}
        named = [connection for connection in connections if connection.name not in seen]
        nothing = "nobody that the manifests show" if name == "called by" else "nothing that the manifests show"
        if known:
            yield Line(f"{name}:", "", None, tuple(self._joined(known)))
        else:
            yield Line(f"{name}: {nothing}")
        if named:
            lead = "named as callers by policies" if name == "called by" else "named as a caller by the policies of"
            lines = {one.name: Line(one.name, "", self._spot(one)) for one in reversed(named)}
            yield Line(f"{lead}:", "", None, tuple(lines[one] for one in sorted(lines)))

    def _joined(self, connections: Sequence[Connection]) -> Iterator[Line]:
        """Yield the connections, as one where only their evidence differs."""
        groups: dict[tuple[str, Protection], list[Connection]] = {}
        for connection in connections:
            groups.setdefault((connection.name, connection.mtls), []).append(connection)
        for (name, mtls), group in groups.items():
            ports = dict.fromkeys(str(one.port) for one in group if one.port is not None)
            port = f" port {', '.join(ports)}" if ports else ""
            shown = sorted(group, key=lambda one: one.known_by)[:_MOST_PLACES]  # called goes before routed
            known = [f"{one.known_by} at {place_text(self._spot(one))}" for one in shown]
            more = [f"{len(group) - _MOST_PLACES} more places"] if len(group) > _MOST_PLACES else []
            verdict = mtls.value or "unknown"
            head = f"{name}{port}: {verdict} ({', '.join([*known, *more])})"
            yield Line(head, mtls.because, self.at(mtls.decided_by), (), _VERDICTS.get(verdict, _BAD))

    def _spot(self, connection: Connection) -> Location:
        return connection.spot or self._where(connection.evidence)

    def ending(self, inspected: Inspected) -> Iterator[Line]:
        """Say who owns the object and what the rules say of it."""
        owners = inspected.owners
        if owners.value is None:
            yield Line("owners: unknown", owners.because, owners.line, (), _OPEN)
        else:
            yield Line(f"owners: {' '.join(owners.value) or 'nobody'}", owners.because, owners.line)
        heard = inspected.heard
        rows = [*map(self._finding, heard.findings), *(self._finding(f, "suppressed ") for f in heard.suppressed)]
        rows += [*map(_unsettled, heard.undecided)]
        yield Line("findings:" if rows else "findings: none", "", None, tuple(rows))

    def _finding(self, finding: Finding, lead: str = "") -> Line:
        head = f"{lead}{finding.severity}[{finding.rule} {finding.name}] {finding.message}"
        return Line(head, "", finding.location, (), "" if lead else finding.severity)


def _unsettled(item: Unsettled) -> Line:
    return Line(f"undecided[{item.rule}] the manifests do not say the {item.missing}")


def said(value: object) -> str:
    """Return a value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}={item}" for key, item in sorted(value.items())) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "none"
