"""What an expression and a message may be made of beside facts: operators, macros, functions, and what is refused.

In: nothing. Out: tables for the manual. A test compiles every example, and holds that the refused ones are refused.
"""

from __future__ import annotations

from meshlint.records import NamedTuple


class Construct(NamedTuple):
    """Describe one construct by what is written and what it means."""

    written: str
    meaning: str
    example: str


OPERATORS: tuple[Construct, ...] = (
    Construct(
        "a && b",
        "both; false when one is false, whatever is unknown beside it",
        'workload.meshed && "app" in workload.labels',
    ),
    Construct(
        "a || b",
        "either; true when one is true, whatever is unknown beside it",
        "!workload.meshed || workload.ports.size() > 0",
    ),
    Construct("!a", "not", "!workload.meshed"),
    Construct(
        "a == b, a != b", "equal and unequal scalars, lists and maps of them", 'workload.namespace != "kube-system"'
    ),
    Construct("a < b, a <= b, a > b, a >= b", "order of numbers and texts", "workload.ports.size() >= 2"),
    Construct(
        "a + b, a - b, a * b, a / b, a % b",
        "arithmetic within one type; `+` joins texts and lists",
        "workload.ports.size() * 2 - 1 > 3",
    ),
    Construct("a in b", "an element of a list, a key of a map", 'workload.name in ["web", "api"]'),
    Construct(
        'a["key"], a[0]',
        "a value of a map, an element of a list; fails where there is none",
        'workload.labels["app"] == "web"',
    ),
    Construct("a ? b : c", "b where a is true, else c", 'workload.meshed ? "in" : "out"'),
)

MACROS: tuple[Construct, ...] = (
    Construct(
        "list.exists(x, …)",
        "some element is so; a known one wins over an unknown neighbour",
        'workload.ports.exists(p, p.mtls.mode == "PERMISSIVE")',
    ),
    Construct(
        "list.all(x, …)",
        "every element is so; a known exception wins over an unknown neighbour",
        'workload.ports.all(p, p.mtls.mode == "STRICT")',
    ),
    Construct(
        "list.exists_one(x, …)",
        "just one element is so; for facts that are never unknown",
        "workload.ports.exists_one(p, p.captured)",
    ),
    Construct(
        "list.filter(x, …)",
        "the elements that are so; for facts that are never unknown",
        "workload.ports.filter(p, p.captured).size() > 1",
    ),
    Construct(
        "list.map(x, …)",
        "the list of what is said of each element; for facts that are never unknown",
        "8080 in workload.ports.map(p, p.number)",
    ),
    Construct(
        "map.exists(key, …), map.all(key, …)",
        "the same over the keys of a map",
        'workload.labels.exists(key, key.startsWith("app"))',
    ),
    Construct("has(map.key)", "a map has the key; for facts that are never unknown", "has(workload.labels.app)"),
)

FUNCTIONS: tuple[Construct, ...] = (
    Construct("size(a), a.size()", "how many elements, keys or characters", "workload.ports.size() == 1"),
    Construct("text.contains(part)", "the text holds the part", 'workload.name.contains("canary")'),
    Construct("text.startsWith(part), text.endsWith(part)", "it begins or ends so", 'workload.name.startsWith("web-")'),
    Construct(
        "text.matches(pattern)",
        "some part of it matches an RE2 pattern; `^` and `$` bind it",
        'workload.name.matches("^web(-canary)?$")',
    ),
    Construct("int(a), double(a), string(a)", "the value as another type", "double(workload.ports.size()) > 1.5"),
)

REFUSED: tuple[Construct, ...] = (
    Construct(
        "has(fact)", "over a fact that may be unknown: it cannot tell that from an absent one", "has(workload.meshed)"
    ),
    Construct(
        "filter, map, exists_one",
        "over a fact that may be unknown: one unknown element would hide a known violation",
        'workload.ports.filter(p, p.mtls.mode == "STRICT").size() > 0',
    ),
    Construct(
        "==, !=, in",
        "over whole groups of facts: unknown would count as absent; compare single facts",
        "workload.mtls == workload.mtls",
    ),
    Construct("a.?b", "optional facts: unknown would count as absent", "workload.?meshed.orValue(false)"),
    Construct(
        "a loop in a loop",
        "it has no bound, and the engine stops after 10,000 steps; a list of `params` may be the inner one",
        "workload.ports.exists(p, workload.ports.exists(q, q.number > p.number))",
    ),
    Construct("dyn(a)", "it takes away the types by which facts are checked", 'dyn(workload.name) == "web"'),
)

PARTS: tuple[Construct, ...] = (
    Construct("when", "narrows: where it is false, the rule does not apply", "when: workload.meshed"),
    Construct(
        "let",
        "names expressions, for those below and for messages",
        "let: {open: 'workload.ports.exists(p, p.mtls.mode == \"PERMISSIVE\")'}",
    ),
    Construct("require", "judges: where it is false, there is a finding", "require: '!open'"),
    Construct("each", "asks of every element of a list, under a name", "each: {port: workload.ports}"),
    Construct(
        "params", "what a user may tune, with defaults; `params.maximum` in expressions", "params: {maximum: 65536}"
    ),
    Construct("on_unknown", "what becomes of unknown facts: undecided, fire or silent", "on_unknown: undecided"),
)

TEMPLATES: tuple[Construct, ...] = (
    Construct("{workload}", "a fact; of an object, how messages name it", "{workload} accepts plain text"),
    Construct(
        "{workload.mtls.permissive.ports}",
        "a dotted path; lists are joined, long ones cut short",
        "on port {workload.mtls.permissive.ports}",
    ),
    Construct(
        "[, because {path}]",
        "a clause, left out when a fact in it is absent or empty",
        "{workload} is open[, because {workload.membership.because}]",
    ),
    Construct("{{ }}", "braces", "write `{{}}`"),
)

TABLES: dict[str, tuple[Construct, ...]] = {
    "Parts of a rule": PARTS,
    "Operators": OPERATORS,
    "Macros": MACROS,
    "Functions": FUNCTIONS,
    "Refused": REFUSED,
    "Messages": TEMPLATES,
}
