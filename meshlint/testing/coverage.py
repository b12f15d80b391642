"""Which conditions of a rule its cases reach.

In: a rule, its file, and what probes have seen while its cases were judged. Out: `RuleResult`: every condition that was
never true, never false, or never asked, at its place in the rule file. A rule's own cases count, with the base below
them: what a case of another rule happens to touch says nothing about this one.

A fact that is one thing or unknown (`Field.only`) has these two sides.

What follows from something told is not told: of `a && b`, never true because `b` never was, `b` alone is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from meshlint.findings.finding import plain_location
from meshlint.policy.expressions.compiling import with_lets
from meshlint.policy.expressions.extents import extent
from meshlint.policy.expressions.probes import LOGIC, inner_conditions, probed, probes_in, tree_of
from meshlint.policy.expressions.syntax_tree import Node, Tree
from meshlint.policy.rule import CompiledRule
from meshlint.policy.rule_files.rule_file import RuleFile, Word, read_rule_file
from meshlint.policy.vocabulary import MESSAGES
from meshlint.records import NamedTuple
from meshlint.testing.results import RuleResult, Unreached

Seen = Mapping[tuple[str, int], set[bool | None]]

_SIDES = {"true": True, "false": False, "undecided": None}
_BOTH: frozenset[bool | None] = frozenset((True, False))
_ONLY = {(group.name, field.name): field.only for group in MESSAGES for field in group.fields}


class _Part(NamedTuple):
    """Hold one expression of a rule with its probes."""

    name: str  # of its probes
    pointer: str
    program: bytes
    nodes: frozenset[int]


class Watched(NamedTuple):
    """Hold a rule with probes."""

    rule: CompiledRule
    parts: tuple[_Part, ...]


def watched(rule: CompiledRule) -> Watched:
    """Return the rule with a probe around every condition."""
    programs = {"when": rule.when, "require": rule.require}
    if rule.severity_when is not None:
        programs["severity_when"] = rule.severity_when[0]
    parts, made = [], {}
    for word, program in programs.items():
        if program:
            name = f"{rule.id} {word}"
            made[word] = probed(program, name)
            pointer = f"/{word}/when" if word == "severity_when" else f"/{word}"
            parts.append(_Part(name, pointer, program, frozenset(probes_in(made[word]))))
    raised = (made["severity_when"], rule.severity_when[1]) if rule.severity_when is not None else None
    changed = rule._replace(when=made.get("when", b""), require=made.get("require", b""), severity_when=raised)
    return Watched(changed, tuple(parts))


class _Claim(NamedTuple):
    """Hold a condition, where it stands, and what was seen of it."""

    is_logic: bool  # it only joins others
    pointer: str
    text: str
    word: Word
    sides: frozenset[bool | None]
    seen: frozenset[bool | None]
    inner: tuple[_Claim, ...]


def coverage_of(watched_rule: Watched, path: str, seen: Seen) -> RuleResult:
    """Return what the cases of a rule have reached; `path` is its file."""
    file = read_rule_file(path, path)
    texts = _Texts(file)
    claims = _merged([claim for part in watched_rule.parts for claim in texts.claims(part, seen)])
    counted = [claim for claim in _flat(claims) if not claim.is_logic]
    rule = watched_rule.rule
    unreached = tuple(_unreached(rule.id, claim, never, file) for one in claims for claim, never in _lacking(one))
    both = sum(1 for claim in counted if claim.seen >= claim.sides)
    return RuleResult(rule.id, rule.name, path, len(counted), both, unreached)


def _flat(claims: Iterable[_Claim]) -> Iterator[_Claim]:
    for claim in claims:
        yield claim
        yield from _flat(claim.inner)


def _lacking(claim: _Claim) -> list[tuple[_Claim, tuple[str, ...]]]:
    """Return what was never seen of a condition or, where that explains it, of the conditions inside."""
    if not claim.seen:
        return [(claim, ("reached",))]
    rows = [row for inner in claim.inner for row in _lacking(inner)]
    never = tuple(word for word, value in _SIDES.items() if value in claim.sides - claim.seen)
    return rows or ([(claim, never)] if never else [])


def _unreached(rule: str, claim: _Claim, never: tuple[str, ...], file: RuleFile) -> Unreached:
    location = file.location(claim.pointer, claim.word)
    lines = file.data.decode("utf-8", "replace").split("\n")
    part = claim.pointer.removesuffix("/when") or claim.pointer
    line = lines[location.start.line - 1].rstrip("\r")
    return Unreached(rule, part.strip("/").replace("/", "."), claim.text, plain_location(location), never, line)


def _merged(claims: Iterable[_Claim]) -> list[_Claim]:
    """Return each condition once; a name that two expressions use has seen what both have seen."""
    found: dict[tuple[str, Word], _Claim] = {}
    for claim in claims:
        key = claim.pointer, claim.word
        if (known := found.get(key)) is not None:
            claim = claim._replace(seen=claim.seen | known.seen, inner=(*known.inner, *claim.inner))
        found[key] = claim
    return [claim._replace(inner=tuple(_merged(claim.inner))) for claim in found.values()]


class _Texts:
    """Find the text of each condition in the rule file."""

    def __init__(self, file: RuleFile) -> None:
        content = file.content
        self._lets: dict[str, str] = content.get("let") or {}
        self._texts: dict[str, str] = {f"/let/{name}": text for name, text in self._lets.items()}
        self._texts["/when"] = content.get("when") or ""
        self._texts["/require"] = content.get("require") or ""
        self._texts["/severity_when/when"] = (content.get("severity_when") or {}).get("when", "")

    def claims(self, part: _Part, seen: Seen) -> list[_Claim]:
        """Return the conditions of one expression, those of the names that it uses first."""
        lets = {} if part.pointer == "/when" else self._lets
        _, starts = with_lets(self._texts[part.pointer], lets)
        tree = tree_of(part.program)
        return [self._claim(part, node, tree, starts, seen) for node in _outermost(tree.root, tree, part.nodes)]

    def _claim(self, part: _Part, node: Node, tree: Tree, starts: Mapping[str, int], seen: Seen) -> _Claim:
        offsets = list(_offsets(node, tree))
        name = max((name for name in starts if starts[name] <= min(offsets)), key=starts.__getitem__)
        pointer = f"/let/{name}" if name else part.pointer
        text = self._texts[pointer]
        start, end = extent(text, [offset - starts[name] for offset in offsets])
        inner = tuple(self._claim(part, one, tree, starts, seen) for one in _inside(node, tree, part.nodes))
        word = Word(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), text[start:end].split("\n")[0])
        found = frozenset(seen.get((part.name, node.id), ()))
        is_logic = node.kind == "call" and node.name in LOGIC
        told = " ".join(text[start:end].split())
        return _Claim(is_logic, pointer, told, word, _sides(node, tree), found, inner)


def _sides(node: Node, tree: Tree) -> frozenset[bool | None]:
    """Return what a condition can be: true and false, or for some facts one of them and undecided."""
    if node.kind == "call" and node.name == "!_":
        return frozenset(None if side is None else not side for side in _sides(node.parts[0], tree))
    owner = tree.types.get(node.parts[0].id, "") if node.kind == "select" else ""
    only = _ONLY.get((owner, node.name))
    return _BOTH if only is None else frozenset((only, None))


def _offsets(node: Node, tree: Tree) -> Iterator[int]:
    if node.id in tree.offsets:
        yield tree.offsets[node.id]
    for part in node.parts:
        yield from _offsets(part, tree)


def _outermost(node: Node, tree: Tree, nodes: frozenset[int]) -> Iterator[Node]:
    """Yield the conditions that stand in no other."""
    if node.id in nodes:
        yield node
    else:
        yield from _inside(node, tree, nodes)


def _inside(node: Node, tree: Tree, nodes: frozenset[int]) -> Iterator[Node]:
    """Yield the conditions right inside a node."""
    below = [one for one in inner_conditions(node, tree) if one.id in nodes]
    deeper = {inner.id for one in below for inner in inner_conditions(one, tree)}
    yield from (one for one in below if one.id not in deeper)
