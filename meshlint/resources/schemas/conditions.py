"""What has to be true of several fields together: the exclusive ones, and the rules that Istio's CRDs state in CEL.

In: a mapping. Out: flaws, or None. Every condition takes nulls and wrong types for absent fields: those have flaws of
their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meshlint.resources.schemas.nodes import MISSING, VALUE, Condition, Flaw, Flaws, is_template


def _set(value: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    return [field for field in fields if value.get(field) is not None]


def at_most_one(fields: Sequence[str]) -> Condition:
    """Return the condition that at most one of the fields is set."""

    names = frozenset(fields)

    def condition(value: dict[str, Any]) -> Flaws:
        if len(names & value.keys()) < 2:
            return None
        found = _set(value, fields)
        if len(found) < 2:
            return None
        text = f"sets {' and '.join(found)}, which exclude each other"
        return [Flaw(VALUE, text, f"one of {' and '.join(found)}, not both" if len(found) == 2 else "one of them")]

    return condition


def at_least_one(fields: Sequence[str]) -> Condition:
    """Return the condition that some of the fields is set."""

    def condition(value: dict[str, Any]) -> Flaws:
        if _set(value, fields):
            return None
        return [Flaw(MISSING, f"has neither {' nor '.join(fields)}", f"{' or '.join(fields)}")]

    return condition


def exactly_one(fields: Sequence[str]) -> Condition:
    """Return the condition that one of the fields is set and no other of them."""
    least, most = at_least_one(fields), at_most_one(fields)
    return lambda value: least(value) or most(value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _ports_need_selector(value: dict[str, Any]) -> Flaws:
    """PeerAuthentication: portLevelMtls without a selector of workloads is refused."""
    if value.get("portLevelMtls") is None or _mapping(_mapping(value.get("selector")).get("matchLabels")):
        return None
    text = "is set without a selector that has labels"
    return [Flaw(MISSING, text, "a selector beside it", ("portLevelMtls",))]


def _port_keys(value: dict[str, Any]) -> Flaws:
    """PeerAuthentication: the keys of portLevelMtls are port numbers."""
    found = []
    for key in _mapping(value.get("portLevelMtls")):
        if is_template(key):
            continue
        if not (key.isascii() and key.isdecimal() and len(key) < 9 and 1 <= int(key) <= 65535):
            found.append(Flaw(VALUE, "is no port number from 1 to 65535", "a port number", ("portLevelMtls", key)))
    return found


def _no_wildcards(field: str, target: str) -> Condition:
    def condition(value: dict[str, Any]) -> Flaws:
        labels = _mapping(value.get(field))
        return [
            Flaw(VALUE, f"has a wildcard, and a {target} compares whole labels", "a whole label", (field, key))
            for key, item in labels.items()
            if (isinstance(item, str) and "*" in item) or "*" in key
        ]

    return condition


def _accounts_stand_alone(value: dict[str, Any]) -> Flaws:
    """AuthorizationPolicy: serviceAccounts exclude the other names of workloads."""
    accounts = _set(value, ("serviceAccounts", "notServiceAccounts"))
    others = _set(value, ("principals", "notPrincipals", "namespaces", "notNamespaces"))
    if not accounts or not others:
        return None
    text = f"sets {accounts[0]} and {others[0]}, which exclude each other"
    return [Flaw(VALUE, text, f"{accounts[0]} alone")]


def _inline_value(value: dict[str, Any]) -> Flaws:
    """WasmPlugin: a variable that comes from the host has no value of its own."""
    if value.get("valueFrom") == "HOST" and value.get("value") is not None:
        return [Flaw(VALUE, "is set although valueFrom is HOST", "no value", ("value",))]
    return None


def _tag_override(value: dict[str, Any]) -> Flaws:
    """Telemetry: a tag that is set has a value, one that is removed has none."""
    operation = value.get("operation")
    if operation == "UPSERT" and value.get("value") in (None, ""):
        return [Flaw(MISSING, "has no value although its operation is UPSERT", "a value")]
    if operation == "REMOVE" and value.get("value") is not None:
        return [Flaw(VALUE, "is set although the operation is REMOVE", "no value", ("value",))]
    return None


def _waypoint_context(value: dict[str, Any]) -> Flaws:
    """EnvoyFilter: a match on a waypoint goes with the context WAYPOINT, and the reverse."""
    is_waypoint = value.get("context") == "WAYPOINT"
    if is_waypoint and value.get("waypoint") is None:
        return [Flaw(MISSING, "has no waypoint although its context is WAYPOINT", "`waypoint`")]
    if not is_waypoint and value.get("waypoint") is not None:
        return [Flaw(VALUE, "is set although the context is not WAYPOINT", "`context: WAYPOINT`", ("waypoint",))]
    return None


def _unique(field: str, member: str) -> Condition:
    def condition(value: dict[str, Any]) -> Flaws:
        seen: set[Any] = set()
        found = []
        for position, item in enumerate(_sequence(value.get(field))):
            named = _mapping(item).get(member)
            if not isinstance(named, str | int):
                continue
            if named in seen:
                text = f"is {named} a second time"
                found.append(Flaw(VALUE, text, f"a {member} of its own", (field, position, member)))
            seen.add(named)
        return found

    return condition


def _entry_resolution(value: dict[str, Any]) -> Flaws:
    """ServiceEntry: what the resolution of its hosts allows beside it."""
    resolution = value.get("resolution") or "NONE"
    endpoints = value.get("endpoints")
    found = []
    if resolution == "NONE" and endpoints is not None:
        found.append(Flaw(VALUE, "is set although resolution is NONE", "resolution STATIC or DNS", ("endpoints",)))
    if resolution == "DNS_ROUND_ROBIN" and len(_sequence(endpoints)) > 1:
        text = f"has {len(_sequence(endpoints))} entries, and DNS_ROUND_ROBIN takes one"
        found.append(Flaw(VALUE, text, "one endpoint", ("endpoints",)))
    if resolution not in ("NONE", "STATIC"):
        for position, address in enumerate(_sequence(value.get("addresses"))):
            if isinstance(address, str) and "/" in address and not is_template(address):
                text = f"is the range {address}, which resolution {resolution} does not take"
                found.append(Flaw(VALUE, text, "a single address", ("addresses", position)))
    return found


def _socket_address(value: dict[str, Any]) -> Flaws:
    """WorkloadEntry: the address of a Unix socket is an absolute path and has no ports."""
    address = value.get("address")
    if not isinstance(address, str) or not address.startswith("unix://"):
        return None
    path = address.removeprefix("unix://")
    found = []
    if not path.startswith(("/", "@")) or path.endswith("/"):
        found.append(Flaw(VALUE, f"is {address}, no absolute path of a socket", "an absolute path", ("address",)))
    if value.get("ports") is not None:
        found.append(Flaw(VALUE, "is set although the address is a Unix socket", "no ports", ("ports",)))
    return found


def _host_is_named(value: dict[str, Any]) -> Flaws:
    """ServiceEntry: a lone wildcard is no host."""
    return [
        Flaw(VALUE, "is *, which a ServiceEntry does not take", "a host", ("hosts", position))
        for position, host in enumerate(_sequence(value.get("hosts")))
        if host == "*"
    ]


def _same_namespace(value: dict[str, Any]) -> Flaws:
    """targetRef: the namespace of a target is that of the policy."""
    if value.get("namespace") in (None, ""):
        return None
    return [Flaw(VALUE, "is set, and a target of another namespace is not supported", "no namespace", ("namespace",))]


CONDITIONS: Mapping[str, Callable[[dict[str, Any]], Flaws]] = {
    "accounts-stand-alone": _accounts_stand_alone,
    "entry-resolution": _entry_resolution,
    "host-is-named": _host_is_named,
    "inline-value": _inline_value,
    "no-wildcards-in-labels": _no_wildcards("labels", "workloadSelector"),
    "no-wildcards-in-match-labels": _no_wildcards("matchLabels", "selector"),
    "port-keys": _port_keys,
    "ports-need-selector": _ports_need_selector,
    "same-namespace": _same_namespace,
    "socket-address": _socket_address,
    "tag-override": _tag_override,
    "unique-port-names": _unique("ports", "name"),
    "unique-port-numbers": _unique("ports", "number"),
    "waypoint-context": _waypoint_context,
}
