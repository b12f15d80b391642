"""Declared exceptions: who answers for an opened port, why, and until when.

In: the annotations of policies and the `legacy:` entries of the configuration. Out: `Exemption`. An exception is
complete with an owner, a reason and an expiry date that has not passed; the date comes from the run, so that a run can
be repeated. What an exception must cover is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.records import NamedTuple

OWNER = "meshlint.dev/owner"
REASON = "meshlint.dev/reason"
EXPIRES = "meshlint.dev/expires"
PORTS = "meshlint.dev/ports"


class Exemption(NamedTuple):
    """Hold one declared exception; `state` is none, complete, incomplete or expired."""

    state: str
    owner: str = ""
    reason: str = ""
    expires: str = ""
    lacks: tuple[str, ...] = ()
    ports: frozenset[int] | None = None  # None: the ports that the policy names itself

    @property
    def because(self) -> str:
        """Return the state as one clause for messages."""
        if self.state == "none":
            return "no exception is declared"
        if self.state == "expired":
            return f"its exception expired on {self.expires}"
        if self.state == "incomplete":
            return f"its exception lacks {_listed(self.lacks)}"
        return f"{self.owner} answers for it until {self.expires}"


NONE = Exemption("none")


def exemption_of(annotations: Mapping[str, str], today: str) -> Exemption:
    """Read the exception that a policy declares about itself; `today` is an ISO date."""
    values = {key: annotations.get(key, "").strip() for key in (OWNER, REASON, EXPIRES)}
    if not any(values.values()):
        return NONE
    named = annotations.get(PORTS)
    ports = None
    if named is not None:
        ports = frozenset(int(item) for item in named.split(",") if item.strip().isdecimal() and len(item) < 10)
    return declared(values[OWNER], values[REASON], values[EXPIRES], today)._replace(ports=ports)


def declared(owner: str, reason: str, expires: str, today: str) -> Exemption:
    """Judge the three parts of an exception against the date of the run."""
    lacks = [name for name, value in (("an owner", owner), ("a reason", reason)) if not value]
    if not is_date(expires):
        lacks.append("an expiry date")
    state = "incomplete" if lacks else "expired" if expires < today else "complete"
    return Exemption(state, owner, reason, expires, tuple(lacks))


def is_date(value: str) -> bool:
    """Tell whether the text is a calendar date written YYYY-MM-DD, so that dates compare as text."""
    parts = value.split("-")
    if len(value) != 10 or [len(part) for part in parts] != [4, 2, 2] or not all(map(str.isdecimal, parts)):
        return False
    year, month, day = map(int, parts)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return year > 0 and 1 <= month <= 12 and 1 <= day <= days[month - 1]


def _listed(items: tuple[str, ...]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]
